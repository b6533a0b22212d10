"""What services measure of themselves: published where an alarm looks at it, and for its sake only.

ministack's services publish next to nothing, so an alarm on one of their metrics could go off by `PutMetricData` alone.
"""

from __future__ import annotations

from . import buckets, log_groups, queues

_MODULES = (queues, log_groups, buckets)


def install() -> None:
    """Let every service publish."""
    for module in _MODULES:
        module.install()
