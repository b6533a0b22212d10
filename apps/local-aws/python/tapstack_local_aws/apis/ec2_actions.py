"""Amending ministack's EC2 actions: parameters on the way in, elements of the answer on the way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

from ministack.services import ec2

Parameters = dict[str, Any]
Element = ElementTree.Element
After = Callable[[Parameters, Element], None]

_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"


class InvalidRequest(Exception):
    """What EC2 answers with an error code."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code that clients look for."""
        super().__init__(message)
        self.code = code


def amend(action: str, after: After, before: Callable[[Parameters], None] | None = None) -> None:
    """Run `before` ahead of an action of ministack, and `after` on its successful answer."""
    original = ec2._ACTION_MAP[action]

    def amended(parameters: Parameters) -> Any:
        try:
            if before:
                before(parameters)
            status, headers, body = original(parameters)
            if status != 200:
                return status, headers, body
            root = ElementTree.fromstring(re.sub(rb' xmlns="[^"]*"', b"", body, count=1))
            after(parameters, root)
        except InvalidRequest as problem:
            return ec2._error(problem.code, str(problem), 400)
        root.set("xmlns", _NAMESPACE)
        return status, headers, ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)

    ec2._ACTION_MAP[action] = amended


def add(action: str, perform: Callable[[Parameters], Element | None]) -> None:
    """Add an action that ministack lacks; the element it returns is added to the answer, `true` when there is none."""

    def added(parameters: Parameters) -> Any:
        try:
            element = perform(parameters)
        except InvalidRequest as problem:
            return ec2._error(problem.code, str(problem), 400)
        inner = "<return>true</return>" if element is None else ElementTree.tostring(element, encoding="unicode")
        return ec2._xml(200, f"{action}Response", inner)

    ec2._ACTION_MAP.setdefault(action, added)


def text(parameters: Parameters, name: str) -> str:
    """Return a parameter, empty when it was not sent."""
    return str(ec2._p(parameters, name))


def numbered(parameters: Parameters, prefix: str) -> Iterator[str]:
    """Yield `prefix.1`, `prefix.2` … for as long as parameters begin with them."""
    number = 1
    while any(name == f"{prefix}.{number}" or name.startswith(f"{prefix}.{number}.") for name in parameters):
        yield f"{prefix}.{number}"
        number += 1


def items(root: Element, identifier: str) -> Iterator[tuple[str, Element]]:
    """Yield every element that has a direct child `identifier`, with that child's text."""
    for element in list(root.iter()):
        found = element.find(identifier)
        if found is not None and found.text:
            yield found.text, element


def put(parent: Element, tag: str, value: Any) -> Element:
    """Set a child to a text, to a structure (a mapping) or to a list of items; replace what ministack wrote there."""
    for existing in parent.findall(tag):
        parent.remove(existing)
    child = ElementTree.SubElement(parent, tag)
    if isinstance(value, dict):
        for name, inner in value.items():
            put(child, name, inner)
    elif isinstance(value, list):
        for inner in value:
            item = ElementTree.SubElement(child, "item")
            if isinstance(inner, dict):
                for name, member in inner.items():
                    put(item, name, member)
            else:
                item.text = str(inner)
    else:
        child.text = str(value).lower() if isinstance(value, bool) else str(value)
    return child
