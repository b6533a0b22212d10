"""`Fn::Join` inside conditions, which ministack compares as it stands instead of joining it.

The CDK's bootstrap template asks whether anybody is trusted by joining a list: taken literally, the answer is always
yes, and its roles trust an account without a name. AWS joins.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

Parameters = dict[str, Any]

# Every module that took the function from the engine by name.
_EVALUATE = "_evaluate_conditions"
MODULES = ("engine", "stacks", "changesets", "handlers")


def install() -> None:
    """Join before ministack compares."""
    package = "ministack.services.cloudformation"
    original = getattr(importlib.import_module(f"{package}.engine"), _EVALUATE)

    @functools.wraps(original)
    def evaluate(template: dict[str, Any], params: Parameters) -> dict[str, Any]:
        conditions = {name: _joined(value, params) for name, value in (template.get("Conditions") or {}).items()}
        return original({**template, "Conditions": conditions}, params)

    for module in (importlib.import_module(f"{package}.{name}") for name in MODULES):
        if hasattr(module, _EVALUATE):
            setattr(module, _EVALUATE, evaluate)


def _joined(value: Any, params: Parameters) -> Any:
    if isinstance(value, list):
        return [_joined(item, params) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::Join"}:
        delimiter, items = value["Fn::Join"]
        texts = _texts(items, params)
        return value if texts is None else delimiter.join(texts)
    return {key: _joined(item, params) for key, item in value.items()}


def _texts(items: Any, params: Parameters) -> list[str] | None:
    """Return the strings to join, or nothing if one is known only to ministack."""
    if isinstance(items, dict):
        # A list parameter is one string here.
        text = _text(items, params)
        return None if text is None else [part.strip() for part in text.split(",")]
    texts = [_text(item, params) for item in items]
    return None if None in texts else [text for text in texts if text is not None]


def _text(item: Any, params: Parameters) -> str | None:
    if isinstance(item, str):
        return item
    if isinstance(item, dict) and set(item) == {"Ref"} and item["Ref"] in params:
        return str(params[item["Ref"]]["Value"])
    return None
