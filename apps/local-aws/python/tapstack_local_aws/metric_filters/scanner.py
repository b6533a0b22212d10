"""Reading a pattern from left to right."""

from __future__ import annotations

import re


class InvalidPattern(ValueError):
    """The pattern is not one; the message says where it ends to be."""


class Scanner:
    """A position in a pattern. White space before a token never counts."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def take(self, token: str) -> bool:
        """Pass `token` if it comes next."""
        return self.match(re.compile(re.escape(token))) is not None

    def peek(self, token: str) -> bool:
        """Say whether `token` comes next, without passing it."""
        return self._text.startswith(token, self._start())

    def expect(self, token: str) -> None:
        """Pass `token`, which must come next."""
        if not self.take(token):
            raise self.unexpected(f"'{token}'")

    def match(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        """Pass what `expression` matches, if it comes next."""
        start = self._start()
        found = expression.match(self._text, start)
        if found and found.end() > start:
            self._at = found.end()
            return found
        return None

    def ended(self) -> bool:
        """Say whether nothing but white space is left."""
        return self._start() == len(self._text)

    def unexpected(self, wanted: str) -> InvalidPattern:
        """Return the error for what stands here instead of `wanted`."""
        return InvalidPattern(f"expected {wanted} at '{self._text[self._start() :][:20]}' of '{self._text}'")

    def _start(self) -> int:
        at = self._at
        while at < len(self._text) and self._text[at].isspace():
            at += 1
        return at
