"""Networks that AWS would not build are not built, and the neighbouring valid ones are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from drills import refused, rolled_back, unique


@pytest.fixture
def ec2(client: Callable[..., Any]) -> Any:
    return client("ec2")


@pytest.fixture
def undo() -> Iterator[ExitStack]:
    """Undo what a test made, newest first."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def vpc(ec2: Any, undo: ExitStack) -> str:
    identifier = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    undo.callback(ec2.delete_vpc, VpcId=identifier)
    return str(identifier)


@pytest.fixture
def subnet(ec2: Any, undo: ExitStack, vpc: str) -> str:
    return make_subnet(ec2, undo, vpc, "10.0.1.0/24")


def make_subnet(ec2: Any, undo: ExitStack, vpc: str, cidr: str) -> str:
    identifier = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"]
    undo.callback(ec2.delete_subnet, SubnetId=identifier)
    return str(identifier)


def network(**subnets: str) -> dict[str, Any]:
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    return {"Vpc": vpc} | {
        name: {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": cidr}}
        for name, cidr in subnets.items()
    }


@pytest.mark.parametrize(
    ("cidr", "code"),
    [
        ("10.0.0.0/15", "InvalidVpc.Range"),
        ("10.0.0.0/29", "InvalidVpc.Range"),
        ("10.0.0.0/33", "InvalidParameterValue"),
        ("nonsense", "InvalidParameterValue"),
    ],
)
def test_vpc_cidr(ec2: Any, cidr: str, code: str) -> None:
    refused(code, ec2.create_vpc, CidrBlock=cidr)


@pytest.mark.parametrize(
    ("cidr", "code"),
    [
        ("10.1.0.0/24", "InvalidSubnet.Range"),
        ("10.0.0.0/15", "InvalidSubnet.Range"),
        ("10.0.2.0/29", "InvalidSubnet.Range"),
        ("10.0.2.0/40", "InvalidParameterValue"),
    ],
)
def test_subnet_cidr(ec2: Any, vpc: str, cidr: str, code: str) -> None:
    refused(code, ec2.create_subnet, VpcId=vpc, CidrBlock=cidr)


@pytest.mark.parametrize(
    ("cidr", "code"),
    [
        ("10.0.128.0/17", "CidrConflict"),
        ("172.16.0.0/16", "InvalidVpc.Range"),
        ("8.8.0.0/16", "InvalidVpc.Range"),
        ("10.2.0.0/15", "InvalidVpc.Range"),
    ],
)
def test_vpc_further_cidr(ec2: Any, vpc: str, cidr: str, code: str) -> None:
    refused(code, ec2.associate_vpc_cidr_block, VpcId=vpc, CidrBlock=cidr)


@pytest.mark.parametrize("cidr", ["10.0.1.0/24", "10.0.0.0/16", "10.0.1.128/25"])
def test_subnet_overlap(ec2: Any, vpc: str, subnet: str, cidr: str) -> None:
    message = refused("InvalidSubnet.Conflict", ec2.create_subnet, VpcId=vpc, CidrBlock=cidr)
    assert message == f"The CIDR '{cidr}' conflicts with another subnet"


def test_subnet_overlap_is_none_between_neighbours(ec2: Any, undo: ExitStack, vpc: str, subnet: str) -> None:
    assert make_subnet(ec2, undo, vpc, "10.0.2.0/28")


def test_subnet_overlap_in_a_template(stacks: Any) -> None:
    reasons = rolled_back(stacks, network(One="10.0.1.0/24", Two="10.0.1.0/25"))
    assert "Two: Resource handler returned message: \"The CIDR '10.0.1.0/25' conflicts with another subnet" in reasons
    assert "Error Code: InvalidSubnet.Conflict" in reasons


def test_subnet_cidr_outside_its_vpc_in_a_template(stacks: Any) -> None:
    assert "InvalidSubnet.Range" in rolled_back(stacks, network(One="10.1.0.0/24"))


def test_subnet_cidr_of_a_valid_template(stacks: Any) -> None:
    stacks.deploy(unique("network"), network(One="10.0.1.0/24", Two="10.0.2.0/24"))


def test_subnet_vpc(ec2: Any) -> None:
    refused("InvalidVpcID.NotFound", ec2.create_subnet, VpcId="vpc-0123456789abcdef0", CidrBlock="10.0.0.0/24")


def test_vpc_in_use(ec2: Any, vpc: str) -> None:
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3")["VpcEndpoint"]
    refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])


def test_vpc_in_use_in_a_stack(ec2: Any, stacks: Any) -> None:
    stacks.deploy(name := unique("vpc"), network())
    vpc = stacks.physical_id(name, "Vpc")
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3")["VpcEndpoint"]
    assert stacks.delete(name) == "DELETE_FAILED"
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    stacks.names.append(name)
    assert stacks.delete(name) == "DELETE_COMPLETE"


