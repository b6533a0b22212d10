"""The tables of rules: every rule is tested, and every private name of the emulator is declared."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tapstack_local_aws import deliveries, refusals

ROOT = Path(__file__).resolve().parents[1]
RULES = [*deliveries.RULES, *refusals.RULES]
TOUCHED = {*deliveries.TOUCHED, *refusals.TOUCHED}
SOURCES = [*(ROOT / "tapstack_local_aws/deliveries").glob("*.py"), *(ROOT / "tapstack_local_aws/refusals").glob("*.py")]


def test_ids_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert [*deliveries.names(), *refusals.names()] == [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_aws_does_where_and_is_tested(rule: refusals.Rule) -> None:
    assert rule.says and rule.doc.startswith("https://")
    named = f"def test_{rule.id.replace('-', '_')}"
    tests = [*ROOT.glob("tests/test_deliveries_*.py"), *ROOT.glob("tests/test_refusals_*.py")]
    assert any(named in file.read_text() for file in tests), f"no test is named after {rule.id}"


def test_every_private_name_is_declared() -> None:
    services = {module.rpartition(".")[2] for module, _ in TOUCHED} | {"logs"}
    use = re.compile(rf"\b({'|'.join(sorted(services))})\.(_[a-z]\w*)")
    declared = {(module.rpartition(".")[2], name) for module, name in TOUCHED}
    used = {(module, name) for source in SOURCES for module, name in use.findall(source.read_text())}
    used = {("cloudwatch_logs" if module == "logs" else module, name) for module, name in used}
    assert used and used <= declared, sorted(used - declared)


def test_every_declared_name_exists() -> None:
    script = "import sys, importlib\n" + "\n".join(
        f"getattr(importlib.import_module({module!r}), {name!r})" for module, name in sorted(TOUCHED)
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
