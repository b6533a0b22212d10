"""SNS and S3 deliver where queue, function and key admit them. Each arrival has its canary."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from drills import ACCOUNT, REGION, Aws, allow, archive, refused, unique

# A function starts and reports within a second.
INVOKED_AFTER_SECONDS = 1.5
SNS = "sns.amazonaws.com"
S3 = "s3.amazonaws.com"
ENCRYPT = ("kms:GenerateDataKey*", "kms:Decrypt")

# Forwards whatever it is invoked with, so that an invocation can be seen from outside.
_HANDLER = """
import json, os, urllib.request, boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["SEEN"], MessageBody=json.dumps(event))
"""


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def function(aws: Aws, seen: str) -> str:
    """Make a function that reports its invocations to the queue `seen`; return its ARN."""
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": seen}
    url = aws.client("sqs").get_queue_url(QueueName=seen.rpartition(":")[2])["QueueUrl"]
    created = aws.client("lambda").create_function(
        FunctionName=unique("function"),
        Runtime="python3.12",
        Handler="index.handler",
        Role=aws.role("lambda.amazonaws.com", send),
        Code={"ZipFile": archive(_HANDLER)},
        Environment={"Variables": {"SEEN": url}},
        Timeout=20,
    )
    return str(created["FunctionArn"])


def permit(aws: Aws, function_arn: str, service: str, source: str) -> None:
    aws.client("lambda").add_permission(
        FunctionName=function_arn,
        StatementId="drill",
        Action="lambda:InvokeFunction",
        Principal=service,
        SourceArn=source,
    )


@pytest.mark.parametrize("admitted", [True, False])
def test_notification_key_policy_sns_to_queue(aws: Aws, admitted: bool) -> None:
    key = aws.key(*([allow(SNS, *ENCRYPT)] if admitted else []))
    topic, queue = aws.topic(), aws.queue(allow(SNS, "sqs:SendMessage"), key=key)
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    aws.client("sns").publish(TopicArn=topic, Message="drill")
    assert aws.arrived(queue) if admitted else aws.vanished(queue)


def notify(aws: Aws, bucket: str, kind: str, arn: str) -> None:
    configuration = {f"{kind}Arn": arn, "Events": ["s3:ObjectCreated:*"]}
    name = {"Queue": "QueueConfigurations", "LambdaFunction": "LambdaFunctionConfigurations"}[kind]
    aws.client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={name: [configuration]}
    )


def test_notification_key_policy_s3_to_queue(aws: Aws) -> None:
    bucket = aws.bucket()
    admitted = aws.queue(allow(S3, "sqs:SendMessage"), key=aws.key(allow(S3, *ENCRYPT)))
    silent = aws.queue(allow(S3, "sqs:SendMessage"), key=aws.key())
    refused("InvalidArgument", notify, aws=aws, bucket=bucket, kind="Queue", arn=silent)
    notify(aws, bucket, "Queue", admitted)
    aws.client("s3").put_object(Bucket=bucket, Key="drill")
    assert aws.arrived(admitted)


@pytest.mark.parametrize("named", ["this", "other", "nobody"])
def test_sns_function_policy(aws: Aws, named: str) -> None:
    seen, topic = aws.queue(), aws.topic()
    arn = function(aws, seen)
    if named != "nobody":
        permit(aws, arn, SNS, topic if named == "this" else f"arn:aws:sns:{REGION}:{ACCOUNT}:other")
    aws.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    aws.client("sns").publish(TopicArn=topic, Message="drill")
    assert aws.arrived(seen) if named == "this" else aws.vanished(seen, after=INVOKED_AFTER_SECONDS)


@pytest.mark.parametrize("named", ["this", "other", "nobody"])
def test_events_function_policy(aws: Aws, named: str) -> None:
    seen, source, rule = aws.queue(), unique("drill"), unique("rule")
    arn, events = function(aws, seen), aws.client("events")
    if named != "nobody":
        permit(
            aws,
            arn,
            "events.amazonaws.com",
            f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule if named == 'this' else 'x'}",
        )
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
    events.put_events(Entries=[{"Source": source, "DetailType": "drill", "Detail": "{}"}])
    assert aws.arrived(seen) if named == "this" else aws.vanished(seen, after=INVOKED_AFTER_SECONDS)


def test_s3_function_policy(aws: Aws) -> None:
    seen, bucket = aws.queue(), aws.bucket()
    arn = function(aws, seen)
    refused("InvalidArgument", notify, aws=aws, bucket=bucket, kind="LambdaFunction", arn=arn)

    permit(aws, arn, S3, f"arn:aws:s3:::{bucket}")
    notify(aws, bucket, "LambdaFunction", arn)
    aws.client("s3").put_object(Bucket=bucket, Key="drill")
    assert aws.arrived(seen)

    aws.client("lambda").remove_permission(FunctionName=arn, StatementId="drill")
    aws.client("s3").put_object(Bucket=bucket, Key="drill")
    assert aws.vanished(seen, after=INVOKED_AFTER_SECONDS)
