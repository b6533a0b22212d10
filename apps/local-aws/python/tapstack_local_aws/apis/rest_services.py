"""Adding a REST-JSON service that ministack does not know at all: its routes, its IAM actions, its reset."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from ministack import app
from ministack.core import iam_actions, router
from ministack.core.responses import error_response_json, json_response

from ..refusals import seam

Body = dict[str, Any]
# What the path named, and the body of the call with its query.
Perform = Callable[[tuple[str, ...], Body], Body]


class RefusedCall(Exception):
    """What the service answers with an error code."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class RestService:
    """A service by the name it signs with, the name of its model in botocore, and what it answers."""

    name: str
    model: str
    routes: dict[tuple[str, str], Perform]
    reset: Callable[[], None]
    # The resource that IAM decides about, from path and body of a call and the beginning of an ARN; empty for any.
    resource: Callable[[str, Body, str], str] = lambda path, body, arn: ""


def add(service: RestService) -> None:
    """Let the server answer for a service, with IAM asked first and a record in CloudTrail, as for every other."""

    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Any:
        for (wanted, pattern), perform in service.routes.items():
            found = re.fullmatch(pattern, path.rstrip("/"))
            if wanted != method or not found:
                continue
            try:
                return json_response(perform(found.groups(), {**json.loads(body or b"{}"), **query_params}))
            except RefusedCall as refused:
                return error_response_json(refused.code, str(refused), refused.status)
        return error_response_json("UnknownOperationException", f"{method} {path} is not among the stand-ins", 404)

    module = ModuleType(f"ministack.services.{service.name.replace('-', '_')}", "A stand-in of the extension.")
    module.handle_request = handle_request  # type: ignore[attr-defined]
    module.reset = service.reset  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    name = module.__name__.rpartition(".")[2]
    app.SERVICE_REGISTRY[service.name] = {"module": name}
    app.SERVICE_HANDLERS[service.name] = handle_request
    router.SERVICE_PATTERNS[service.name] = {
        "host_patterns": [rf"^{service.name}\."],
        "credential_scope": service.name,
    }
    iam_actions.SERVICE_TO_IAM_NAMESPACE[service.name] = service.name
    iam_actions._BOTOCORE_SERVICE_MAP[service.name] = [service.model]
    seam.around("ministack.core.iam_actions", "extract_resource_arn", lambda original: _named(original, service))


def _named(original: Any, service: RestService) -> Any:
    def extract_resource_arn(
        name: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: Body,
        region: str,
        account_id: str,
    ) -> str:
        if name != service.name:
            return str(original(name, method, path, headers, body, query_params, region, account_id))
        return service.resource(path, json.loads(body or b"{}"), f"arn:aws:{name}:{region}:{account_id}:") or "*"

    return extract_resource_arn
