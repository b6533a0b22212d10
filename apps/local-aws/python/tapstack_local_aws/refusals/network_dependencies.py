"""Network resources are not deleted while others need them (DependencyViolation)."""

from collections.abc import Iterator
from typing import Any

from .gate import Props, on_call, on_delete
from .refusal import Refusal, Rule
from .requests import Request

RULES = (
    Rule(
        "vpc-in-use",
        "a VPC goes only after its endpoints (the emulator itself looks for subnets, groups and gateways)",
        "https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html",
    ),
    Rule(
        "subnet-in-use",
        "a subnet goes only after its instances, NAT gateways, endpoints and network interfaces",
        "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html",
    ),
    Rule(
        "security-group-in-use",
        "a security group goes only after whatever wears it or names it in a rule",
        "https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.ec2", store)
    for store in (
        "_instances",
        "_nat_gateways",
        "_network_interfaces",
        "_security_groups",
        "_vpc_endpoints",
    )
] + [("ministack.services.rds", "_instances")]

# Records of what no longer exists stay readable for a while, as on AWS; they hold nothing.
_GONE = frozenset({"deleted", "deleting", "failed", "terminated"})


@on_call("ec2", "DeleteVpc")
def _vpc_called(request: Request) -> None:
    _check_vpc(request.params.get("VpcId", ""), {})


@on_delete("ec2", "AWS::EC2::VPC")
def _check_vpc(vpc: str, _: Props) -> None:
    from ministack.services import ec2

    if any(endpoint.get("VpcId") == vpc for endpoint in _living(ec2._vpc_endpoints)):
        raise _violation(f"The vpc '{vpc}' has dependencies and cannot be deleted.")


@on_call("ec2", "DeleteSubnet")
def _subnet_called(request: Request) -> None:
    _check_subnet(request.params.get("SubnetId", ""), {})


@on_delete("ec2", "AWS::EC2::Subnet")
def _check_subnet(subnet: str, _: Props) -> None:
    if any(_in_subnet(subnet)):
        raise _violation(f"The subnet '{subnet}' has dependencies and cannot be deleted.")


@on_call("ec2", "DeleteSecurityGroup")
def _group_called(request: Request) -> None:
    _check_group(request.params.get("GroupId", ""), {})


@on_delete("ec2", "AWS::EC2::SecurityGroup")
def _check_group(group: str, _: Props) -> None:
    if any(_wearing(group)):
        raise _violation(f"resource {group} has a dependent object")


def _in_subnet(subnet: str) -> Iterator[Any]:
    from ministack.services import ec2

    for store in (ec2._instances, ec2._nat_gateways, ec2._network_interfaces):
        yield from (one for one in _living(store) if one.get("SubnetId") == subnet)
    yield from (one for one in _living(ec2._vpc_endpoints) if subnet in one.get("SubnetIds", ()))


def _wearing(group: str) -> Iterator[Any]:
    from ministack.services import ec2, rds

    for one in _living(ec2._instances):
        if group in _ids(one.get("SecurityGroups")):
            yield one
    for one in _living(ec2._network_interfaces):
        if group in _ids(one.get("Groups")):
            yield one
    yield from (one for one in _living(ec2._vpc_endpoints) if group in one.get("SecurityGroupIds", ()))
    for database in rds._instances.values():
        if group in _ids(database.get("VpcSecurityGroups"), "VpcSecurityGroupId"):
            yield database
    for other in ec2._security_groups.values():
        rules = [*other.get("IpPermissions", ()), *other.get("IpPermissionsEgress", ())]
        if other["GroupId"] != group:
            yield from (rule for rule in rules if group in _ids(rule.get("UserIdGroupPairs")))


def _ids(entries: Any, member: str = "GroupId") -> list[str]:
    return [entry.get(member, "") if isinstance(entry, dict) else str(entry) for entry in entries or ()]


def _living(store: Any) -> Iterator[dict[str, Any]]:
    for record in store.values():
        state = record.get("State") or record.get("Status") or ""
        if (state.get("Name") if isinstance(state, dict) else state) not in _GONE:
            yield record


def _violation(message: str) -> Refusal:
    return Refusal("DependencyViolation", message)
