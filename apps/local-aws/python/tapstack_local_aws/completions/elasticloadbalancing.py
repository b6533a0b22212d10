"""Target groups that have targets: those that the template names, and, with a group, the instances it launched."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Properties


def _targets(properties: Properties) -> list[dict[str, Any]]:
    """Return what a template names, in the shape of the API."""
    named = properties.get("Targets") or []
    return [{"Id": each["Id"]} | ({"Port": int(each["Port"])} if "Port" in each else {}) for each in named]


def _complete_target_group(arn: str, properties: Properties, previous: Properties) -> None:
    balancing = client("elbv2")
    wanted, before = _targets(properties), _targets(previous)
    if gone := [target for target in before if target not in wanted]:
        balancing.deregister_targets(TargetGroupArn=arn, Targets=gone)
    if new := [target for target in wanted if target not in before]:
        balancing.register_targets(TargetGroupArn=arn, Targets=new)


COMPLETIONS = {"AWS::ElasticLoadBalancingV2::TargetGroup": _complete_target_group}
