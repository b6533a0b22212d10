"""Composite alarms."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, ResourceType
from ..shapes import booleans, integers, pick, tag_list

_LISTS = ("AlarmActions", "OKActions", "InsufficientDataActions")


def _put(name: str, properties: Properties) -> Created:
    cloudwatch = client("cloudwatch")
    wanted: dict[str, Any] = {
        "AlarmName": name,
        **pick(properties, "AlarmDescription", "AlarmRule", "ActionsSuppressor", *_LISTS),
        **booleans(properties, "ActionsEnabled"),
        **integers(properties, "ActionsSuppressorExtensionPeriod", "ActionsSuppressorWaitPeriod"),
    }
    if tags := tag_list(properties):
        wanted["Tags"] = tags
    cloudwatch.put_composite_alarm(**wanted)
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]
    return Created(name, {"Arn": found["AlarmArn"]})


def _delete(physical_id: str, properties: Properties) -> None:
    client("cloudwatch").delete_alarms(AlarmNames=[physical_id])


TYPES = (
    ResourceType(
        "AWS::CloudWatch::CompositeAlarm",
        lambda request: _put(request.name("AlarmName", 255), request.properties),
        _delete,
        lambda physical_id, old, request: _put(physical_id, request.properties),
        replacing=("AlarmName",),
    ),
)
