"""What an alarm makes of periods without data.

CloudWatch looks at some more periods than the alarm is about. Where those hold enough data it takes the most recent
ones, and nothing is missing; where they do not, it fills up as the alarm says.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# How many CloudWatch looks at depends on the length of the period; its examples have two.
FURTHER_PERIODS = 2


@dataclass(frozen=True)
class Rule:
    """What an alarm says of its periods."""

    evaluation_periods: int
    datapoints_to_alarm: int
    missing: str


def state(rule: Rule, breaching: Sequence[bool | None], current: str) -> str:
    """Return the state of an alarm whose periods, the oldest first, breach, do not, or have no data."""
    there = [each for each in breaching if each is not None][-rule.evaluation_periods :]
    if not there:
        return {"breaching": "ALARM", "notBreaching": "OK", "missing": "INSUFFICIENT_DATA"}.get(rule.missing, current)
    filled = there
    if rule.missing in ("breaching", "notBreaching"):
        filled = there + [rule.missing == "breaching"] * (rule.evaluation_periods - len(there))
    if sum(filled) >= rule.datapoints_to_alarm:
        return "ALARM"
    if all(there) and len(filled) < rule.evaluation_periods:
        # all that is there is bad, but not enough of it: it counts once it is old enough
        age = len(breaching) - next(index for index, each in enumerate(breaching) if each)
        return "ALARM" if rule.missing == "missing" and age >= rule.datapoints_to_alarm else current
    return "OK"
