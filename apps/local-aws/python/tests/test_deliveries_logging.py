"""Log groups and flow logs are accepted only where something could be delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drills import ACCOUNT, REGION, Aws, Statement, allow, policy, refused, rolled_back, unique

LOGS = f"logs.{REGION}.amazonaws.com"
LOGS_ACTIONS = ("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*")
ACL = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def encrypted(group: str) -> dict[str, Any]:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"
    return {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}}


def test_logs_key_policy_admits(aws: Aws) -> None:
    key = aws.key(allow(LOGS, *LOGS_ACTIONS))
    aws.client("logs").create_log_group(logGroupName=unique("group"), kmsKeyId=key)


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow("logs.eu-west-1.amazonaws.com", *LOGS_ACTIONS)],
        [allow(LOGS, "kms:Decrypt*")],
        [allow(LOGS, *LOGS_ACTIONS, **encrypted("another"))],
        [allow(LOGS, *LOGS_ACTIONS, StringEquals={"aws:SourceAccount": "111111111111"})],
    ],
)
def test_logs_key_policy_silent(aws: Aws, statements: list[Statement]) -> None:
    name = unique("group")
    message = refused(
        "AccessDeniedException", aws.client("logs").create_log_group, logGroupName=name, kmsKeyId=aws.key(*statements)
    )
    assert message.startswith(
        "The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:"
    )


def test_logs_key_policy_for_one_group(aws: Aws) -> None:
    name = unique("group")
    key = aws.key(allow(LOGS, *LOGS_ACTIONS, **encrypted(name)))
    aws.client("logs").create_log_group(logGroupName=name, kmsKeyId=key)


def test_logs_key_policy_of_a_disabled_key(aws: Aws) -> None:
    key = aws.key(allow(LOGS, *LOGS_ACTIONS))
    aws.client("kms").disable_key(KeyId=key)
    refused("AccessDeniedException", aws.client("logs").create_log_group, logGroupName=unique("group"), kmsKeyId=key)


@pytest.mark.parametrize("admitted", [True, False])
def test_logs_key_policy_in_a_template(aws: Aws, stacks: Any, admitted: bool) -> None:
    key = aws.key(*([allow(LOGS, *LOGS_ACTIONS)] if admitted else []))
    resources = {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"KmsKeyId": key}}}
    if admitted:
        stacks.deploy(unique("group"), resources)
    else:
        assert "The specified KMS key does not exist or is not allowed" in rolled_back(stacks, resources)


@pytest.fixture
def vpc(aws: Aws) -> Iterator[str]:
    ec2 = aws.client("ec2")
    identifier = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    yield identifier
    ec2.delete_vpc(VpcId=identifier)


def flow_log(aws: Aws, vpc: str, **destination: str) -> None:
    aws.client("ec2").create_flow_logs(ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", **destination)


def test_flow_log_role(aws: Aws, vpc: str) -> None:
    trusted, stranger = aws.role("vpc-flow-logs.amazonaws.com"), aws.role("ec2.amazonaws.com")
    group = unique("group")
    aws.client("logs").create_log_group(logGroupName=group)
    flow_log(aws, vpc, LogGroupName=group, DeliverLogsPermissionArn=trusted)
    message = refused(
        "InvalidParameter", flow_log, aws=aws, vpc=vpc, LogGroupName=group, DeliverLogsPermissionArn=stranger
    )
    assert message == f"Unable to assume given IAM role: '{stranger}'"
    refused("InvalidParameter", flow_log, aws=aws, vpc=vpc, LogGroupName=group)


def test_flow_log_role_for_this_account_only(aws: Aws, vpc: str) -> None:
    iam, group = aws.client("iam"), unique("group")
    aws.client("logs").create_log_group(logGroupName=group)
    for account in (ACCOUNT, "111111111111"):
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{account}:vpc-flow-log/*"},
            },
        }
        role = iam.create_role(RoleName=unique("role"), AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        given = {"LogGroupName": group, "DeliverLogsPermissionArn": role}
        if account == ACCOUNT:
            flow_log(aws, vpc, **given)
        else:
            refused("InvalidParameter", flow_log, aws=aws, vpc=vpc, **given)


def test_flow_log_bucket_policy(aws: Aws, vpc: str) -> None:
    delivery = "delivery.logs.amazonaws.com"
    admitting = aws.bucket(allow(delivery, "s3:PutObject", **ACL), allow(delivery, "s3:GetBucketAcl"))
    silent = aws.bucket(allow("s3.amazonaws.com", "s3:PutObject"))
    flow_log(aws, vpc, LogDestinationType="s3", LogDestination=f"arn:aws:s3:::{admitting}")
    message = refused(
        "InvalidParameter", flow_log, aws=aws, vpc=vpc, LogDestinationType="s3", LogDestination=f"arn:aws:s3:::{silent}"
    )
    assert message.startswith(f"Access Denied for LogDestination: {silent}")
