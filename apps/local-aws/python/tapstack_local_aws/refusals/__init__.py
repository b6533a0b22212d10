"""What AWS refuses is refused here, with AWS's error codes and in its words.

One file per subject. `RULES` is the table of all rules; `install` puts them in force before the emulator serves.

Not here, because the emulator does it by itself: inline templates over 51,200 bytes, resource types and functions that
do not exist, parameter constraints, bucket names and non-empty buckets in the S3 API, a VPC that still has subnets.

Not here, because AWS accepts it and only the outcome is wrong (checked at synthesis, or proven on recorded events):
`<bucket ARN>/*` as a data event value, CIDRs with host bits set, a log-group or bucket name nobody writes to, a metric
filter that fires on service events, an alarm on a metric that does not exist, `maxAzs: 3` without known zones.

Not here, because the emulator has nothing that could fail: packets (but those of a function without a way out, in
`deliveries/function_networks.py`), MySQL (log exports without their parameters), instances of Auto Scaling groups
(volumes whose key the service-linked role may not use), access logs of load balancers, properties unknown to the
resource schemas (cfn-lint judges every template).
"""

from . import (
    buckets,
    config_recorders,
    databases,
    functions,
    gate,
    log_groups,
    mfa_devices,
    network_dependencies,
    passed_roles,
    policies,
    principals,
    quotas,
    roles,
    security_group_rules,
    subnets,
    templates,
    trails,
)
from .refusal import Rule

_SUBJECTS = (
    subnets,
    network_dependencies,
    security_group_rules,
    quotas,
    buckets,
    databases,
    policies,
    log_groups,
    functions,
    mfa_devices,
    passed_roles,
    roles,
    trails,
    config_recorders,
    templates,
)

RULES: tuple[Rule, ...] = tuple(rule for subject in _SUBJECTS for rule in subject.RULES)

TOUCHED: list[tuple[str, str]] = sorted(
    {*gate.TOUCHED, *principals.TOUCHED, *(pair for subject in _SUBJECTS for pair in subject.TOUCHED)}
)


def install() -> None:
    """Put every rule in force; once per process, before the emulator serves."""
    gate.install()
    mfa_devices.install()
    templates.install()
    functions.install()
    config_recorders.install()


def names() -> list[str]:
    """Return the ids of all rules."""
    return [rule.id for rule in RULES]
