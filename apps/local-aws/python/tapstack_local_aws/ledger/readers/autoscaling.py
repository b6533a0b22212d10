"""Auto Scaling groups."""

from __future__ import annotations

from ...clients import client
from . import Properties, reader


@reader(
    "AWS::AutoScaling::AutoScalingGroup",
    "DesiredCapacity",
    "HealthCheckGracePeriod",
    "HealthCheckType",
    "LaunchTemplate",
    "MaxSize",
    "MinSize",
    "Tags",
    "VPCZoneIdentifier",
)
def group(physical_id: str, properties: Properties) -> Properties:
    """Read a group as it is described."""
    found = client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[physical_id])
    described = found["AutoScalingGroups"][0]
    template = {name: described["LaunchTemplate"].get(name) for name in properties.get("LaunchTemplate", {})}
    return {**described, "LaunchTemplate": template, "VPCZoneIdentifier": described["VPCZoneIdentifier"].split(",")}
