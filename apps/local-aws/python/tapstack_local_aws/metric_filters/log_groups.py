"""CloudWatch Logs evaluates patterns: searching, subscribing, and trying a pattern out; what is none is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cloudwatch_logs

from ..apis.json_actions import Body, InvalidRequest, add
from ..refusals import seam
from .patterns import compiled
from .scanner import InvalidPattern

_MODULE = "ministack.services.cloudwatch_logs"
_TAKE_A_PATTERN = ("_filter_log_events", "_put_metric_filter", "_put_subscription_filter")

TOUCHED: list[tuple[str, str]] = [
    (_MODULE, name)
    for name in (*_TAKE_A_PATTERN, "_compile_filter_pattern", "_subscription_pattern_matches", "handle_request")
]

Answer = tuple[Any, ...]


def install() -> None:
    """Put the evaluator where ministack has its own, and add the action that tries a pattern out."""
    seam.around(_MODULE, "_compile_filter_pattern", lambda _: lambda text: compiled(text or "").matches)
    seam.around(
        _MODULE,
        "_subscription_pattern_matches",
        lambda _: lambda text, message: compiled(text or "").matches(message or ""),
    )
    for name in _TAKE_A_PATTERN:
        seam.around(_MODULE, name, _refusing_what_is_none)
    add(cloudwatch_logs, {"TestMetricFilter": _test_metric_filter})


def _refusing_what_is_none(original: Callable[[Body], Answer]) -> Callable[[Body], Answer]:
    def perform(body: Body) -> Answer:
        try:
            compiled(body.get("filterPattern") or "")
        except InvalidPattern as problem:
            return error_response_json("InvalidParameterException", _in_aws_words(problem), 400)
        return original(body)

    return perform


def _test_metric_filter(body: Body) -> Body:
    try:
        pattern = compiled(body.get("filterPattern") or "")
    except InvalidPattern as problem:
        raise InvalidRequest("InvalidParameterException", _in_aws_words(problem)) from problem
    return {
        "matches": [
            {"eventNumber": number, "eventMessage": message, "extractedValues": pattern.extracted(message)}
            for number, message in enumerate(body.get("logEventMessages", []), start=1)
            if pattern.matches(message)
        ]
    }


def _in_aws_words(problem: InvalidPattern) -> str:
    return f"Invalid metric filter pattern: {problem}"
