"""Sessions that a user begins with a code of an MFA device carry the sign of it: `aws:MultiFactorAuthPresent`.

ministack says of every session that it was begun without. Then nobody could see what a policy allows to a user *with*
MFA. Device and code are checked, as devices are when they are enabled (`refusals/mfa_devices.py`).
See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
"""

from __future__ import annotations

import contextvars
from typing import Any

from ministack.core.iam_evaluator import resolve_caller_identity
from ministack.services import iam, sts

from .. import one_time_codes
from ..refusals import seam
from ..refusals.refusal import Refusal, as_response
from ..refusals.requests import Request, read

_STS, _EVALUATOR = "ministack.services.sts", "ministack.core.iam_evaluator"
TOUCHED: list[tuple[str, str]] = [
    *((_STS, name) for name in ("_sessions", "handle_request", "register_session")),
    *((_EVALUATOR, name) for name in ("_principal_keys", "resolve_caller_identity")),
    ("ministack.services.iam", "_mfa_devices"),
]

_PRESENT = "MultiFactorAuthPresent"

_with_device: contextvars.ContextVar[bool] = contextvars.ContextVar("with_mfa_device", default=False)


def install() -> None:
    """Check the code, remember it with the session, and tell policies about it."""
    seam.around(_STS, "handle_request", _checking)
    seam.around(_STS, "register_session", _remembering)
    seam.around(_EVALUATOR, "_principal_keys", _telling)


def _checking(original: Any) -> Any:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Any:
        request = read("sts", method, path, headers, body, query_params)
        begun_with = request.operation == "GetSessionToken" and bool(request.params.get("SerialNumber"))
        if begun_with and not _belongs(request):
            message = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
            return as_response("sts", Refusal("AccessDenied", message, status=403))
        reset = _with_device.set(begun_with)
        try:
            return await original(method, path, headers, body, query_params)
        finally:
            _with_device.reset(reset)

    return handle_request


def _belongs(request: Request) -> bool:
    """Whether the device is the caller's own, and the code is one of it."""
    device = iam._mfa_devices.get(request.params["SerialNumber"]) or {}
    caller = resolve_caller_identity(request.access_key) or {}
    user = str(caller.get("userArn", "")).rpartition("/")[2]
    code = str(request.params.get("TokenCode", ""))
    return bool(user) and device.get("User") == user and one_time_codes.is_current(device["Base32StringSeed"], code)


def _remembering(original: Any) -> Any:
    def register_session(access_key: str, session: dict[str, Any]) -> None:
        original(access_key, {**session, _PRESENT: _with_device.get()})

    return register_session


def _telling(original: Any) -> Any:
    def _principal_keys(credential: Any) -> dict[str, Any]:
        keys: dict[str, Any] = original(credential)
        if (sts._sessions.get(credential.access_key_id) or {}).get(_PRESENT):
            keys["aws:multifactorauthpresent"] = "true"
        return keys

    return _principal_keys
