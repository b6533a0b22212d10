"""Security groups and network ACLs, with their rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...clients import client
from . import Properties, reader
from .ec2_network import only


def _rules(permissions: list[dict[str, Any]], direction: str) -> Iterator[Properties]:
    """Yield one rule per peer, as CloudFormation writes them."""
    for permission in permissions:
        base = {name: permission[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in permission}
        for listed, member, prop in (
            ("IpRanges", "CidrIp", "CidrIp"),
            ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
            ("PrefixListIds", "PrefixListId", f"{direction}PrefixListId"),
            ("UserIdGroupPairs", "GroupId", f"{direction}SecurityGroupId"),
        ):
            for peer in permission.get(listed, []):
                described = {"Description": peer["Description"]} if "Description" in peer else {}
                yield {**base, prop: peer[member], **described}


def _group(group_id: str) -> dict[str, Any]:
    groups = client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    found = only(groups, "GroupId", group_id)
    return {
        **found,
        "GroupDescription": found["Description"],
        "SecurityGroupIngress": list(_rules(found["IpPermissions"], "Source")),
        "SecurityGroupEgress": list(_rules(found["IpPermissionsEgress"], "Destination")),
    }


@reader(
    "AWS::EC2::SecurityGroup",
    "GroupDescription",
    "GroupName",
    "SecurityGroupEgress",
    "SecurityGroupIngress",
    "Tags",
    "VpcId",
    # Rules that are resources of their own add to the group.
    open_lists=("SecurityGroupEgress", "SecurityGroupIngress"),
)
def security_group(physical_id: str, properties: Properties) -> Properties:
    """Read a group with its rules."""
    return _group(physical_id)


def _one_rule(direction: str, properties: Properties) -> Properties:
    """Return the group's rule that is nearest to the wanted one."""
    rules = _group(properties["GroupId"])[f"SecurityGroup{direction}"]
    wanted = {name: str(value) for name, value in properties.items()}

    def equal_members(rule: Properties) -> int:
        return sum(str(rule.get(name)) == value for name, value in wanted.items())

    return {**max(rules, key=equal_members), "GroupId": properties["GroupId"]}


_RULE = ("CidrIp", "CidrIpv6", "Description", "FromPort", "GroupId", "IpProtocol", "ToPort")


@reader("AWS::EC2::SecurityGroupIngress", *_RULE, "SourceSecurityGroupId", "SourcePrefixListId")
def ingress(physical_id: str, properties: Properties) -> Properties:
    """Read one ingress rule of a group."""
    return _one_rule("Ingress", properties)


@reader("AWS::EC2::SecurityGroupEgress", *_RULE, "DestinationSecurityGroupId", "DestinationPrefixListId")
def egress(physical_id: str, properties: Properties) -> Properties:
    """Read one egress rule of a group."""
    return _one_rule("Egress", properties)


@reader("AWS::EC2::NetworkAcl", "Tags", "VpcId")
def network_acl(physical_id: str, properties: Properties) -> Properties:
    """Read a network ACL."""
    acls = client("ec2").describe_network_acls(NetworkAclIds=[physical_id])["NetworkAcls"]
    return only(acls, "NetworkAclId", physical_id)


@reader(
    "AWS::EC2::NetworkAclEntry",
    "CidrBlock",
    "Egress",
    "Icmp",
    "Ipv6CidrBlock",
    "NetworkAclId",
    "PortRange",
    "Protocol",
    "RuleAction",
    "RuleNumber",
)
def network_acl_entry(physical_id: str, properties: Properties) -> Properties:
    """Read the ACL's entry of this number and direction."""
    acl = network_acl.read(properties["NetworkAclId"], {})
    egress_wanted = str(properties.get("Egress", False)).lower() == "true"
    entry = next(
        entry
        for entry in acl["Entries"]
        if entry["RuleNumber"] == int(properties["RuleNumber"]) and entry["Egress"] is egress_wanted
    )
    return {**entry, "NetworkAclId": acl["NetworkAclId"], "Icmp": entry.get("IcmpTypeCode")}


@reader("AWS::EC2::SubnetNetworkAclAssociation", "NetworkAclId", "SubnetId")
def network_acl_association(physical_id: str, properties: Properties) -> Properties:
    """Read the ACL, which lists its associations."""
    acl = network_acl.read(properties["NetworkAclId"], {})
    return only(acl["Associations"], "NetworkAclAssociationId", physical_id)
