"""The resource of a CloudWatch Logs call is a log stream of the group, with an empty name where it is about the group.

So AWS states it in its own denials, and so a policy on the group's ARN as CloudFormation returns it (`…:NAME:*`)
matches. ministack leaves out everything behind the name, and such a policy would allow nothing.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ..refusals import seam

_MODULE = "ministack.core.iam_actions"
TOUCHED: list[tuple[str, str]] = [(_MODULE, "extract_resource_arn")]

_GROUP_ONLY = re.compile(r"^arn:[\w-]+:logs:[^:]*:[^:]*:log-group:[^:]+$")
# These name the group itself, as their API does.
_ABOUT_TAGS = ("TagResource", "UntagResource", "ListTagsForResource")


def install() -> None:
    """Complete the resource."""
    seam.around(_MODULE, "extract_resource_arn", _completed)


def _completed(original: Any) -> Any:
    def extract_resource_arn(
        service: str, method: str, path: str, headers: dict[str, str], body: bytes, *rest: Any
    ) -> str:
        arn: str = original(service, method, path, headers, body, *rest)
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if service != "logs" or operation in _ABOUT_TAGS or not _GROUP_ONLY.match(arn):
            return arn
        return f"{arn}:log-stream:{json.loads(body).get('logStreamName') or ''}"

    return extract_resource_arn
