"""The right side of a comparison: a string with wildcards, a number, or a regular expression between % signs."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from .scanner import InvalidPattern, Scanner

Value = str | Decimal

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_REGEX = re.compile(r"%((?:[^%\\]|\\.)+)%")
# AWS wants all but letters, digits and wildcards quoted; its own examples leave addresses and numbers without quotes.
_BARE = re.compile(r"[\w.*+\-]+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_REGEX_ALLOWED = re.compile(r"[A-Za-z0-9_#=@/;,:\- ^$?\[\]{}|\\*+.]+")

_ORDER: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPERATOR = re.compile(r"!=|<=|>=|=|<|>")


def number(text: str) -> Decimal | None:
    """Return the number that `text` spells, if it spells one."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def unquoted(text: str) -> str:
    """Return what stands between quotation marks, without its backslashes."""
    return re.sub(r"\\(.)", r"\1", text)


@dataclass(frozen=True)
class Text:
    """A string; an asterisk that is the first or the last character stands for any text, elsewhere for itself."""

    text: str
    quoted: bool

    def equals(self, value: Value) -> bool:
        """Compare as numbers where both are, as text otherwise."""
        wanted = None if self.quoted else number(self.text)
        if wanted is not None and isinstance(value, Decimal):
            return value == wanted
        return self._has_form_of(str(value))

    def _has_form_of(self, text: str) -> bool:
        wanted, open_start, open_end = self.text, self.text.startswith("*"), self.text.endswith("*")
        if wanted.strip("*") == "" and wanted:
            return True
        if open_start and open_end:
            return wanted[1:-1] in text
        if open_start:
            return text.endswith(wanted[1:])
        if open_end:
            return text.startswith(wanted[:-1])
        return text == wanted


@dataclass(frozen=True)
class Regex:
    """A regular expression, found anywhere in the value."""

    expression: re.Pattern[str]

    def equals(self, value: Value) -> bool:
        """Look for the expression."""
        return self.expression.search(str(value)) is not None


Wanted = Text | Regex


def read_regex(scanner: Scanner) -> Regex | None:
    """Read a regular expression, if one comes next."""
    found = scanner.match(_REGEX)
    if not found:
        return None
    if not _REGEX_ALLOWED.fullmatch(found[1]):
        raise InvalidPattern(f"the regular expression '{found[1]}' has characters that are not supported")
    try:
        return Regex(re.compile(found[1], re.ASCII))
    except re.error as problem:
        raise InvalidPattern(f"the regular expression '{found[1]}' is none: {problem}") from problem


def read_wanted(scanner: Scanner) -> Wanted:
    """Read the right side of a comparison."""
    if regex := read_regex(scanner):
        return regex
    if quoted := scanner.match(_QUOTED):
        return Text(unquoted(quoted[1]), quoted=True)
    if bare := scanner.match(_BARE):
        return Text(bare[0], quoted=False)
    raise scanner.unexpected("a value")


def comparison(symbol: str, wanted: Wanted) -> Callable[[Value], bool]:
    """Return the test that `symbol wanted` is."""
    if symbol == "=":
        return wanted.equals
    if symbol == "!=":
        return lambda value: not wanted.equals(value)
    bound = number(wanted.text) if isinstance(wanted, Text) and not wanted.quoted else None
    if bound is None:
        raise InvalidPattern(f"'{symbol}' compares with a number only")
    return lambda value: isinstance(value, Decimal) and _ORDER[symbol](value, bound)
