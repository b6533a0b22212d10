"""Filter patterns of CloudWatch Logs, evaluated: what metric filters, subscription filters and searches match.

`compiled` is the evaluator, which knows nothing of the emulator; `install` lets the emulator's log groups use it, so
that a log event makes a metric and the metric moves an alarm.
"""

from __future__ import annotations

from .patterns import Pattern, compiled
from .scanner import InvalidPattern

__all__ = ["InvalidPattern", "Pattern", "compiled", "install", "touched"]


def install() -> None:
    """Let log groups evaluate patterns as AWS does."""
    from . import log_groups, publication  # they need the emulator, which the evaluator does not

    log_groups.install()
    publication.install()


def touched() -> list[tuple[str, str]]:
    """Return what is reached into inside the emulator."""
    from . import log_groups, publication

    return [*log_groups.TOUCHED, *publication.TOUCHED]
