"""IAM decides as AWS does where ministack alone would not."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws
from drills import policy, refused, unique

DENY_PLAIN_HTTP = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def role_with(local: LocalAws, *statements: dict[str, Any]) -> dict[str, str]:
    """Return the credentials of a new role for EC2 with these permissions."""
    iam, name = local.client("iam"), unique("role")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="only", PolicyDocument=policy(*statements))
    status, session = local.call("POST", "sessions", {"RoleArn": arn, "Service": "ec2.amazonaws.com"})
    assert status == 200, session
    return session


def test_root_obeys_a_bucket_that_denies_plain_http(local: LocalAws) -> None:
    s3, plain = local.client("s3"), local.client("s3", secure=False)
    s3.create_bucket(Bucket=(bucket := unique("bucket")))
    plain.list_objects_v2(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(DENY_PLAIN_HTTP))
    refused("AccessDenied", plain.list_objects_v2, Bucket=bucket)
    s3.list_objects_v2(Bucket=bucket)


def test_root_is_never_locked_out_of_a_bucket_policy(local: LocalAws) -> None:
    s3 = local.client("s3")
    s3.create_bucket(Bucket=(bucket := unique("bucket")))
    s3.put_bucket_policy(
        Bucket=bucket, Policy=policy({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"})
    )
    refused("AccessDenied", s3.list_objects_v2, Bucket=bucket)
    s3.delete_bucket_policy(Bucket=bucket)
    s3.list_objects_v2(Bucket=bucket)


def test_the_arn_of_a_log_group_admits_its_streams_and_no_other_group(local: LocalAws) -> None:
    logs = local.client("logs")
    mine, other = unique("group"), unique("group")
    for group in (mine, other):
        logs.create_log_group(logGroupName=group)
    arn = logs.describe_log_groups(logGroupNamePrefix=mine)["logGroups"][0]["arn"]
    assert arn.endswith(":*")
    writer = local.client(
        "logs",
        credentials=role_with(
            local,
            {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": arn},
        ),
    )
    event = {"timestamp": int(time.time() * 1000), "message": "hello"}
    writer.create_log_stream(logGroupName=mine, logStreamName="stream")
    writer.put_log_events(logGroupName=mine, logStreamName="stream", logEvents=[event])
    refused("AccessDeniedException", writer.create_log_stream, logGroupName=other, logStreamName="stream")


def test_a_namespace_condition_holds_a_publisher_to_it(local: LocalAws) -> None:
    publisher = local.client(
        "cloudwatch",
        credentials=role_with(
            local,
            {
                "Effect": "Allow",
                "Action": "cloudwatch:PutMetricData",
                "Resource": "*",
                "Condition": {"StringEquals": {"cloudwatch:namespace": "Mine"}},
            },
        ),
    )
    data = [{"MetricName": "metric", "Value": 1}]
    publisher.put_metric_data(Namespace="Mine", MetricData=data)
    with pytest.raises(ClientError, match="AccessDenied"):
        publisher.put_metric_data(Namespace="Other", MetricData=data)
