"""What the extension touches inside ministack is declared, and there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tapstack_local_aws import contract, metric_filters
from tapstack_local_aws.provisioning import ResourceType

PACKAGE = Path(contract.__file__).parent
# These declare what they touch in their own `TOUCHED`.
DECLARED_ELSEWHERE = ("authorization", "deliveries", "refusals")


def test_ministack_has_everything_that_is_touched() -> None:
    assert contract.missing(contract.all_touched()) == []


def test_a_missing_name_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(contract.TOUCHED, "ministack.services.ec2", ("_renamed_by_ministack",))
    with pytest.raises(contract.BrokenContract, match=r"has no ministack\.services\.ec2\._renamed_by_ministack$"):
        contract.install()


def test_a_missing_module_is_named_too() -> None:
    assert contract.missing([("ministack.services.gone", "anything")]) == ["ministack.services.gone.anything"]


def test_another_version_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "MINISTACK_VERSION", "1.5.32")
    with pytest.raises(contract.BrokenContract, match=r"made for ministack 1\.5\.32, found "):
        contract.install()


def _touched_by(source: Path) -> Iterator[tuple[str, str]]:
    """Yield every name that a module takes from ministack, by import or as an attribute of an imported module."""
    tree = ast.parse(source.read_text())
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack"):
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                is_module = contract.missing([(str(node.module), alias.name)]) != [] or _is_module(name)
                imported |= {alias.asname or alias.name: name} if is_module else {}
                if not is_module:
                    yield str(node.module), alias.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported:
            yield imported[node.value.id], node.attr


def _is_module(name: str) -> bool:
    try:
        __import__(name)
    except ModuleNotFoundError:
        return False
    return True


def test_every_name_taken_from_ministack_is_declared() -> None:
    sources = [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in DECLARED_ELSEWHERE]
    touched = {name for source in sources for name in _touched_by(source)}
    declared = {(module, name) for module, names in contract.TOUCHED.items() for name in names}
    declared |= set(metric_filters.touched())
    assert sorted(touched - declared) == []


def test_no_type_of_ours_is_one_that_ministack_has() -> None:
    """A type that a later ministack brings along would be left to it silently: decide instead."""
    import importlib
    import pkgutil

    from ministack.services.cloudformation import provisioners

    from tapstack_local_aws import types

    modules = [
        importlib.import_module(f"{types.__name__}.{found.name}") for found in pkgutil.iter_modules(types.__path__)
    ]
    ours: list[ResourceType] = [each for module in modules for each in module.TYPES]
    assert [each.name for each in ours if each.name in provisioners._RESOURCE_HANDLERS] == []
