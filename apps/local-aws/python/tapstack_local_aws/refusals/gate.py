"""Where rules stand: before an API call is served, and before CloudFormation touches a resource.

A rule is a plain function that raises `Refusal`. It is registered for API operations with `on_call` and for
CloudFormation with `on_create`, `on_update` or `on_delete`; `install` then puts the gates in place. CloudFormation in
the emulator does not pass through the API, so a rule that matters to templates is registered for both.
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from . import seam
from .refusal import Refusal, Response, as_response, as_stack_event
from .requests import Request, read

Props = dict[str, Any]


@dataclass(frozen=True)
class Planned:
    """A resource that a stack is about to create."""

    props: Props
    logical_id: str
    stack_name: str


CallCheck = Callable[[Request], None]
CreateCheck = Callable[[Planned], None]
UpdateCheck = Callable[[str, Props, Props], None]
DeleteCheck = Callable[[str, Props], None]

_calls: dict[tuple[str, str], list[CallCheck]] = defaultdict(list)
_creates: dict[str, list[tuple[str, CreateCheck]]] = defaultdict(list)
_updates: dict[str, list[tuple[str, UpdateCheck]]] = defaultdict(list)
_deletes: dict[str, list[tuple[str, DeleteCheck]]] = defaultdict(list)

# The emulator's module of each service that has rules.
_MODULES = {
    "cloudformation": "ministack.services.cloudformation",
    "cloudtrail": "ministack.services.cloudtrail",
    "config": "ministack.services.config",
    "ec2": "ministack.services.ec2",
    "iam": "ministack.services.iam",
    "kms": "ministack.services.kms",
    "lambda": "ministack.services.lambda_svc",
    "logs": "ministack.services.cloudwatch_logs",
    "rds": "ministack.services.rds",
    "s3": "ministack.services.s3",
    "secretsmanager": "ministack.services.secretsmanager",
    "sns": "ministack.services.sns",
    "sqs": "ministack.services.sqs",
}

_STACKS = "ministack.services.cloudformation.stacks"
_PROVISIONERS = "ministack.services.cloudformation.provisioners"

TOUCHED: list[tuple[str, str]] = [
    *((module, "handle_request") for module in _MODULES.values()),
    *(
        (module, name)
        for module in (_STACKS, _PROVISIONERS)
        for name in ("_provision_resource", "_update_resource", "_snapshot_resource", "_delete_resource")
    ),
]


def on_call(service: str, *operations: str) -> Callable[[CallCheck], CallCheck]:
    """Registers a check of API calls."""

    def register(check: CallCheck) -> CallCheck:
        for operation in operations:
            _calls[service, operation].append(check)
        return check

    return register


def on_create(service: str, resource_type: str) -> Callable[[CreateCheck], CreateCheck]:
    """Registers a check of a resource that a stack is about to create."""

    def register(check: CreateCheck) -> CreateCheck:
        _creates[resource_type].append((service, check))
        return check

    return register


def on_update(service: str, resource_type: str) -> Callable[[UpdateCheck], UpdateCheck]:
    """Registers a check of a resource that a stack is about to update: physical id, old and new properties."""

    def register(check: UpdateCheck) -> UpdateCheck:
        _updates[resource_type].append((service, check))
        return check

    return register


def on_delete(service: str, resource_type: str) -> Callable[[DeleteCheck], DeleteCheck]:
    """Registers a check of a resource that a stack is about to delete."""

    def register(check: DeleteCheck) -> DeleteCheck:
        _deletes[resource_type].append((service, check))
        return check

    return register


def install() -> None:
    """Puts the gates in front of the emulator; once per process, before it serves."""
    for service, module in _MODULES.items():
        seam.around(module, "handle_request", lambda original, service=service: _gated_calls(service, original))
    for module in (_STACKS, _PROVISIONERS):
        seam.around(module, "_provision_resource", _gated_creates)
        seam.around(module, "_update_resource", _gated_updates)
        seam.around(module, "_snapshot_resource", _gated_snapshots)
        seam.around(module, "_delete_resource", _gated_deletes)


def _gated_calls(
    service: str, original: Callable[..., Coroutine[Any, Any, Response]]
) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: Props, **extra: Any
    ) -> Response:
        request = read(service, method, path, headers, body, query_params)
        try:
            for check in _calls.get((service, request.operation), ()):
                check(request)
        except Refusal as refusal:
            return as_response(service, refusal, json="x-amz-target" in headers)
        return await original(method, path, headers, body, query_params, **extra)

    return handle_request


def _gated_creates(original: Callable[..., Any]) -> Callable[..., Any]:
    def _provision_resource(resource_type: str, logical_id: str, props: Props, stack_name: str) -> Any:
        _pass_all(_creates[resource_type], Planned(props, logical_id, stack_name))
        return original(resource_type, logical_id, props, stack_name)

    return _provision_resource


def _gated_updates(original: Callable[..., Any]) -> Callable[..., Any]:
    def _update_resource(resource_type: str, physical_id: str, old: Props, new: Props, *rest: Any, **named: Any) -> Any:
        if old != new:
            _pass_all(_updates[resource_type], physical_id, old, new)
        return original(resource_type, physical_id, old, new, *rest, **named)

    return _update_resource


def _gated_snapshots(original: Callable[..., None]) -> Callable[..., None]:
    """What may not be deleted gets no last snapshot; the delete that follows says why."""

    def _snapshot_resource(resource_type: str, physical_id: str, props: Props) -> None:
        with contextlib.suppress(Refusal):
            for _, check in _deletes[resource_type]:
                check(physical_id, props)
            original(resource_type, physical_id, props)

    return _snapshot_resource


def _gated_deletes(original: Callable[..., Any]) -> Callable[..., Any]:
    def _delete_resource(resource_type: str, physical_id: str, props: Props, *rest: Any, **named: Any) -> Any:
        _pass_all(_deletes[resource_type], physical_id, props)
        return original(resource_type, physical_id, props, *rest, **named)

    return _delete_resource


def _pass_all(checks: list[tuple[str, Callable[..., None]]], *subject: Any) -> None:
    for service, check in checks:
        try:
            check(*subject)
        except Refusal as refusal:
            raise ValueError(as_stack_event(service, refusal)) from refusal
