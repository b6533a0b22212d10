"""Trails and AWS Config."""

from __future__ import annotations

from typing import Any

from ...clients import client
from . import Properties, reader
from .logs import pascal


@reader(
    "AWS::CloudTrail::Trail",
    "AdvancedEventSelectors",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "EnableLogFileValidation",
    "EventSelectors",
    "IncludeGlobalServiceEvents",
    "InsightSelectors",
    "IsLogging",
    "IsMultiRegionTrail",
    "KMSKeyId",
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
    "Tags",
    "TrailName",
)
def trail(physical_id: str, properties: Properties) -> Properties:
    """Read a trail, whether it logs, and what."""
    cloudtrail = client("cloudtrail")
    found = cloudtrail.get_trail(Name=physical_id)["Trail"]
    selectors = cloudtrail.get_event_selectors(TrailName=physical_id)
    tags = cloudtrail.list_tags(ResourceIdList=[found["TrailARN"]])["ResourceTagList"]
    return {
        **found,
        "AdvancedEventSelectors": selectors.get("AdvancedEventSelectors"),
        "EnableLogFileValidation": found.get("LogFileValidationEnabled"),
        "EventSelectors": selectors.get("EventSelectors"),
        "IsLogging": cloudtrail.get_trail_status(Name=physical_id)["IsLogging"],
        "KMSKeyId": found.get("KmsKeyId"),
        "Tags": tags[0]["TagsList"] if tags else [],
        "TrailName": found["Name"],
    }


@reader("AWS::Config::ConfigurationRecorder", "Name", "RecordingGroup", "RecordingMode", "RoleARN")
def recorder(physical_id: str, properties: Properties) -> Properties:
    """Read a recorder."""
    answer = client("config").describe_configuration_recorders(ConfigurationRecorderNames=[physical_id])
    found = pascal(answer["ConfigurationRecorders"][0])
    return {**found, "RoleARN": found.get("RoleARN")}


@reader(
    "AWS::Config::DeliveryChannel",
    "ConfigSnapshotDeliveryProperties",
    "Name",
    "S3BucketName",
    "S3KeyPrefix",
    "S3KmsKeyArn",
    "SnsTopicARN",
)
def delivery_channel(physical_id: str, properties: Properties) -> Properties:
    """Read a delivery channel."""
    answer = client("config").describe_delivery_channels(DeliveryChannelNames=[physical_id])
    return pascal(answer["DeliveryChannels"][0])


@reader(
    "AWS::Config::ConfigRule",
    "ConfigRuleName",
    "Description",
    "InputParameters",
    "MaximumExecutionFrequency",
    "Scope",
    "Source",
)
def config_rule(physical_id: str, properties: Properties) -> Properties:
    """Read a rule."""
    answer: dict[str, Any] = client("config").describe_config_rules(ConfigRuleNames=[physical_id])
    return answer["ConfigRules"][0]
