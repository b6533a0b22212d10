"""What the extension touches inside ministack: one table, checked before anything is touched.

None of these names is promised by ministack. A version that renames one must stop the server with that name, not make
a property vanish silently.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from importlib.metadata import version

from . import authorization, deliveries, metric_filters, refusals, replacements

MINISTACK_VERSION = "1.5.33"

_SERVICES = "ministack.services"
_CLOUDFORMATION = f"{_SERVICES}.cloudformation"

# By module: what is read, called or replaced.
TOUCHED: dict[str, tuple[str, ...]] = {
    "ministack.app": (
        "SERVICE_HANDLERS",
        "SERVICE_REGISTRY",
        "_ct_event_name",
        "_ct_request_params",
        "_maybe_record_cloudtrail",
        "app",
    ),
    "ministack.core.concurrency": ("esm_wake", "spawn_background"),
    "ministack.core.iam_actions": ("SERVICE_TO_IAM_NAMESPACE", "_BOTOCORE_SERVICE_MAP", "extract_resource_arn"),
    "ministack.core.iam_evaluator": ("resolve_caller_identity",),
    "ministack.core.responses": (
        "AccountRegionScopedDict",
        "error_response_json",
        "get_account_id",
        "get_region",
        "json_response",
        "new_uuid",
        "set_request_account_id",
        "set_request_region",
    ),
    "ministack.core.router": ("SERVICE_PATTERNS", "extract_access_key_id"),
    _CLOUDFORMATION: ("_stacks",),
    f"{_CLOUDFORMATION}.changesets": ("_add_event",),
    f"{_CLOUDFORMATION}.engine": ("_evaluate_conditions", "_parse_template"),
    f"{_CLOUDFORMATION}.handlers": ("_add_event", "_delete_stack_async"),
    f"{_CLOUDFORMATION}.provisioners": (
        "_REPLACING_PROPERTIES",
        "_RESOURCE_HANDLERS",
        "_STACK_TAG_PROPERTY",
        "_cfn_wait_condition_definition",
        "_cr_stack_id",
    ),
    f"{_CLOUDFORMATION}.stacks": (
        "_add_event",
        "_delete_resource",
        "_delete_stack_async",
        "_runs_on_worker_thread",
        "_sends_back_failed_update",
        "_with_dependencies",
    ),
    f"{_CLOUDFORMATION}.wait_conditions": (
        "deliver_signal",
        "register_slot",
        "validate_count",
        "validate_resource_signal_timeout",
        "wait_for",
    ),
    f"{_SERVICES}.autoscaling": ("_asgs",),
    f"{_SERVICES}.cloudtrail": ("_DISPATCH", "_get_event_queue", "_scrub", "_trails", "record_event"),
    f"{_SERVICES}.cloudwatch": (
        "_alarms",
        "_calc_stats",
        "_cbor_ok",
        "_dashboards",
        "_dims_from_list",
        "_dims_key",
        "_dispatch_alarm_actions",
        "_evaluate_alarm",
        "_evaluate_parent_alarms",
        "_json_ok",
        "_list_dashboards",
        "_metrics",
        "_record_history",
        "_stat_value",
        "_store_datum",
    ),
    f"{_SERVICES}.config": (
        "_config_rules",
        "_delivery_channels",
        "_put_config_rule",
        "_put_configuration_recorder",
        "_recorders",
        "handle_request",
        "reset",
    ),
    f"{_SERVICES}.ec2": (
        "_ACTION_MAP",
        "_STUB_AMIS",
        "_addresses",
        "_error",
        "_flow_logs",
        "_glob_match",
        "_instances",
        "_internet_gateways",
        "_launch_templates",
        "_nat_gateways",
        "_network_acls",
        "_new_volume_id",
        "_p",
        "_parse_filters",
        "_parse_ip_permissions",
        "_parse_lt_data",
        "_parse_tag_specs",
        "_resolve_launch_template_data",
        "_revoked_sg_rule_xml",
        "_security_groups",
        "_subnets",
        "_tags",
        "_volumes",
        "_vpc_endpoints",
        "_vpcs",
        "_xml",
        "handle_request",
    ),
    f"{_SERVICES}.eventbridge": ("_put_events",),
    f"{_SERVICES}.iam": ("_create_service_linked_role", "_instance_profiles", "_roles"),
    f"{_SERVICES}.inspector2": ("handle_request",),
    f"{_SERVICES}.kms": ("_keys", "_resolve_key"),
    f"{_SERVICES}.rds": (
        "_ACTION_MAP",
        "_error",
        "_instance_xml",
        "_instances",
        "_p",
        "_parse_member_list",
        "_parse_tags",
        "_resolve_instance",
        "_single_instance_response",
        "_tags",
        "_xml",
    ),
    f"{_SERVICES}.s3": (
        "_bucket_policies",
        "_buckets",
        "_error",
        "_no_such_bucket",
        "_parse_bucket_key",
        "_public_access_blocked",
        "_qp",
        "handle_request",
    ),
    f"{_SERVICES}.secretsmanager": (
        "_resolve",
        "create_secret_in_process",
        "delete_secret_in_process",
        "handle_request",
    ),
    f"{_SERVICES}.sqs": ("_queue_by_arn", "_refresh_counts"),
    f"{_SERVICES}.ssm": ("_PUBLIC_AMI_PARAMETERS", "_public_parameter", "_select_parameter"),
    f"{_SERVICES}.sts": ("register_session",),
}


class BrokenContract(Exception):
    """ministack is not the one this extension was made for."""


def install() -> None:
    """Check the table; there is nothing to install."""
    if version("ministack") != MINISTACK_VERSION:
        raise BrokenContract(f"made for ministack {MINISTACK_VERSION}, found {version('ministack')}")
    if absent := missing(all_touched()):
        raise BrokenContract(f"ministack {MINISTACK_VERSION} has no {', '.join(absent)}")


def all_touched() -> set[tuple[str, str]]:
    """Return every (module, name) that any part of the extension touches."""
    ours = {(module, name) for module, names in TOUCHED.items() for name in names}
    parts = (
        authorization.TOUCHED,
        refusals.TOUCHED,
        deliveries.TOUCHED,
        metric_filters.touched(),
        replacements.TOUCHED,
    )
    return ours.union(*parts)


def missing(touched: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names that ministack does not have."""
    return sorted(f"{module}.{name}" for module, name in touched if not _exists(module, name))


def _exists(module: str, name: str) -> bool:
    try:
        return hasattr(importlib.import_module(module), name)
    except ModuleNotFoundError:
        return False
