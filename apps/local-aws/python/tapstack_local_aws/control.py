"""The local AWS's own pages under `/_local/`, in front of ministack's application.

They answer on loopback to whoever can reach it, like the root keys `test`/`test` do.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs

from . import __version__, deliveries, ledger, refusals, sessions
from .control_answer import Answer
from .environment import Settings
from .metrics import elapsed

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_PREFIX = "/_local/"
_MAX_BODY_BYTES = 64 * 1024


class Control:
    """An application that answers `/_local/` itself and hands everything else on."""

    def __init__(self, application: Application, settings: Settings) -> None:
        """Wrap an application."""
        self._application = application
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request."""
        if scope["type"] == "http" and scope["path"].startswith(_PREFIX):
            answer = await self._answer(scope, receive)
            await _send_json(send, answer)
            return
        if scope["type"] in ("http", "websocket"):
            # ministack takes this header's word for TLS; only the wire may decide `aws:SecureTransport`.
            scope = {**scope, "headers": [h for h in scope["headers"] if h[0].lower() != b"x-forwarded-proto"]}
        await self._application(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        page = scope["method"], scope["path"].removeprefix(_PREFIX)
        query = {key: values[-1] for key, values in parse_qs(scope["query_string"].decode()).items()}
        if page == ("GET", "health"):
            return Answer(200, self._health())
        if page == ("GET", "ledger"):
            return await asyncio.to_thread(ledger.answer, query)
        if page == ("POST", "sessions"):
            return await asyncio.to_thread(sessions.answer, await _read_body(receive))
        if page == ("POST", "elapsed"):
            return await asyncio.to_thread(elapsed.answer, await _read_body(receive))
        return Answer(404, {"error": f"no page '{scope['method']} {scope['path']}'"})

    def _health(self) -> dict[str, Any]:
        return {
            "status": "ready",
            "ministack": version("ministack"),
            "extension": __version__,
            "port": self._settings.port,
            "httpPort": self._settings.http_port,
            "pid": os.getpid(),
            "refusals": refusals.names(),
            "deliveries": deliveries.names(),
        }


async def _read_body(receive: Receive) -> bytes:
    body = b""
    while len(body) <= _MAX_BODY_BYTES:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body


async def _send_json(send: Send, answer: Answer) -> None:
    body = json.dumps(answer.body, indent=2, sort_keys=True, default=str).encode() + b"\n"
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
