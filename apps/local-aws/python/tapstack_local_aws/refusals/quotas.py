"""The default quotas of an account that an environment meets first.

AWS raises them on request; here they are fixed, so that a deployment which needs more is found before it fails there.
"""

from .gate import Planned, on_call, on_create
from .refusal import Refusal, Rule
from .requests import Request

RULES = (
    Rule(
        "quota-vpc",
        "5 VPCs in a region, the default one included (VpcLimitExceeded)",
        "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
    ),
    Rule(
        "quota-address",
        "5 Elastic IP addresses in a region (AddressLimitExceeded)",
        "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
    ),
    Rule(
        "quota-nat",
        "5 NAT gateways in an availability zone (NatGatewayLimitExceeded)",
        "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.ec2", name)
    for name in ("_addresses", "_nat_gateways", "_subnets", "_vpcs", "_ensure_defaults_initialized")
]

_QUOTA = 5


@on_call("ec2", "CreateVpc")
def _vpc_called(_: Request) -> None:
    _check_vpcs()


@on_create("ec2", "AWS::EC2::VPC")
def _vpc_created(_: Planned) -> None:
    _check_vpcs()


@on_call("ec2", "AllocateAddress")
def _check_addresses(_: Request) -> None:
    from ministack.services import ec2

    if len(ec2._addresses) >= _QUOTA:
        raise _exceeded("AddressLimitExceeded", "The maximum number of addresses has been reached.")


@on_call("ec2", "CreateNatGateway")
def _check_nat_gateways(request: Request) -> None:
    from ministack.services import ec2

    zones = {name: subnet.get("AvailabilityZone") for name, subnet in ec2._subnets.items()}
    zone = zones.get(request.params.get("SubnetId", ""))
    here = [
        gateway
        for gateway in ec2._nat_gateways.values()
        if gateway.get("State") in ("pending", "available") and zones.get(gateway.get("SubnetId", "")) == zone
    ]
    if zone and len(here) >= _QUOTA:
        message = f"Performing this operation would exceed the limit of {_QUOTA} NAT gateways"
        raise _exceeded("NatGatewayLimitExceeded", message)


def _check_vpcs() -> None:
    from ministack.services import ec2

    ec2._ensure_defaults_initialized()
    if len(ec2._vpcs) >= _QUOTA:
        raise _exceeded("VpcLimitExceeded", "The maximum number of VPCs has been reached.")


def _exceeded(code: str, message: str) -> Refusal:
    return Refusal(code, message, handler_code="ServiceLimitExceeded")
