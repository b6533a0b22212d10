"""`ERROR -Exiting "a phrase" ?WARN`: patterns for events of any form."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import values
from .scanner import Scanner

_TERM = re.compile(r'([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))')


def compile_terms(text: str) -> Callable[[str], bool]:
    """Compile terms: all must occur, those with - must not, of those with ? one is enough if there are no others."""
    scanner = Scanner(text)
    required: list[Callable[[str], bool]] = []
    excluded: list[str] = []
    optional: list[str] = []
    while not scanner.ended():
        if regex := values.read_regex(scanner):
            required.append(regex.equals)
            continue
        term = scanner.match(_TERM)
        if not term:
            raise scanner.unexpected("a term")
        word = values.unquoted(term[2]) if term[2] is not None else term[3]
        if term[1] == "-":
            excluded.append(word)
        elif term[1] == "?":
            optional.append(word)
        else:
            required.append(lambda message, word=word: word in message)
    if optional and not required and not excluded:
        return lambda message: any(word in message for word in optional)
    return lambda message: all(test(message) for test in required) and not any(word in message for word in excluded)
