"""Change sets say of every changed property whether it makes a new resource, as the schema of its type says it.

ministack has a table for some types, and calls everything else conditional. `replacements.json` is made of the schemas
that CloudFormation publishes (`tools/replacement-data.ts`).
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from .refusals import seam

_CLOUDFORMATION = "ministack.services.cloudformation"
# The same function under the names of both modules that call it: one tells, the other one does.
_TELLS, _DOES = f"{_CLOUDFORMATION}.stacks", f"{_CLOUDFORMATION}.provisioners"

TOUCHED = [(module, "_property_recreation") for module in (_TELLS, _DOES)]


def install() -> None:
    """Take the place of ministack's table wherever the schema is known."""
    seam.around(_TELLS, "_property_recreation", _by_schema)
    seam.around(_DOES, "_property_recreation", _as_it_is_done)


def recreation(type_name: str, prop: str) -> str | None:
    """Return what a change set says in `RequiresRecreation`; nothing for a type without a schema."""
    schema = _schemas().get(type_name)
    if schema is None:
        return None
    if prop in schema["always"]:
        return "Always"
    return "Conditionally" if prop in schema["conditionally"] else "Never"


def _by_schema(original: Any) -> Any:
    def property_recreation(resource_type: str, name: str) -> str:
        found: str = recreation(resource_type, name) or original(resource_type, name)
        return found

    return property_recreation


def _as_it_is_done(original: Any) -> Any:
    """Where the schema leaves it open, the type of the local AWS that makes a new resource does so."""

    def property_recreation(resource_type: str, name: str) -> str:
        own: str = original(resource_type, name)
        return own if own == "Always" else recreation(resource_type, name) or own

    return property_recreation


@functools.cache
def _schemas() -> dict[str, dict[str, list[str]]]:
    schemas: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_suffix(".json").read_bytes())
    return schemas
