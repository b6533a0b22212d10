"""Roles and users: the permissions boundary."""

from __future__ import annotations

from collections.abc import Callable

from ..clients import client
from ..provisioning import Completion, Properties


def _boundary(kind: str) -> Completion:
    def complete(name: str, properties: Properties, previous: Properties) -> None:
        boundary = properties.get("PermissionsBoundary")
        if boundary == previous.get("PermissionsBoundary"):
            return
        iam = client("iam")
        owner = {f"{kind.title()}Name": name}
        if boundary:
            put: Callable[..., object] = getattr(iam, f"put_{kind}_permissions_boundary")
            put(**owner, PermissionsBoundary=boundary)
        else:
            getattr(iam, f"delete_{kind}_permissions_boundary")(**owner)

    return complete


COMPLETIONS = {"AWS::IAM::Role": _boundary("role"), "AWS::IAM::User": _boundary("user")}
