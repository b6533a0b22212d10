"""Further address ranges of a VPC: associated, shown with the first one, and taken away once no subnet is in them."""

from __future__ import annotations

import ipaddress
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import ec2

from .ec2_actions import Element, InvalidRequest, Parameters, add, amend, items, put, text


def install() -> None:
    """Add the two actions and show what they leave behind."""
    add("AssociateVpcCidrBlock", _associate)
    add("DisassociateVpcCidrBlock", _disassociate)
    amend("DescribeVpcs", _show)


def _associate(parameters: Parameters) -> Element:
    vpc = ec2._vpcs.get(text(parameters, "VpcId"))
    if vpc is None:
        message = f"The vpc ID '{text(parameters, 'VpcId')}' does not exist"
        raise InvalidRequest("InvalidVpcID.NotFound", message)
    association = {
        "CidrBlock": text(parameters, "CidrBlock"),
        "AssociationId": f"vpc-cidr-assoc-{new_uuid().replace('-', '')[:17]}",
    }
    vpc.setdefault("CidrBlockAssociationSet", []).append(association)
    return put(Element("answer"), "cidrBlockAssociation", _shown(association, "associating"))


def _disassociate(parameters: Parameters) -> Element:
    wanted = text(parameters, "AssociationId")
    for vpc in ec2._vpcs.values():
        for association in vpc.get("CidrBlockAssociationSet", []):
            if association["AssociationId"] == wanted:
                _check_unused(vpc, association["CidrBlock"])
                vpc["CidrBlockAssociationSet"].remove(association)
                return put(Element("answer"), "cidrBlockAssociation", _shown(association, "disassociating"))
    message = f"The vpc CIDR block association ID '{wanted}' does not exist"
    raise InvalidRequest("InvalidVpcCidrBlockAssociationID.NotFound", message)


def _check_unused(vpc: dict[str, Any], cidr: str) -> None:
    block = ipaddress.IPv4Network(cidr)
    for subnet in ec2._subnets.values():
        if subnet["VpcId"] == vpc["VpcId"] and ipaddress.IPv4Network(subnet["CidrBlock"]).subnet_of(block):
            message = f"The vpc {vpc['VpcId']} currently has a subnet within CIDR block {cidr}"
            raise InvalidRequest("InvalidCidrBlock.InUse", message)


def _shown(association: dict[str, str], state: str) -> dict[str, Any]:
    return {
        "associationId": association["AssociationId"],
        "cidrBlock": association["CidrBlock"],
        "cidrBlockState": {"state": state},
    }


def _show(parameters: Parameters, root: Element) -> None:
    for vpc_id, element in items(root, "vpcId"):
        shown = element.find("cidrBlockAssociationSet")
        if shown is None:
            continue
        for association in ec2._vpcs.get(vpc_id, {}).get("CidrBlockAssociationSet", []):
            item = Element("item")
            for tag, value in _shown(association, "associated").items():
                put(item, tag, value)
            shown.append(item)
