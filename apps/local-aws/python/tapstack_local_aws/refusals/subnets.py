"""VPC and subnet CIDRs: AWS checks size, position and overlap.

A block with host bits set (10.0.1.5/24) is not refused: AWS brings it to its canonical form.
"""

import ipaddress
from typing import Any

from .gate import Planned, on_call, on_create
from .refusal import Refusal, Rule
from .requests import Request

RULES = (
    Rule(
        "vpc-cidr",
        "a VPC's block is a valid one, between /16 and /28 (InvalidVpc.Range)",
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    ),
    Rule(
        "vpc-further-cidr",
        "a further block of a VPC is in the private range of its first one or in 100.64.0.0/10, and overlaps none",
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions",
    ),
    Rule(
        "subnet-cidr",
        "a subnet's block is a valid one, between /16 and /28, inside its VPC (InvalidSubnet.Range)",
        "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
    ),
    Rule(
        "subnet-overlap",
        "subnets of one VPC do not overlap (InvalidSubnet.Conflict)",
        "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
    ),
    Rule(
        "subnet-vpc",
        "a subnet is made in a VPC that exists (InvalidVpcID.NotFound)",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.ec2", "_vpcs"),
    ("ministack.services.ec2", "_subnets"),
]

_LARGEST, _SMALLEST = 16, 28
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")
_PRIVATE = [ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


@on_call("ec2", "CreateVpc")
def _vpc_called(request: Request) -> None:
    _check_vpc(request.params)


@on_create("ec2", "AWS::EC2::VPC")
def _vpc_created(planned: Planned) -> None:
    _check_vpc(planned.props)


@on_call("ec2", "AssociateVpcCidrBlock")
def _range_called(request: Request) -> None:
    from ministack.services import ec2

    cidr, vpc = request.params.get("CidrBlock"), ec2._vpcs.get(request.params.get("VpcId", ""))
    if not cidr or vpc is None:
        return
    block, first = _sized(cidr, "InvalidVpc.Range"), _network(vpc["CidrBlock"])
    secondary = [_network(each["CidrBlock"]) for each in vpc.get("CidrBlockAssociationSet", ())]
    if any(block.overlaps(each) for each in (first, *secondary)):
        raise Refusal("CidrConflict", f"The CIDR '{cidr}' conflicts with another CIDR of the VPC")
    elsewhere = [private for private in _PRIVATE if not first.subnet_of(private)]
    if any(block.subnet_of(private) for private in elsewhere) or not (
        block.subnet_of(_SHARED) or any(block.subnet_of(private) for private in _PRIVATE)
    ):
        message = (
            f"The CIDR '{cidr}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR"
        )
        raise Refusal("InvalidVpc.Range", message)


@on_call("ec2", "CreateSubnet")
def _subnet_called(request: Request) -> None:
    _check_subnet(request.params)


@on_create("ec2", "AWS::EC2::Subnet")
def _subnet_created(planned: Planned) -> None:
    _check_subnet(planned.props)


def _check_vpc(properties: dict[str, Any]) -> None:
    if cidr := properties.get("CidrBlock"):
        _sized(cidr, "InvalidVpc.Range")


def _check_subnet(properties: dict[str, Any]) -> None:
    from ministack.services import ec2

    cidr = properties.get("CidrBlock")
    if not cidr:
        return
    block = _sized(cidr, "InvalidSubnet.Range")
    vpc = ec2._vpcs.get(properties.get("VpcId", ""))
    if vpc is None:
        message = f"The vpc ID '{properties.get('VpcId', '')}' does not exist"
        raise Refusal("InvalidVpcID.NotFound", message, handler_code="NotFound")
    secondary = [each.get("CidrBlock", "") for each in vpc.get("CidrBlockAssociationSet", ())]
    if not any(block.subnet_of(_network(each)) for each in (vpc["CidrBlock"], *filter(None, secondary))):
        raise Refusal("InvalidSubnet.Range", f"The CIDR '{cidr}' is invalid.")
    for other in ec2._subnets.values():
        if other["VpcId"] == vpc["VpcId"] and other.get("CidrBlock") and block.overlaps(_network(other["CidrBlock"])):
            raise Refusal("InvalidSubnet.Conflict", f"The CIDR '{cidr}' conflicts with another subnet")


def _sized(cidr: str, code: str) -> ipaddress.IPv4Network:
    try:
        block = _network(cidr)
    except ValueError as error:
        message = f"Value ({cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        raise Refusal("InvalidParameterValue", message) from error
    if not _LARGEST <= block.prefixlen <= _SMALLEST:
        raise Refusal(code, f"The CIDR '{cidr}' is invalid.")
    return block


def _network(cidr: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(cidr, strict=False)
