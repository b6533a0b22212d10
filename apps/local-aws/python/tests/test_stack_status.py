"""A stack that fails is told on the event bus, and what listens counts it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Stacks
from drills import Aws, allow, rolled_back, unique

WITHIN_SECONDS = 5.0
# the key's policy would lock everybody out
FAILING = {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}}}


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def listen(aws: Aws, status: str, *targets: str) -> str:
    """Let a fresh rule tell about stacks with a status; return its name."""
    rule = unique("failures")
    pattern = {
        "source": ["aws.cloudformation"],
        "detail-type": ["CloudFormation Stack Status Change"],
        "detail": {"status-details": {"status": [status]}},
    }
    events = aws.client("events")
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": str(i), "Arn": target} for i, target in enumerate(targets)])
    return rule


def triggered(aws: Aws, rule: str) -> float:
    return aws.metric("AWS/Events", "TriggeredRules", ("RuleName", rule))


def test_a_failed_create_is_told_with_its_stack(aws: Aws, stacks: Stacks) -> None:
    topic, queue = aws.watched(allow("events.amazonaws.com", "sns:Publish"))
    listen(aws, "ROLLBACK_COMPLETE", topic)
    rolled_back(stacks, FAILING)
    message = aws.arrived(queue)
    assert message is not None
    event = json.loads(json.loads(message["Body"])["Message"])
    [arn] = event["resources"]
    assert f":stack/{stacks.names[-1]}/" in arn
    assert event["detail"]["stack-id"] == arn
    assert event["detail"]["status-details"]["status"] == "ROLLBACK_COMPLETE"


def test_a_rule_counts_once_for_an_event_and_moves_an_alarm(aws: Aws, stacks: Stacks) -> None:
    topics = [aws.watched(allow("events.amazonaws.com", "sns:Publish"))[0] for _ in range(2)]
    rule = listen(aws, "ROLLBACK_COMPLETE", *topics)
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=rule,
        Namespace="AWS/Events",
        MetricName="TriggeredRules",
        Dimensions=[{"Name": "RuleName", "Value": rule}],
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    rolled_back(stacks, FAILING)
    until = time.monotonic() + WITHIN_SECONDS
    while triggered(aws, rule) < 1 and time.monotonic() < until:
        time.sleep(0.05)
    assert triggered(aws, rule) == 1
    assert cloudwatch.describe_alarms(AlarmNames=[rule])["MetricAlarms"][0]["StateValue"] == "ALARM"


def test_a_stack_that_succeeds_is_no_failure(aws: Aws, stacks: Stacks) -> None:
    topic, queue = aws.watched(allow("events.amazonaws.com", "sns:Publish"))
    rule = listen(aws, "ROLLBACK_COMPLETE", topic)
    stacks.deploy(unique("fine"), {"Topic": {"Type": "AWS::SNS::Topic"}})
    assert aws.vanished(queue)
    assert triggered(aws, rule) == 0
