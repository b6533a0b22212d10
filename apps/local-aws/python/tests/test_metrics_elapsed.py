"""Time that is said to have passed: alarms on silence go off then, and not before."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import LocalAws
from drills import Aws, allow, unique

HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


@pytest.fixture
def elapse(local: LocalAws) -> Callable[[int], dict[str, str]]:
    """Return what lets time pass, and says into which state that brought which alarm."""

    def let_pass(seconds: int) -> dict[str, str]:
        status, answer = local.call("POST", "elapsed", {"seconds": seconds})
        assert status == 200, answer
        return {each["alarm"]: each["to"] for each in answer["changed"]}

    return let_pass


def group(aws: Aws) -> str:
    """Make a log group with a stream."""
    aws.client("logs").create_log_group(logGroupName=(name := unique("group")))
    aws.client("logs").create_log_stream(logGroupName=name, logStreamName="stream")
    return name


def write(aws: Aws, name: str) -> None:
    line = {"timestamp": int(time.time() * 1000), "message": "alive"}
    aws.client("logs").put_log_events(logGroupName=name, logStreamName="stream", logEvents=[line])


def alarm(aws: Aws, namespace: str, metric: str, dimensions: dict[str, str], **settings: Any) -> str:
    """Make an alarm that goes off when there is none in an hour; return its name."""
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=(name := unique("alarm")),
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": each, "Value": value} for each, value in dimensions.items()],
        **{
            "Statistic": "Sum",
            "Period": HOUR,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
            **settings,
        },
    )
    return name


def state(aws: Aws, name: str) -> str:
    return str(aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"])


def told(aws: Aws, queue: str) -> tuple[str, str]:
    """Return which alarm the next message is about, and its state."""
    message = aws.arrived(queue)
    assert message is not None
    found = json.loads(json.loads(message["Body"])["Message"])
    aws.client("sqs").delete_message(
        QueueUrl=aws.client("sqs").get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"],
        ReceiptHandle=message["ReceiptHandle"],
    )
    return found["AlarmName"], found["NewStateValue"]


def test_a_log_group_that_falls_silent_is_told_and_one_that_speaks_is_not(aws: Aws, elapse: Any) -> None:
    topic, queue = aws.watched(allow("cloudwatch.amazonaws.com", "sns:Publish"))
    silent, speaking = group(aws), group(aws)
    of_silent, of_speaking = (
        alarm(aws, "AWS/Logs", "IncomingLogEvents", {"LogGroupName": name}, AlarmActions=[topic], OKActions=[topic])
        for name in (silent, speaking)
    )
    assert [state(aws, of_silent), state(aws, of_speaking)] == ["INSUFFICIENT_DATA"] * 2
    for name, its in ((silent, of_silent), (speaking, of_speaking)):
        write(aws, name)
        assert told(aws, queue) == (its, "OK")
    elapse(HOUR)
    assert [state(aws, of_silent), state(aws, of_speaking)] == ["OK", "OK"]

    write(aws, speaking)
    changed = elapse(DAY)
    assert (changed[of_silent], of_speaking in changed) == ("ALARM", False)
    assert told(aws, queue) == (of_silent, "ALARM")
    assert aws.vanished(queue)

    write(aws, silent)
    assert told(aws, queue) == (of_silent, "OK")


def test_it_looks_further_back_before_it_takes_silence_for_an_alarm(aws: Aws, elapse: Any) -> None:
    name = group(aws)
    its = alarm(aws, "AWS/Logs", "IncomingLogEvents", {"LogGroupName": name})
    write(aws, name)
    elapse(HOUR)
    assert [elapse(HOUR).get(its) for _ in range(3)] == [None, None, "ALARM"]


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [("breaching", "ALARM"), ("notBreaching", "OK"), ("ignore", "OK"), ("missing", "INSUFFICIENT_DATA")],
)
def test_missing_data_are_treated_as_the_alarm_says(aws: Aws, elapse: Any, treatment: str, expected: str) -> None:
    namespace = unique("namespace")
    its = alarm(aws, namespace, "Beats", {}, TreatMissingData=treatment)
    aws.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "Beats", "Value": 1}])
    elapse(HOUR)
    assert state(aws, its) == "OK"
    elapse(DAY)
    assert state(aws, its) == expected


def test_it_takes_as_many_bad_periods_as_the_alarm_says(aws: Aws, elapse: Any) -> None:
    namespace = unique("namespace")
    its = alarm(aws, namespace, "Beats", {}, EvaluationPeriods=3, DatapointsToAlarm=2, TreatMissingData="notBreaching")
    states = []
    for value in (1, 0, 1, 0):
        data = [{"MetricName": "Beats", "Value": value}]
        aws.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)
        elapse(HOUR)
        states.append(state(aws, its))
    assert states == ["OK", "OK", "OK", "ALARM"]


def test_a_message_goes_on_waiting_until_it_is_dealt_with(aws: Aws, elapse: Any) -> None:
    sqs, queue = aws.client("sqs"), aws.queue()
    url = sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
    its = alarm(
        aws,
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": queue.rpartition(":")[2]},
        Statistic="Maximum",
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    sqs.send_message(QueueUrl=url, MessageBody="lost")
    elapse(DAY)
    elapse(DAY)
    assert state(aws, its) == "ALARM"
    message = sqs.receive_message(QueueUrl=url)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    elapse(DAY)
    assert elapse(DAY).get(its) in (None, "OK")
    assert state(aws, its) == "OK"


@pytest.mark.parametrize(
    ("identifier", "key", "expected"), [("All", "b", "OK"), ("Some", "b", None), ("Some", "a/b", "OK")]
)
def test_files_are_counted_where_the_bucket_was_asked_to(
    aws: Aws, elapse: Any, identifier: str, key: str, expected: str | None
) -> None:
    s3, bucket = aws.client("s3"), aws.bucket()
    only = {"Filter": {"Prefix": "a/"}} if identifier == "Some" else {}
    s3.put_bucket_metrics_configuration(Bucket=bucket, Id=identifier, MetricsConfiguration={"Id": identifier, **only})
    its, other = (
        alarm(aws, "AWS/S3", "PutRequests", {"BucketName": bucket, "FilterId": each}) for each in (identifier, "Other")
    )
    s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    assert state(aws, its) == (expected or "INSUFFICIENT_DATA")
    assert state(aws, other) == "INSUFFICIENT_DATA"
    assert elapse(HOUR)[other] == "ALARM"


def test_what_is_refused_is_not_counted(aws: Aws, local: LocalAws) -> None:
    bucket = aws.bucket({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"})
    s3 = aws.client("s3")
    s3.put_bucket_metrics_configuration(Bucket=bucket, Id="All", MetricsConfiguration={"Id": "All"})
    its = alarm(aws, "AWS/S3", "PutRequests", {"BucketName": bucket, "FilterId": "All"})
    user = aws.client("iam")
    user.create_user(UserName=(name := unique("user")))
    keys = user.create_access_key(UserName=name)["AccessKey"]
    with pytest.raises(Exception, match="AccessDenied"):
        local.client("s3", credentials=keys).put_object(Bucket=bucket, Key="a", Body=b"1")
    assert state(aws, its) == "INSUFFICIENT_DATA"


def test_a_configuration_goes_with_its_bucket(aws: Aws) -> None:
    s3, bucket = aws.client("s3"), aws.bucket()
    s3.put_bucket_metrics_configuration(Bucket=bucket, Id="All", MetricsConfiguration={"Id": "All"})
    assert s3.get_bucket_metrics_configuration(Bucket=bucket, Id="All")["MetricsConfiguration"] == {"Id": "All"}
    s3.delete_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)
    with pytest.raises(Exception, match="NoSuchConfiguration"):
        s3.get_bucket_metrics_configuration(Bucket=bucket, Id="All")


def test_nothing_is_taken_for_missing_before_time_is_said_to_pass(aws: Aws) -> None:
    namespace = unique("namespace")
    its = alarm(aws, namespace, "Beats", {}, Period=10)
    time.sleep(0.5)
    assert state(aws, its) == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    "body", [{}, {"seconds": 0}, {"seconds": -1}, {"seconds": "60"}, {"seconds": True}, {"seconds": 1e9}]
)
def test_an_impossible_time_is_refused(local: LocalAws, body: dict[str, Any]) -> None:
    status, answer = local.call("POST", "elapsed", body)
    assert status == 400 and "'seconds'" in answer["error"]
