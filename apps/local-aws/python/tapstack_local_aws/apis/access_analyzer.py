"""IAM Access Analyzer: which analyzers there are, and who from outside can reach buckets, keys and roles.

AWS looks within half an hour of a change; here it is done with the next call that could have changed something.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, new_uuid
from ministack.services import eventbridge, iam, kms, s3

from ..refusals import seam
from . import rest_services
from .external_access import Outsider, let_in
from .rest_services import Body, RefusedCall, RestService

_analyzers = AccountRegionScopedDict()
_findings = AccountRegionScopedDict()

# Of S3 only what is about policies: every object that is written is a call, too.
_CHANGING = ("access-analyzer", "cloudformation", "iam", "kms")
_CHANGING_OF_S3 = ("policy", "publicAccessBlock")


def install() -> None:
    """Let the server answer for Access Analyzer, and look after every call that can open something."""
    routes = {("PUT", "/analyzer"): _create, ("GET", "/analyzer"): _list, ("POST", "/finding"): _list_findings}
    rest_services.add(RestService("access-analyzer", "accessanalyzer", routes, _reset, _resource))
    seam.around("ministack.app", "_maybe_record_cloudtrail", _looking)


def _create(path: tuple[str, ...], body: Body) -> Body:
    name, kind = body["analyzerName"], body["type"]
    if name in _analyzers:
        raise RefusedCall("ConflictException", f"Analyzer {name} already exists", 409)
    if any(analyzer["type"] == kind for analyzer in _analyzers.values()):
        raise RefusedCall("ServiceQuotaExceededException", f"Too many analyzers of type {kind}", 402)
    arn = f"arn:aws:access-analyzer:{get_region()}:{get_account_id()}:analyzer/{name}"
    _analyzers[name] = {
        "arn": arn,
        "name": name,
        "type": kind,
        "status": "ACTIVE",
        "createdAt": "1970-01-01T00:00:00Z",
    }
    return {"arn": arn}


def _list(path: tuple[str, ...], body: Body) -> Body:
    wanted = body.get("type")
    kind = wanted[0] if isinstance(wanted, list) else wanted
    return {"analyzers": [analyzer for analyzer in _analyzers.values() if kind in (None, analyzer["type"])]}


def _list_findings(path: tuple[str, ...], body: Body) -> Body:
    if not any(analyzer["arn"] == body.get("analyzerArn") for analyzer in _analyzers.values()):
        raise RefusedCall("ResourceNotFoundException", "The analyzer does not exist.", 404)
    return {"findings": [{**finding, "resourceOwnerAccount": get_account_id()} for finding in _findings.values()]}


def _looking(original: Callable[..., None]) -> Callable[..., None]:
    def record(service: str, method: str, path: str, headers: Any, body: bytes, query: Any, *more: Any) -> None:
        original(service, method, path, headers, body, query, *more)
        if service in _CHANGING or (service == "s3" and any(name in query for name in _CHANGING_OF_S3)):
            _look()

    return record


def _look() -> None:
    analyzer = next((each for each in _analyzers.values() if each["type"] == "ACCOUNT"), None)
    if analyzer is None:
        return
    resources = list(_resources())
    open_now = {
        (resource, json.dumps(outsider.principal)): (kind, outsider)
        for kind, resource, outsiders in resources
        for outsider in outsiders
    }
    names = {resource for _, resource, _ in resources}
    for (resource, principal), (kind, outsider) in open_now.items():
        known = _findings.get(f"{resource} {principal}")
        if known is None or known["status"] == "RESOLVED":
            _tell(analyzer, f"{resource} {principal}", _opened(kind, resource, outsider), is_deleted=False)
    for name, finding in list(_findings.items()):
        if finding["status"] == "ACTIVE" and (finding["resource"], json.dumps(finding["principal"])) not in open_now:
            closed = {**finding, "status": "RESOLVED", "updatedAt": _now()}
            _tell(analyzer, name, closed, is_deleted=finding["resource"] not in names)


def _resources() -> Iterator[tuple[str, str, list[Outsider]]]:
    account = get_account_id()
    for name, policy in list(s3._bucket_policies.items()):
        blocked = s3._public_access_blocked(account, name, "RestrictPublicBuckets")
        outsiders = [each for each in let_in(policy, account) if not (blocked and each.is_everybody)]
        yield "AWS::S3::Bucket", f"arn:aws:s3:::{name}", outsiders
    for key in list(kms._keys.values()):
        yield "AWS::KMS::Key", key["Arn"], list(let_in(key.get("Policy"), account))
    for role in list(iam._roles.values()):
        yield "AWS::IAM::Role", role["Arn"], list(let_in(role.get("AssumeRolePolicyDocument"), account))


def _opened(kind: str, resource: str, outsider: Outsider) -> dict[str, Any]:
    now = _now()
    return {
        "id": new_uuid(),
        "status": "ACTIVE",
        "resourceType": kind,
        "resource": resource,
        "principal": outsider.principal,
        "action": list(outsider.actions),
        "condition": outsider.condition,
        "isPublic": outsider.is_everybody,
        "createdAt": now,
        "analyzedAt": now,
        "updatedAt": now,
    }


def _tell(analyzer: dict[str, Any], name: str, finding: dict[str, Any], *, is_deleted: bool) -> None:
    _findings[name] = finding
    about = {"version": "1.0", "accountId": get_account_id(), "region": get_region(), "isDeleted": is_deleted}
    entry = {
        "Source": "aws.access-analyzer",
        "DetailType": "Access Analyzer Finding",
        "Resources": [analyzer["arn"]],
        "Detail": json.dumps({**about, **finding}),
    }
    spawn_background(eventbridge._put_events, {"Entries": [entry]}, True, thread_name="findings-to-bus")


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _reset() -> None:
    _analyzers.clear()
    _findings.clear()


def _resource(path: str, body: Body, arn: str) -> str:
    if "analyzerArn" in body:
        return str(body["analyzerArn"])
    return f"{arn}analyzer/{body['analyzerName']}" if "analyzerName" in body else ""
