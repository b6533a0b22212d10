"""VPC endpoints with their policy, their security groups and private DNS."""

from __future__ import annotations

import json

from ministack.services import ec2

from .ec2_actions import Element, Parameters, amend, items, numbered, put, text


def install() -> None:
    """Amend creating, modifying and describing endpoints."""
    amend("CreateVpcEndpoint", _after_create)
    amend("ModifyVpcEndpoint", _after_modify)
    amend("DescribeVpcEndpoints", _show)


def _after_create(parameters: Parameters, root: Element) -> None:
    for identifier, _ in items(root, "vpcEndpointId"):
        endpoint = ec2._vpc_endpoints[identifier]
        endpoint["SecurityGroupIds"] = [text(parameters, name) for name in numbered(parameters, "SecurityGroupId")]
        endpoint["PolicyDocument"] = text(parameters, "PolicyDocument") or None
        interface = endpoint["VpcEndpointType"] == "Interface"
        endpoint["PrivateDnsEnabled"] = interface and text(parameters, "PrivateDnsEnabled") != "false"
    _show(parameters, root)


def _after_modify(parameters: Parameters, root: Element) -> None:
    endpoint = ec2._vpc_endpoints[text(parameters, "VpcEndpointId")]
    added = [text(parameters, name) for name in numbered(parameters, "AddSecurityGroupId")]
    removed = [text(parameters, name) for name in numbered(parameters, "RemoveSecurityGroupId")]
    kept = [group for group in endpoint.get("SecurityGroupIds", []) if group not in removed]
    endpoint["SecurityGroupIds"] = kept + [group for group in added if group not in kept]
    if enabled := text(parameters, "PrivateDnsEnabled"):
        endpoint["PrivateDnsEnabled"] = enabled == "true"


def _show(parameters: Parameters, root: Element) -> None:
    for identifier, element in items(root, "vpcEndpointId"):
        endpoint = ec2._vpc_endpoints.get(identifier, {})
        groups = [
            {"groupId": group, "groupName": ec2._security_groups.get(group, {}).get("GroupName", "")}
            for group in endpoint.get("SecurityGroupIds") or []
        ]
        put(element, "groupSet", groups)
        put(element, "privateDnsEnabled", str(endpoint.get("PrivateDnsEnabled", False)).lower())
        if policy := endpoint.get("PolicyDocument"):
            put(element, "policyDocument", policy if isinstance(policy, str) else json.dumps(policy))
