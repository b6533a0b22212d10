"""Who from outside of the account a policy lets in, as IAM Access Analyzer finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..refusals.principals import statements

# Conditions that keep everybody out but this account, by the account or by an ARN that it stands in.
_BY_ACCOUNT = ("aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "kms:calleraccount")
_BY_ARN = ("aws:principalarn", "aws:sourcearn")
_POSITIVE = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike")


@dataclass(frozen=True)
class Outsider:
    """Somebody who is let in, and to what."""

    principal: dict[str, str]
    actions: tuple[str, ...]
    condition: dict[str, str]

    @property
    def is_everybody(self) -> bool:
        """Whether it is anybody at all."""
        return self.principal == {"AWS": "*"} and not self.condition


def let_in(policy: str | dict[str, Any] | None, account: str) -> Iterator[Outsider]:
    """Find everybody outside of `account` whom a policy lets in; services of AWS are trusted."""
    for statement in statements(policy):
        condition = statement.get("Condition") or {}
        if statement.get("Effect") != "Allow" or _holds_inside(condition, account):
            continue
        for kind, name in _principals(statement):
            if kind == "Federated" or (kind == "AWS" and _account_of(name) != account):
                yield Outsider({kind: name}, tuple(_texts(statement.get("Action"))), _flat(condition))


def _principals(statement: dict[str, Any]) -> Iterator[tuple[str, str]]:
    named = statement.get("Principal", "*")
    if isinstance(named, str):
        yield "AWS", named
        return
    for kind, names in named.items():
        for name in _texts(names):
            yield kind, name


def _account_of(principal: str) -> str:
    parts = principal.split(":")
    return parts[4] if len(parts) > 4 else principal


def _holds_inside(condition: dict[str, Any], account: str) -> bool:
    return any(
        (key.lower() in _BY_ACCOUNT and all(value == account for value in _texts(values)))
        or (key.lower() in _BY_ARN and all(_account_of(value) == account for value in _texts(values)))
        for operator, keys in condition.items()
        if operator.lower() in _POSITIVE
        for key, values in keys.items()
    )


def _flat(condition: dict[str, Any]) -> dict[str, str]:
    return {key: ",".join(_texts(values)) for keys in condition.values() for key, values in keys.items()}


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]
