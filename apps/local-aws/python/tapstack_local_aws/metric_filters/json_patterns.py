"""`{ $.selector = value && … }`: patterns for events that are JSON objects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import values
from .conditions import Test, any_of
from .scanner import Scanner

_SELECTOR = re.compile(r"""\$(?:\.[\w-]+|\.?\['[^']+'\]|\[\d+\]|\[\*\])+""")
_STEP = re.compile(r"""\.([\w-]+)|\.?\['([^']+)'\]|\[(\d+|\*)\]""")
_PROPERTY = re.compile(r"IS\s+(NULL|TRUE|FALSE)\b|NOT\s+EXISTS\b")
_CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False}


@dataclass(frozen=True)
class Record:
    """A log event that is a JSON object.

    AWS does not say whether `$.field != value` holds for an event without the field. We read it as false, because there
    is nothing to compare; `absent_differs` is the other reading, so that a verdict can be shown not to hang on it.
    """

    content: dict[str, Any]
    absent_differs: bool = False


def read(message: str, absent_differs: bool = False) -> Record | None:
    """Parse a log event; anything but a JSON object is no record. Numbers keep their digits."""
    try:
        content = json.loads(message, parse_float=Decimal, parse_int=Decimal)
    except json.JSONDecodeError:
        return None
    return Record(content, absent_differs) if isinstance(content, dict) else None


def compile_json(text: str) -> Test[Record]:
    """Compile the whole pattern, braces included."""
    scanner = Scanner(text)
    scanner.expect("{")
    test = any_of(scanner, _condition)
    scanner.expect("}")
    if not scanner.ended():
        raise scanner.unexpected("the end")
    return test


def selected(content: Any, selector: str) -> list[Any]:
    """Return the values that a selector points at: none, one, or with [*] several."""
    found = [content]
    for step in _STEP.finditer(selector):
        name = step[1] or step[2]
        if name is not None:
            found = [node[name] for node in found if isinstance(node, dict) and name in node]
        elif step[3] == "*":
            found = [item for node in found if isinstance(node, list) for item in node]
        else:
            at = int(step[3])
            found = [node[at] for node in found if isinstance(node, list) and at < len(node)]
    return found


def is_selector(text: str) -> bool:
    """Say whether `text` points into a JSON object."""
    return _SELECTOR.fullmatch(text) is not None


def _condition(scanner: Scanner) -> Test[Record]:
    selector = scanner.match(_SELECTOR)
    if not selector:
        raise scanner.unexpected("a selector such as $.eventName")
    if stated := scanner.match(_PROPERTY):
        return _stated(selector[0], stated[1])
    symbol = scanner.match(values.OPERATOR)
    if not symbol:
        raise scanner.unexpected("an operator")
    return _compared(selector[0], symbol[0], values.comparison(symbol[0], values.read_wanted(scanner)))


def _stated(selector: str, constant: str | None) -> Test[Record]:
    if constant is None:
        return lambda record: not selected(record.content, selector)
    return lambda record: any(node is _CONSTANTS[constant] for node in selected(record.content, selector))


def _compared(selector: str, symbol: str, holds: Callable[[values.Value], bool]) -> Test[Record]:
    def test(record: Record) -> bool:
        found = selected(record.content, selector)
        if not found:
            return symbol == "!=" and record.absent_differs
        # objects, arrays, booleans and null are not compared: the format of the event does not fit the pattern
        return any(holds(node) for node in found if isinstance(node, str | Decimal))

    return test
