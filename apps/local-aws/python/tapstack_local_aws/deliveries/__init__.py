"""Deliveries by AWS services obey policies here as they do on AWS.

One file per path. `RULES` is the table of all rules; `install` puts them in force before the emulator serves.
"""

from ..refusals.refusal import Rule
from . import (
    access_logs,
    alarms,
    asynchronous,
    config_channels,
    database_events,
    destinations,
    encrypted_data,
    event_log_groups,
    eventbridge,
    flow_logs,
    function_logs,
    function_networks,
    functions,
    group_volumes,
    keys,
    load_balancer_logs,
    log_groups,
    principal,
    roles,
    service_notifications,
    trail_files,
    trails,
    volumes,
)

_PATHS = (
    asynchronous,
    eventbridge,
    event_log_groups,
    alarms,
    service_notifications,
    functions,
    function_logs,
    function_networks,
    encrypted_data,
    volumes,
    group_volumes,
    log_groups,
    flow_logs,
    trails,
    trail_files,
    config_channels,
    database_events,
    access_logs,
    load_balancer_logs,
)
# Paths that are checked when a delivery happens replace a function of the emulator; the others stand at the gate.
_IN_FLIGHT = (
    asynchronous,
    eventbridge,
    alarms,
    service_notifications,
    functions,
    function_logs,
    function_networks,
    access_logs,
    trail_files,
)

RULES: tuple[Rule, ...] = tuple(rule for path in _PATHS for rule in path.RULES)

TOUCHED: list[tuple[str, str]] = sorted(
    {
        *principal.TOUCHED,
        *keys.TOUCHED,
        *roles.TOUCHED,
        *destinations.TOUCHED,
        *eventbridge.TOUCHED,
        *event_log_groups.TOUCHED,
        *asynchronous.TOUCHED,
        *access_logs.TOUCHED,
        *alarms.TOUCHED,
        *service_notifications.TOUCHED,
        *functions.TOUCHED,
        *function_logs.TOUCHED,
        *function_networks.TOUCHED,
        *encrypted_data.TOUCHED,
        *group_volumes.TOUCHED,
        *flow_logs.TOUCHED,
        *trails.TOUCHED,
        *trail_files.TOUCHED,
        *config_channels.TOUCHED,
        *load_balancer_logs.TOUCHED,
    }
)


def install() -> None:
    """Put every rule in force; once per process, before the emulator serves."""
    for path in _IN_FLIGHT:
        path.install()


def names() -> list[str]:
    """Return the ids of all rules."""
    return [rule.id for rule in RULES]
