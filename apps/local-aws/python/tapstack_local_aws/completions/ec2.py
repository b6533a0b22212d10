"""VPCs: attributes that other resources ask for."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Properties


def _complete_vpc(vpc_id: str, properties: Properties, previous: Properties) -> dict[str, Any]:
    found = client("ec2").describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]
    associations = [each["AssociationId"] for each in found.get("CidrBlockAssociationSet", [])]
    return {"CidrBlock": found["CidrBlock"], "CidrBlockAssociations": associations, "Ipv6CidrBlocks": []}


COMPLETIONS = {"AWS::EC2::VPC": _complete_vpc}
