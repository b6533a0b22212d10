"""How our resource types and completions enter ministack's CloudFormation.

A *type* is one that ministack lacks altogether. A *completion* runs after ministack's own create or update of a type
and sets, through the service's public API, the properties that ministack dropped. Both call that API over HTTP, so
both run on worker threads: on the event loop the call would wait for itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from ministack.core.responses import new_uuid
from ministack.services.cloudformation import provisioners, stacks

Properties = dict[str, Any]
Attributes = dict[str, Any]

_ours: set[str] = set()
_only_recorded: set[str] = set()


@dataclass(frozen=True)
class Request:
    """What CloudFormation asks for: a resource of a stack, with resolved properties."""

    logical_id: str
    properties: Properties
    stack_name: str

    def name(self, prop: str, max_length: int = 128) -> str:
        """Return the name the template gives in `prop`, or one as CloudFormation generates it."""
        if given := self.properties.get(prop):
            return str(given)
        suffix = "-" + new_uuid().replace("-", "")[:12].upper()
        return f"{self.stack_name}-{self.logical_id}"[: max_length - len(suffix)] + suffix


@dataclass(frozen=True)
class Created:
    """What `Ref` and `Fn::GetAtt` answer for a resource."""

    physical_id: str
    attributes: Attributes


@dataclass(frozen=True)
class ResourceType:
    """A CloudFormation type.

    A change of a property named in `replacing`, or of any property when there is no `update`, makes a new resource;
    ministack deletes the old one when the update succeeds.
    """

    name: str
    create: Callable[[Request], Created]
    delete: Callable[[str, Properties], None]
    update: Callable[[str, Properties, Request], Created] | None = None
    replacing: tuple[str, ...] = ()
    taggable: bool = True
    # No API behind it: the resource exists in the stack only, and the ledger says so.
    only_recorded: bool = False


def register(*types: ResourceType) -> None:
    """Add types; one that ministack already has is left to it."""
    for resource_type in types:
        if resource_type.name in provisioners._RESOURCE_HANDLERS:
            continue
        provisioners._RESOURCE_HANDLERS[resource_type.name] = _handlers(resource_type)
        if resource_type.update:
            provisioners._REPLACING_PROPERTIES[resource_type.name] = resource_type.replacing
        if resource_type.taggable:
            provisioners._STACK_TAG_PROPERTY[resource_type.name] = ("Tags", "list")
        if resource_type.only_recorded:
            _only_recorded.add(resource_type.name)
        _ours.add(resource_type.name)


def is_only_recorded(type_name: str) -> bool:
    """Return whether resources of this type exist in the stack only."""
    return type_name in _only_recorded


def _handlers(resource_type: ResourceType) -> dict[str, Any]:
    def create(logical_id: str, properties: Properties, stack_name: str) -> tuple[str, Attributes]:
        created = resource_type.create(Request(logical_id, properties, stack_name))
        return created.physical_id, created.attributes

    def delete(physical_id: str, properties: Properties) -> None:
        with already_gone_is_fine():
            resource_type.delete(physical_id, properties)

    handlers: dict[str, Any] = {"create": create, "delete": delete}
    if update_in_place := resource_type.update:

        def update(
            physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str
        ) -> tuple[str, Attributes]:
            updated = update_in_place(physical_id, old, Request(logical_id, new, stack_name))
            return updated.physical_id, updated.attributes

        handlers |= {"update": update, "update_with_logical_id": True}
    return handlers


Completion = Callable[[str, Properties, Properties], Attributes | None]

_asked: ContextVar[Request] = ContextVar("asked")


def asked() -> Request:
    """Return what CloudFormation asks for, while a completion runs."""
    return _asked.get()


@contextlib.contextmanager
def _asking(request: Request) -> Iterator[None]:
    token = _asked.set(request)
    try:
        yield
    finally:
        _asked.reset(token)


def complete(type_name: str, completion: Completion) -> None:
    """Run `completion(physical id, properties, previous properties)` after each create and update of a type.

    What it returns is added to the attributes that `Fn::GetAtt` answers. Previous properties are empty on create.
    """
    handlers = provisioners._RESOURCE_HANDLERS[type_name]
    create, delete, update = handlers["create"], handlers["delete"], handlers.get("update")

    def completed_create(logical_id: str, properties: Properties, stack_name: str) -> tuple[str, Attributes]:
        physical_id, attributes = create(logical_id, properties, stack_name)
        try:
            with _asking(Request(logical_id, properties, stack_name)):
                more = completion(physical_id, properties, {})
        except Exception:
            # ministack only rolls back what a create returned; this resource would stay behind.
            with contextlib.suppress(Exception):
                delete(physical_id, properties)
            raise
        return physical_id, {**(attributes or {}), **(more or {})}

    handlers["create"] = completed_create
    if update:

        def completed_update(
            physical_id: str, old: Properties, new: Properties, stack_name: str, *rest: Any
        ) -> tuple[str, Attributes]:
            new_id, attributes = update(physical_id, old, new, stack_name, *rest)
            with _asking(Request(rest[0] if rest else "", new, stack_name)):
                more = completion(new_id, new, old if new_id == physical_id else {})
            return new_id, {**(attributes or {}), **(more or {})}

        handlers["update"] = completed_update
    _ours.add(type_name)


def amend(type_name: str, amendment: Callable[[Properties], Properties]) -> None:
    """Have ministack create and update a type with other properties than the template's; the template keeps its own."""
    handlers = provisioners._RESOURCE_HANDLERS[type_name]
    create, update = handlers["create"], handlers.get("update")

    def amended_create(logical_id: str, properties: Properties, *rest: Any) -> tuple[str, Attributes]:
        created: tuple[str, Attributes] = create(logical_id, amendment(properties), *rest)
        return created

    handlers["create"] = amended_create
    if update:

        def amended_update(physical_id: str, old: Properties, new: Properties, *rest: Any) -> tuple[str, Attributes]:
            updated: tuple[str, Attributes] = update(physical_id, amendment(old), amendment(new), *rest)
            return updated

        handlers["update"] = amended_update


def before_delete(type_name: str, step: Callable[[str, Properties], None]) -> None:
    """Run `step(physical id, properties)` ahead of each delete of a type."""
    handlers = provisioners._RESOURCE_HANDLERS[type_name]
    delete = handlers["delete"]

    def stepped_delete(physical_id: str, properties: Properties, *rest: Any) -> None:
        with already_gone_is_fine():
            step(physical_id, properties)
        delete(physical_id, properties, *rest)

    handlers["delete"] = stepped_delete
    _ours.add(type_name)


def install() -> None:
    """Have ministack run our types on worker threads."""
    ministack_runs_on_worker = stacks._runs_on_worker_thread

    def runs_on_worker_thread(type_name: str) -> bool:
        return type_name in _ours or ministack_runs_on_worker(type_name)

    stacks._runs_on_worker_thread = runs_on_worker_thread


@contextlib.contextmanager
def already_gone_is_fine() -> Iterator[None]:
    """Let a delete succeed when there is nothing left to delete."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if not any(word in code for word in ("NotFound", "NoSuch", "DoesNotExist")):
            raise