def test_subnet_in_use_by_an_instance(ec2: Any, vpc: str, subnet: str) -> None:
    started = ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=subnet)["Instances"][0]
    refused("DependencyViolation", ec2.delete_subnet, SubnetId=subnet)
    ec2.terminate_instances(InstanceIds=[started["InstanceId"]])


def test_subnet_in_use_by_a_nat_gateway(ec2: Any, undo: ExitStack, subnet: str) -> None:
    gateway = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    refused("DependencyViolation", ec2.delete_subnet, SubnetId=subnet)
    ec2.delete_nat_gateway(NatGatewayId=gateway)


def make_group(ec2: Any, undo: ExitStack, vpc: str) -> str:
    identifier = ec2.create_security_group(GroupName=unique("group"), Description="drill", VpcId=vpc)["GroupId"]
    undo.callback(ec2.delete_security_group, GroupId=identifier)
    return str(identifier)


def test_security_group_in_use_by_another_groups_rule(ec2: Any, undo: ExitStack, vpc: str) -> None:
    named, naming = make_group(ec2, undo, vpc), make_group(ec2, undo, vpc)
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": named}]}
    ec2.authorize_security_group_ingress(GroupId=naming, IpPermissions=[rule])
    message = refused("DependencyViolation", ec2.delete_security_group, GroupId=named)
    assert message == f"resource {named} has a dependent object"


def test_security_group_in_use_by_an_instance(ec2: Any, undo: ExitStack, vpc: str, subnet: str) -> None:
    group = make_group(ec2, undo, vpc)
    started = ec2.run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group]
    )["Instances"][0]
    refused("DependencyViolation", ec2.delete_security_group, GroupId=group)
    ec2.terminate_instances(InstanceIds=[started["InstanceId"]])


HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}


def test_security_group_duplicate(ec2: Any, undo: ExitStack, vpc: str) -> None:
    group = make_group(ec2, undo, vpc)
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[HTTPS])
    again = {**HTTPS, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "a description makes no difference"}]}
    message = refused(
        "InvalidPermission.Duplicate", ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[again]
    )
    assert message == ('the specified rule "peer: 10.0.0.0/8, TCP, from port: 443, to port: 443, ALLOW" already exists')
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{**HTTPS, "ToPort": 444}])


def test_security_group_duplicate_in_a_template(stacks: Any) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}
    group = {"GroupDescription": "drill", "VpcId": {"Ref": "Vpc"}, "SecurityGroupIngress": [rule, rule]}
    resources = network() | {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group}}
    assert "The same permission must not appear multiple times" in rolled_back(stacks, resources)


def test_security_group_absent(ec2: Any, undo: ExitStack, vpc: str) -> None:
    group = make_group(ec2, undo, vpc)
    message = refused(
        "InvalidPermission.NotFound", ec2.revoke_security_group_ingress, GroupId=group, IpPermissions=[HTTPS]
    )
    assert message == "The specified rule does not exist in this security group."
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[HTTPS])
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[HTTPS])


def test_security_group_absent_in_the_default_network(ec2: Any, undo: ExitStack) -> None:
    network = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    group = make_group(ec2, undo, network)
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[HTTPS])


def test_quota_vpc(ec2: Any, undo: ExitStack) -> None:
    while len(ec2.describe_vpcs()["Vpcs"]) < 5:
        identifier = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        undo.callback(ec2.delete_vpc, VpcId=identifier)
    refused("VpcLimitExceeded", ec2.create_vpc, CidrBlock="10.0.0.0/16")


def test_quota_vpc_in_a_template(ec2: Any, undo: ExitStack, stacks: Any) -> None:
    while len(ec2.describe_vpcs()["Vpcs"]) < 5:
        identifier = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        undo.callback(ec2.delete_vpc, VpcId=identifier)
    reasons = rolled_back(stacks, network())
    assert "The maximum number of VPCs has been reached." in reasons
    assert "HandlerErrorCode: ServiceLimitExceeded" in reasons


def test_quota_address(ec2: Any, undo: ExitStack) -> None:
    while len(ec2.describe_addresses()["Addresses"]) < 5:
        identifier = ec2.allocate_address(Domain="vpc")["AllocationId"]
        undo.callback(ec2.release_address, AllocationId=identifier)
    refused("AddressLimitExceeded", ec2.allocate_address, Domain="vpc")


def test_quota_nat(ec2: Any, undo: ExitStack, subnet: str) -> None:
    for _ in range(5):
        gateway = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
        undo.callback(ec2.delete_nat_gateway, NatGatewayId=gateway)
    message = refused("NatGatewayLimitExceeded", ec2.create_nat_gateway, SubnetId=subnet, ConnectivityType="private")
    assert message == "Performing this operation would exceed the limit of 5 NAT gateways"
