"""CloudWatch alarms look at the metric with their own dimensions; ministack adds up all metrics of that name.

They are evaluated when something is published. What they make of time in which nothing was is in `metrics/elapsed.py`.
"""

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
Points = list[dict[str, Any]]


def install() -> None:
    """Take the place of ministack's evaluation."""
    cloudwatch._evaluate_alarm = _evaluate


def points_of(alarm: Alarm) -> Points:
    """Return all points of the metric that the alarm looks at."""
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
    return cloudwatch._metrics.get((alarm.get("Namespace"), alarm.get("MetricName"), dimensions)) or []


def has_threshold(alarm: Alarm) -> bool:
    """Return whether an alarm can be evaluated."""
    return alarm.get("ComparisonOperator") in _BREACHES


def value(alarm: Alarm, points: Points) -> float | None:
    """Return what the alarm compares with its threshold: nothing without points."""
    if not points:
        return None
    found: float | None = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic(alarm), points)
    return found


def breaches(alarm: Alarm, found: float) -> bool:
    """Return whether a value is on the wrong side of the threshold."""
    return _BREACHES[alarm["ComparisonOperator"]](found, alarm.get("Threshold", 0))


def statistic(alarm: Alarm) -> str:
    """Return the statistic of an alarm."""
    return alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")


def move(alarm: Alarm, state: str, reason: str) -> None:
    """Bring an alarm into a state, and let it act if that is another one."""
    before = alarm["StateValue"]
    if state == before:
        return
    alarm["StateValue"] = state
    alarm["StateReason"] = reason
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _evaluate(alarm: Alarm) -> None:
    """Evaluate the periods that the alarm looks at, taken together: a batch of data takes the place of a period."""
    if not has_threshold(alarm):
        return
    since = time.time() - alarm.get("Period", 60) * alarm.get("EvaluationPeriods", 1)
    found = value(alarm, [point for point in points_of(alarm) if point["Timestamp"] >= since])
    if found is not None:
        state = "ALARM" if breaches(alarm, found) else "OK"
        move(alarm, state, f"Threshold Crossed: {statistic(alarm)} {found} against {alarm.get('Threshold', 0)}")
