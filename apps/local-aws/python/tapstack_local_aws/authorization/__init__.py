"""What ministack's IAM enforcement decides differently from AWS.

`ministack.app` asks its evaluator for each request and takes the functions by name at that moment, so each is replaced
in the module that owns it.
"""

from __future__ import annotations

from . import (
    attached_policies,
    identities,
    log_groups,
    metric_namespaces,
    mfa,
    mfa_devices,
    object_encryption,
    policy_variables,
    root_user,
    service_linked_roles,
    simulation,
    tagged_recorders,
)

_PARTS = (
    attached_policies,
    identities,
    log_groups,
    metric_namespaces,
    mfa,
    mfa_devices,
    object_encryption,
    policy_variables,
    root_user,
    service_linked_roles,
    simulation,
    tagged_recorders,
)

TOUCHED: list[tuple[str, str]] = [name for part in _PARTS for name in part.TOUCHED]


def install() -> None:
    """Correct every decision."""
    for part in _PARTS:
        part.install()
