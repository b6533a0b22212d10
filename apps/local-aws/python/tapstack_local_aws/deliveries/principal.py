"""An AWS service as the caller.

In the emulator services are not principals: they reach into each other's memory. Here a service asks first, with
the emulator's own policy evaluator, the way AWS does: a statement must name the service (or everybody), the context
keys of the path are set, and nobody's identity policy helps.
"""

from collections.abc import Mapping
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.responses import get_account_id, get_region

Policy = str | dict[str, Any] | None
Context = Mapping[str, str]

TOUCHED: list[tuple[str, str]] = [
    ("ministack.core.iam_evaluator", "EvalContext"),
    ("ministack.core.iam_evaluator", "evaluate_resource_policy"),
    ("ministack.core.responses", "get_account_id"),
    ("ministack.core.responses", "get_region"),
]


def enforced() -> bool:
    """Whether the emulator enforces IAM at all; deliveries follow the same switch."""
    from ministack import app

    return bool(app.AUTH)


def source(arn: str) -> dict[str, str]:
    """The keys that say on whose behalf a service calls (the confused-deputy keys)."""
    return {"aws:sourcearn": arn, "aws:sourceaccount": get_account_id()}


def admits(policy: Policy, service: str, action: str, resource: str, context: Context | None = None) -> bool:
    """Whether a resource policy lets the service principal `service` perform `action` on `resource`."""
    request = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=get_region(),
        # Services call over TLS from no address of the customer's.
        source_ip="",
        secure_transport=True,
        service_context={
            "aws:principalisawsservice": "true",
            "aws:principalservicename": service,
            **(context or {}),
        },
    )
    return evaluate_resource_policy(policy, request, service=service).decision == "Allow"
