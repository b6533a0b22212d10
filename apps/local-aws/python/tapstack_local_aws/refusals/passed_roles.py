"""IAM: nobody hands a role to a service who may not pass it. The emulator asks for the call itself and nothing else."""

from __future__ import annotations

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.services import iam

from ..deliveries.principal import enforced
from .gate import on_call
from .refusal import Refusal, Rule
from .requests import Request

RULES = (
    Rule(
        "role-passed",
        "who hands a role to CloudFormation, EC2, Lambda or an instance profile may pass it (AccessDenied)",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.core.iam_evaluator", "enforce"),
    ("ministack.core.iam_evaluator", "AuthError"),
    ("ministack.services.iam", "_instance_profiles"),
    ("ministack.services.iam", "_roles"),
]


@on_call("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def _check_function(request: Request) -> None:
    _check(request, [request.params.get("Role")])


@on_call("cloudformation", "CreateStack", "UpdateStack", "CreateChangeSet")
def _check_stack(request: Request) -> None:
    _check(request, [request.params.get("RoleARN")])


@on_call("ec2", "RunInstances", "AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation")
def _check_instance(request: Request) -> None:
    named = request.params.get("IamInstanceProfile.Name") or request.params.get("IamInstanceProfile.Arn", "")
    profile: dict[str, Any] = iam._instance_profiles.get(str(named).rpartition("/")[2]) or {}
    _check(request, [_arn(name) for name in profile.get("Roles", ())])


@on_call("iam", "AddRoleToInstanceProfile")
def _check_profile(request: Request) -> None:
    _check(request, [_arn(request.params.get("RoleName", ""))])


def _arn(name: str) -> str | None:
    return (iam._roles.get(name) or {}).get("Arn")


def _check(request: Request, roles: list[Any]) -> None:
    for role in roles:
        # an ARN that is none is refused by the service itself
        if not enforced() or not isinstance(role, str) or not role.startswith("arn:"):
            continue
        denied = iam_evaluator.enforce(request.access_key, "iam:PassRole", "iam", get_region(), role)
        if denied is not None and not isinstance(denied, iam_evaluator.AuthError):
            why = "with an explicit deny in" if denied.decision == "Deny" else "because it is not allowed by"
            message = f"is not authorized to perform: iam:PassRole on resource: {role} {why} the policies of the caller"
            raise Refusal(
                _CODES.get(request.service, "AccessDenied"), f"User: {denied.principal_arn} {message}", status=403
            )


# what each service calls it
_CODES = {"ec2": "UnauthorizedOperation", "lambda": "AccessDeniedException"}
