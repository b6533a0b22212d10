"""The codes of virtual MFA devices: RFC 6238, six digits, a new one every 30 seconds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

STEP_SECONDS = 30
_DIGITS = 6
# Clocks differ; a code of the neighbouring steps counts as well.
_DRIFT_STEPS = 1


def code(base32_seed: str, step: int) -> str:
    """Return the code of a step, counted from the epoch."""
    digest = hmac.digest(base64.b32decode(base32_seed), step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def is_current(base32_seed: str, given: str) -> bool:
    """Return whether a code is that of now."""
    return any(given == code(base32_seed, step) for step in _steps())


def are_consecutive(base32_seed: str, first: str, second: str) -> bool:
    """Return whether two codes follow each other, the first or the second being that of now."""
    pairs = ((step, step + 1) for step in range(min(_steps()) - 1, max(_steps()) + 1))
    return any((first, second) == (code(base32_seed, one), code(base32_seed, next_one)) for one, next_one in pairs)


def _steps() -> range:
    now = int(time.time()) // STEP_SECONDS
    return range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1)
