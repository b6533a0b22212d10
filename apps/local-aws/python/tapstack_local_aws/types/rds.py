"""RDS event subscriptions."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, Request, ResourceType
from ..shapes import boolean, pick, tag_list


def _settings(properties: Properties) -> dict[str, Any]:
    return {
        **pick(properties, "SnsTopicArn", "SourceType", "EventCategories"),
        "Enabled": boolean(properties.get("Enabled", True)),
    }


def _create(request: Request) -> Created:
    name = request.name("SubscriptionName", 255)
    client("rds").create_event_subscription(
        SubscriptionName=name,
        SourceIds=request.properties.get("SourceIds") or [],
        Tags=tag_list(request.properties),
        **_settings(request.properties),
    )
    return Created(name, {})


def _update(name: str, old: Properties, request: Request) -> Created:
    rds = client("rds")
    rds.modify_event_subscription(SubscriptionName=name, **_settings(request.properties))
    now, before = (properties.get("SourceIds") or [] for properties in (request.properties, old))
    for source in [each for each in now if each not in before]:
        rds.add_source_identifier_to_subscription(SubscriptionName=name, SourceIdentifier=source)
    for source in [each for each in before if each not in now]:
        rds.remove_source_identifier_from_subscription(SubscriptionName=name, SourceIdentifier=source)
    return Created(name, {})


def _delete(name: str, properties: Properties) -> None:
    client("rds").delete_event_subscription(SubscriptionName=name)


TYPES = (
    ResourceType(
        "AWS::RDS::EventSubscription",
        _create,
        _delete,
        _update,
        replacing=("SnsTopicArn", "SubscriptionName"),
    ),
)
