"""The processes that ministack starts for Lambda functions, so that none outlives the server."""

from __future__ import annotations

import contextlib
import subprocess
import weakref
from typing import Any

_started: weakref.WeakSet[subprocess.Popen[Any]] = weakref.WeakSet()


class _TrackedPopen(subprocess.Popen):  # type: ignore[type-arg]
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _started.add(self)


def track() -> None:
    """Remember every process started from now on."""
    subprocess.Popen = _TrackedPopen  # type: ignore[misc]


def kill_all() -> None:
    """Kill what is still running, without waiting for any of it."""
    for process in list(_started):
        if process.poll() is None:
            with contextlib.suppress(OSError):
                process.kill()
