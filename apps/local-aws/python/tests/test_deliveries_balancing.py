"""Load balancers write logs where they may, and what stands behind them is registered (CMP-21)."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from conftest import LocalAws, Stacks
from templates import balancing as template
from templates.parts import resource


def _registered(local: LocalAws, arn: str) -> list[str]:
    described = local.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return sorted(each["Target"]["Id"] for each in described)


def test_what_a_group_launches_is_registered_and_leaves_again(local: LocalAws, stacks: Stacks) -> None:
    name = "registered"
    stacks.deploy(name, template.RESOURCES)
    group = stacks.physical_id(name, "Group")
    found = local.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[group])
    members = sorted(each["InstanceId"] for each in found["AutoScalingGroups"][0]["Instances"])
    scaling, fixed = stacks.physical_id(name, "Scaling"), stacks.physical_id(name, "Fixed")
    assert len(members) == 2
    assert _registered(local, scaling) == members
    assert _registered(local, fixed) == [stacks.physical_id(name, "Member")]

    without = template.RESOURCES["Group"]["Properties"] | {"TargetGroupARNs": []}
    emptied = template.RESOURCES["Fixed"]["Properties"] | {"Targets": []}
    changed: dict[str, Any] = {
        "Group": {**template.RESOURCES["Group"], "Properties": without},
        "Fixed": {**template.RESOURCES["Fixed"], "Properties": emptied},
    }
    stacks.deploy(name, {**template.RESOURCES, **changed})
    assert _registered(local, scaling) == []
    assert _registered(local, fixed) == []


def _denied(stacks: Stacks, name: str, **instead: Any) -> None:
    kept = ("Vpc", "First", "Second", "Door", "Logs", "LogsPolicy", "Balancer")
    with pytest.raises(pytest.fail.Exception, match="Access Denied for bucket: .* Please check S3bucket permission"):
        stacks.deploy(name, {each: template.RESOURCES[each] for each in kept} | instead)


def test_load_balancer_log_bucket(stacks: Stacks) -> None:
    stranger = copy.deepcopy(template.RESOURCES["LogsPolicy"])
    stranger["Properties"]["PolicyDocument"]["Statement"][0]["Principal"] = {"Service": "delivery.logs.amazonaws.com"}
    _denied(stacks, "strange", LogsPolicy=stranger)

    by_kms = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    _denied(stacks, "keyed", Logs=resource("S3::Bucket", BucketEncryption=by_kms))
