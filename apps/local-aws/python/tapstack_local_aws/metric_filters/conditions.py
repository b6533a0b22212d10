"""Conditions joined by && and ||, in parentheses: the part that JSON and space-delimited patterns share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .scanner import Scanner

Subject = TypeVar("Subject")
Test = Callable[[Subject], bool]


def any_of(scanner: Scanner, condition: Callable[[Scanner], Test[Subject]]) -> Test[Subject]:
    """Read `a || b`; && binds tighter."""
    tests = [_all_of(scanner, condition)]
    while scanner.take("||"):
        tests.append(_all_of(scanner, condition))
    return lambda subject: any(test(subject) for test in tests)


def _all_of(scanner: Scanner, condition: Callable[[Scanner], Test[Subject]]) -> Test[Subject]:
    tests = [_one(scanner, condition)]
    while scanner.take("&&"):
        tests.append(_one(scanner, condition))
    return lambda subject: all(test(subject) for test in tests)


def _one(scanner: Scanner, condition: Callable[[Scanner], Test[Subject]]) -> Test[Subject]:
    if not scanner.take("("):
        return condition(scanner)
    inside = any_of(scanner, condition)
    scanner.expect(")")
    return inside
