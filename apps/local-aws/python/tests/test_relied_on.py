"""Every property that a check relies on is applied: seen in the service's own API, not only accepted."""

from __future__ import annotations

import pytest
from conftest import LocalAws, Stacks
from templates import TEMPLATES

from tapstack_local_aws.ledger.relied_on import RELIED_ON


@pytest.mark.parametrize("name", TEMPLATES)
def test_relied_on_properties_are_applied(local: LocalAws, stacks: Stacks, name: str) -> None:
    stacks.deploy(name, TEMPLATES[name])
    status, ledger = local.call("GET", f"ledger?stack={name}")
    assert status == 200
    assert ledger["reliedOnButNotApplied"] == []
    assert ledger["summary"]["dropped"] == 0
    assert ledger["summary"]["applied"] > 0
    stacks.empty_buckets(name)
    assert stacks.delete(name) == "DELETE_COMPLETE", stacks.reasons(name)


def test_every_relied_on_property_is_set_by_a_template() -> None:
    set_somewhere = {
        (resource["Type"], prop)
        for resources in TEMPLATES.values()
        for resource in resources.values()
        for prop in resource["Properties"]
    }
    relied_on = {(type_name, prop) for type_name, props in RELIED_ON.items() for prop in props}
    assert sorted(relied_on - set_somewhere) == []


def test_a_relied_on_property_that_is_gone_is_reported(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("tampered", {"Store": TEMPLATES["messaging"]["AccessLogs"]})
    local.client("s3").delete_bucket_lifecycle(Bucket=stacks.physical_id("tampered", "Store"))
    _, ledger = local.call("GET", "ledger?stack=tampered")
    assert [(each["logicalId"], each["property"], each["status"]) for each in ledger["reliedOnButNotApplied"]] == [
        ("Store", "LifecycleConfiguration", "dropped")
    ]
