"""IAM decides as AWS does where ministack alone would not."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws
from drills import ACCOUNT, other_keys_denied, owner, policy, refused, unique

from tapstack_local_aws.one_time_codes import STEP_SECONDS, code

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


def test_a_bucket_that_denies_other_keys_takes_its_own(local: LocalAws) -> None:
    s3, bucket = local.client("s3"), unique("bucket")
    mine, other = (local.client("kms").create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(other_keys_denied(mine)))
    put = {"Bucket": bucket, "Key": "key", "Body": b"body"}
    s3.put_object(**put)
    s3.put_object(**put, ServerSideEncryption="aws:kms", SSEKMSKeyId=mine)
    refused("AccessDenied", s3.put_object, **put, ServerSideEncryption="aws:kms", SSEKMSKeyId=other)
    refused("AccessDenied", s3.put_object, **put, ServerSideEncryption="aws:kms")
    refused("AccessDenied", s3.put_object, **put, ServerSideEncryption="AES256")


def test_the_parts_of_an_upload_have_the_key_that_began_it(local: LocalAws) -> None:
    s3, whole = local.client("s3"), {"Bucket": unique("bucket"), "Key": "key"}
    mine, other = (local.client("kms").create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    s3.create_bucket(Bucket=whole["Bucket"])
    s3.put_bucket_policy(Bucket=whole["Bucket"], Policy=policy(other_keys_denied(mine)))
    begin = {**whole, "ServerSideEncryption": "aws:kms"}
    refused("AccessDenied", s3.create_multipart_upload, **begin, SSEKMSKeyId=other)
    upload = s3.create_multipart_upload(**begin, SSEKMSKeyId=mine)["UploadId"]
    s3.upload_part(**whole, UploadId=upload, PartNumber=1, Body=b"body")


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


def test_a_policy_condition_holds_whoever_attaches_to_it(local: LocalAws) -> None:
    iam, name = local.client("iam"), unique("role")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
    one, other = "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"
    session = role_with(
        local,
        {
            "Effect": "Allow",
            "Action": "iam:AttachRolePolicy",
            "Resource": "*",
            "Condition": {"ArnEquals": {"iam:PolicyARN": one}},
        },
    )
    attaching = local.client("iam", credentials=session)
    attaching.attach_role_policy(RoleName=name, PolicyArn=one)
    refused("AccessDenied", attaching.attach_role_policy, RoleName=name, PolicyArn=other)


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


@pytest.mark.parametrize("held_to", ["resource", "condition"])
def test_who_makes_the_role_of_one_service_makes_no_other(local: LocalAws, held_to: str) -> None:
    mine, other = "inspector2.amazonaws.com", "guardduty.amazonaws.com"
    statement: dict[str, Any] = {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}
    if held_to == "resource":
        statement["Resource"] = f"arn:aws:iam::000000000000:role/aws-service-role/{mine}/*"
    else:
        statement["Condition"] = {"StringEquals": {"iam:AWSServiceName": mine}}
    making = local.client("iam", credentials=role_with(local, statement))
    name = making.create_service_linked_role(AWSServiceName=mine)["Role"]["RoleName"]
    refused("AccessDenied", making.create_service_linked_role, AWSServiceName=other)
    local.client("iam").delete_service_linked_role(RoleName=name)


def test_who_may_tag_recorders_tags_nothing_else_of_config(local: LocalAws) -> None:
    config = f"arn:aws:config:us-east-1:{ACCOUNT}"
    session = role_with(
        local, {"Effect": "Allow", "Action": "config:*Tag*", "Resource": f"{config}:configuration-recorder/*"}
    )
    tagging = local.client("config", credentials=session)
    given = {"Tags": [{"Key": "a", "Value": "1"}]}
    # there is none: the answer shows that the call was let through
    gone = "ResourceNotFoundException"
    refused(gone, tagging.tag_resource, ResourceArn=f"{config}:configuration-recorder/default/1", **given)
    refused("AccessDeniedException", tagging.tag_resource, ResourceArn=f"{config}:config-rule/rule-1", **given)


def user_with(local: LocalAws, *statements: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the name of a new user and its access key."""
    iam, name = local.client("iam"), unique("user")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=policy(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return name, {"AccessKeyId": key["AccessKeyId"], "SecretAccessKey": key["SecretAccessKey"]}


ONLY_WITH_MFA = {
    "Effect": "Deny",
    "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def codes(seed: bytes, *steps: int) -> list[str]:
    """Return codes of a device, by steps from now."""
    now = int(time.time()) // STEP_SECONDS
    return [code(seed.decode(), now + step) for step in steps]


def test_a_session_begun_with_a_code_of_the_own_device_counts_as_mfa(local: LocalAws) -> None:
    name, key = user_with(local, EVERYTHING, ONLY_WITH_MFA)
    iam = local.client("iam", credentials=key)
    with pytest.raises(ClientError, match="AccessDenied"):
        local.client("s3", credentials=key).list_buckets()
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    serial, seed = device["SerialNumber"], device["Base32StringSeed"]
    first, second = codes(seed, -1, 0)
    given = {"UserName": name, "SerialNumber": serial}
    iam.enable_mfa_device(**given, AuthenticationCode1=first, AuthenticationCode2=second)

    sts = local.client("sts", credentials=key)
    without = local.client("s3", credentials=sts.get_session_token()["Credentials"])
    refused("AccessDenied", without.list_buckets)
    wrong = "111111" if second != "111111" else "222222"
    assert "invalid MFA one time pass code" in refused(
        "AccessDenied", sts.get_session_token, SerialNumber=serial, TokenCode=wrong
    )
    session = sts.get_session_token(SerialNumber=serial, TokenCode=codes(seed, 0)[0])["Credentials"]
    local.client("s3", credentials=session).list_buckets()


def test_a_user_who_may_manage_the_own_devices_manages_no_other(local: LocalAws) -> None:
    mine, key = user_with(
        local,
        {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": f"arn:aws:iam::{ACCOUNT}:mfa/*"},
        {
            "Effect": "Allow",
            "Action": ["iam:EnableMFADevice", "iam:GetUser"],
            "Resource": f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}",
        },
    )
    other, _ = user_with(local, EVERYTHING)
    iam = local.client("iam", credentials=key)
    iam.get_user(UserName=mine)
    refused("AccessDenied", iam.get_user, UserName=other)
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=mine)["VirtualMFADevice"]["SerialNumber"]
    refused("AccessDenied", iam.delete_virtual_mfa_device, SerialNumber=serial)
    enabled = {"SerialNumber": serial, "AuthenticationCode1": "000000", "AuthenticationCode2": "000000"}
    refused("AccessDenied", iam.enable_mfa_device, UserName=other, **enabled)
    refused("InvalidAuthenticationCode", iam.enable_mfa_device, UserName=mine, **enabled)


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [("${aws:username}", True), ("${aws:PrincipalTag/none}", False), ("${aws:PrincipalTag/none, '*'}", True)],
)
def test_a_variable_has_its_value_or_its_default_or_matches_nothing(
    local: LocalAws, resource: str, allowed: bool
) -> None:
    name, key = user_with(
        local,
        {"Effect": "Allow", "Action": "iam:GetUser", "Resource": f"arn:aws:iam::{ACCOUNT}:user/{resource}"},
    )
    iam = local.client("iam", credentials=key)
    if allowed:
        iam.get_user(UserName=name)
    else:
        refused("AccessDenied", iam.get_user, UserName=name)


def test_a_variable_in_a_condition_has_its_value(local: LocalAws) -> None:
    def decision(tag: str) -> str:
        named = {"StringEquals": {"aws:username": tag}}
        name, key = user_with(local, {**EVERYTHING, "Condition": named})
        try:
            local.client("s3", credentials=key).list_buckets()
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return name

    assert decision("${aws:username}") not in ("", "AccessDenied")
    assert decision("somebody-else") == "AccessDenied"


def test_a_code_of_somebody_elses_device_begins_no_session(local: LocalAws) -> None:
    owner, key = user_with(local, EVERYTHING)
    _, stranger = user_with(local, EVERYTHING)
    iam = local.client("iam", credentials=key)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=owner)["VirtualMFADevice"]
    first, second = codes(device["Base32StringSeed"], -1, 0)
    serial = device["SerialNumber"]
    iam.enable_mfa_device(UserName=owner, SerialNumber=serial, AuthenticationCode1=first, AuthenticationCode2=second)
    sts = local.client("sts", credentials=stranger)
    refused("AccessDenied", sts.get_session_token, SerialNumber=serial, TokenCode=second)


def test_the_codes_are_those_of_rfc_6238() -> None:
    # the seed and the SHA-1 values of its appendix B, of which six digits are used
    seed = base64.b32encode(b"12345678901234567890").decode()
    assert [code(seed, moment // STEP_SECONDS) for moment in (59, 1111111109, 20000000000)] == [
        "287082",
        "081804",
        "353130",
    ]


@pytest.mark.parametrize(
    ("value", "decision"), [("false", "explicitDeny"), (None, "explicitDeny"), ("true", "allowed")]
)
@pytest.mark.parametrize("kind", ["user", "group"])
def test_a_simulation_knows_the_context_that_is_given(
    local: LocalAws, kind: str, value: str | None, decision: str
) -> None:
    iam, name = local.client("iam"), unique("subject")
    if kind == "user":
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=policy(EVERYTHING, ONLY_WITH_MFA))
    else:
        arn = iam.create_group(GroupName=name)["Group"]["Arn"]
        iam.put_group_policy(GroupName=name, PolicyName="only", PolicyDocument=policy(EVERYTHING, ONLY_WITH_MFA))
    context = {
        "ContextKeyName": "aws:MultiFactorAuthPresent",
        "ContextKeyType": "boolean",
        "ContextKeyValues": [value or ""],
    }
    answer = iam.simulate_principal_policy(
        PolicySourceArn=arn,
        ActionNames=["s3:ListAllMyBuckets", "iam:EnableMFADevice"],
        ContextEntries=[context] if value else [],
    )
    assert [each["EvalDecision"] for each in answer["EvaluationResults"]] == [decision, "allowed"]


def test_a_simulation_puts_in_the_name_of_the_user_and_heeds_the_boundary(local: LocalAws) -> None:
    iam, name = local.client("iam"), unique("user")
    own = {"Effect": "Allow", "Action": "iam:*", "Resource": f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"}
    boundary = iam.create_policy(
        PolicyName=name, PolicyDocument=policy({"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"})
    )["Policy"]["Arn"]
    arn = iam.create_user(UserName=name, PermissionsBoundary=boundary)["User"]["Arn"]
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(own))

    def decision(action: str, resource: str) -> str:
        answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], ResourceArns=[resource])
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    assert decision("iam:GetUser", arn) == "allowed"
    assert decision("iam:GetUser", f"{arn}x") == "implicitDeny"
    assert decision("iam:DeleteUser", arn) == "implicitDeny"


def test_nobody_cannot_be_simulated(local: LocalAws) -> None:
    nobody = f"arn:aws:iam::{ACCOUNT}:group/{unique('nobody')}"
    refused(
        "NoSuchEntity", local.client("iam").simulate_principal_policy, PolicySourceArn=nobody, ActionNames=["s3:Get"]
    )


# Who may make roles below one path only, and only with one boundary.
BELOW = f"arn:aws:iam::{ACCOUNT}:role/bounded/*"


def boundary_for(local: LocalAws, *statements: dict[str, Any]) -> str:
    """Return the ARN of a new policy that is to be a boundary."""
    document = policy(*statements or (EVERYTHING,))
    return str(
        local.client("iam").create_policy(PolicyName=unique("boundary"), PolicyDocument=document)["Policy"]["Arn"]
    )


def test_iam_knows_the_boundary_that_a_new_role_is_to_have(local: LocalAws) -> None:
    boundary, other = boundary_for(local), boundary_for(local)
    only = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    maker = local.client(
        "iam",
        credentials=role_with(
            local, {"Effect": "Allow", "Action": "iam:CreateRole", "Resource": BELOW, "Condition": only}
        ),
    )
    role = {"AssumeRolePolicyDocument": policy(owner("sts:AssumeRole"))}
    maker.create_role(RoleName=unique("worker"), Path="/bounded/", PermissionsBoundary=boundary, **role)
    refused("AccessDenied", maker.create_role, RoleName=unique("worker"), Path="/bounded/", **role)
    refused(
        "AccessDenied",
        maker.create_role,
        RoleName=unique("worker"),
        Path="/bounded/",
        PermissionsBoundary=other,
        **role,
    )
    refused("AccessDenied", maker.create_role, RoleName=unique("worker"), PermissionsBoundary=boundary, **role)


def test_iam_knows_the_path_and_the_boundary_that_a_role_has(local: LocalAws) -> None:
    iam, boundary = local.client("iam"), boundary_for(local)
    only = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    manager = local.client(
        "iam",
        credentials=role_with(
            local,
            {"Effect": "Allow", "Action": ["iam:AttachRolePolicy"], "Resource": BELOW, "Condition": only},
            {"Effect": "Allow", "Action": "iam:TagRole", "Resource": BELOW},
        ),
    )
    role = {"AssumeRolePolicyDocument": policy(owner("sts:AssumeRole"))}
    bounded, unbounded, elsewhere = unique("worker"), unique("worker"), unique("worker")
    iam.create_role(RoleName=bounded, Path="/bounded/", PermissionsBoundary=boundary, **role)
    iam.create_role(RoleName=unbounded, Path="/bounded/", **role)
    iam.create_role(RoleName=elsewhere, PermissionsBoundary=boundary, **role)
    reader = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    manager.attach_role_policy(RoleName=bounded, PolicyArn=reader)
    refused("AccessDenied", manager.attach_role_policy, RoleName=unbounded, PolicyArn=reader)
    refused("AccessDenied", manager.attach_role_policy, RoleName=elsewhere, PolicyArn=reader)
    manager.tag_role(RoleName=unbounded, Tags=[{"Key": "team", "Value": "blue"}])
    refused("AccessDenied", manager.tag_role, RoleName=elsewhere, Tags=[{"Key": "team", "Value": "blue"}])


def test_iam_knows_groups_profiles_and_new_policies_by_their_arns(local: LocalAws) -> None:
    iam, name = local.client("iam"), unique("mine")
    iam.create_group(GroupName=name)
    iam.create_group(GroupName=f"{name}-2")
    iam.create_user(UserName=name)
    prefix = f"arn:aws:iam::{ACCOUNT}:"
    manager = local.client(
        "iam",
        credentials=role_with(
            local,
            {"Effect": "Allow", "Action": "iam:AddUserToGroup", "Resource": f"{prefix}group/{name}"},
            {
                "Effect": "Allow",
                "Action": "iam:CreateInstanceProfile",
                "Resource": f"{prefix}instance-profile/bounded/*",
            },
            {"Effect": "Allow", "Action": "iam:CreatePolicy", "Resource": f"{prefix}policy/bounded/*"},
        ),
    )
    manager.add_user_to_group(GroupName=name, UserName=name)
    refused("AccessDenied", manager.add_user_to_group, GroupName=f"{name}-2", UserName=name)
    manager.create_instance_profile(InstanceProfileName=name, Path="/bounded/")
    refused("AccessDenied", manager.create_instance_profile, InstanceProfileName=f"{name}-2")
    manager.create_policy(PolicyName=name, Path="/bounded/", PolicyDocument=policy(EVERYTHING))
    refused("AccessDenied", manager.create_policy, PolicyName=f"{name}-2", PolicyDocument=policy(EVERYTHING))
