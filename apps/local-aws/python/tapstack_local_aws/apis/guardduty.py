"""GuardDuty: whether there is a detector. Nothing detects anything behind it, but it tells of sample findings."""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, new_uuid
from ministack.services import eventbridge

from . import rest_services
from .rest_services import Body, RefusedCall, RestService

_detectors = AccountRegionScopedDict()

# Some types of findings, and the severity that GuardDuty documents for each.
# https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html
_SAMPLES = {
    "Recon:EC2/PortProbeUnprotectedPort": 2,
    "UnauthorizedAccess:EC2/SSHBruteForce": 2,
    "Recon:IAMUser/MaliciousIPCaller": 5,
    "Policy:S3/BucketBlockPublicAccessDisabled": 2,
    "CryptoCurrency:EC2/BitcoinTool.B!DNS": 8,
    "Trojan:EC2/DNSDataExfiltration": 8,
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS": 8,
}


def install() -> None:
    """Let the server answer for GuardDuty."""
    routes = {
        ("POST", "/detector"): _create,
        ("GET", "/detector"): lambda path, body: {"detectorIds": list(_detectors)},
        ("GET", "/detector/([^/]+)"): lambda path, body: _found(path[0]),
        ("POST", "/detector/([^/]+)"): _update,
        ("POST", "/detector/([^/]+)/findings/create"): _create_samples,
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


def _create_samples(path: tuple[str, ...], body: Body) -> Body:
    _found(path[0])
    types = body.get("findingTypes") or list(_SAMPLES)
    if any(each not in _SAMPLES for each in types):
        raise RefusedCall("BadRequestException", "The request is rejected because an invalid input parameter.")
    entries = [
        {"Source": "aws.guardduty", "DetailType": "GuardDuty Finding", "Detail": json.dumps(_sample(path[0], each))}
        for each in types
    ]
    spawn_background(eventbridge._put_events, {"Entries": entries}, True, thread_name="findings-to-bus")
    return {}


def _sample(detector: str, finding_type: str) -> dict[str, Any]:
    identifier, now = new_uuid().replace("-", ""), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    account, region = get_account_id(), get_region()
    return {
        "schemaVersion": "2.0",
        "accountId": account,
        "region": region,
        "partition": "aws",
        "id": identifier,
        "arn": f"arn:aws:guardduty:{region}:{account}:detector/{detector}/finding/{identifier}",
        "type": finding_type,
        "service": {
            "serviceName": "guardduty",
            "detectorId": detector,
            "archived": False,
            "count": 1,
            "additionalInfo": {"sample": True},
        },
        "severity": _SAMPLES[finding_type],
        "createdAt": now,
        "updatedAt": now,
        "title": "A sample finding.",
    }


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
