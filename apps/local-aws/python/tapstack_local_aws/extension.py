"""What is added to ministack, in the order in which it must be added."""

from __future__ import annotations

from . import (
    apis,
    authorization,
    bridge,
    completions,
    conditions,
    contract,
    deliveries,
    metric_filters,
    metrics,
    provisioning,
    refusals,
    replacements,
    signals,
    types,
)

# The contract comes first, because everything after it reaches into ministack by private names. Deliveries stand at
# the gate that refusals put up last, in front of everything.
_PARTS = (
    contract,
    conditions,
    authorization,
    apis,
    metric_filters,
    metrics,
    provisioning,
    replacements,
    types,
    completions,
    signals,
    bridge,
    deliveries,
    refusals,
)


def install() -> None:
    """Add every part, once, before the server starts."""
    for part in _PARTS:
        part.install()
