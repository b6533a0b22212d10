"""Evaluates patterns for other programs: reads [{pattern, message}] and writes an answer to each.

The answer is true or false; undecided, where the verdict hangs on what AWS does not document (see `Record`); or
invalid, where the pattern is none. The last two say why. It needs nothing but Python.
"""

from __future__ import annotations

import json
import sys

from . import InvalidPattern, compiled


def answer(pattern: str, message: str) -> bool | dict[str, str]:
    """Say whether a log event matches, whichever way an absent field is read."""
    try:
        matches = [compiled(pattern).matches(message, absent_differs=reading) for reading in (False, True)]
    except InvalidPattern as problem:
        return {"invalid": str(problem)}
    if matches[0] != matches[1]:
        return {"undecided": "AWS does not document whether an absent field differs from a value"}
    return matches[0]


if __name__ == "__main__":
    json.dump([answer(each["pattern"], each["message"]) for each in json.load(sys.stdin)], sys.stdout)
