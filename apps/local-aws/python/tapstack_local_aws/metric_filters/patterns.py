"""A pattern of any of the three kinds, compiled once and asked often."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .conditions import Test
from .field_patterns import FieldPattern
from .json_patterns import Record, compile_json, read, selected
from .term_patterns import compile_terms

_MAXIMUM = 1024


class Pattern:
    """A compiled pattern."""

    def __init__(self, text: str) -> None:
        kind = text.strip()[:1]
        self._json: Test[Record] | None = compile_json(text) if kind == "{" else None
        self._fields = FieldPattern(text) if kind == "[" else None
        self._terms = compile_terms(text) if kind not in ("{", "[") else None

    def matches(self, message: str, *, absent_differs: bool = False) -> bool:
        """Say whether a log event matches; see `Record` for `absent_differs`."""
        if self._json:
            record = read(message, absent_differs)
            return record is not None and self._json(record)
        if self._fields:
            return self._fields.extract(message) is not None
        return self._terms is not None and self._terms(message)

    def extracted(self, message: str) -> dict[str, str]:
        """Return the fields of a space-delimited event under the names TestMetricFilter gives them."""
        fields = self._fields.extract(message) if self._fields else None
        return {f"${name}": text for name, text in (fields or {}).items()}

    def value(self, message: str, reference: str) -> Any:
        """Return what `$.selector` or `$field` stands for in an event, or nothing."""
        if self._fields:
            return self.extracted(message).get(reference)
        record = read(message)
        return next(iter(selected(record.content, reference)), None) if record else None


@lru_cache(maxsize=_MAXIMUM)
def compiled(text: str) -> Pattern:
    """Compile a pattern; raise `InvalidPattern` if it is none."""
    return Pattern(text)
