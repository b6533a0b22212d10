"""SQS says how many messages are in a queue.

AWS does so every minute while the queue is in use. Here it does whenever a message arrives anywhere, so that a drill
has nothing to wait for; and as on AWS, nothing is said of a queue that nobody has used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from ministack.core import concurrency
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch, sqs

from .alarms import Alarm, dimensions_of, looking_at, store

logger = logging.getLogger(__name__)

_NAMESPACE = "AWS/SQS"
# By metric: the attribute of the queue that says the same.
_ATTRIBUTES = {
    "ApproximateNumberOfMessagesVisible": "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}
_SECONDS_BETWEEN = 60


def install() -> None:
    """Look at the queues wherever a message arrives: whoever puts one into a queue wakes what polls queues."""
    concurrency.esm_wake.set = _then_looking(concurrency.esm_wake.set)  # type: ignore[method-assign]


def _then_looking(wake: Callable[[], None]) -> Callable[[], None]:
    def wake_and_look() -> None:
        wake()
        try:
            for alarm in measure():
                cloudwatch._evaluate_alarm(alarm)
        except Exception:  # what is wrong with an alarm must not lose the message
            logger.exception("alarms on queues")

    return wake_and_look


def measure() -> list[Alarm]:
    """Publish what alarms look at; return those that have something new to look at."""
    return [alarm for alarm in looking_at(_NAMESPACE, _ATTRIBUTES) if _measure(alarm)]


def _measure(alarm: Alarm) -> bool:
    metric, dimensions = alarm["MetricName"], dimensions_of(alarm)
    queue = sqs._queue_by_arn(f"arn:aws:sqs:{get_region()}:{get_account_id()}:{dimensions.get('QueueName')}")
    if queue is None:
        return False
    sqs._refresh_counts(queue)
    value = float(queue["attributes"][_ATTRIBUTES[metric]])
    points = cloudwatch._metrics.get((_NAMESPACE, metric, cloudwatch._dims_key(dimensions)))
    if _is_said(value, points or []):
        return False
    store(_NAMESPACE, metric, dimensions, value)
    return True


def _is_said(value: float, points: list[dict[str, Any]]) -> bool:
    if not points:
        return value == 0
    return points[-1]["Value"] == value and time.time() - points[-1]["Timestamp"] < _SECONDS_BETWEEN
