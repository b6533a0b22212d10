"""`[ip, user, ..., status = 4*, bytes]`: patterns for events whose fields are separated by spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import values
from .conditions import Test, any_of
from .scanner import Scanner

_FIELD = re.compile(r'\[([^\]]*)\]|"([^"]*)"|(\S+)')
_ELLIPSIS = "..."
_NAME = re.compile(r"[A-Za-z_]\w*")

Fields = dict[str, str]


@dataclass
class _Column:
    """One place of the pattern: its name, if it has one, and what must hold there."""

    names: list[str] = field(default_factory=list)
    test: Test[Fields] | None = None


class FieldPattern:
    """A compiled pattern."""

    def __init__(self, text: str) -> None:
        scanner = Scanner(text)
        scanner.expect("[")
        self._before: list[_Column] = []
        self._after: list[_Column] = []
        self._open = False
        columns = self._before
        while True:
            if scanner.take(_ELLIPSIS):
                if self._open:
                    raise scanner.unexpected("no second ellipsis")
                self._open, columns = True, self._after
            else:
                columns.append(_column(scanner))
            if not scanner.take(","):
                break
        scanner.expect("]")
        if not scanner.ended():
            raise scanner.unexpected("the end")

    def extract(self, message: str) -> Fields | None:
        """Return the fields by name (by number where they have none), or nothing if the event does not match."""
        found = [next(part for part in match.groups() if part is not None) for match in _FIELD.finditer(message)]
        between = len(found) - len(self._before) - len(self._after)
        if between < 0 or (between and not self._open):
            return None
        columns = [*self._before, *(_Column() for _ in range(between)), *self._after]
        fields = {
            (column.names[0] if column.names else str(at)): text
            for at, (column, text) in enumerate(zip(columns, found, strict=True), start=1)
        }
        tests = (column.test for column in columns)
        return fields if all(test(fields) for test in tests if test) else None


def _column(scanner: Scanner) -> _Column:
    column = _Column()

    def condition(inside: Scanner) -> Test[Fields]:
        name = inside.match(_NAME)
        if not name:
            raise inside.unexpected("the name of a field")
        if column.names and name[0] != column.names[0]:
            raise inside.unexpected(f"'{column.names[0]}', the field of this place,")
        column.names.append(name[0])
        symbol = inside.match(values.OPERATOR)
        if not symbol:
            return lambda fields: True
        holds = values.comparison(symbol[0], values.read_wanted(inside))
        numeric = symbol[0] in ("<", "<=", ">", ">=")

        def test(fields: Fields) -> bool:
            text = fields[name[0]]
            read = values.number(text)
            if numeric:
                return read is not None and holds(read)
            return holds(text)

        return test

    if scanner.peek(",") or scanner.peek("]"):
        return column
    column.test = any_of(scanner, condition)
    return column
