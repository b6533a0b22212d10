"""Roles: the permissions boundary."""

from __future__ import annotations

from ..clients import client
from ..provisioning import Properties


def _complete_role(name: str, properties: Properties, previous: Properties) -> None:
    boundary = properties.get("PermissionsBoundary")
    if boundary == previous.get("PermissionsBoundary"):
        return
    if boundary:
        client("iam").put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    else:
        client("iam").delete_role_permissions_boundary(RoleName=name)


COMPLETIONS = {"AWS::IAM::Role": _complete_role}
