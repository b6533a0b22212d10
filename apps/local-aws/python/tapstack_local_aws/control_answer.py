"""What a page under `/_local/` answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """A status and what is sent as JSON."""

    status: int
    body: dict[str, Any]
