"""Trails."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, Request, ResourceType
from ..shapes import boolean, booleans, pick, tag_list


def _settings(name: str, properties: Properties) -> dict[str, Any]:
    return {
        "Name": name,
        **pick(
            properties,
            "S3BucketName",
            "S3KeyPrefix",
            "SnsTopicName",
            "CloudWatchLogsLogGroupArn",
            "CloudWatchLogsRoleArn",
            KmsKeyId="KMSKeyId",
        ),
        **booleans(
            properties,
            "IncludeGlobalServiceEvents",
            "IsMultiRegionTrail",
            "IsOrganizationTrail",
            "EnableLogFileValidation",
        ),
    }


def _create(request: Request) -> Created:
    name = request.name("TrailName")
    tags = tag_list(request.properties)
    client("cloudtrail").create_trail(**_settings(name, request.properties), **({"TagsList": tags} if tags else {}))
    _select_events(name, request.properties)
    _start_or_stop(name, request.properties)
    return _created(name)


def _update(physical_id: str, old: Properties, request: Request) -> Created:
    cloudtrail, new = client("cloudtrail"), request.properties
    cloudtrail.update_trail(**_settings(physical_id, new))
    _select_events(physical_id, new)
    _start_or_stop(physical_id, new)
    arn = _created(physical_id).attributes["Arn"]
    kept = {tag["Key"] for tag in tag_list(new)}
    if gone := [tag for tag in tag_list(old) if tag["Key"] not in kept]:
        cloudtrail.remove_tags(ResourceId=arn, TagsList=gone)
    if tags := tag_list(new):
        cloudtrail.add_tags(ResourceId=arn, TagsList=tags)
    return _created(physical_id)


def _created(name: str) -> Created:
    found = client("cloudtrail").get_trail(Name=name)["Trail"]
    return Created(name, {"Arn": found["TrailARN"], "SnsTopicArn": found.get("SnsTopicARN", "")})


def _select_events(name: str, properties: Properties) -> None:
    if advanced := properties.get("AdvancedEventSelectors"):
        client("cloudtrail").put_event_selectors(TrailName=name, AdvancedEventSelectors=advanced)
    elif basic := properties.get("EventSelectors"):
        selectors = [
            {
                **pick(selector, "ReadWriteType", "DataResources", "ExcludeManagementEventSources"),
                **booleans(selector, "IncludeManagementEvents"),
            }
            for selector in basic
        ]
        client("cloudtrail").put_event_selectors(TrailName=name, EventSelectors=selectors)


def _start_or_stop(name: str, properties: Properties) -> None:
    cloudtrail = client("cloudtrail")
    (cloudtrail.start_logging if boolean(properties["IsLogging"]) else cloudtrail.stop_logging)(Name=name)


def _delete(physical_id: str, properties: Properties) -> None:
    client("cloudtrail").delete_trail(Name=physical_id)


TYPES = (ResourceType("AWS::CloudTrail::Trail", _create, _delete, _update, replacing=("TrailName",)),)
