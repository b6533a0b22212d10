"""From CloudFormation's property shapes to the API's: small helpers that every type and completion uses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def boolean(value: Any) -> bool:
    """Read a template's boolean, which may be a string."""
    return str(value).lower() == "true"


def pick(properties: dict[str, Any], *names: str, **renamed: str) -> dict[str, Any]:
    """Return the named properties that are set; `Api=Template` renames one on the way."""
    wanted = {name: name for name in names} | renamed
    return {api: properties[name] for api, name in wanted.items() if properties.get(name) is not None}


def booleans(properties: dict[str, Any], *names: str) -> dict[str, bool]:
    """Return the named properties that are set, as booleans."""
    return {name: boolean(properties[name]) for name in names if properties.get(name) is not None}


def integers(properties: dict[str, Any], *names: str) -> dict[str, int]:
    """Return the named properties that are set, as integers."""
    return {name: int(properties[name]) for name in names if properties.get(name) is not None}


def document(value: Any) -> str:
    """Return a policy document as the JSON text that APIs take."""
    return value if isinstance(value, str) else json.dumps(value)


def tag_list(properties: dict[str, Any], prop: str = "Tags") -> list[dict[str, str]]:
    """Return a template's tags, list or map, as the list that most APIs take.

    CloudFormation's own `aws:` tags are left out: no API lets anybody but CloudFormation set them.
    """
    tags = properties.get(prop) or []
    pairs: Iterable[tuple[str, Any]] = (
        tags.items() if isinstance(tags, dict) else ((t["Key"], t["Value"]) for t in tags)
    )
    return [{"Key": key, "Value": str(value)} for key, value in pairs if not key.startswith("aws:")]


def tag_map(properties: dict[str, Any], prop: str = "Tags") -> dict[str, str]:
    """Return a template's tags as a map."""
    return {tag["Key"]: tag["Value"] for tag in tag_list(properties, prop)}
