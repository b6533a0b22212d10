"""Time that is said to have passed: `POST /_local/elapsed`.

Alarms look at minutes and hours, and some at hours in which nothing happened. A drill says how much time has passed
since it last said so, or since the start. What was measured in between belongs to that time, everything earlier is that
much older, what trails have not yet delivered is delivered, and every alarm is evaluated as at its end. By itself the
local AWS never does that: an alarm that takes missing data for bad would go off wherever nothing publishes its metric.
"""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import cloudtrail, cloudwatch

from ..apis import cloudwatch_alarms
from ..control_answer import Answer
from ..deliveries import trail_files
from . import queues
from .missing_data import FURTHER_PERIODS, Rule, state

Alarm = dict[str, Any]
Points = list[dict[str, Any]]

# A metric is kept for fifteen months.
_SECONDS_AT_MOST = 455 * 24 * 3600

_said_at = 0.0


def answer(body: bytes) -> Answer:
    """Let the time pass that a request says."""
    try:
        asked = json.loads(body)
        seconds = asked["seconds"]
    except (ValueError, KeyError, TypeError):
        return Answer(400, {"error": "'seconds' is missing: how much time has passed"})
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _SECONDS_AT_MOST:
        return Answer(400, {"error": f"'seconds' must be above 0 and at most {_SECONDS_AT_MOST}, got {seconds!r}"})
    return Answer(200, {"changed": _pass(seconds)})


def _pass(seconds: float) -> list[dict[str, str]]:
    global _said_at
    changed = []
    for account, region in _everywhere():
        set_request_account_id(account)
        set_request_region(region)
        before = _states()
        _make_older(seconds)
        trail_files.deliver_all()
        queues.measure()
        for alarm in cloudwatch._alarms.values():
            _evaluate(alarm)
        after = _states()
        changed += [
            {"alarm": name, "from": was, "to": after[name]}
            for name, was in before.items()
            if after.get(name, was) != was
        ]
    _said_at = time.time()
    return changed


def _states() -> dict[str, str]:
    return {alarm["AlarmName"]: alarm["StateValue"] for alarm in cloudwatch._alarms.values()}


def _everywhere() -> list[tuple[str, str]]:
    """Return every account and region that has a trail, a metric or an alarm."""
    stores = (cloudtrail._trails, cloudwatch._metrics, cloudwatch._alarms)
    return sorted({(account, region) for store in stores for (account, region, _), _ in store.all_items()})


def _make_older(seconds: float) -> None:
    for points in cloudwatch._metrics.values():
        for point in points:
            if point["Timestamp"] <= _said_at:
                point["Timestamp"] -= seconds


def _evaluate(alarm: Alarm) -> None:
    # an alarm on an expression, or with a band of expected values, is not evaluated here
    if not alarm.get("MetricName") or not cloudwatch_alarms.has_threshold(alarm):
        return
    wanted = alarm.get("EvaluationPeriods", 1)
    rule = Rule(wanted, alarm.get("DatapointsToAlarm") or wanted, alarm.get("TreatMissingData") or "missing")
    values = [cloudwatch_alarms.value(alarm, points) for points in _by_period(alarm, wanted + FURTHER_PERIODS)]
    breaching = [None if value is None else cloudwatch_alarms.breaches(alarm, value) for value in values]
    cloudwatch_alarms.move(alarm, state(rule, breaching, alarm["StateValue"]), _reason(values[-wanted:], rule))


def _by_period(alarm: Alarm, number: int) -> list[Points]:
    """Return the points of the last periods, the oldest first."""
    now, length = time.time(), alarm.get("Period", 60)
    periods: list[Points] = [[] for _ in range(number)]
    for point in cloudwatch_alarms.points_of(alarm):
        index = number - 1 - int(max(now - point["Timestamp"], 0) // length)
        if index >= 0:
            periods[index].append(point)
    return periods


def _reason(values: list[float | None], rule: Rule) -> str:
    missing = values.count(None)
    if missing:
        return (
            f"no datapoints were received for {missing} of {len(values)} periods, which was treated as [{rule.missing}]"
        )
    return f"Threshold Crossed: {values} in {len(values)} periods"
