"""Auto Scaling groups that really launch: instances of EC2, from the launch template, over the subnets.

What they launch joins their target groups, and leaves them again.
"""

from __future__ import annotations

from typing import Any

from ministack.services import autoscaling

from ..clients import client
from ..provisioning import Properties
from ..shapes import pick

# What AWS would replace instance by instance, in a rolling update.
_RENEWING = ("LaunchTemplate", "VPCZoneIdentifier")


def _complete_group(name: str, properties: Properties, previous: Properties) -> None:
    group = autoscaling._asgs[name]
    subnets = _subnets(properties)
    described = client("ec2").describe_subnets(SubnetIds=subnets)["Subnets"] if subnets else []
    zones = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in described}
    group["AvailabilityZones"] = sorted(set(zones.values())) or group["AvailabilityZones"]
    group["ServiceLinkedRoleARN"] = properties.get("ServiceLinkedRoleARN", "")
    if previous and any(properties.get(prop) != previous.get(prop) for prop in _RENEWING):
        _terminate(group, 0)
    _terminate(group, group["DesiredCapacity"])
    while subnets and "LaunchTemplate" in properties and len(group["Instances"]) < group["DesiredCapacity"]:
        subnet = subnets[len(group["Instances"]) % len(subnets)]
        group["Instances"].append(_launch(name, properties, subnet) | {"AvailabilityZone": zones[subnet]})
    _join(group, properties.get("TargetGroupARNs") or [])


def _join(group: dict[str, Any], target_groups: list[str]) -> None:
    members = [{"Id": instance["InstanceId"]} for instance in group["Instances"]]
    before, group["TargetGroupARNs"] = group.get("TargetGroupARNs", []), target_groups
    if not members:
        return
    for arn in set(before) - set(target_groups):
        client("elbv2").deregister_targets(TargetGroupArn=arn, Targets=members)
    for arn in target_groups:
        client("elbv2").register_targets(TargetGroupArn=arn, Targets=members)


def _subnets(properties: Properties) -> list[str]:
    found = properties.get("VPCZoneIdentifier") or []
    return found.split(",") if isinstance(found, str) else list(found)


def _launch(name: str, properties: Properties, subnet: str) -> dict[str, Any]:
    template = pick(properties["LaunchTemplate"], "LaunchTemplateId", "LaunchTemplateName", "Version")
    tags = [
        {"Key": tag["Key"], "Value": tag["Value"]}
        for tag in properties.get("Tags", [])
        if str(tag.get("PropagateAtLaunch", False)).lower() == "true" and not tag["Key"].startswith("aws:")
    ]
    # `aws:` tags cannot be set by anybody but AWS; this one says whose the instance is
    made = client("ec2").run_instances(
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet,
        LaunchTemplate=template,
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [*tags, {"Key": "aws:autoscaling:groupName", "Value": name}]}
        ],
    )["Instances"][0]
    return {
        "InstanceId": made["InstanceId"],
        "LifecycleState": "InService",
        "HealthStatus": "Healthy",
        "ProtectedFromScaleIn": False,
        "LaunchTemplate": autoscaling._asgs[name]["LaunchTemplate"],
        "LaunchConfigurationName": "",
    }


def _terminate(group: dict[str, Any], keep: int) -> None:
    surplus = [instance["InstanceId"] for instance in group["Instances"][keep:]]
    if surplus:
        for arn in group.get("TargetGroupARNs", []):
            leaving = [{"Id": instance} for instance in surplus]
            client("elbv2").deregister_targets(TargetGroupArn=arn, Targets=leaving)
        client("ec2").terminate_instances(InstanceIds=surplus)
    del group["Instances"][keep:]


def _empty(name: str, properties: Properties) -> None:
    if group := autoscaling._asgs.get(name):
        _terminate(group, 0)


COMPLETIONS = {"AWS::AutoScaling::AutoScalingGroup": _complete_group}
BEFORE_DELETE = {"AWS::AutoScaling::AutoScalingGroup": _empty}
