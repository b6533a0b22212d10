"""What is added to ministack, in the order in which it must be added."""

from __future__ import annotations

from . import (
    apis,
    authorization,
    bridge,
    completions,
    conditions,
    contract,
    deletions,
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
# the gate that refusals put up in front of everything; whatever a deletion fails for, deletions hear of it.
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
    deletions,
)


def install() -> None:
    """Add every part, once, before the server starts."""
    for part in _PARTS:
        part.install()
