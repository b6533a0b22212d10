"""`iam:PolicyARN`: lets somebody attach one managed policy and no other. ministack does not pass it on."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

from ..refusals import seam

_MODULE = "ministack.core.iam_actions"
TOUCHED: list[tuple[str, str]] = [(_MODULE, "request_tag_context")]

_ATTACHING = re.compile(r"iam:(Attach|Detach)(Role|User|Group)Policy")


def install() -> None:
    """Add the condition key to the requests that have it."""
    seam.around(_MODULE, "request_tag_context", _with_policy)


def _with_policy(original: Any) -> Any:
    def request_tag_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = original(service, iam_action, body, params)
        if _ATTACHING.fullmatch(iam_action) and (policy := parse_qs(body.decode()).get("PolicyArn")):
            context["iam:policyarn"] = policy[-1]
        return context

    return request_tag_context
