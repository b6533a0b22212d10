"""IAM: a virtual MFA device is enabled by two codes that follow each other, and by nobody who does not have it."""

from typing import Any

from .. import one_time_codes
from . import seam
from .gate import on_call
from .refusal import Refusal, Rule
from .requests import Request

RULES = (
    Rule(
        "mfa-device-codes",
        "an MFA device is enabled only with two consecutive codes of its own (InvalidAuthenticationCode)",
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html",
    ),
)

_MODULE = "ministack.services.iam"
TOUCHED: list[tuple[str, str]] = [(_MODULE, "_mfa_devices"), (_MODULE, "_virtual_mfa_xml")]

# Seeds are hexadecimal in the emulator, and these digits are none of base 32.
_TO_BASE_32 = str.maketrans("0189", "GHIJ")


def install() -> None:
    """Give devices seeds that an authenticator app can read."""
    seam.around(_MODULE, "_virtual_mfa_xml", _with_readable_seed)


@on_call("iam", "EnableMFADevice", "ResyncMFADevice")
def _check_codes(request: Request) -> None:
    from ministack.services import iam

    # The emulator refuses devices and users that do not exist by itself.
    device = iam._mfa_devices.get(request.params.get("SerialNumber", ""))
    first, second = (str(request.params.get(f"AuthenticationCode{number}", "")) for number in (1, 2))
    if device and not one_time_codes.are_consecutive(device["Base32StringSeed"], first, second):
        raise Refusal("InvalidAuthenticationCode", "Authentication code for device is not valid.", status=403)


def _with_readable_seed(original: Any) -> Any:
    def _virtual_mfa_xml(serial: str, *rest: Any, **named: Any) -> str:
        from ministack.services import iam

        device = iam._mfa_devices[serial]
        device["Base32StringSeed"] = device["Base32StringSeed"].translate(_TO_BASE_32)
        shown: str = original(serial, *rest, **named)
        return shown

    return _virtual_mfa_xml
