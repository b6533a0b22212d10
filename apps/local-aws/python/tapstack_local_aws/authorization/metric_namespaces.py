"""`cloudwatch:namespace`, the condition that holds a publisher of metrics to its own namespace.

PutMetricData knows no resources, so the condition is all that least privilege has; ministack does not pass it on.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import cbor2

from ..refusals import seam

_MODULE = "ministack.core.iam_actions"
TOUCHED: list[tuple[str, str]] = [(_MODULE, "request_tag_context")]


def install() -> None:
    """Add the condition key to those that every request has."""
    seam.around(_MODULE, "request_tag_context", _with_namespace)


def _with_namespace(original: Any) -> Any:
    def request_tag_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = original(service, iam_action, body, params)
        if iam_action == "cloudwatch:PutMetricData" and (namespace := _namespace(body)):
            context["cloudwatch:namespace"] = namespace
        return context

    return request_tag_context


def _namespace(body: bytes) -> str | None:
    """Read the namespace in any of the service's three protocols: JSON, form, CBOR."""
    if body[:1] == b"{":
        return _text(json.loads(body).get("Namespace"))
    if body.isascii() and (form := parse_qs(body.decode("ascii"))) and "Namespace" in form:
        return _text(form["Namespace"][-1])
    decoded = cbor2.loads(body)
    return _text(decoded.get("Namespace")) if isinstance(decoded, dict) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
