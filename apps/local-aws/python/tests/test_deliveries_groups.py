"""Auto Scaling groups launch instances of EC2, as a role that must be able to use the key of their volumes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from conftest import LocalAws, Stacks
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


def test_group_renews_its_instances_with_its_template_and_takes_them_along(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("renewed", fleet.RESOURCES)
    before = {each["InstanceId"] for each in _group(local, stacks, "renewed")["Instances"]}
    changed = copy.deepcopy(fleet.RESOURCES)
    changed["Template"]["Properties"]["LaunchTemplateData"]["InstanceType"] = "t3.small"
    stacks.deploy("renewed", changed)
    group = _group(local, stacks, "renewed")
    after = {each["InstanceId"] for each in group["Instances"]}
    assert not before & after
    assert {instance["InstanceType"] for instance in _instances(local, group)} == {"t3.small"}
    assert stacks.delete("renewed") == "DELETE_COMPLETE"
    reservations = local.client("ec2").describe_instances()["Reservations"]
    states = {each["InstanceId"]: each["State"]["Name"] for found in reservations for each in found["Instances"]}
    assert all(states.get(instance, "terminated") == "terminated" for instance in before | after)


def test_group_volume_key(stacks: Stacks) -> None:
    key = {"Key": key_for("logs")}
    with pytest.raises(pytest.fail.Exception, match="is not authorized to perform: kms:DescribeKey"):
        stacks.deploy("refused", fleet.RESOURCES | key)
    assert stacks.delete("refused") == "DELETE_COMPLETE"
    stacks.deploy("admitted", fleet.RESOURCES)
