"""Auto Scaling groups that really launch: instances of EC2, from the launch template, over the subnets.

What they launch joins their target groups, and leaves them again. A new version of the template renews the instances
batch by batch, if the group has an update policy for it, and waits for their signals.
"""

from __future__ import annotations

from typing import Any

from ministack.services import autoscaling, ec2

from .. import signals
from ..clients import client
from ..provisioning import Properties, asked
from ..shapes import pick


def _complete_group(name: str, properties: Properties, previous: Properties) -> None:
    group = autoscaling._asgs[name]
    subnets = _subnets(properties)
    described = client("ec2").describe_subnets(SubnetIds=subnets)["Subnets"] if subnets else []
    zones = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in described}
    group["AvailabilityZones"] = sorted(set(zones.values())) or group["AvailabilityZones"]
    group["ServiceLinkedRoleARN"] = properties.get("ServiceLinkedRoleARN", "")
    if previous:
        _renew(group, properties, zones)
    _terminate(group, group["Instances"][group["DesiredCapacity"] :])
    launches = zones and "LaunchTemplate" in properties
    launched = _launch(group, properties, zones, group["DesiredCapacity"] - len(group["Instances"])) if launches else []
    _join(group, properties.get("TargetGroupARNs") or [])
    if not previous:
        try:
            signals.wait_for_creation(asked(), launched)
        except Exception:
            _terminate(group, list(group["Instances"]))
            raise


def _renew(group: dict[str, Any], properties: Properties, zones: dict[str, str]) -> None:
    """Replace what is not as the group is now; a failed batch stays, for the rollback to find that it is too much."""
    stale = [
        instance
        for instance in group["Instances"]
        if instance["LaunchTemplate"] != group["LaunchTemplate"] or instance.get("SubnetId") not in zones
    ]
    update = signals.rolling_update(asked())
    if update is None:
        return
    while stale:
        batch, stale = stale[: update.batch], stale[update.batch :]
        fresh = len(group["Instances"]) - len(batch) - len(stale)
        launched = _launch(group, properties, zones, min(len(batch), group["DesiredCapacity"] - fresh))
        if launched:
            signals.wait_for_batch(asked(), launched, update)
        _terminate(group, batch)


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


def _launch(group: dict[str, Any], properties: Properties, zones: dict[str, str], count: int) -> list[str]:
    """Launch more instances, over the subnets; return their ids."""
    subnets = list(zones)
    begin = len(group["Instances"])
    added = [_instance(group, properties, subnets[(begin + nth) % len(subnets)], zones) for nth in range(count)]
    group["Instances"] += added
    return [instance["InstanceId"] for instance in added]


def _instance(group: dict[str, Any], properties: Properties, subnet: str, zones: dict[str, str]) -> dict[str, Any]:
    template = pick(properties["LaunchTemplate"], "LaunchTemplateId", "LaunchTemplateName", "Version")
    tags = [
        {"Key": tag["Key"], "Value": tag["Value"]}
        for tag in properties.get("Tags", [])
        if str(tag.get("PropagateAtLaunch", False)).lower() == "true" and not tag["Key"].startswith("aws:")
    ]
    # `aws:` tags cannot be set by anybody but AWS; this one says whose the instance is
    tags.append({"Key": "aws:autoscaling:groupName", "Value": group["AutoScalingGroupName"]})
    made = client("ec2").run_instances(
        MinCount=1,
        MaxCount=1,
        LaunchTemplate=template,
        **_place(template, subnet),
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
    )["Instances"][0]
    return {
        "InstanceId": made["InstanceId"],
        "SubnetId": subnet,
        "AvailabilityZone": zones[subnet],
        "LifecycleState": "InService",
        "HealthStatus": "Healthy",
        "ProtectedFromScaleIn": False,
        "LaunchTemplate": dict(group["LaunchTemplate"]),
        "LaunchConfigurationName": "",
    }


def _place(template: dict[str, Any], subnet: str) -> dict[str, Any]:
    """Say where an instance goes: in its network interface, if the template describes one."""
    data, _, _ = ec2._resolve_launch_template_data(template)
    interfaces = (data or {}).get("NetworkInterfaces") or []
    return (
        {"NetworkInterfaces": [{**each, "SubnetId": subnet} for each in interfaces]}
        if interfaces
        else {"SubnetId": subnet}
    )


def _terminate(group: dict[str, Any], surplus: list[dict[str, Any]]) -> None:
    ids = [instance["InstanceId"] for instance in surplus]
    if ids:
        for arn in group.get("TargetGroupARNs", []):
            client("elbv2").deregister_targets(TargetGroupArn=arn, Targets=[{"Id": each} for each in ids])
        client("ec2").terminate_instances(InstanceIds=ids)
    group["Instances"] = [instance for instance in group["Instances"] if instance["InstanceId"] not in ids]


def _empty(name: str, properties: Properties) -> None:
    if group := autoscaling._asgs.get(name):
        _terminate(group, list(group["Instances"]))


COMPLETIONS = {"AWS::AutoScaling::AutoScalingGroup": _complete_group}
BEFORE_DELETE = {"AWS::AutoScaling::AutoScalingGroup": _empty}
