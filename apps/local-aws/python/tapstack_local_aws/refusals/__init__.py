"""What AWS refuses is refused here, with AWS's error codes and in its words.

One file per subject. `RULES` is the table of all rules; `install` puts them in force before the emulator serves.
"""

from . import (
    buckets,
    config_recorders,
    databases,
    gate,
    log_groups,
    network_dependencies,
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
    templates.install()
    config_recorders.install()


def names() -> list[str]:
    """Return the ids of all rules."""
    return [rule.id for rule in RULES]
