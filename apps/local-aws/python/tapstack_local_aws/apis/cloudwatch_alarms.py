"""CloudWatch alarms look at the metric with their own dimensions; ministack adds up all metrics of that name."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch

# Those that compare with a band of expected values have no threshold, and are not evaluated here.
_BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}

Alarm = dict[str, Any]


def install() -> None:
    """Take the place of ministack's evaluation."""
    cloudwatch._evaluate_alarm = _evaluate


def _evaluate(alarm: Alarm) -> None:
    points = _recent_points(alarm)
    breaches = _BREACHES.get(alarm.get("ComparisonOperator", ""))
    if not points or breaches is None:
        return
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
    value = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    if value is None:
        return
    state = "ALARM" if breaches(value, alarm.get("Threshold", 0)) else "OK"
    if state != alarm["StateValue"]:
        _move(alarm, state, f"Threshold Crossed: {statistic} {value} against {alarm.get('Threshold', 0)}")


def _recent_points(alarm: Alarm) -> list[dict[str, Any]]:
    """Return the points of the periods that the alarm looks at, taken together."""
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
    points = cloudwatch._metrics.get((alarm.get("Namespace"), alarm.get("MetricName"), dimensions)) or []
    since = time.time() - alarm.get("Period", 60) * alarm.get("EvaluationPeriods", 1)
    return [point for point in points if point["Timestamp"] >= since]


def _move(alarm: Alarm, state: str, reason: str) -> None:
    before = alarm["StateValue"]
    alarm["StateValue"] = state
    alarm["StateReason"] = reason
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)
