"""Alarms publish where policies admit them, and nowhere else. Each arrival has its canary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from drills import ACCOUNT, REGION, Aws, allow, owner, unique

CLOUDWATCH = "cloudwatch.amazonaws.com"
ENCRYPT = ("kms:GenerateDataKey*", "kms:Decrypt")


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def ring(aws: Aws, topic: str) -> list[str]:
    """Raise a fresh alarm that acts on the topic; return what its history says about the action."""
    cloudwatch, name = aws.client("cloudwatch"), unique("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Drill",
        MetricName="Drill",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic],
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="drill")
    history = cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="Action")["AlarmHistoryItems"]
    return [item["HistorySummary"] for item in history]


def test_alarm_topic_policy_default_admits_the_owner(aws: Aws) -> None:
    topic, queue = aws.watched()
    assert ring(aws, topic) == [f"Successfully executed action {topic}"]
    assert aws.arrived(queue)


def test_alarm_topic_policy_admits(aws: Aws) -> None:
    topic, queue = aws.watched(allow(CLOUDWATCH, "sns:Publish"))
    ring(aws, topic)
    assert aws.arrived(queue)


def test_alarm_topic_policy_silent(aws: Aws) -> None:
    topic, queue = aws.watched(owner("sns:Publish"))
    history = ring(aws, topic)
    assert aws.vanished(queue)
    assert len(history) == 1 and "is not authorized to perform: SNS:Publish on resource: " + topic in history[0]


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"}},
    ],
)
def test_alarm_key_policy_admits_with_source_conditions(aws: Aws, condition: dict[str, Any]) -> None:
    topic, queue = aws.watched(key=aws.key(allow(CLOUDWATCH, *ENCRYPT, **condition)))
    ring(aws, topic)
    assert aws.arrived(queue)


def test_alarm_key_policy_silent(aws: Aws) -> None:
    topic, queue = aws.watched(key=aws.key())
    history = ring(aws, topic)
    assert aws.vanished(queue)
    assert "CloudWatch Alarms is not authorized to access the SNS topic encryption key." in history[0]


def test_alarm_key_policy_of_another_account(aws: Aws) -> None:
    foreign = {"StringEquals": {"aws:SourceAccount": "111111111111"}}
    topic, queue = aws.watched(key=aws.key(allow(CLOUDWATCH, *ENCRYPT, **foreign)))
    ring(aws, topic)
    assert aws.vanished(queue)


def test_alarm_key_policy_of_aws_managed_key_admits_nobody(aws: Aws) -> None:
    topic, queue = aws.watched(key="alias/aws/sns")
    ring(aws, topic)
    assert aws.vanished(queue)


def test_alarm_history_tells_both_outcomes(aws: Aws) -> None:
    admitted, refused = aws.topic(), aws.topic(owner("sns:Publish"))
    assert ring(aws, admitted)[0].startswith("Successfully executed action")
    assert ring(aws, refused)[0].startswith("Failed to execute action")
