"""A log event goes the whole way: filter, metric, alarm, topic, subscriber. Each arrival has its canary."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Stacks
from drills import Aws, allow, archive, owner, refused, rolled_back, unique
from templates import parts

CLOUDWATCH = "cloudwatch.amazonaws.com"
ROOT_USE = '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'
BY_ROOT = {"userIdentity": {"type": "Root"}, "eventType": "AwsApiCall", "eventName": "CreateUser"}
BY_A_SERVICE = {**BY_ROOT, "eventType": "AwsServiceEvent"}


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def group_with(aws: Aws, pattern: str, **transformation: Any) -> tuple[str, str]:
    """Make a log group with a stream and a metric filter; return the group, which is also the namespace."""
    logs, name = aws.client("logs"), unique("group")
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="stream")
    wanted = {"metricName": "Matches", "metricNamespace": name, "metricValue": "1", **transformation}
    logs.put_metric_filter(
        logGroupName=name, filterName="filter", filterPattern=pattern, metricTransformations=[wanted]
    )
    return name, wanted["metricName"]


def write(aws: Aws, group: str, *messages: Any) -> None:
    """Put events in the stream of the group."""
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": each if isinstance(each, str) else json.dumps(each)} for each in messages]
    aws.client("logs").put_log_events(logGroupName=group, logStreamName="stream", logEvents=events)


def points(aws: Aws, namespace: str, *dimensions: tuple[str, str]) -> dict[str, float]:
    """Return sum and count of the metric."""
    now = time.time()
    found = aws.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName="Matches",
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions],
        StartTime=now - 600,
        EndTime=now + 60,
        Period=3600,
        Statistics=["Sum", "SampleCount"],
    )["Datapoints"]
    return {name: sum(point[name] for point in found) for name in ("Sum", "SampleCount")}


def alarmed(aws: Aws, group: str, topic: str) -> str:
    """Make the alarm that CIS wants of a metric filter; return its name."""
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=(name := unique("alarm")),
        Namespace=group,
        MetricName="Matches",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[topic],
    )
    return name


def state(aws: Aws, alarm: str) -> str:
    """Return the state of an alarm."""
    return str(aws.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]["StateValue"])


def test_an_event_that_matches_reaches_the_subscriber(aws: Aws) -> None:
    key = aws.key(allow(CLOUDWATCH, "kms:GenerateDataKey*", "kms:Decrypt"))
    topic, queue = aws.watched(allow(CLOUDWATCH, "sns:Publish"), key=key)
    group, _ = group_with(aws, ROOT_USE)
    alarm = alarmed(aws, group, topic)
    write(aws, group, BY_ROOT)
    message = aws.arrived(queue)
    assert message is not None
    told = json.loads(json.loads(message["Body"])["Message"])
    assert (told["AlarmName"], told["NewStateValue"], state(aws, alarm)) == (alarm, "ALARM", "ALARM")


@pytest.mark.parametrize("message", [BY_A_SERVICE, {"userIdentity": {"type": "IAMUser"}}, "Root"])
def test_an_event_that_does_not_match_reaches_nobody(aws: Aws, message: Any) -> None:
    topic, queue = aws.watched()
    group, _ = group_with(aws, ROOT_USE)
    alarm = alarmed(aws, group, topic)
    write(aws, group, message)
    assert aws.vanished(queue)
    assert state(aws, alarm) != "ALARM"


def test_without_the_filter_nothing_arrives(aws: Aws) -> None:
    topic, queue = aws.watched()
    group, _ = group_with(aws, ROOT_USE)
    alarmed(aws, group, topic)
    aws.client("logs").delete_metric_filter(logGroupName=group, filterName="filter")
    write(aws, group, BY_ROOT)
    assert aws.vanished(queue)


@pytest.mark.parametrize("closed", ["topic", "key"])
def test_a_policy_that_does_not_admit_the_alarm_stops_it(aws: Aws, closed: str) -> None:
    statements = [owner("sns:Publish")] if closed == "topic" else [allow(CLOUDWATCH, "sns:Publish")]
    topic, queue = aws.watched(*statements, key=aws.key() if closed == "key" else "")
    group, _ = group_with(aws, ROOT_USE)
    alarm = alarmed(aws, group, topic)
    write(aws, group, BY_ROOT)
    assert aws.vanished(queue)
    assert state(aws, alarm) == "ALARM"


def test_every_match_counts_and_nothing_else(aws: Aws) -> None:
    group, _ = group_with(aws, ROOT_USE)
    write(aws, group, BY_ROOT, BY_A_SERVICE, BY_ROOT)
    assert points(aws, group) == {"Sum": 2, "SampleCount": 2}


def test_another_group_does_not_count(aws: Aws) -> None:
    group, _ = group_with(aws, ROOT_USE)
    other, _ = group_with(aws, ROOT_USE)
    write(aws, other, BY_ROOT)
    assert points(aws, group) == {"Sum": 0, "SampleCount": 0}


def test_the_default_value_is_reported_when_nothing_matches(aws: Aws) -> None:
    group, _ = group_with(aws, ROOT_USE, defaultValue=0)
    write(aws, group, BY_A_SERVICE)
    assert points(aws, group) == {"Sum": 0, "SampleCount": 1}
    write(aws, group, BY_ROOT)
    assert points(aws, group) == {"Sum": 1, "SampleCount": 2}


@pytest.mark.parametrize(
    ("pattern", "value", "messages", "total"),
    [
        ("{ $.latency = * }", "$.latency", [{"latency": 12.5}, {"latency": 30}, {"latency": "slow"}], 42.5),
        ("[ip, status, bytes > 100]", "$bytes", ["a 200 50", "b 200 150"], 150),
        ("ERROR", "3", ["ERROR", "fine"], 3),
    ],
)
def test_the_value_of_a_metric_can_come_from_the_event(
    aws: Aws, pattern: str, value: str, messages: list[Any], total: float
) -> None:
    group, _ = group_with(aws, pattern, metricValue=value)
    write(aws, group, *messages)
    assert points(aws, group)["Sum"] == total


def test_dimensions_come_from_the_event(aws: Aws) -> None:
    group, _ = group_with(aws, "{ $.code = * }", dimensions={"Code": "$.code", "Region": "$.region"})
    write(aws, group, {"code": 404, "region": "here"}, {"code": 500, "region": "here"}, {"code": 404})
    assert points(aws, group, ("Code", "404"), ("Region", "here"))["Sum"] == 1
    assert points(aws, group, ("Code", "500"), ("Region", "here"))["Sum"] == 1
    assert points(aws, group, ("Code", "404"))["SampleCount"] == 0


@pytest.mark.parametrize(("code", "expected"), [("404", "ALARM"), ("500", "OK"), ("403", "INSUFFICIENT_DATA")])
def test_an_alarm_looks_at_its_own_dimensions_only(aws: Aws, code: str, expected: str) -> None:
    group, _ = group_with(aws, "{ $.code = * }", metricValue="$.bytes", dimensions={"Code": "$.code"})
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=(name := unique("alarm")),
        Namespace=group,
        MetricName="Matches",
        Dimensions=[{"Name": "Code", "Value": code}],
        Statistic="Maximum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=100,
        ComparisonOperator="GreaterThanThreshold",
    )
    write(aws, group, {"code": 404, "bytes": 101}, {"code": 500, "bytes": 100})
    assert state(aws, name) == expected


def test_what_a_function_logs_counts_too(aws: Aws) -> None:
    functions, name = aws.client("lambda"), unique("function")
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=(group := f"/aws/lambda/{name}"))
    wanted = {"metricName": "Matches", "metricNamespace": name, "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName=group, filterName="filter", filterPattern="TROUBLE", metricTransformations=[wanted]
    )
    functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="index.handler",
        Role=aws.role("lambda.amazonaws.com", parts.allow(["logs:CreateLogStream", "logs:PutLogEvents"])),
        Code={"ZipFile": archive("def handler(event, context):\n    print(event['say'])\n")},
    )
    for word in ("TROUBLE", "fine"):
        functions.invoke(FunctionName=name, Payload=json.dumps({"say": word}))
    assert points(aws, name)["Sum"] == 1


def test_a_search_returns_what_matches(aws: Aws) -> None:
    group, _ = group_with(aws, "never")
    write(aws, group, BY_ROOT, BY_A_SERVICE)
    found = aws.client("logs").filter_log_events(logGroupName=group, filterPattern=ROOT_USE)["events"]
    assert [json.loads(event["message"]) for event in found] == [BY_ROOT]


def test_a_pattern_can_be_tried_out(aws: Aws) -> None:
    matches = aws.client("logs").test_metric_filter(
        filterPattern="[word = a*, number]", logEventMessages=["b 1", "ab 2", "a 3 4"]
    )["matches"]
    assert matches == [{"eventNumber": 2, "eventMessage": "ab 2", "extractedValues": {"$word": "ab", "$number": "2"}}]


@pytest.mark.parametrize("action", ["put_metric_filter", "filter_log_events", "test_metric_filter"])
def test_what_is_no_pattern_is_refused(aws: Aws, action: str) -> None:
    group, name = group_with(aws, "")
    parameters: dict[str, Any] = {
        "put_metric_filter": {
            "logGroupName": group,
            "filterName": "other",
            "metricTransformations": [{"metricName": name, "metricNamespace": group, "metricValue": "1"}],
        },
        "filter_log_events": {"logGroupName": group},
        "test_metric_filter": {"logEventMessages": ["{}"]},
    }[action]
    call = getattr(aws.client("logs"), action)
    message = refused("InvalidParameterException", call, filterPattern="{ $.a == b }", **parameters)
    assert message.startswith("Invalid metric filter pattern")


def test_a_stack_with_what_is_no_pattern_rolls_back(stacks: Stacks) -> None:
    resources = {
        "Group": {"Type": "AWS::Logs::LogGroup"},
        "Filter": {
            "Type": "AWS::Logs::MetricFilter",
            "Properties": {
                "LogGroupName": {"Ref": "Group"},
                "FilterPattern": "{ $.eventName = }",
                "MetricTransformations": [{"MetricName": "M", "MetricNamespace": "N", "MetricValue": "1"}],
            },
        },
    }
    assert "Invalid metric filter pattern" in rolled_back(stacks, resources)


@pytest.mark.parametrize(
    ("transformations", "message"),
    [
        ([{}, {}], "exactly one metric transformation"),
        ([{"dimensions": {"A": "$.a"}, "defaultValue": 0}], "no default value"),
        ([{"dimensions": {each: f"$.{each}" for each in "abcd"}}], "at most 3 dimensions"),
    ],
)
def test_limits_of_a_filter(aws: Aws, transformations: list[dict[str, Any]], message: str) -> None:
    group, _ = group_with(aws, "")
    wanted = [{"metricName": "M", "metricNamespace": "N", "metricValue": "1", **each} for each in transformations]
    assert message in refused(
        "InvalidParameterException",
        aws.client("logs").put_metric_filter,
        logGroupName=group,
        filterName="limits",
        filterPattern="",
        metricTransformations=wanted,
    )
