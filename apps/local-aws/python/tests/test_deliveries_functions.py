"""A function in a VPC reaches what its subnets lead to, and waits for everything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from drills import Aws, archive, unique

ASKING = """
import boto3
from botocore.config import Config

def handler(event, context):
    settled = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
    try:
        boto3.client(event["service"], config=settled).list_topics() if event["service"] == "sns" else boto3.client(
            event["service"], config=settled).list_queues()
        return "answered"
    except Exception as error:
        return type(error).__name__
"""
ATTACH = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


@dataclass(frozen=True)
class Place:
    """A subnet of a VPC, and its route table."""

    vpc: str
    subnet: str
    table: str


@pytest.fixture
def place(client: Callable[..., Any]) -> Iterator[Place]:
    """Make a place that leads nowhere; take it down after the test, since an account has few VPCs and NAT gateways."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.1.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    yield Place(vpc, subnet, table)

    inside = [{"Name": "vpc-id", "Values": [vpc]}]
    for gateway in ec2.describe_nat_gateways(Filters=inside)["NatGateways"]:
        ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
        ec2.release_address(AllocationId=gateway["NatGatewayAddresses"][0]["AllocationId"])
    if endpoints := [one["VpcEndpointId"] for one in ec2.describe_vpc_endpoints(Filters=inside)["VpcEndpoints"]]:
        ec2.delete_vpc_endpoints(VpcEndpointIds=endpoints)
    attached = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    for gateway in ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]:
        ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc)
        ec2.delete_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"])
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=table)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


@pytest.fixture
def ask(aws: Aws, place: Place) -> Iterator[Callable[..., str]]:
    """Make a function in the place; return what says how a call of a service from there ends."""
    statement = {"Effect": "Allow", "Action": [*ATTACH, "sns:ListTopics", "sqs:ListQueues"], "Resource": "*"}
    functions = aws.client("lambda")
    functions.create_function(
        FunctionName=(name := unique("function")),
        Runtime="python3.12",
        Handler="index.handler",
        Timeout=20,
        Code={"ZipFile": archive(ASKING)},
        Role=aws.role("lambda.amazonaws.com", statement),
        VpcConfig={"SubnetIds": [place.subnet], "SecurityGroupIds": []},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name)

    def ends(service: str = "sns") -> str:
        answer = functions.invoke(FunctionName=name, Payload=json.dumps({"service": service}))
        return str(json.load(answer["Payload"]))

    yield ends
    functions.delete_function(FunctionName=name)


def test_function_way_out_through_a_nat_gateway(aws: Aws, place: Place, ask: Callable[..., str]) -> None:
    ec2 = aws.client("ec2")
    assert ask().endswith("TimeoutError")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=place.subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    ec2.create_route(RouteTableId=place.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    assert ask() == "answered"


def test_function_way_out_is_no_internet_gateway(aws: Aws, place: Place, ask: Callable[..., str]) -> None:
    ec2 = aws.client("ec2")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=place.vpc)
    ec2.create_route(RouteTableId=place.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    assert ask().endswith("TimeoutError")


def test_function_way_out_by_an_endpoint_leads_to_its_service_only(
    aws: Aws, place: Place, ask: Callable[..., str]
) -> None:
    aws.client("ec2").create_vpc_endpoint(
        VpcId=place.vpc,
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.us-east-1.sns",
        SubnetIds=[place.subnet],
        PrivateDnsEnabled=True,
    )
    assert ask() == "answered"
    assert ask("sqs").endswith("TimeoutError")
