"""Alarms and dashboards."""

from __future__ import annotations

import json

from ...clients import client
from . import Properties, reader


def _tags(arn: str) -> list[dict[str, str]]:
    return client("cloudwatch").list_tags_for_resource(ResourceARN=arn)["Tags"]


@reader(
    "AWS::CloudWatch::Alarm",
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluationPeriods",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Tags",
    "Threshold",
    "TreatMissingData",
    "Unit",
)
def alarm(physical_id: str, properties: Properties) -> Properties:
    """Read an alarm and its tags."""
    found = client("cloudwatch").describe_alarms(AlarmNames=[physical_id])["MetricAlarms"][0]
    return {**found, "Tags": _tags(found["AlarmArn"])}


@reader(
    "AWS::CloudWatch::CompositeAlarm",
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "AlarmRule",
    "OKActions",
    "Tags",
)
def composite_alarm(physical_id: str, properties: Properties) -> Properties:
    """Read a composite alarm and its tags."""
    answer = client("cloudwatch").describe_alarms(AlarmNames=[physical_id], AlarmTypes=["CompositeAlarm"])
    found = answer["CompositeAlarms"][0]
    return {**found, "Tags": _tags(found["AlarmArn"])}


@reader("AWS::CloudWatch::Dashboard", "DashboardBody", "DashboardName")
def dashboard(physical_id: str, properties: Properties) -> Properties:
    """Read a dashboard."""
    found = client("cloudwatch").get_dashboard(DashboardName=physical_id)
    return {"DashboardName": physical_id, "DashboardBody": json.loads(found["DashboardBody"])}
