"""A resource that cannot be deleted keeps what it needs: CloudFormation goes on with the rest, but does not try those.

ministack tries all of them, so that a database which is protected from deletion would lose its subnets and its role.
"""

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any

from .refusals import seam

# Where the emulator calls it from.
_DELETING = ("ministack.services.cloudformation.handlers", "ministack.services.cloudformation.stacks")

# The resources of the stack that is being deleted which will not be tried; a forced deletion looks after itself.
_spared: ContextVar[dict[str, Any]] = ContextVar("spared")


def install() -> None:
    """Stand in front of every refusal: each may be what a deletion fails for."""
    seam.around("ministack.services.cloudformation.stacks", "_delete_resource", _sparing_what_it_needs)
    for module in _DELETING:
        seam.around(module, "_delete_stack_async", _putting_back)


def _putting_back(original: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., Coroutine[Any, Any, None]]:
    async def _delete_stack_async(stack_name: str, stack_id: str, retain: Any = (), force: bool = False) -> None:
        from ministack.services.cloudformation import _stacks

        if force:
            await original(stack_name, stack_id, retain, force=force)
            return
        token = _spared.set(spared := {})
        try:
            await original(stack_name, stack_id, retain)
        finally:
            _spared.reset(token)
        if spared:
            _stacks[stack_name]["_resources"].update(spared)

    return _delete_stack_async


def _sparing_what_it_needs(original: Callable[..., None]) -> Callable[..., None]:
    def _delete_resource(
        kind: str, physical_id: str, props: dict[str, Any], stack_name: str | None = None, logical_id: str | None = None
    ) -> None:
        try:
            original(kind, physical_id, props, stack_name, logical_id)
        except Exception:
            spared = _spared.get(None)
            if spared is not None and stack_name and logical_id:
                _spare(stack_name, logical_id, spared)
            raise

    return _delete_resource


def _spare(stack_name: str, logical_id: str, spared: dict[str, Any]) -> None:
    from ministack.services.cloudformation import _stacks, stacks

    stack = _stacks[stack_name]
    resources, defined = stack["_resources"], stack["_template"]["Resources"]
    for needed in stacks._with_dependencies([logical_id], defined, set(resources)) - {logical_id}:
        spared[needed] = resources.pop(needed)
