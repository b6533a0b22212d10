"""Rules of security groups and network ACLs as resources of their own."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, Request, ResourceType
from ..shapes import boolean, pick
from .ec2 import retag, specification

# Security group rules.


def _permission(properties: Properties) -> dict[str, Any]:
    permission: dict[str, Any] = {"IpProtocol": str(properties.get("IpProtocol", "-1"))}
    for side in ("FromPort", "ToPort"):
        if side in properties:
            permission[side] = int(properties[side])
    described = pick(properties, "Description")
    peers = {
        "IpRanges": ("CidrIp", "CidrIp"),
        "Ipv6Ranges": ("CidrIpv6", "CidrIpv6"),
    }
    for direction in ("Source", "Destination"):
        peers |= {
            "UserIdGroupPairs": ("GroupId", f"{direction}SecurityGroupId"),
            "PrefixListIds": ("PrefixListId", f"{direction}PrefixListId"),
        }
        for listed, (member, prop) in peers.items():
            if properties.get(prop):
                permission[listed] = [{member: properties[prop], **described}]
    return permission


def _rule_type(direction: str) -> ResourceType:
    def call(verb: str, properties: Properties) -> Any:
        operation = getattr(client("ec2"), f"{verb}_security_group_{direction}")
        return operation(GroupId=properties["GroupId"], IpPermissions=[_permission(properties)])

    def create(request: Request) -> Created:
        made = call("authorize", request.properties)["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return Created(made, {"Id": made})

    def delete(physical_id: str, properties: Properties) -> None:
        call("revoke", properties)

    return ResourceType(f"AWS::EC2::SecurityGroup{direction.title()}", create, delete, taggable=False)


# Network ACLs.


def _create_acl(request: Request) -> Created:
    made = client("ec2").create_network_acl(
        VpcId=request.properties["VpcId"], **specification(request.properties, "network-acl")
    )
    identifier = made["NetworkAcl"]["NetworkAclId"]
    return Created(identifier, {"Id": identifier})


def _update_acl(physical_id: str, old: Properties, request: Request) -> Created:
    retag(physical_id, old, request.properties)
    return Created(physical_id, {"Id": physical_id})


def _delete_acl(physical_id: str, properties: Properties) -> None:
    client("ec2").delete_network_acl(NetworkAclId=physical_id)


def _entry(properties: Properties) -> dict[str, Any]:
    entry: dict[str, Any] = {
        **_entry_identity(properties),
        **pick(properties, "CidrBlock", "Ipv6CidrBlock", "RuleAction"),
        "Protocol": str(properties["Protocol"]),
    }
    if ports := properties.get("PortRange"):
        entry["PortRange"] = {side: int(port) for side, port in ports.items()}
    if icmp := properties.get("Icmp"):
        entry["IcmpTypeCode"] = {member: int(value) for member, value in icmp.items()}
    return entry


def _entry_identity(properties: Properties) -> dict[str, Any]:
    return {
        "NetworkAclId": properties["NetworkAclId"],
        "RuleNumber": int(properties["RuleNumber"]),
        "Egress": boolean(properties.get("Egress", False)),
    }


def _create_entry(request: Request) -> Created:
    client("ec2").create_network_acl_entry(**_entry(request.properties))
    identity = _entry_identity(request.properties)
    identifier = f"{identity['NetworkAclId']}|{identity['RuleNumber']}|{str(identity['Egress']).lower()}"
    return Created(identifier, {"Id": identifier})


def _update_entry(physical_id: str, old: Properties, request: Request) -> Created:
    client("ec2").replace_network_acl_entry(**_entry(request.properties))
    return Created(physical_id, {"Id": physical_id})


def _delete_entry(physical_id: str, properties: Properties) -> None:
    client("ec2").delete_network_acl_entry(**_entry_identity(properties))


# Associations: a subnet always has exactly one, so an association is moved, never made or removed.


def _association_of(subnet_id: str) -> tuple[str, str]:
    """Return the id of the subnet's association and the VPC's default ACL."""
    acls = client("ec2").describe_network_acls()["NetworkAcls"]
    for acl in acls:
        for association in acl["Associations"]:
            if association["SubnetId"] == subnet_id:
                default = next(other for other in acls if other["IsDefault"] and other["VpcId"] == acl["VpcId"])
                return association["NetworkAclAssociationId"], default["NetworkAclId"]
    raise ValueError(f"InvalidSubnetID.NotFound: The subnet ID '{subnet_id}' does not exist")


def _associate(request: Request) -> Created:
    current, _ = _association_of(request.properties["SubnetId"])
    made = client("ec2").replace_network_acl_association(
        AssociationId=current, NetworkAclId=request.properties["NetworkAclId"]
    )["NewAssociationId"]
    return Created(made, {"AssociationId": made})


def _back_to_default(physical_id: str, properties: Properties) -> None:
    current, default = _association_of(properties["SubnetId"])
    if current == physical_id:  # otherwise a replacement has already moved it
        client("ec2").replace_network_acl_association(AssociationId=current, NetworkAclId=default)


TYPES = (
    _rule_type("ingress"),
    _rule_type("egress"),
    ResourceType("AWS::EC2::NetworkAcl", _create_acl, _delete_acl, _update_acl, replacing=("VpcId",)),
    ResourceType(
        "AWS::EC2::NetworkAclEntry",
        _create_entry,
        _delete_entry,
        _update_entry,
        replacing=("NetworkAclId", "RuleNumber", "Egress"),
        taggable=False,
    ),
    ResourceType("AWS::EC2::SubnetNetworkAclAssociation", _associate, _back_to_default, taggable=False),
)
