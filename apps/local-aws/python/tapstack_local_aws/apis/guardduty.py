"""GuardDuty: whether there is a detector. Nothing detects anything behind it."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import AccountRegionScopedDict, new_uuid

from . import rest_services
from .rest_services import Body, RefusedCall, RestService

_detectors = AccountRegionScopedDict()


def install() -> None:
    """Let the server answer for GuardDuty."""
    routes = {
        ("POST", "/detector"): _create,
        ("GET", "/detector"): lambda path, body: {"detectorIds": list(_detectors)},
        ("GET", "/detector/([^/]+)"): lambda path, body: _found(path[0]),
        ("POST", "/detector/([^/]+)"): _update,
    }
    rest_services.add(RestService("guardduty", "guardduty", routes, _detectors.clear, _resource))


def _create(path: tuple[str, ...], body: Body) -> Body:
    if len(_detectors):
        raise RefusedCall(
            "BadRequestException",
            "The request is rejected because a detector already exists for the current account.",
        )
    identifier = new_uuid().replace("-", "")
    frequency = body.get("findingPublishingFrequency", "SIX_HOURS")
    _detectors[identifier] = {"status": _status(body), "findingPublishingFrequency": frequency, "features": []}
    return {"detectorId": identifier}


def _update(path: tuple[str, ...], body: Body) -> Body:
    _found(path[0])["status"] = _status(body)
    return {}


def _found(identifier: str) -> dict[str, Any]:
    if identifier not in _detectors:
        raise RefusedCall(
            "BadRequestException", "The request is rejected because the input detectorId is not owned by this account."
        )
    found: dict[str, Any] = _detectors[identifier]
    return found


def _status(body: Body) -> str:
    return "ENABLED" if body.get("enable") else "DISABLED"


def _resource(path: str, body: Body, arn: str) -> str:
    return f"{arn}{path.strip('/')}" if path.strip("/").startswith("detector/") else ""
