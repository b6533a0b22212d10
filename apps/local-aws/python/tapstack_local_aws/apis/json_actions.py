"""Amending the actions of ministack's JSON-protocol services, whose dispatch tables live inside a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

from ministack.core.responses import error_response_json, json_response

Body = dict[str, Any]


class InvalidRequest(Exception):
    """What the service answers with an error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def add(module: ModuleType, actions: dict[str, Callable[[Body], Body]]) -> None:
    """Let a service answer actions that it does not know, or that it answers wrongly."""
    original = module.handle_request

    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Any:
        perform = actions.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if perform is None:
            return await original(method, path, headers, body, query_params)
        try:
            return json_response(perform(json.loads(body or b"{}")))
        except InvalidRequest as problem:
            return error_response_json(problem.code, str(problem), 400)

    module.handle_request = handle_request  # type: ignore[attr-defined]
