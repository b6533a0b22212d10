"""A service that acts with a role the customer gave it: may it assume the role, and what may the role do then."""

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, combine_resource_policy, evaluate
from ministack.core.responses import get_account_id, get_region

from .principal import Context, admits, source

TOUCHED: list[tuple[str, str]] = [
    ("ministack.core.iam_evaluator", name)
    for name in (
        "_gather_role_policies",
        "_permissions_boundary",
        "_resource_policy",
        "_POLICY_REQUIRED",
        "combine_resource_policy",
        "evaluate",
    )
] + [("ministack.services.iam", "_roles")]


def find(role_arn: str) -> dict[str, Any] | None:
    """The role record that an ARN names."""
    from ministack.services import iam

    record: dict[str, Any] | None = iam._roles.get(_name(role_arn))
    return record


def assumable(role_arn: str, service: str, source_arn: str = "") -> bool:
    """Whether the role's trust policy lets `service` assume it."""
    role = find(role_arn)
    if role is None:
        return False
    context = source(source_arn) if source_arn else {}
    return admits(role.get("AssumeRolePolicyDocument"), service, "sts:AssumeRole", role_arn, context)


def permits(role_arn: str, action: str, resource: str, context: Context | None = None) -> bool:
    """Whether the role may perform `action`: its policies, its boundary and the policy of the resource itself."""
    from ministack.services import iam

    account, name = get_account_id(), _name(role_arn)
    request = EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{name}/service",
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=get_region(),
        source_ip="",
        secure_transport=True,
        service_context=dict(context or {}),
    )
    boundary = iam_evaluator._permissions_boundary(iam._roles, name, account)
    decision = evaluate(request, iam_evaluator._gather_role_policies(name, account), *boundary)
    service = action.partition(":")[0]
    if found := iam_evaluator._resource_policy(service, resource):
        required = service in iam_evaluator._POLICY_REQUIRED
        decision = combine_resource_policy(decision, request, *found, required=required, limits=tuple(boundary))
    return bool(decision.decision == "Allow")


def _name(role_arn: str) -> str:
    return role_arn.rsplit("/", 1)[-1]
