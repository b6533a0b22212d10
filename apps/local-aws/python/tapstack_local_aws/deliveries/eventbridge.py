"""EventBridge rules: a target gets an event only if its policy, and the policy of its key, admit events.amazonaws.com.

A refused event is gone (permission errors are not retried): the rule's FailedInvocations metric counts it, and the
target's dead-letter queue gets it where there is one. On the way to an encrypted topic or queue EventBridge passes
neither aws:SourceArn nor aws:SourceAccount to KMS, so a key statement with such a condition never matches.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn

from ..refusals import seam
from ..refusals.refusal import Rule
from . import destinations, event_log_groups
from .principal import enforced, source

logger = logging.getLogger(__name__)

EVENTS = "events.amazonaws.com"

RULES = (
    Rule(
        "events-topic-policy",
        "EventBridge publishes to a topic only if the topic's policy admits events.amazonaws.com",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions",
    ),
    Rule(
        "events-queue-policy",
        "EventBridge sends to a queue only if the queue's policy admits events.amazonaws.com",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions",
    ),
    Rule(
        "events-function-policy",
        "EventBridge invokes a function only if the function's policy admits events.amazonaws.com for that rule",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions",
    ),
    Rule(
        "events-key-policy",
        "events to an encrypted topic or queue vanish unless its key grants events.amazonaws.com both key operations",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services",
    ),
    Rule(
        "events-key-source",
        "no source condition of a key statement ever matches on this path",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services",
    ),
    Rule(
        "events-dead-letter",
        "a refused event counts as FailedInvocations and goes to the target's dead-letter queue, if that admits it",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.eventbridge", "_invoke_target"),
    ("ministack.services.eventbridge", "_pattern_event_view"),
    ("ministack.services.eventbridge", "_targets"),
    ("ministack.services.cloudwatch", "_evaluate_all_alarms"),
    ("ministack.services.cloudwatch", "record_metric"),
    ("ministack.core.arn", "parse_arn"),
    ("ministack.core.arn", "ArnParseError"),
]


def install() -> None:
    """Makes every rule ask before it invokes a target."""
    seam.around("ministack.services.eventbridge", "_invoke_target", _asking)


def _asking(original: Callable[..., None]) -> Callable[..., None]:
    def _invoke_target(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
        rule_arn = rule.get("Arn", "")
        # EventBridge Scheduler shares this path; it acts with the role of the schedule, not as a principal.
        if not enforced() or ":rule/" not in rule_arn:
            original(target, event, rule, view)
            return
        if _is_first(target):
            _count("TriggeredRules", rule)
        _count("Invocations", rule)
        reason = _refusal(target.get("Arn", ""), rule_arn)
        if reason is None:
            _deliver(original, target, event, rule, view)
            return
        logger.warning("rule %s: %s", rule_arn, reason)
        _count("FailedInvocations", rule)
        _to_dead_letters(target, event, rule, reason)

    return _invoke_target


def _deliver(
    original: Callable[..., None], target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any
) -> None:
    from ministack.services import eventbridge

    if ":log-group:" in target.get("Arn", ""):
        event_log_groups.write(target["Arn"], json.dumps(eventbridge._pattern_event_view(event).event_with_detail()))
    else:
        original(target, event, rule, view)


def _refusal(target_arn: str, rule_arn: str) -> str | None:
    try:
        service = parse_arn(target_arn).service
    except ArnParseError:
        return None
    if service == "sns":
        return destinations.topic_refuses(target_arn, EVENTS, source(rule_arn), key_context={})
    if service == "sqs":
        return destinations.queue_refuses(target_arn, EVENTS, source(rule_arn), key_context={})
    if service == "logs":
        return event_log_groups.refuses(target_arn, EVENTS, source(rule_arn))
    if service == "lambda":
        return destinations.function_refuses(target_arn, EVENTS, source(rule_arn))
    return None


def _to_dead_letters(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], reason: str) -> None:
    from ministack.services import eventbridge

    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue or destinations.queue_refuses(queue, EVENTS, source(rule["Arn"]), key_context={}):
        return
    body = json.dumps(eventbridge._pattern_event_view(event).event_with_detail())
    destinations.send(
        queue,
        body,
        {
            "RULE_ARN": rule["Arn"],
            "TARGET_ARN": target.get("Arn", ""),
            "ERROR_CODE": "NO_PERMISSIONS",
            "ERROR_MESSAGE": reason,
        },
    )
    _count("InvocationsSentToDlq", rule)


def _count(metric: str, rule: dict[str, Any]) -> None:
    from ministack.services import cloudwatch

    cloudwatch.record_metric("AWS/Events", metric, 1, "Count", {"RuleName": rule.get("Name", "")})
    cloudwatch._evaluate_all_alarms()


def _is_first(target: dict[str, Any]) -> bool:
    """Return whether a rule invokes this target first: a rule counts once for an event, however many it tells."""
    from ministack.services import eventbridge

    return any(targets and targets[0] is target for targets in eventbridge._targets.values())
