"""Who called, as CloudTrail's `userIdentity`."""

from __future__ import annotations

import time
from typing import Any

from ministack.core.responses import get_account_id

Identity = dict[str, Any]


def of(caller: dict[str, Any] | None, access_key_id: str) -> Identity:
    """Return the identity of a caller that ministack has resolved from an access key."""
    account = get_account_id()
    if caller is None:
        return {"type": "Unknown", "accountId": account, "accessKeyId": access_key_id}
    arn: str = caller["userArn"]
    identity = {"principalId": caller["userId"], "arn": arn, "accountId": account, "accessKeyId": access_key_id}
    if arn.endswith(":root"):
        return {"type": "Root", **identity}
    if ":assumed-role/" in arn:
        return {"type": "AssumedRole", **identity, "sessionContext": _session(arn, caller)}
    return {"type": "IAMUser", **identity, "userName": arn.rpartition("/")[2]}


def user_name(identity: Identity) -> str:
    """Return what `LookupEvents` calls the caller: a user's name, a role session's name, or root."""
    if identity["type"] == "Root":
        return "root"
    return str(identity.get("userName") or identity.get("arn", "").rpartition("/")[2] or "unknown")


def _session(arn: str, caller: dict[str, Any]) -> dict[str, Any]:
    role, principal = arn.split("/")[1], caller["userId"].partition(":")[0]
    issued = time.gmtime((caller.get("session") or {}).get("IssuedAt"))
    return {
        "sessionIssuer": {
            "type": "Role",
            "principalId": principal,
            "arn": f"arn:aws:iam::{get_account_id()}:role/{role}",
            "accountId": get_account_id(),
            "userName": role,
        },
        "attributes": {"creationDate": time.strftime("%Y-%m-%dT%H:%M:%SZ", issued), "mfaAuthenticated": "false"},
    }
