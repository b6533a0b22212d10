"""Readers: from what a service's API answers to CloudFormation's property shapes, one module per service."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Properties = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Reads a type's resources back. A property in `reads` that `read` does not answer counts as dropped.

    Lists in `open` may hold more than the template says.
    """

    type_name: str
    read: Callable[[str, Properties], Properties]
    reads: frozenset[str]
    open: frozenset[str]


def reader(
    type_name: str, *reads: str, open_lists: tuple[str, ...] = ()
) -> Callable[[Callable[[str, Properties], Properties]], Reader]:
    """Make a function `(physical id, template's properties) -> actual properties` the reader of a type."""

    def make(read: Callable[[str, Properties], Properties]) -> Reader:
        return Reader(type_name, read, frozenset(reads), frozenset((*open_lists, "Tags")))

    return make


@functools.cache
def _all() -> dict[str, Reader]:
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Reader)]
    return {each.type_name: each for each in found}


def reader_of(type_name: str) -> Reader | None:
    """Return the reader of a type, if there is one."""
    return _all().get(type_name)
