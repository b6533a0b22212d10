"""What EC2 answered, as CloudTrail's `responseElements`: the id of what a call has made stands nowhere else."""

from __future__ import annotations

import contextvars
import re
from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree import ElementTree

_NUMBERS = ("fromPort", "toPort")

_answer: contextvars.ContextVar[bytes] = contextvars.ContextVar("ec2_answer", default=b"")


def remembering(handle_request: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Keep the answer of the request being served until the call is recorded."""

    async def remember(*arguments: Any) -> Any:
        answer = await handle_request(*arguments)
        _answer.set(answer[2] if answer[0] == 200 else b"")
        return answer

    return remember


def remembered() -> dict[str, Any] | None:
    """Return the remembered answer in CloudTrail's shape."""
    body = _answer.get()
    if not body:
        return None
    root = ElementTree.fromstring(re.sub(rb' xmlns="[^"]*"', b"", body, count=1))
    shaped = _shaped(root)
    return {("_return" if name == "return" else name): value for name, value in shaped.items()}


def _shaped(element: ElementTree.Element) -> Any:
    children = list(element)
    if not children:
        text = (element.text or "").strip()
        if element.tag in _NUMBERS and text.lstrip("-").isdecimal():
            return int(text)
        return {"true": True, "false": False}.get(text, text)
    if all(child.tag == "item" for child in children):
        return {"items": [_shaped(child) for child in children]}
    return {child.tag: _shaped(child) for child in children}
