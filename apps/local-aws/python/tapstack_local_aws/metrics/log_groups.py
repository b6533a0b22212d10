"""CloudWatch Logs says how many events a log group got."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ..refusals import seam
from .alarms import publish

logger = logging.getLogger(__name__)

_LOGS = "ministack.services.cloudwatch_logs"


def install() -> None:
    """Count whatever enters a log group."""
    seam.around(_LOGS, "_fanout_to_subscription_filters", _counting)


def _counting(original: Callable[..., None]) -> Callable[..., None]:
    def fanout(group: str, stream: str, events: list[Any]) -> None:
        original(group, stream, events)
        try:
            publish("AWS/Logs", "IncomingLogEvents", {"LogGroupName": group}, len(events))
        except Exception:  # what is wrong with an alarm must not lose the events
            logger.exception("alarms on %s", group)

    return fanout
