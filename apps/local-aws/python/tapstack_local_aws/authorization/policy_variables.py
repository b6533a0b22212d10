"""Policy variables: `arn:aws:iam::…:user/${aws:username}` names the user who calls.

ministack takes them literally, and such a statement matches nothing. A variable that the request has no value for makes
its resource, or its condition, match nothing in AWS as well.
See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, ParsedStatement

from ..refusals import seam

_MODULE = "ministack.core.iam_evaluator"
TOUCHED: list[tuple[str, str]] = [
    (_MODULE, name) for name in ("_first_match", "_resolve_condition_key", "EvalContext", "ParsedStatement")
]

# `${key}` or `${key, 'default'}`; `${*}`, `${?}` and `${$}` stand for themselves.
_VARIABLE = re.compile(r"\$\{([\w.:/@-]+)(?:,\s*'([^']*)')?\}")


def install() -> None:
    """Replace variables before statements are compared."""
    seam.around(_MODULE, "_first_match", _replacing)


def _replacing(original: Any) -> Any:
    def _first_match(context: EvalContext, statements: list[ParsedStatement], effect: str) -> ParsedStatement | None:
        for statement in statements:
            # one by one, so that the statement that is answered is the policy's own
            if original(context, [_with_values(statement, context)], effect):
                return statement
        return None

    return _first_match


def _with_values(statement: ParsedStatement, context: EvalContext) -> ParsedStatement:
    texts = (*statement.resources, *statement.not_resources, str(statement.conditions))
    if not any("${" in text for text in texts):
        return statement
    return dataclasses.replace(
        statement,
        resources=_replaced(statement.resources, context),
        not_resources=_replaced(statement.not_resources, context),
        conditions={
            operator: {key: _replaced(_listed(values), context) for key, values in keys.items()}
            for operator, keys in statement.conditions.items()
        },
    )


def _replaced(texts: list[str], context: EvalContext) -> list[str]:
    def value(match: re.Match[str]) -> str:
        found = iam_evaluator._resolve_condition_key(match[1], context)
        if isinstance(found, str) and found:
            return found
        # as it stands it matches nothing
        return match[0] if match[2] is None else str(match[2])

    return [_VARIABLE.sub(value, text) for text in texts]


def _listed(values: Any) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else [str(values)]
