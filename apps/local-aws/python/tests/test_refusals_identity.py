"""What IAM refuses of users and their devices."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import LocalAws
from drills import archive, policy, refused, unique

from tapstack_local_aws.one_time_codes import STEP_SECONDS, code


@pytest.mark.parametrize("steps", [(0, -1), (-1, -1), (-9, -8), (0, 2)])
def test_mfa_device_codes_that_do_not_follow_each_other_now(client: Callable[..., Any], steps: tuple[int, int]) -> None:
    iam, given = client("iam"), _device(client)
    message = refused("InvalidAuthenticationCode", iam.enable_mfa_device, **given(*steps))
    assert message == "Authentication code for device is not valid."


@pytest.mark.parametrize("steps", [(-1, 0), (0, 1), (-2, -1)])
def test_mfa_device_codes_that_do(client: Callable[..., Any], steps: tuple[int, int]) -> None:
    iam, given = client("iam"), _device(client)
    iam.enable_mfa_device(**given(*steps))
    assert iam.list_mfa_devices(UserName=given(0, 1)["UserName"])["MFADevices"]


def _device(client: Callable[..., Any]) -> Callable[[int, int], dict[str, str]]:
    """Return the parameters that enable a new device of a new user, with codes by steps from now."""
    iam, name = client("iam"), unique("user")
    iam.create_user(UserName=name)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]

    def given(first: int, second: int) -> dict[str, str]:
        now, seed = int(time.time()) // STEP_SECONDS, device["Base32StringSeed"].decode()
        return {
            "UserName": name,
            "SerialNumber": device["SerialNumber"],
            "AuthenticationCode1": code(seed, now + first),
            "AuthenticationCode2": code(seed, now + second),
        }

    return given


@pytest.mark.parametrize("may_pass", [True, False])
def test_role_passed_to_a_service_by_whoever_may(local: LocalAws, may_pass: bool) -> None:
    iam, name = local.client("iam"), unique("role")
    trust = {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    work = ["lambda:*", "cloudformation:*", "ec2:*", "iam:*InstanceProfile"]
    granted = [{"Effect": "Allow", "Action": work, "Resource": "*"}]
    if may_pass:
        granted.append({"Effect": "Allow", "Action": "iam:PassRole", "Resource": role})
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="job", PolicyDocument=policy(*granted))
    credentials = iam.create_access_key(UserName=name)["AccessKey"]

    def passes(code: str, operation: Any, **parameters: Any) -> None:
        if may_pass:
            operation(**parameters)
        else:
            assert "iam:PassRole" in refused(code, operation, **parameters)

    function = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Code": {"ZipFile": archive("")}}
    create_function = local.client("lambda", credentials=credentials).create_function
    passes("AccessDeniedException", create_function, FunctionName=name, Role=role, **function)

    template = '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}'
    create_stack = local.client("cloudformation", credentials=credentials).create_stack
    passes("AccessDenied", create_stack, StackName=name, TemplateBody=template, RoleARN=role)

    local.client("iam", credentials=credentials).create_instance_profile(InstanceProfileName=name)
    add_role = local.client("iam", credentials=credentials).add_role_to_instance_profile
    passes("AccessDenied", add_role, InstanceProfileName=name, RoleName=name)
    if not may_pass:
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    run = local.client("ec2", credentials=credentials).run_instances
    instance = {"ImageId": "ami-12345678", "MinCount": 1, "MaxCount": 1, "IamInstanceProfile": {"Name": name}}
    passes("UnauthorizedOperation", run, **instance)
