"""Secrets Manager: cancelling rotation, which ministack does not know."""

from __future__ import annotations

from ministack.services import secretsmanager

from .json_actions import Body, InvalidRequest, add


def install() -> None:
    """Add the action."""
    add(secretsmanager, {"CancelRotateSecret": _cancel_rotation})


def _cancel_rotation(body: Body) -> Body:
    _, secret = secretsmanager._resolve(body["SecretId"])
    if not secret:
        raise InvalidRequest("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    secret["RotationEnabled"] = False
    return {"ARN": secret["ARN"], "Name": secret["Name"]}
