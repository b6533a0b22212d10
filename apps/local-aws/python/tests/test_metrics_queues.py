"""An alarm on the messages that wait in a queue goes off when one arrives, whoever sent it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from drills import REGION, Aws, allow, archive, owner, unique

CLOUDWATCH, EVENTS = "cloudwatch.amazonaws.com", "events.amazonaws.com"


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def alarm_on(aws: Aws, queue: str, topic: str = "", **settings: Any) -> str:
    """Make the alarm that goes off when a message waits; return its name."""
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=(name := unique("alarm")),
        Namespace="AWS/SQS",
        Dimensions=[{"Name": "QueueName", "Value": queue.rpartition(":")[2]}],
        **{
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Statistic": "Maximum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [topic] if topic else [],
            **settings,
        },
    )
    return name


def state(aws: Aws, alarm: str, expected: str = "") -> str:
    """Return the state of an alarm, once it is the expected one or does not become so."""
    deadline = time.monotonic() + 20
    while True:
        found: str = aws.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]["StateValue"]
        if not expected or found == expected or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def by_a_client(aws: Aws, queue: str) -> None:
    sqs = aws.client("sqs")
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"], MessageBody="lost")


def by_a_rule_whose_target_refuses(aws: Aws, queue: str) -> None:
    events, rule = aws.client("events"), unique("rule")
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [rule]}))
    target = {"Id": "closed", "Arn": aws.topic(owner("sns:Publish")), "DeadLetterConfig": {"Arn": queue}}
    events.put_targets(Rule=rule, Targets=[target])
    events.put_events(Entries=[{"Source": rule, "DetailType": "drill", "Detail": "{}"}])


def by_a_function_that_fails(aws: Aws, queue: str) -> None:
    functions, name = aws.client("lambda"), unique("function")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="index.handler",
        Role=aws.role("lambda.amazonaws.com", {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue}),
        Code={"ZipFile": archive("def handler(event, context):\n    raise RuntimeError('not told')\n")},
        DeadLetterConfig={"TargetArn": queue},
    )
    functions.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    functions.invoke(FunctionName=name, InvocationType="Event", Payload="{}")


def by_a_topic(aws: Aws, queue: str) -> None:
    topic = aws.topic()
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    aws.client("sns").publish(TopicArn=topic, Message="lost")


SENDERS = (by_a_client, by_a_rule_whose_target_refuses, by_a_function_that_fails, by_a_topic)


@pytest.mark.parametrize("send", SENDERS)
def test_a_message_that_waits_is_told(aws: Aws, send: Callable[[Aws, str], None]) -> None:
    topic, told = aws.watched(allow(CLOUDWATCH, "sns:Publish"))
    queue = aws.queue(allow(EVENTS, "sqs:SendMessage"), allow("sns.amazonaws.com", "sqs:SendMessage"))
    alarm = alarm_on(aws, queue, topic)
    send(aws, queue)
    assert state(aws, alarm, "ALARM") == "ALARM"
    message = aws.arrived(told)
    assert message is not None
    assert json.loads(json.loads(message["Body"])["Message"])["AlarmName"] == alarm


@pytest.mark.parametrize("send", [by_a_client, by_a_rule_whose_target_refuses, by_a_topic])
def test_a_message_in_another_queue_is_not(aws: Aws, send: Callable[[Aws, str], None]) -> None:
    topic, told = aws.watched(allow(CLOUDWATCH, "sns:Publish"))
    alarm = alarm_on(aws, aws.queue(), topic)
    send(aws, aws.queue(allow(EVENTS, "sqs:SendMessage"), allow("sns.amazonaws.com", "sqs:SendMessage")))
    assert aws.vanished(told)
    assert state(aws, alarm) == "INSUFFICIENT_DATA"


def test_it_takes_as_many_messages_as_the_alarm_says(aws: Aws) -> None:
    queue = aws.queue()
    alarm = alarm_on(aws, queue, Threshold=2)
    by_a_client(aws, queue)
    assert state(aws, alarm) == "OK"
    by_a_client(aws, queue)
    assert state(aws, alarm) == "ALARM"


def test_what_is_being_worked_on_does_not_wait(aws: Aws) -> None:
    queue = aws.queue()
    by_a_client(aws, queue)
    assert aws.arrived(queue)
    waiting = alarm_on(aws, queue)
    in_work = alarm_on(aws, queue, MetricName="ApproximateNumberOfMessagesNotVisible")
    by_a_client(aws, aws.queue())
    assert [state(aws, waiting), state(aws, in_work)] == ["INSUFFICIENT_DATA", "ALARM"]


def test_nothing_is_published_that_no_alarm_looks_at(aws: Aws) -> None:
    queue = aws.queue()
    by_a_client(aws, queue)
    dimension = ("QueueName", queue.rpartition(":")[2])
    assert aws.metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimension) == 0
    alarm_on(aws, queue)
    by_a_client(aws, queue)
    assert aws.metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimension) > 0


def test_an_alarm_on_a_queue_that_is_not_there_changes_nothing(aws: Aws) -> None:
    alarm, queue = alarm_on(aws, f"arn:aws:sqs:{REGION}:000000000000:gone"), aws.queue()
    by_a_client(aws, queue)
    assert aws.arrived(queue)
    assert state(aws, alarm) == "INSUFFICIENT_DATA"
