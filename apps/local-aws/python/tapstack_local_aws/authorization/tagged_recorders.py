"""The resource of a call that tags something of AWS Config is what it names; ministack says `*`."""

from __future__ import annotations

import json
from typing import Any

from ..refusals import seam

_MODULE = "ministack.core.iam_actions"
TOUCHED: list[tuple[str, str]] = [(_MODULE, "extract_resource_arn")]

_ABOUT_TAGS = ("TagResource", "UntagResource", "ListTagsForResource")


def install() -> None:
    """Name the resource."""
    seam.around(_MODULE, "extract_resource_arn", _named)


def _named(original: Any) -> Any:
    def extract_resource_arn(
        service: str, method: str, path: str, headers: dict[str, str], body: bytes, *rest: Any
    ) -> str:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if service == "config" and operation in _ABOUT_TAGS:
            return str(json.loads(body)["ResourceArn"])
        arn: str = original(service, method, path, headers, body, *rest)
        return arn

    return extract_resource_arn
