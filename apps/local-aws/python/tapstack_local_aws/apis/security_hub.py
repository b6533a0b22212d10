"""Security Hub: whether it is on. Nothing is checked behind it; it takes findings of the account and tells of them."""

from __future__ import annotations

import json
from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import eventbridge

from . import rest_services
from .rest_services import Body, RefusedCall, RestService

_hubs = AccountRegionScopedDict()
_findings = AccountRegionScopedDict()

_MOST_AT_ONCE = 100

# https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html
_REQUIRED = (
    "AwsAccountId",
    "CreatedAt",
    "Description",
    "GeneratorId",
    "Id",
    "ProductArn",
    "Resources",
    "SchemaVersion",
    "Severity",
    "Title",
    "UpdatedAt",
)

# The lowest number of each severity, the worst first.
# https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html
_SEVERITIES = {"CRITICAL": 90, "HIGH": 70, "MEDIUM": 40, "LOW": 1, "INFORMATIONAL": 0}


def install() -> None:
    """Let the server answer for Security Hub."""
    routes = {
        ("POST", "/accounts"): _enable,
        ("GET", "/accounts"): _describe,
        ("POST", "/findings/import"): _import,
    }
    rest_services.add(RestService("securityhub", "securityhub", routes, _reset, _resource))


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


def _import(path: tuple[str, ...], body: Body) -> Body:
    """Take findings that the account made itself; each that is new, or newer, is told in an event of its own."""
    _describe(path, body)
    findings = body.get("Findings") or []
    if not 1 <= len(findings) <= _MOST_AT_ONCE:
        raise RefusedCall("InvalidInputException", f"Findings must be 1 to {_MOST_AT_ONCE}, got {len(findings)}")
    failed = []
    for finding in findings:
        missing = next((name for name in _REQUIRED if not finding.get(name)), None)
        if missing:
            message = (
                f"Finding does not adhere to Amazon Finding Format. data should have required property '{missing}'."
            )
            failed.append({"Id": finding.get("Id", ""), "ErrorCode": "InvalidInput", "ErrorMessage": message})
        else:
            _take(finding)
    return {"FailedCount": len(failed), "SuccessCount": len(findings) - len(failed), "FailedFindings": failed}


def _take(finding: dict[str, Any]) -> None:
    account, product = get_account_id(), finding["ProductArn"]
    if product != f"arn:aws:securityhub:{get_region()}:{account}:product/{account}/default":
        # What belongs to the products of others, those of AWS among them, only they may import.
        raise RefusedCall("AccessDeniedException", f"Not authorized to import findings of {product}", 403)
    name, earlier = f"{product}/{finding['Id']}", _findings.get(f"{product}/{finding['Id']}")
    if earlier and earlier["UpdatedAt"] >= finding["UpdatedAt"]:
        return
    _findings[name] = _complete(finding, earlier or {})
    entry = {
        "Source": "aws.securityhub",
        "DetailType": "Security Hub Findings - Imported",
        "Resources": [name],
        "Detail": json.dumps({"findings": [_findings[name]]}),
    }
    spawn_background(eventbridge._put_events, {"Entries": [entry]}, True, thread_name="findings-to-bus")


def _complete(finding: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    return {
        "RecordState": "ACTIVE",
        "ProductName": "Default",
        "CompanyName": "Personal",
        "Region": get_region(),
        **finding,
        "Severity": _severity(finding["Severity"]),
        # what people did with a finding outlives its updates
        "Workflow": earlier.get("Workflow", finding.get("Workflow", {"Status": "NEW"})),
    }


def _severity(given: dict[str, Any]) -> dict[str, Any]:
    number = given.get("Normalized", 0)
    label = given.get("Label") or next(name for name, lowest in _SEVERITIES.items() if number >= lowest)
    return {"Normalized": _SEVERITIES[label], **given, "Label": label}


def _reset() -> None:
    _hubs.clear()
    _findings.clear()


def _resource(path: str, body: Body, arn: str) -> str:
    if "Findings" in body:
        return next((str(finding.get("ProductArn", "")) for finding in body["Findings"]), "")
    return f"{arn}hub/default"
