"""Logs that services write: access logs and events in log groups. Each arrival has its canary."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from drills import ACCOUNT, REGION, Aws, Statement, allow, archive, policy, refused, unique

LOGGING = "logging.s3.amazonaws.com"
EVENTS = "events.amazonaws.com"


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def logged(aws: Aws, target: str) -> str:
    """Make a bucket that logs to `target`, and use it; return its name."""
    s3, source = aws.client("s3"), aws.bucket()
    status = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "logs/"}}
    s3.put_bucket_logging(Bucket=source, BucketLoggingStatus=status)
    s3.put_object(Bucket=source, Key="drill", Body=b"drill")
    return source


def keys(aws: Aws, bucket: str) -> list[str]:
    return [entry["Key"] for entry in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_access_log_policy(aws: Aws) -> None:
    target = aws.bucket(allow(LOGGING, "s3:PutObject", StringEquals={"aws:SourceAccount": ACCOUNT}))
    source = logged(aws, target)
    found = keys(aws, target)
    assert found and all(key.startswith("logs/") for key in found)
    line = aws.client("s3").get_object(Bucket=target, Key=found[0])["Body"].read().decode()
    assert source in line


def foreign(prefix: str) -> Statement:
    return {**allow(LOGGING, "s3:PutObject"), "Resource": f"arn:aws:s3:::*/{prefix}*"}


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow("logs.amazonaws.com", "s3:PutObject")],
        [foreign("elsewhere/")],
        [allow(LOGGING, "s3:PutObject", ArnLike={"aws:SourceArn": "arn:aws:s3:::another"})],
    ],
)
def test_access_log_policy_silent(aws: Aws, statements: list[Statement]) -> None:
    target = aws.bucket(*statements)
    logged(aws, target)
    assert keys(aws, target) == []


def test_access_log_kms(aws: Aws) -> None:
    target = aws.bucket(allow(LOGGING, "s3:PutObject"))
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": aws.key()}}
    aws.client("s3").put_bucket_encryption(Bucket=target, ServerSideEncryptionConfiguration={"Rules": [default]})
    logged(aws, target)
    assert keys(aws, target) == []


def test_access_log_target(aws: Aws) -> None:
    message = refused("InvalidTargetBucketForLogging", logged, aws=aws, target=unique("absent"))
    assert message == "The target bucket for logging does not exist"


def test_access_log_target_can_be_emptied(aws: Aws) -> None:
    """Looking after the emptying brings nothing back unless the source was used again."""
    s3, target = aws.client("s3"), aws.bucket(allow(LOGGING, "s3:PutObject"))
    logged(aws, target)
    for key in keys(aws, target):
        s3.delete_object(Bucket=target, Key=key)
    assert keys(aws, target) == []
    s3.delete_bucket(Bucket=target)


@pytest.mark.parametrize("admitted", [True, False])
def test_events_log_group_policy(aws: Aws, admitted: bool) -> None:
    logs, events, group, source = aws.client("logs"), aws.client("events"), unique("group"), unique("drill")
    logs.create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"
    statement = allow(EVENTS if admitted else "es.amazonaws.com", "logs:CreateLogStream", "logs:PutLogEvents")
    logs.put_resource_policy(policyName=group, policyDocument=policy({**statement, "Resource": f"{arn}:*"}))
    events.put_rule(Name=source, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=source, Targets=[{"Id": "1", "Arn": arn}])
    events.put_events(Entries=[{"Source": source, "DetailType": "drill", "Detail": "{}"}])
    written = logs.filter_log_events(logGroupName=group)["events"]
    logs.delete_resource_policy(policyName=group)
    assert [json.loads(event["message"])["detail-type"] for event in written] == (["drill"] if admitted else [])


@pytest.mark.parametrize("way", ["events", "sns"])
def test_asynchronous_failure(aws: Aws, way: str) -> None:
    dead_letters = aws.queue()
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": dead_letters}
    functions = aws.client("lambda")
    function = functions.create_function(
        FunctionName=unique("function"),
        Runtime="python3.12",
        Handler="index.handler",
        Role=aws.role("lambda.amazonaws.com", send),
        Code={"ZipFile": archive("def handler(event, context):\n    raise ValueError('drill')\n")},
        DeadLetterConfig={"TargetArn": dead_letters},
    )["FunctionArn"]
    functions.put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=0)
    functions.add_permission(
        FunctionName=function, StatementId="x", Action="lambda:InvokeFunction", Principal=f"{way}.amazonaws.com"
    )
    if way == "sns":
        topic = aws.topic()
        aws.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
        aws.client("sns").publish(TopicArn=topic, Message="drill")
    else:
        events, source = aws.client("events"), unique("drill")
        events.put_rule(Name=source, EventPattern=json.dumps({"source": [source]}))
        events.put_targets(Rule=source, Targets=[{"Id": "1", "Arn": function}])
        events.put_events(Entries=[{"Source": source, "DetailType": "drill", "Detail": "{}"}])
    message = aws.arrived(dead_letters)
    assert message and "drill" in message["Body"]
