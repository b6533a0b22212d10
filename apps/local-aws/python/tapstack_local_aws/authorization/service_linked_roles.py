"""`iam:CreateServiceLinkedRole` is about the role of one service, and policies say which.

By its path, in the resource, or by `iam:AWSServiceName`; ministack passes on neither.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from ministack.core.responses import get_account_id

from ..refusals import seam

_MODULE = "ministack.core.iam_actions"
TOUCHED: list[tuple[str, str]] = [(_MODULE, "extract_resource_arn"), (_MODULE, "request_tag_context")]


def install() -> None:
    """Say which service's role is meant."""
    seam.around(_MODULE, "extract_resource_arn", _with_path)
    seam.around(_MODULE, "request_tag_context", _with_service)


def _with_path(original: Any) -> Any:
    def extract_resource_arn(
        service: str, method: str, path: str, headers: dict[str, str], body: bytes, *rest: Any
    ) -> str:
        if service == "iam" and (linked := _service(body)):
            # as ministack names it; AWS has names of its own for some
            name = f"AWSServiceRoleFor{linked.split('.')[0].capitalize()}"
            return f"arn:aws:iam::{get_account_id()}:role/aws-service-role/{linked}/{name}"
        arn: str = original(service, method, path, headers, body, *rest)
        return arn

    return extract_resource_arn


def _with_service(original: Any) -> Any:
    def request_tag_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = original(service, iam_action, body, params)
        if service == "iam" and (linked := _service(body)):
            context["iam:AWSServiceName"] = linked
        return context

    return request_tag_context


def _service(body: bytes) -> str | None:
    form = parse_qs(body.decode("utf-8", "replace"))
    return form["AWSServiceName"][-1] if form.get("Action") == ["CreateServiceLinkedRole"] else None
