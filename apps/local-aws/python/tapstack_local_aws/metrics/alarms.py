"""The alarms that look at a metric."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from ministack.services import cloudwatch

Alarm = dict[str, Any]


def looking_at(namespace: str, names: Collection[str]) -> list[Alarm]:
    """Return the alarms on one of these metrics."""
    alarms = cloudwatch._alarms.values()
    return [alarm for alarm in alarms if alarm.get("Namespace") == namespace and alarm.get("MetricName") in names]


def dimensions_of(alarm: Alarm) -> dict[str, str]:
    """Return the dimensions of an alarm."""
    found: dict[str, str] = cloudwatch._dims_from_list(alarm.get("Dimensions") or [])
    return found


def publish(namespace: str, name: str, dimensions: dict[str, str], value: float) -> None:
    """Publish what an alarm looks at, and let it look."""
    alarms = [alarm for alarm in looking_at(namespace, (name,)) if dimensions_of(alarm) == dimensions]
    if alarms:
        store(namespace, name, dimensions, value)
    for alarm in alarms:
        cloudwatch._evaluate_alarm(alarm)


def store(namespace: str, name: str, dimensions: dict[str, str], value: float) -> None:
    """Keep a number that was measured now."""
    cloudwatch._store_datum(namespace, name, dimensions, time.time(), "Count", value, None, None, None)
