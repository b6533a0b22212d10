"""The status of a stack on the event bus, as `CloudFormation Stack Status Change`: ministack keeps it to itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.services import eventbridge

from ..refusals import seam

_CLOUDFORMATION = "ministack.services.cloudformation"
# Each has the function under its own name.
_RECORDERS = tuple(f"{_CLOUDFORMATION}.{module}" for module in ("stacks", "handlers", "changesets"))


def install() -> None:
    """Send what stacks record about themselves to the default bus."""
    for module in _RECORDERS:
        seam.around(module, "_add_event", _telling)


def _telling(original: Callable[..., None]) -> Callable[..., None]:
    def _add_event(
        stack_id: str,
        stack_name: str,
        logical_id: str,
        resource_type: str,
        status: str,
        reason: str = "",
        physical_id: str = "",
        detailed_status: str = "",
    ) -> None:
        original(stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status)
        # a nested stack is a resource of its parent, under the name it has there
        if resource_type == "AWS::CloudFormation::Stack" and logical_id == stack_name:
            entries = [_entry(stack_id, status, reason)]
            spawn_background(eventbridge._put_events, {"Entries": entries}, True, thread_name="stack-status-to-bus")

    return _add_event


def _entry(stack_id: str, status: str, reason: str) -> dict[str, Any]:
    detail = {
        "stack-id": stack_id,
        "status-details": {"status": status, "status-reason": reason},
        "client-request-token": "",
    }
    return {
        "Source": "aws.cloudformation",
        "DetailType": "CloudFormation Stack Status Change",
        "Resources": [stack_id],
        "Detail": json.dumps(detail),
    }
