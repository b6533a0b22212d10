"""Temporary credentials as an AWS service hands them out for a role: what an instance or a function works with."""

from __future__ import annotations

import json
import secrets
import string
import time
from typing import Any

from ministack.core.responses import get_account_id, set_request_account_id
from ministack.services import iam, sts

from .control_answer import Answer
from .deliveries import roles

_LIFETIME_SECONDS = 3600
_ALPHABET = string.ascii_uppercase + string.digits


def answer(body: bytes) -> Answer:
    """Answer `POST /_local/sessions` with `{"RoleArn": …, "Service": "ec2.amazonaws.com"}`.

    `SessionName` and `SourceArn`, the resource that the service acts for, may be given.
    """
    try:
        request = json.loads(body)
        role_arn, service = str(request["RoleArn"]), str(request["Service"])
    except (ValueError, KeyError, TypeError):
        return Answer(400, {"error": 'send JSON with "RoleArn" and "Service", such as "ec2.amazonaws.com"'})
    parts = role_arn.split(":")
    if len(parts) != 6 or not parts[5].startswith("role/"):
        return Answer(400, {"error": f"'RoleArn' must be the ARN of a role, got '{role_arn}'"})
    set_request_account_id(parts[4])
    role = iam._roles.get(role_arn.rpartition("/")[2])
    if role is None or role["Arn"] != role_arn:
        return Answer(404, {"error": f"no role '{role_arn}'"})
    if not roles.assumable(role_arn, service, str(request.get("SourceArn", ""))):
        return Answer(403, {"error": f"the trust policy of '{role_arn}' does not admit '{service}'"})
    return Answer(200, _open(role, request.get("SessionName") or service.partition(".")[0]))


def _open(role: dict[str, Any], session_name: str) -> dict[str, Any]:
    expires = time.time() + _LIFETIME_SECONDS
    key_id = "ASIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16))
    secret, token = secrets.token_urlsafe(30), secrets.token_urlsafe(96)
    arn = f"arn:aws:sts::{get_account_id()}:assumed-role/{role['RoleName']}/{session_name}"
    sts.register_session(
        key_id,
        {
            "Arn": arn,
            "UserId": f"{role['RoleId']}:{session_name}",
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": expires,
            "AccountId": get_account_id(),
            "PrincipalType": "AssumedRole",
        },
    )
    return {
        "AccessKeyId": key_id,
        "SecretAccessKey": secret,
        "SessionToken": token,
        "Expiration": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(expires)),
        "AssumedRoleArn": arn,
    }
