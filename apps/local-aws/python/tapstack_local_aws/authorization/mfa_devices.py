"""The resource of a call about a virtual MFA device is that device, where the call names no user.

ministack knows only users, roles, groups and policies: whoever may create `mfa/*` could create none.
See https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from ministack.core.responses import get_account_id

from ..refusals import seam

_MODULE = "ministack.core.iam_actions"
TOUCHED: list[tuple[str, str]] = [(_MODULE, "extract_resource_arn")]


def install() -> None:
    """Name the device."""
    seam.around(_MODULE, "extract_resource_arn", _completed)


def _completed(original: Any) -> Any:
    def extract_resource_arn(
        service: str, method: str, path: str, headers: dict[str, str], body: bytes, *rest: Any
    ) -> str:
        arn: str = original(service, method, path, headers, body, *rest)
        return (_device(body) or arn) if service == "iam" and arn == "*" else arn

    return extract_resource_arn


def _device(body: bytes) -> str:
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    if name := form.get("VirtualMFADeviceName"):
        return f"arn:aws:iam::{get_account_id()}:mfa{form.get('Path', '/')}{name}"
    return form.get("SerialNumber", "")
