"""Simulation of a principal's policies: with the context that is given, and for groups as well.

ministack simulates every call without context: a policy that asks for MFA could not be asked about. Boundaries count,
too, and so does the name of the user in `${aws:username}`.
See https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, evaluate
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

Parameters = dict[str, Any]
Policies = list[list[Any]]

_MODULE = "ministack.services.iam"
TOUCHED: list[tuple[str, str]] = [
    *(
        (_MODULE, name)
        for name in (
            "_IAM_HANDLERS",
            "_error",
            "_extract_simulate_params",
            "_group_inline_policies",
            "_groups",
            "_p",
            "_roles",
            "_users",
            "_xml",
        )
    ),
    *(
        ("ministack.core.iam_evaluator", name)
        for name in (
            "EvalContext",
            "_gather_role_policies",
            "_gather_user_policies",
            "_permissions_boundary",
            "_resolve_managed_policy_document",
            "evaluate",
            "parse_policy_document",
        )
    ),
]

_ACTION = "SimulatePrincipalPolicy"
_DECISIONS = {"Allow": "allowed", "Deny": "explicitDeny"}


def install() -> None:
    """Answer simulations of a principal."""
    iam._IAM_HANDLERS[_ACTION] = _simulate


def _simulate(parameters: Parameters) -> Any:
    arn = iam._p(parameters, "PolicySourceArn")
    kind, _, path = arn.rpartition(":")[2].partition("/")
    name = path.rpartition("/")[2]
    entities = {"user": iam._users, "role": iam._roles, "group": iam._groups}.get(kind, {})
    if entities.get(name) is None:
        return iam._error(404, "NoSuchEntity", f"The {kind or 'principal'} with name {name} cannot be found.", ns="iam")
    policies, limits = _policies(kind, name)
    actions, resource = iam._extract_simulate_params(parameters)
    keys = _context(parameters)
    results = ""
    for action in actions:
        request = EvalContext(
            principal_arn=arn,
            principal_type="AssumedRole" if kind == "role" else "User",
            principal_account=get_account_id(),
            action=action,
            resource_arn=resource,
            region=get_region(),
            source_ip="127.0.0.1",
            secure_transport=True,
            service_context=keys,
            principal_keys={"aws:username": name} if kind == "user" else {},
        )
        results += _result(action, resource, evaluate(request, policies, *limits).decision)
    return iam._xml(
        200,
        f"{_ACTION}Response",
        f"<{_ACTION}Result><EvaluationResults>{results}</EvaluationResults><IsTruncated>false</IsTruncated></{_ACTION}Result>",
        ns="iam",
    )


def _policies(kind: str, name: str) -> tuple[Policies, list[Policies]]:
    account = get_account_id()
    if kind == "role":
        return (
            iam_evaluator._gather_role_policies(name, account),
            iam_evaluator._permissions_boundary(iam._roles, name, account),
        )
    if kind == "user":
        return (
            iam_evaluator._gather_user_policies(name, account),
            iam_evaluator._permissions_boundary(iam._users, name, account),
        )
    attached = (
        iam_evaluator._resolve_managed_policy_document(arn, account) for arn in iam._groups[name]["AttachedPolicies"]
    )
    documents = [*(iam._group_inline_policies.get(name) or {}).values(), *attached]
    return [iam_evaluator.parse_policy_document(document) for document in documents if document], []


def _context(parameters: Parameters) -> dict[str, Any]:
    """Read `ContextEntries`; names of condition keys know no case."""
    keys: dict[str, Any] = {}
    while name := iam._p(parameters, f"{(entry := f'ContextEntries.member.{len(keys) + 1}')}.ContextKeyName"):
        values: list[str] = []
        while value := iam._p(parameters, f"{entry}.ContextKeyValues.member.{len(values) + 1}"):
            values.append(value)
        keys[name.lower()] = values[0] if len(values) == 1 else values
    return keys


def _result(action: str, resource: str, decision: str) -> str:
    members = {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": _DECISIONS.get(decision, "implicitDeny"),
        "MatchedStatements": "",
        "MissingContextValues": "",
    }
    return f"<member>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in members.items())}</member>"
