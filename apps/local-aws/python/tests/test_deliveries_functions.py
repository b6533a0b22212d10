"""A function in a VPC reaches what its subnets lead to, and waits for everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
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


@pytest.fixture
def ask(aws: Aws) -> Callable[..., str]:
    """Return a function of the VPC of `subnet` that says how a call of a service ends."""
    statement = {"Effect": "Allow", "Action": [*ATTACH, "sns:ListTopics", "sqs:ListQueues"], "Resource": "*"}
    made: dict[str, str] = {}

    def ends(subnet: str, service: str = "sns") -> str:
        functions = aws.client("lambda")
        if subnet not in made:
            made[subnet] = unique("function")
            functions.create_function(
                FunctionName=made[subnet],
                Runtime="python3.12",
                Handler="index.handler",
                Timeout=20,
                Code={"ZipFile": archive(ASKING)},
                Role=aws.role("lambda.amazonaws.com", statement),
                VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": []},
            )
            functions.get_waiter("function_active_v2").wait(FunctionName=made[subnet])
        answer = functions.invoke(FunctionName=made[subnet], Payload=json.dumps({"service": service}))
        return str(json.load(answer["Payload"]))

    return ends


def test_function_way_out_through_a_nat_gateway(aws: Aws, ask: Callable[..., str]) -> None:
    ec2 = aws.client("ec2")
    subnet, table = _subnet(ec2)
    assert ask(subnet).endswith("TimeoutError")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    assert ask(subnet) == "answered"


def test_function_way_out_is_no_internet_gateway(aws: Aws, ask: Callable[..., str]) -> None:
    ec2 = aws.client("ec2")
    subnet, table = _subnet(ec2)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    vpc = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    assert ask(subnet).endswith("TimeoutError")


def test_function_way_out_by_an_endpoint_leads_to_its_service_only(aws: Aws, ask: Callable[..., str]) -> None:
    ec2 = aws.client("ec2")
    subnet, _ = _subnet(ec2)
    vpc = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.us-east-1.sns",
        SubnetIds=[subnet],
        PrivateDnsEnabled=True,
    )
    assert ask(subnet) == "answered"
    assert ask(subnet, "sqs").endswith("TimeoutError")


def _subnet(ec2: Any) -> tuple[str, str]:
    """Return a subnet of a new VPC, and its route table that leads nowhere."""
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.1.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return subnet, table
