"""Credentials that a service would hold for a role."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws, Stacks
from templates.parts import allow, policy, resource, trusted_by

ROLE = resource(
    "IAM::Role",
    RoleName="session-role",
    AssumeRolePolicyDocument=trusted_by("ec2"),
    Policies=[{"PolicyName": "own", "PolicyDocument": policy(allow("s3:GetObject", "arn:aws:s3:::session-data/*"))}],
)
ARN = "arn:aws:iam::000000000000:role/session-role"


@pytest.fixture
def role(local: LocalAws, stacks: Stacks) -> str:
    """Deploy the role and a bucket with something in it."""
    stacks.deploy("sessions", {"Role": ROLE})
    s3 = local.client("s3")
    s3.create_bucket(Bucket="session-data")
    s3.put_object(Bucket="session-data", Key="a", Body=b"1")
    return ARN


def _open(local: LocalAws, **asked: Any) -> tuple[int, dict[str, Any]]:
    return local.call("POST", "sessions", asked)


def test_x08_a_session_does_its_job_and_nothing_next_to_it(local: LocalAws, role: str) -> None:
    status, keys = _open(local, RoleArn=role, Service="ec2.amazonaws.com")
    assert status == 200
    s3 = local.client("s3", credentials=keys)
    assert s3.get_object(Bucket="session-data", Key="a")["Body"].read() == b"1"
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket="session-data", Key="b", Body=b"2")
    with pytest.raises(ClientError, match="AccessDenied"):
        local.client("iam", credentials=keys).list_roles()


def test_a_session_says_who_it_is(local: LocalAws, role: str) -> None:
    _, keys = _open(local, RoleArn=role, Service="ec2.amazonaws.com", SessionName="i-1")
    identity = local.client("sts", credentials=keys).get_caller_identity()
    assert identity["Arn"] == keys["AssumedRoleArn"] == "arn:aws:sts::000000000000:assumed-role/session-role/i-1"


def test_a_wrong_secret_is_refused(local: LocalAws, role: str) -> None:
    _, keys = _open(local, RoleArn=role, Service="ec2.amazonaws.com")
    forged = local.client("s3", credentials={**keys, "SecretAccessKey": "forged"})
    with pytest.raises(ClientError, match="SignatureDoesNotMatch|InvalidAccessKeyId|AccessDenied"):
        forged.get_object(Bucket="session-data", Key="a")


def test_a_service_that_the_trust_policy_does_not_admit_is_refused(local: LocalAws, role: str) -> None:
    status, answer = _open(local, RoleArn=role, Service="lambda.amazonaws.com")
    assert status == 403
    assert answer == {"error": f"the trust policy of '{ARN}' does not admit 'lambda.amazonaws.com'"}


def test_a_role_that_is_not_there_is_not_found(local: LocalAws) -> None:
    assert _open(local, RoleArn="arn:aws:iam::000000000000:role/none", Service="ec2.amazonaws.com")[0] == 404


@pytest.mark.parametrize("asked", [{}, {"RoleArn": ARN}, {"RoleArn": "session-role", "Service": "ec2.amazonaws.com"}])
def test_an_incomplete_request_says_what_to_send(local: LocalAws, asked: dict[str, str]) -> None:
    status, answer = _open(local, **asked)
    assert status == 400
    assert "RoleArn" in answer["error"]
