"""CloudWatch alarms: an action publishes only if the topic's policy, and its key's policy, admit the alarm.

The default topic policy admits the owner account by aws:SourceOwner, which alarms carry; the key never admits
cloudwatch.amazonaws.com by itself. The alarm's history says which action failed, in AWS's words.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id

from ..refusals import seam
from ..refusals.refusal import Rule
from . import destinations
from .principal import enforced, source

logger = logging.getLogger(__name__)

CLOUDWATCH = "cloudwatch.amazonaws.com"

RULES = (
    Rule(
        "alarm-topic-policy",
        "an alarm publishes only if the topic's policy admits cloudwatch.amazonaws.com, or the account as its owner",
        "https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger",
    ),
    Rule(
        "alarm-key-policy",
        "an alarm reaches an encrypted topic only if its key admits cloudwatch.amazonaws.com; source conditions count",
        "https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns",
    ),
    Rule(
        "alarm-history",
        "the history of the alarm says whether each action succeeded",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.cloudwatch", "_dispatch_alarm_actions"),
    ("ministack.services.cloudwatch", "_history_entries"),
]

_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


def install() -> None:
    """Makes every alarm ask before it publishes."""
    seam.around("ministack.services.cloudwatch", "_dispatch_alarm_actions", _asking)


def _asking(original: Callable[..., None]) -> Callable[..., None]:
    def _dispatch_alarm_actions(alarm: dict[str, Any], old_state: str, new_state: str, reason: str) -> None:
        field = _ACTIONS.get(new_state, "")
        if enforced() and alarm.get("ActionsEnabled", True):
            admitted = [action for action in alarm.get(field) or [] if _takes(action, alarm)]
            alarm = {**alarm, field: admitted}
        original(alarm, old_state, new_state, reason)

    return _dispatch_alarm_actions


def _takes(action: str, alarm: dict[str, Any]) -> bool:
    """Whether the action goes out; actions other than topics are not executed by the emulator and pass."""
    if not action.startswith("arn:aws:sns:"):
        return True
    context = {**source(alarm["AlarmArn"]), "aws:sourceowner": get_account_id()}
    refusal = destinations.topic_refuses(action, CLOUDWATCH, context)
    if refusal is None:
        _remember(alarm, "Succeeded", action, f"Successfully executed action {action}")
        return True
    logger.warning("alarm %s: %s", alarm["AlarmArn"], refusal)
    _remember(
        alarm,
        "Failed",
        action,
        f'Failed to execute action {action}. Received error: "{_in_aws_words(refusal, action, alarm)}"',
    )
    return False


def _in_aws_words(refusal: str, topic: str, alarm: dict[str, Any]) -> str:
    if "use the key" in refusal:
        return "CloudWatch Alarms is not authorized to access the SNS topic encryption key."
    return f"Resource: {alarm['AlarmArn']} is not authorized to perform: SNS:Publish on resource: {topic}"


def _remember(alarm: dict[str, Any], state: str, action: str, summary: str) -> None:
    from ministack.services import cloudwatch

    cloudwatch._history_entries().append(
        {
            "AlarmName": alarm["AlarmName"],
            "AlarmType": "CompositeAlarm" if "AlarmRule" in alarm else "MetricAlarm",
            "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "HistoryItemType": "Action",
            "HistorySummary": summary,
            "HistoryData": json.dumps({"actionState": state, "notificationResource": action}),
        }
    )
