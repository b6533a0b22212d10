"""IAM Access Analyzer: which analyzers there are. Nothing is analyzed behind them."""

from __future__ import annotations

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

from . import rest_services
from .rest_services import Body, RefusedCall, RestService

_analyzers = AccountRegionScopedDict()


def install() -> None:
    """Let the server answer for Access Analyzer."""
    routes = {("PUT", "/analyzer"): _create, ("GET", "/analyzer"): _list}
    rest_services.add(RestService("access-analyzer", "accessanalyzer", routes, _analyzers.clear, _resource))


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


def _resource(path: str, body: Body, arn: str) -> str:
    return f"{arn}analyzer/{body['analyzerName']}" if "analyzerName" in body else ""
