"""A change set tells which resources an update replaces, and executing it does what was told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Stacks
from drills import unique
from templates.parts import ref, resource


def change_set(client: Callable[..., Any], name: str, resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the changes that a template would make to a stack, by logical id."""
    cloudformation = client("cloudformation")
    cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="update",
        TemplateBody=json.dumps({"Resources": resources}),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    changes = cloudformation.describe_change_set(StackName=name, ChangeSetName="update")["Changes"]
    return {each["ResourceChange"]["LogicalResourceId"]: each["ResourceChange"] for each in changes}


def execute(client: Callable[..., Any], stacks: Stacks, name: str) -> None:
    """Execute the change set and wait."""
    client("cloudformation").execute_change_set(StackName=name, ChangeSetName="update")
    until = time.monotonic() + 30
    while stacks.settled(name)["StackStatus"] != "UPDATE_COMPLETE" and time.monotonic() < until:
        time.sleep(0.05)
    assert stacks.settled(name)["StackStatus"] == "UPDATE_COMPLETE"


@pytest.mark.parametrize(
    ("kind", "before", "after", "prop", "recreation", "replacement"),
    [
        ("EC2::VPC", {"CidrBlock": "10.1.0.0/16"}, {"CidrBlock": "10.2.0.0/16"}, "CidrBlock", "Always", "True"),
        (
            "EC2::VPC",
            {"CidrBlock": "10.1.0.0/16"},
            {"CidrBlock": "10.1.0.0/16", "EnableDnsHostnames": True},
            "EnableDnsHostnames",
            "Never",
            "False",
        ),
        ("Logs::LogGroup", {"RetentionInDays": 7}, {"RetentionInDays": 30}, "RetentionInDays", "Never", "False"),
        ("SQS::Queue", {"QueueName": "one-name"}, {"QueueName": "another-name"}, "QueueName", "Always", "True"),
        ("KMS::Key", {}, {"EnableKeyRotation": True}, "EnableKeyRotation", "Never", "False"),
    ],
)
def test_a_change_set_tells_what_the_schema_says_and_it_happens(
    client: Callable[..., Any],
    stacks: Stacks,
    kind: str,
    before: dict[str, Any],
    after: dict[str, Any],
    prop: str,
    recreation: str,
    replacement: str,
) -> None:
    name = unique("update")
    stacks.deploy(name, {"It": resource(kind, **before)})
    old = stacks.physical_id(name, "It")
    change = change_set(client, name, {"It": resource(kind, **after)})["It"]
    assert [change["Action"], change["Replacement"], change["Scope"]] == ["Modify", replacement, ["Properties"]]
    [detail] = change["Details"]
    assert detail["Target"] == {"Attribute": "Properties", "Name": prop, "RequiresRecreation": recreation}
    execute(client, stacks, name)
    assert (stacks.physical_id(name, "It") != old) is (replacement == "True")


def test_what_refers_to_a_replaced_resource_is_told_with_the_cause(client: Callable[..., Any], stacks: Stacks) -> None:
    def network(cidr: str, subnet: str) -> dict[str, Any]:
        return {
            "Vpc": resource("EC2::VPC", CidrBlock=cidr),
            "Subnet": resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock=subnet),
        }

    name = unique("cause")
    stacks.deploy(name, network("10.1.0.0/16", "10.1.1.0/24"))
    changes = change_set(client, name, network("10.2.0.0/16", "10.2.1.0/24"))
    assert changes["Subnet"]["Replacement"] == "True"
    causes = [detail.get("CausingEntity") for detail in changes["Subnet"]["Details"]]
    assert "Vpc" in causes
    execute(client, stacks, name)


def test_a_conditional_replacement_is_told_as_one(client: Callable[..., Any], stacks: Stacks) -> None:
    def database(several: bool) -> dict[str, Any]:
        return {
            "Database": resource(
                "RDS::DBInstance",
                DBInstanceClass="db.t3.micro",
                Engine="mysql",
                MasterUsername="operator",
                ManageMasterUserPassword=True,
                AllocatedStorage="20",
                MultiAZ=several,
            )
        }

    name = unique("conditional")
    stacks.deploy(name, database(several=False))
    old = stacks.physical_id(name, "Database")
    assert change_set(client, name, database(several=True))["Database"]["Replacement"] == "Conditional"
    execute(client, stacks, name)
    assert stacks.physical_id(name, "Database") == old
