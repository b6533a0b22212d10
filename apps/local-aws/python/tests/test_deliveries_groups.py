"""Auto Scaling groups launch instances of EC2, as a role that must be able to use the key of their volumes."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws, Stacks
from drills import rolled_back
from templates import fleet
from templates.parts import key_for


def _group(local: LocalAws, stacks: Stacks, stack: str) -> dict[str, Any]:
    name = stacks.physical_id(stack, "Group")
    found = local.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    group: dict[str, Any] = found["AutoScalingGroups"][0]
    return group


def _instances(local: LocalAws, group: dict[str, Any]) -> list[dict[str, Any]]:
    ids = [each["InstanceId"] for each in group["Instances"]]
    reservations = local.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    return [instance for reservation in reservations for instance in reservation["Instances"]]


def test_group_launches_its_template_over_its_subnets(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("group", fleet.RESOURCES)
    instances = _instances(local, _group(local, stacks, "group"))
    subnets = {stacks.physical_id("group", "First"), stacks.physical_id("group", "Second")}
    assert {instance["SubnetId"] for instance in instances} == subnets
    assert [instance["MetadataOptions"]["HttpTokens"] for instance in instances] == ["required", "required"]


def _renewed(resources: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(resources)
    changed["Template"]["Properties"]["LaunchTemplateData"]["InstanceType"] = "t3.small"
    return changed


def _ids(group: dict[str, Any]) -> set[str]:
    return {instance["InstanceId"] for instance in group["Instances"]}


def _ended(local: LocalAws, instances: set[str]) -> bool:
    reservations = local.client("ec2").describe_instances()["Reservations"]
    states = {each["InstanceId"]: each["State"]["Name"] for found in reservations for each in found["Instances"]}
    return all(states.get(instance, "terminated") == "terminated" for instance in instances)


def _rolled_back(local: LocalAws, stacks: Stacks, stack: str, resources: dict[str, Any]) -> list[str]:
    """Update a stack with what must fail; return why, once it has rolled back."""
    body = json.dumps({"Resources": resources})
    local.client("cloudformation").update_stack(
        StackName=stack, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    assert stacks.settled(stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE", stacks.reasons(stack)
    return stacks.reasons(stack)


def test_group_renews_its_instances_with_its_template_and_takes_them_along(local: LocalAws, stacks: Stacks) -> None:
    resources = fleet.waiting(fleet.says())
    stacks.deploy("renewed", resources)
    before = _ids(_group(local, stacks, "renewed"))
    stacks.deploy("renewed", _renewed(resources))
    group = _group(local, stacks, "renewed")
    after = _ids(group)
    assert not before & after
    assert {instance["InstanceType"] for instance in _instances(local, group)} == {"t3.small"}
    assert stacks.delete("renewed") == "DELETE_COMPLETE"
    assert _ended(local, before | after)


def test_group_without_an_update_policy_leaves_what_runs_alone(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("kept", fleet.RESOURCES)
    before = _ids(_group(local, stacks, "kept"))
    stacks.deploy("kept", _renewed(fleet.RESOURCES))
    assert _ids(_group(local, stacks, "kept")) == before


def test_group_is_made_when_its_instances_say_that_they_work(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("working", fleet.waiting(fleet.says("systemctl start shop")))
    events = local.client("cloudformation").describe_stack_events(StackName="working")["StackEvents"]
    heard = [event["ResourceStatusReason"] for event in events if "signal" in event.get("ResourceStatusReason", "")]
    expected = {f"Received SUCCESS signal with UniqueId {each}" for each in _ids(_group(local, stacks, "working"))}
    assert set(heard) == expected


@pytest.mark.parametrize("script", ["#!/bin/bash\n", fleet.says(resource="Another")])
def test_group_is_not_made_when_its_instances_are_silent(stacks: Stacks, local: LocalAws, script: str) -> None:
    reasons = rolled_back(stacks, fleet.waiting(script, within="PT1S"))
    assert "Received 0 SUCCESS signal(s) out of 2.  Unable to satisfy 100% MinSuccessfulInstancesPercent" in reasons
    groups = local.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert not [group for group in groups if group["AutoScalingGroupName"].startswith("refused")]


def test_group_is_not_made_when_its_instances_say_that_they_failed(local: LocalAws, stacks: Stacks) -> None:
    reasons = rolled_back(stacks, fleet.waiting(fleet.says("false")))
    assert "Received 2 FAILURE signal(s) out of 2." in reasons
    reservations = local.client("ec2").describe_instances()["Reservations"]
    running = [each for found in reservations for each in found["Instances"] if each["State"]["Name"] == "running"]
    assert not [tag for each in running for tag in each.get("Tags", []) if tag["Value"].startswith("refused")]


def test_group_is_made_when_its_instances_sign_with_their_role(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("signed", fleet.signing(signs="Role"))
    assert len(_ids(_group(local, stacks, "signed"))) == 2


@pytest.mark.parametrize(("signs", "allowed"), [("Other", "cloudformation:SignalResource"), ("Role", "s3:GetObject")])
def test_group_is_not_made_by_signals_of_another_role_or_one_that_may_not(
    stacks: Stacks, signs: str, allowed: str
) -> None:
    reasons = rolled_back(stacks, fleet.signing(signs=signs, allowed=allowed, within="PT1S"))
    assert "Received 0 SUCCESS signal(s) out of 2." in reasons


def test_group_launches_into_the_interface_of_its_template(local: LocalAws, stacks: Stacks) -> None:
    resources = copy.deepcopy(fleet.RESOURCES)
    data = resources["Template"]["Properties"]["LaunchTemplateData"]
    groups = data.pop("SecurityGroupIds")
    data["NetworkInterfaces"] = [{"DeviceIndex": 0, "AssociatePublicIpAddress": False, "Groups": groups}]
    stacks.deploy("interface", resources)
    instances = _instances(local, _group(local, stacks, "interface"))
    subnets = {stacks.physical_id("interface", "First"), stacks.physical_id("interface", "Second")}
    assert {instance["SubnetId"] for instance in instances} == subnets
    joined = {group["GroupId"] for instance in instances for group in instance["SecurityGroups"]}
    assert joined == {stacks.physical_id("interface", "Members")}
    assert not [instance for instance in instances if instance.get("PublicIpAddress")]


def test_group_hears_signals_of_others(local: LocalAws, stacks: Stacks) -> None:
    cloudformation = local.client("cloudformation")
    body = json.dumps({"Resources": fleet.waiting("#!/bin/bash\n", within="PT1M")})
    cloudformation.create_stack(StackName="told", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    stacks.names.append("told")
    for unique_id in ("one", "two"):
        _signal(cloudformation, unique_id)
    assert stacks.settled("told")["StackStatus"] == "CREATE_COMPLETE", stacks.reasons("told")


def _signal(cloudformation: Any, unique_id: str) -> None:
    for _ in range(200):
        try:
            cloudformation.signal_resource(
                StackName="told", LogicalResourceId="Group", UniqueId=unique_id, Status="SUCCESS"
            )
        except ClientError:
            time.sleep(0.05)  # the group is not there yet
        else:
            return
    pytest.fail("nobody waits for a signal")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (fleet.says("exit 3"), "Received 1 FAILURE signal(s) out of 1."),
        ("#!/bin/bash\n", "Received 0 SUCCESS signal(s) out of 1."),
    ],
)
def test_bad_version_of_a_group_is_rolled_back(local: LocalAws, stacks: Stacks, script: str, reason: str) -> None:
    good = fleet.waiting(fleet.says())
    stacks.deploy("bad", good)
    before = _group(local, stacks, "bad")
    reasons = _rolled_back(local, stacks, "bad", _renewed(fleet.waiting(script, within="PT1S")))
    assert any(reason in each for each in reasons), reasons
    after = _group(local, stacks, "bad")
    assert after["LaunchTemplate"]["Version"] == before["LaunchTemplate"]["Version"]
    assert _ids(after) == _ids(before), "those that worked were never taken away"
    reservations = local.client("ec2").describe_instances(
        Filters=[{"Name": "tag:aws:autoscaling:groupName", "Values": [after["AutoScalingGroupName"]]}]
    )["Reservations"]
    tried = {each["InstanceId"] for found in reservations for each in found["Instances"]} - _ids(before)
    assert _ended(local, tried)
    stacks.deploy("bad", _renewed(good))
    assert not _ids(_group(local, stacks, "bad")) & _ids(before)


def test_a_share_of_a_batch_may_fail_if_the_policy_says_so(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("tolerant", fleet.waiting(fleet.says()))
    changed = _renewed(fleet.waiting("#!/bin/bash\n", within="PT1S", MinSuccessfulInstancesPercent=0))
    stacks.deploy("tolerant", changed)
    instances = _instances(local, _group(local, stacks, "tolerant"))
    assert {instance["InstanceType"] for instance in instances} == {"t3.small"}


def test_group_volume_key(stacks: Stacks) -> None:
    key = {"Key": key_for("logs")}
    with pytest.raises(pytest.fail.Exception, match="is not authorized to perform: kms:DescribeKey"):
        stacks.deploy("refused", fleet.RESOURCES | key)
    assert stacks.delete("refused") == "DELETE_COMPLETE"
    stacks.deploy("admitted", fleet.RESOURCES)
