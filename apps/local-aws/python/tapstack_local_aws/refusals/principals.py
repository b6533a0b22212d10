"""Who a policy may name: AWS refuses a policy that names a user or role of this account which does not exist."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import get_account_id

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.iam", "_roles"),
    ("ministack.services.iam", "_users"),
]

_SERVICE = re.compile(r"[a-z0-9][a-z0-9.-]*\.amazonaws\.com(\.cn)?")
_ACCOUNT = re.compile(r"\d{12}")
# What AWS writes in the place of a principal that was deleted; it is accepted back.
_UNIQUE_ID = re.compile(r"A[A-Z0-9]{15,}")


def invalid(policy: str | dict[str, Any] | None) -> list[str]:
    """Return the principals of a policy that AWS would not accept."""
    return [f'"{kind}":"{name}"' for kind, name in _named(policy) if not _valid(kind, name)]


def _named(policy: str | dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    for statement in statements(policy):
        for element in ("Principal", "NotPrincipal"):
            named = statement.get(element)
            if isinstance(named, str):
                yield "AWS", named
            for kind, names in named.items() if isinstance(named, dict) else ():
                for name in [names] if isinstance(names, str) else names:
                    yield kind, str(name)


def statements(policy: str | dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the statements of a policy; none of one that is not valid JSON, which others refuse."""
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except ValueError:
            return []
    found = policy.get("Statement", []) if isinstance(policy, dict) else []
    return [each for each in ([found] if isinstance(found, dict) else found) if isinstance(each, dict)]


def _valid(kind: str, name: str) -> bool:
    if kind == "Service":
        return bool(_SERVICE.fullmatch(name))
    if kind != "AWS":
        return True
    if name == "*" or _ACCOUNT.fullmatch(name) or _UNIQUE_ID.fullmatch(name):
        return True
    parts = name.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn" or parts[2] not in ("iam", "sts"):
        return False
    # Nobody can look into another account from here.
    return parts[4] != get_account_id() or _exists(parts[5])


def _exists(resource: str) -> bool:
    from ministack.services import iam

    kind, _, path = resource.partition("/")
    if kind in ("root", "federated-user"):
        return True
    if kind == "assumed-role":
        return path.partition("/")[0] in iam._roles
    store = {"role": iam._roles, "user": iam._users}.get(kind)
    record = store.get(path.rpartition("/")[2]) if store is not None else None
    return record is not None and record.get("Arn", "").endswith(f":{resource}")
