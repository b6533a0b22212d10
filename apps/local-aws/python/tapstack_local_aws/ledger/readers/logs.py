"""Log groups and what hangs on them."""

from __future__ import annotations

from typing import Any

from ...clients import client
from . import Properties, reader


def pascal(value: Any) -> Any:
    """Spell the members of an answer as CloudFormation does."""
    if isinstance(value, dict):
        return {name[0].upper() + name[1:]: pascal(inner) for name, inner in value.items()}
    return [pascal(item) for item in value] if isinstance(value, list) else value


@reader("AWS::Logs::LogGroup", "KmsKeyId", "LogGroupClass", "LogGroupName", "RetentionInDays", "Tags")
def log_group(physical_id: str, properties: Properties) -> Properties:
    """Read a log group and its tags."""
    groups = client("logs").describe_log_groups(logGroupNamePrefix=physical_id)["logGroups"]
    found = next(group for group in groups if group["logGroupName"] == physical_id)
    tags = client("logs").list_tags_for_resource(resourceArn=found["arn"].removesuffix(":*"))["tags"]
    return {**pascal(found), "Tags": [{"Key": name, "Value": value} for name, value in tags.items()]}


@reader("AWS::Logs::MetricFilter", "FilterName", "FilterPattern", "LogGroupName", "MetricTransformations")
def metric_filter(physical_id: str, properties: Properties) -> Properties:
    """Read a metric filter of a group."""
    group = properties["LogGroupName"]
    filters = client("logs").describe_metric_filters(logGroupName=group)["metricFilters"]
    found = pascal(next(each for each in filters if each["filterName"] == physical_id))
    for transformation in found["MetricTransformations"]:
        if dimensions := transformation.get("Dimensions"):
            transformation["Dimensions"] = [{"Key": name, "Value": value} for name, value in dimensions.items()]
    return {**found, "LogGroupName": group}


@reader("AWS::Logs::SubscriptionFilter", "DestinationArn", "FilterPattern", "LogGroupName", "RoleArn")
def subscription_filter(physical_id: str, properties: Properties) -> Properties:
    """Read a subscription filter of a group."""
    group = properties["LogGroupName"]
    filters = client("logs").describe_subscription_filters(logGroupName=group)["subscriptionFilters"]
    return {**pascal(next(each for each in filters if each["filterName"] == physical_id)), "LogGroupName": group}


@reader("AWS::Logs::ResourcePolicy", "PolicyDocument", "PolicyName")
def resource_policy(physical_id: str, properties: Properties) -> Properties:
    """Read an account's log resource policy."""
    policies = client("logs").describe_resource_policies()["resourcePolicies"]
    return pascal(next(each for each in policies if each["policyName"] == properties["PolicyName"]))
