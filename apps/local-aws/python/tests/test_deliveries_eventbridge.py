"""EventBridge delivers where policies admit it, and nowhere else. Each arrival has its canary."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from drills import ACCOUNT, REGION, Aws, Statement, allow, unique

EVENTS = "events.amazonaws.com"
ENCRYPT = ("kms:GenerateDataKey*", "kms:Decrypt")


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def fire(aws: Aws, target: str, dead_letters: str = "", rule: str = "") -> str:
    """Send one event through a fresh rule with this target; return the rule's name."""
    events, source = aws.client("events"), unique("drill")
    rule = rule or unique("rule")
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [source]}))
    extra = {"DeadLetterConfig": {"Arn": dead_letters}} if dead_letters else {}
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": target, **extra}])
    events.put_events(Entries=[{"Source": source, "DetailType": "drill", "Detail": "{}"}])
    return rule


def of_rule(rule: str) -> dict[str, Any]:
    return {"ArnEquals": {"aws:SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}"}}


def test_events_topic_policy_admits(aws: Aws) -> None:
    topic, queue = aws.watched(allow(EVENTS, "sns:Publish"))
    fire(aws, topic)
    assert aws.arrived(queue)


def test_events_topic_policy_default_does_not_admit(aws: Aws) -> None:
    topic, queue = aws.watched()
    fire(aws, topic)
    assert aws.vanished(queue)


def test_events_topic_policy_deny_wins(aws: Aws) -> None:
    deny: Statement = {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
    topic, queue = aws.watched(allow(EVENTS, "sns:Publish"), deny)
    fire(aws, topic)
    assert aws.vanished(queue)


def test_events_topic_policy_tls_only_admits(aws: Aws) -> None:
    plain: Statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    topic, queue = aws.watched(allow(EVENTS, "sns:Publish"), plain)
    fire(aws, topic)
    assert aws.arrived(queue)


@pytest.mark.parametrize("named", ["this", "other"])
def test_events_queue_policy_for_one_rule(aws: Aws, named: str) -> None:
    rule = unique("rule")
    queue = aws.queue(allow(EVENTS, "sqs:SendMessage", **of_rule(rule if named == "this" else "other")))
    fire(aws, queue, rule=rule)
    assert aws.arrived(queue) if named == "this" else aws.vanished(queue)


def test_events_queue_policy_missing(aws: Aws) -> None:
    queue = aws.queue()
    fire(aws, queue)
    assert aws.vanished(queue)


def test_events_key_policy_admits(aws: Aws) -> None:
    topic, queue = aws.watched(allow(EVENTS, "sns:Publish"), key=aws.key(allow(EVENTS, *ENCRYPT)))
    fire(aws, topic)
    assert aws.arrived(queue)


@pytest.mark.parametrize("granted", [(), ("kms:Decrypt",), ("kms:GenerateDataKey*",)])
def test_events_key_policy_incomplete(aws: Aws, granted: tuple[str, ...]) -> None:
    statements = [allow(EVENTS, *granted)] if granted else []
    topic, queue = aws.watched(allow(EVENTS, "sns:Publish"), key=aws.key(*statements))
    fire(aws, topic)
    assert aws.vanished(queue)


def test_events_key_policy_of_queue(aws: Aws) -> None:
    admitted = aws.queue(allow(EVENTS, "sqs:SendMessage"), key=aws.key(allow(EVENTS, *ENCRYPT)))
    refused = aws.queue(allow(EVENTS, "sqs:SendMessage"), key=aws.key())
    fire(aws, admitted)
    fire(aws, refused)
    assert aws.arrived(admitted)
    assert aws.vanished(refused)


@pytest.mark.parametrize("managed", ["alias/aws/sns"])
def test_events_key_policy_of_aws_managed_key_admits_nobody(aws: Aws, managed: str) -> None:
    topic, queue = aws.watched(allow(EVENTS, "sns:Publish"), key=managed)
    fire(aws, topic)
    assert aws.vanished(queue)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/*"}},
    ],
)
def test_events_key_source_never_matches(aws: Aws, condition: dict[str, Any]) -> None:
    topic, queue = aws.watched(allow(EVENTS, "sns:Publish"), key=aws.key(allow(EVENTS, *ENCRYPT, **condition)))
    fire(aws, topic)
    assert aws.vanished(queue)


def test_events_dead_letter_gets_a_refused_event(aws: Aws) -> None:
    topic, _ = aws.watched()
    dead_letters = aws.queue(allow(EVENTS, "sqs:SendMessage"))
    rule = fire(aws, topic, dead_letters)
    message = aws.arrived(dead_letters)
    assert message and json.loads(message["Body"])["detail-type"] == "drill"
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    assert aws.metric("AWS/Events", "FailedInvocations", ("RuleName", rule)) == 1


def test_events_dead_letter_queue_must_admit_events_too(aws: Aws) -> None:
    topic, _ = aws.watched()
    dead_letters = aws.queue()
    fire(aws, topic, dead_letters)
    assert aws.vanished(dead_letters)


def test_events_dead_letter_counts_no_failure_when_delivered(aws: Aws) -> None:
    topic, queue = aws.watched(allow(EVENTS, "sns:Publish"))
    rule = fire(aws, topic)
    assert aws.arrived(queue)
    assert aws.metric("AWS/Events", "Invocations", ("RuleName", rule)) == 1
    assert aws.metric("AWS/Events", "FailedInvocations", ("RuleName", rule)) == 0
