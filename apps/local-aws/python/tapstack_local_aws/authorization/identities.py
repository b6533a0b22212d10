"""Which identity an IAM call is about, and which boundary it has or is to have.

ministack leaves the path out of the ARN of a role or user, knows no instance profiles and no policies that are about to
be made, and does not pass on `iam:PermissionsBoundary`: whoever may make roles below one path only, and only with a
boundary, could not be told from somebody who may make any.
See https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

from ministack.core.responses import get_account_id
from ministack.services import iam

from ..refusals import seam

_MODULE = "ministack.core.iam_actions"
TOUCHED: list[tuple[str, str]] = [
    (_MODULE, "extract_resource_arn"),
    (_MODULE, "request_tag_context"),
    *(("ministack.services.iam", name) for name in ("_groups", "_instance_profiles", "_policies", "_roles", "_users")),
]

_SAYS_THE_BOUNDARY = re.compile(
    r"iam:(Create(Role|User)|(Put|Delete)(Role|User)PermissionsBoundary|(Attach|Detach|Put|Delete)(Role|User)Policy)"
)
_ABOUT_A_GROUP = ("AddUserToGroup", "RemoveUserFromGroup")

Form = dict[str, str]


def install() -> None:
    """Name the identity as it is called, and tell policies about its boundary."""
    seam.around(_MODULE, "extract_resource_arn", _with_paths)
    seam.around(_MODULE, "request_tag_context", _with_boundary)


def _with_paths(original: Any) -> Any:
    def extract_resource_arn(
        service: str, method: str, path: str, headers: dict[str, str], body: bytes, *rest: Any
    ) -> str:
        arn: str = original(service, method, path, headers, body, *rest)
        return (_identity(_form(body)) or arn) if service == "iam" else arn

    return extract_resource_arn


def _identity(form: Form) -> str | None:
    if form.get("Action") in _ABOUT_A_GROUP:
        return _arn("group", iam._groups.get(form.get("GroupName", "")), form, "GroupName")
    for kind, parameter, known in (
        ("instance-profile", "InstanceProfileName", iam._instance_profiles),
        ("role", "RoleName", iam._roles),
        ("user", "UserName", iam._users),
    ):
        if name := form.get(parameter):
            return _arn(kind, known.get(name), form, parameter)
    # a policy that exists is called by its ARN
    return _arn("policy", None, form, "PolicyName") if form.get("Action") == "CreatePolicy" else None


def _arn(kind: str, known: dict[str, Any] | None, form: Form, parameter: str) -> str:
    if known:
        return str(known["Arn"])
    path = form.get("Path", "/") if form.get("Action", "").startswith("Create") else "/"
    return f"arn:aws:iam::{get_account_id()}:{kind}{path}{form.get(parameter, '')}"


def _with_boundary(original: Any) -> Any:
    def request_tag_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = original(service, iam_action, body, params)
        if _SAYS_THE_BOUNDARY.fullmatch(iam_action) and (boundary := _boundary(iam_action, _form(body))):
            context["iam:permissionsboundary"] = boundary
        return context

    return request_tag_context


def _boundary(iam_action: str, form: Form) -> str | None:
    """The boundary that is asked for where one is given, else the one that the identity has."""
    if iam_action.startswith(("iam:Create", "iam:PutRolePermissions", "iam:PutUserPermissions")):
        return form.get("PermissionsBoundary")
    identity = iam._roles.get(form.get("RoleName", "")) or iam._users.get(form.get("UserName", "")) or {}
    return identity.get("PermissionsBoundary")


def _form(body: bytes) -> Form:
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
