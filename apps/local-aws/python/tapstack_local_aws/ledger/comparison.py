"""Whether what an API answers is what a template asked for: a pure comparison of normalised values."""

from __future__ import annotations

import json
from typing import Any

_ABSENT = "(absent)"
# Members of a policy where one value and a list of one mean the same.
_SINGLE_OR_LIST = {"Action", "NotAction", "Resource", "NotResource", "Statement"}


def differences(path: str, wanted: Any, actual: Any, *, extras_allowed: bool = False) -> list[dict[str, Any]]:
    """Return where `actual` differs from `wanted`; nothing when it is equal.

    An answer may say more than a template does (defaults, generated ids), so members that the template does not set
    are not looked at. The order of a list does not count; its length does, unless extras are allowed, as for tags and
    rules that other resources may add to.
    """
    return _differences(path, normalised(wanted), normalised(actual), extras_allowed)


def _differences(path: str, wanted: Any, actual: Any, extras_allowed: bool) -> list[dict[str, Any]]:
    if isinstance(wanted, dict) and isinstance(actual, dict):
        return [
            found
            for name, inner in wanted.items()
            for found in _differences(f"{path}.{name}", inner, actual.get(name), extras_allowed)
        ]
    if isinstance(wanted, list) and isinstance(actual, list):
        return _list_differences(path, wanted, actual, extras_allowed)
    if _same(wanted, actual) or _empty(wanted) and _empty(actual):
        return []
    return [{"path": path, "expected": wanted, "actual": _ABSENT if actual is None else actual}]


def _list_differences(path: str, wanted: list[Any], actual: list[Any], extras_allowed: bool) -> list[dict[str, Any]]:
    left = list(actual)
    found: list[dict[str, Any]] = []
    for index, item in enumerate(wanted):
        ways = [_differences(f"{path}[{index}]", item, other, extras_allowed) for other in left]
        if not ways:
            found.append({"path": f"{path}[{index}]", "expected": item, "actual": _ABSENT})
            continue
        # The nearest one is the one that was meant; an equal one is the nearest of all.
        nearest = min(range(len(ways)), key=lambda way: len(ways[way]))
        found += ways[nearest]
        left.pop(nearest)
    if left and not extras_allowed:
        found.append({"path": path, "expected": "nothing more", "actual": left})
    return found


def _same(wanted: Any, actual: Any) -> bool:
    if wanted == actual:
        return True
    if isinstance(wanted, str) and isinstance(actual, str):
        # An id or a name and the ARN that ends in it are the same thing.
        short, long = sorted((wanted, actual), key=len)
        return long.startswith("arn:") and not short.startswith("arn:") and long.endswith((f"/{short}", f":{short}"))
    return False


def _empty(value: Any) -> bool:
    return value in (None, "", [], {})


def normalised(value: Any) -> Any:
    """Bring a value to one spelling: numbers and booleans as text, JSON text as structure, policies with lists."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return _parsed(value)
    if isinstance(value, list | tuple):
        return [normalised(item) for item in value]
    if isinstance(value, dict):
        is_policy = "Effect" in value or "Statement" in value
        return {name: _member(name, inner, is_policy) for name, inner in value.items()}
    return value


def _member(name: str, value: Any, is_policy: bool) -> Any:
    if is_policy and name == "Principal":
        principals = {"AWS": "*"} if value == "*" else value
        return {kind: normalised(_listed(who)) for kind, who in principals.items()}
    if is_policy and name == "Condition":
        return {
            operator: {key: normalised(_listed(values)) for key, values in keys.items()}
            for operator, keys in value.items()
        }
    if is_policy and name in _SINGLE_OR_LIST:
        return normalised(_listed(value))
    return normalised(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _parsed(text: str) -> Any:
    stripped = text.strip()
    if stripped in ("True", "False"):
        return stripped.lower()
    if stripped[:1] in "{[" and stripped:
        try:
            return normalised(json.loads(stripped))
        except ValueError:
            return text
    try:
        number = float(stripped)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and "e" not in stripped.lower() and stripped[0] != "0" else text
