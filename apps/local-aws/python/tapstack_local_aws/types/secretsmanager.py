"""Rotation and resource policies of secrets."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, ResourceType
from ..shapes import boolean, document, integers, pick


def _put_rotation(properties: Properties) -> Created:
    secret = properties["SecretId"]
    wanted: dict[str, Any] = pick(properties, "RotationLambdaARN")
    if rules := properties.get("RotationRules"):
        wanted["RotationRules"] = pick(rules, "Duration", "ScheduleExpression") | integers(
            rules, "AutomaticallyAfterDays"
        )
    now = boolean(properties.get("RotateImmediatelyOnUpdate", True))
    client("secretsmanager").rotate_secret(SecretId=secret, RotateImmediately=now, **wanted)
    return Created(secret, {"Id": secret})


def _cancel_rotation(physical_id: str, properties: Properties) -> None:
    client("secretsmanager").cancel_rotate_secret(SecretId=physical_id)


def _put_policy(properties: Properties) -> Created:
    secret = properties["SecretId"]
    client("secretsmanager").put_resource_policy(
        SecretId=secret,
        ResourcePolicy=document(properties["ResourcePolicy"]),
        BlockPublicPolicy=boolean(properties.get("BlockPublicPolicy", False)),
    )
    return Created(secret, {"Id": secret})


def _delete_policy(physical_id: str, properties: Properties) -> None:
    client("secretsmanager").delete_resource_policy(SecretId=physical_id)


TYPES = (
    ResourceType(
        "AWS::SecretsManager::RotationSchedule",
        lambda request: _put_rotation(request.properties),
        _cancel_rotation,
        lambda physical_id, old, request: _put_rotation(request.properties),
        replacing=("SecretId",),
        taggable=False,
    ),
    ResourceType(
        "AWS::SecretsManager::ResourcePolicy",
        lambda request: _put_policy(request.properties),
        _delete_policy,
        lambda physical_id, old, request: _put_policy(request.properties),
        replacing=("SecretId",),
        taggable=False,
    ),
)
