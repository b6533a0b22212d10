"""What IAM refuses of users and their devices."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from drills import refused, unique

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
