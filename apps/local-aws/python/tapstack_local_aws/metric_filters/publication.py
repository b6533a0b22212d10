"""A log event that matches a metric filter becomes a point of its metric, and alarms look at it at once.

AWS adds points up by the minute and reports the default value for a minute in which events came but none matched. Here
a batch of events takes the place of the minute, so that a drill has nothing to wait for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cloudwatch, cloudwatch_logs

from ..refusals import seam
from . import values
from .patterns import Pattern, compiled

logger = logging.getLogger(__name__)

_LOGS = "ministack.services.cloudwatch_logs"
_METRICS = "ministack.services.cloudwatch"

TOUCHED: list[tuple[str, str]] = [
    (_LOGS, "_fanout_to_subscription_filters"),
    (_LOGS, "_metric_filters"),
    (_LOGS, "_put_metric_filter"),
    (_METRICS, "_evaluate_all_alarms"),
    (_METRICS, "_store_datum"),
]

_DIMENSIONS_AT_MOST = 3
_FILTERS_AT_MOST = 100

Event = dict[str, Any]
Transformation = dict[str, Any]


def install() -> None:
    """Publish whatever enters a log group: events of clients and of functions take the same way."""
    seam.around(_LOGS, "_fanout_to_subscription_filters", _publishing_first)
    seam.around(_LOGS, "_put_metric_filter", _within_limits)


def _publishing_first(original: Callable[..., None]) -> Callable[..., None]:
    def fanout(group: str, stream: str, events: list[Event]) -> None:
        try:
            _publish(group, events)
        except Exception:  # what is wrong with a metric must not lose the events
            logger.exception("metric filters of %s", group)
        original(group, stream, events)

    return fanout


def _within_limits(original: Callable[[Event], Any]) -> Callable[[Event], Any]:
    def put(body: Event) -> Any:
        transformations = body.get("metricTransformations") or []
        if len(transformations) != 1:
            return _refused("InvalidParameterException", "A metric filter has exactly one metric transformation.")
        dimensions = transformations[0].get("dimensions") or {}
        if len(dimensions) > _DIMENSIONS_AT_MOST:
            return _refused("InvalidParameterException", f"A metric has at most {_DIMENSIONS_AT_MOST} dimensions.")
        if dimensions and transformations[0].get("defaultValue") is not None:
            return _refused("InvalidParameterException", "A metric with dimensions has no default value.")
        here = [name for group, name in cloudwatch_logs._metric_filters if group == body.get("logGroupName")]
        if body.get("filterName") not in here and len(here) >= _FILTERS_AT_MOST:
            return _refused("LimitExceededException", "Resource limit exceeded.")
        return original(body)

    return put


def _refused(code: str, message: str) -> Any:
    return error_response_json(code, message, 400)


def _publish(group: str, events: list[Event]) -> None:
    filters = [each for each in cloudwatch_logs._metric_filters.values() if each["logGroupName"] == group]
    for each in filters if events else []:
        pattern = compiled(each["filterPattern"] or "")
        matched = [event for event in events if pattern.matches(event.get("message", ""))]
        for transformation in each["metricTransformations"]:
            if matched:
                for event in matched:
                    _publish_match(transformation, pattern, event)
            elif (default := transformation.get("defaultValue")) is not None:
                _store(transformation, float(default), {}, events[-1])
    if filters and events:
        cloudwatch._evaluate_all_alarms()


def _publish_match(transformation: Transformation, pattern: Pattern, event: Event) -> None:
    value = _number(transformation["metricValue"], pattern, event["message"])
    dimensions = {
        name: pattern.value(event["message"], reference)
        for name, reference in (transformation.get("dimensions") or {}).items()
    }
    # an event that lacks the number or a dimension leaves no point
    if value is None or any(not isinstance(found, str | Decimal) for found in dimensions.values()):
        return
    _store(transformation, value, {name: str(found) for name, found in dimensions.items()}, event)


def _number(wanted: str, pattern: Pattern, message: str) -> float | None:
    found = pattern.value(message, wanted) if wanted.startswith("$") else wanted
    if isinstance(found, str):
        found = values.number(found)
    return float(found) if isinstance(found, Decimal) else None


def _store(transformation: Transformation, value: float, dimensions: dict[str, str], event: Event) -> None:
    cloudwatch._store_datum(
        transformation["metricNamespace"],
        transformation["metricName"],
        dimensions,
        event.get("timestamp", time.time() * 1000) / 1000,
        transformation.get("unit", "None"),
        value,
        None,
        None,
        None,
    )
