"""The alarms that look at a metric."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ministack.services import cloudwatch

Alarm = dict[str, Any]


def looking_at(namespace: str, names: tuple[str, ...], **dimensions: str) -> Iterator[Alarm]:
    """Yield the alarms on one of these metrics, whose dimensions are these at least."""
    for alarm in cloudwatch._alarms.values():
        if alarm.get("Namespace") == namespace and alarm.get("MetricName") in names:
            own = dimensions_of(alarm)
            if all(own.get(name) == value for name, value in dimensions.items()):
                yield alarm


def dimensions_of(alarm: Alarm) -> dict[str, str]:
    """Return the dimensions of an alarm."""
    found: dict[str, str] = cloudwatch._dims_from_list(alarm.get("Dimensions") or [])
    return found
