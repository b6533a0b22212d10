"""Security Hub: whether it is on. Nothing is checked and no finding arises behind it."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

from . import rest_services
from .rest_services import Body, RefusedCall, RestService

_hubs = AccountRegionScopedDict()


def install() -> None:
    """Let the server answer for Security Hub."""
    routes = {("POST", "/accounts"): _enable, ("GET", "/accounts"): _describe}
    rest_services.add(RestService("securityhub", "securityhub", routes, _hubs.clear, _resource))


def _enable(path: tuple[str, ...], body: Body) -> Body:
    if len(_hubs):
        raise RefusedCall("ResourceConflictException", "Account is already subscribed to Security Hub", 409)
    _hubs["default"] = {
        "HubArn": f"arn:aws:securityhub:{get_region()}:{get_account_id()}:hub/default",
        "AutoEnableControls": True,
        "ControlFindingGenerator": body.get("ControlFindingGenerator", "SECURITY_CONTROL"),
    }
    return {}


def _describe(path: tuple[str, ...], body: Body) -> Body:
    if not len(_hubs):
        message = f"Account {get_account_id()} is not subscribed to AWS Security Hub"
        raise RefusedCall("InvalidAccessException", message, 401)
    found: dict[str, Any] = _hubs["default"]
    return found


def _resource(path: str, body: Body, arn: str) -> str:
    return f"{arn}hub/default"
