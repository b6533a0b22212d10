"""Images by architecture, and answers that hold only what was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import LocalAws, Stacks
from templates import workload
from templates.parts import ref, resource, subnet, vpc

NETWORK: dict[str, Any] = {"Vpc": vpc(), "Subnet": subnet("Vpc", 1, 1)}
IMAGE = workload.RESOURCES["Instance"]["Properties"]["ImageId"]


def _instance(instance_type: str = "t3.micro") -> dict[str, Any]:
    instance = resource("EC2::Instance", ImageId=IMAGE, InstanceType=instance_type, SubnetId=ref("Subnet"))
    return {**NETWORK, "Instance": instance}


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
@pytest.mark.parametrize("kernel", ["default", "6.1", "6.12"])
def test_x01_the_latest_image_exists_for_both_architectures(local: LocalAws, architecture: str, kernel: str) -> None:
    name = f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-{kernel}-{architecture}"
    ssm = local.client("ssm")
    image_id = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    assert ssm.get_parameter(Name=f"{name}:1")["Parameter"]["Value"] == image_id
    image = local.client("ec2").describe_images(ImageIds=[image_id])["Images"][0]
    assert image["Architecture"] == architecture


def test_an_image_of_the_other_architecture_is_refused(stacks: Stacks) -> None:
    with pytest.raises(pytest.fail.Exception, match="architecture 'arm64' of the specified instance type"):
        stacks.deploy("mismatch", _instance("t4g.micro"))


def test_an_image_of_the_other_architecture_is_refused_by_a_launch_template_too(stacks: Stacks) -> None:
    data = {"ImageId": IMAGE, "InstanceType": "t4g.micro"}
    version = {"LaunchTemplateId": ref("Template"), "Version": "1"}
    instance = resource("EC2::Instance", LaunchTemplate=version, SubnetId=ref("Subnet"))
    template = resource("EC2::LaunchTemplate", LaunchTemplateData=data)
    with pytest.raises(pytest.fail.Exception, match="architecture 'arm64' of the specified instance type"):
        stacks.deploy("mismatched-template", {**NETWORK, "Template": template, "Instance": instance})


def test_x02_what_is_asked_of_one_vpc_is_not_answered_with_another(local: LocalAws, stacks: Stacks) -> None:
    endpoint = resource(
        "EC2::VPCEndpoint", VpcId=ref("Vpc"), ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
    )
    for name in ("first", "second"):
        stacks.deploy(name, {**_instance(), "Endpoint": endpoint})
    ec2 = local.client("ec2")
    wanted = [{"Name": "vpc-id", "Values": [stacks.physical_id("first", "Vpc")]}]
    instances = [
        instance["InstanceId"]
        for reservation in ec2.describe_instances(Filters=wanted)["Reservations"]
        for instance in reservation["Instances"]
    ]
    assert instances == [stacks.physical_id("first", "Instance")]
    endpoints = [each["VpcEndpointId"] for each in ec2.describe_vpc_endpoints(Filters=wanted)["VpcEndpoints"]]
    assert endpoints == [stacks.physical_id("first", "Endpoint")]


def test_addresses_can_be_asked_for_by_ip(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("addresses", {"One": resource("EC2::EIP"), "Other": resource("EC2::EIP")})
    ip = stacks.physical_id("addresses", "One")
    found = local.client("ec2").describe_addresses(PublicIps=[ip])["Addresses"]
    assert [address["PublicIp"] for address in found] == [ip]


def test_route_tables_can_be_asked_for_by_their_routes(local: LocalAws, stacks: Stacks) -> None:
    route = resource("EC2::Route", RouteTableId=ref("Open"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway"))
    table, gateway = resource("EC2::RouteTable", VpcId=ref("Vpc")), resource("EC2::InternetGateway")
    attachment = resource("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway"))
    resources = {"Open": table, "Closed": table, "Gateway": gateway, "Attachment": attachment}
    stacks.deploy("routes", {"Vpc": vpc(), **resources, "Route": {**route, "DependsOn": "Attachment"}})
    in_vpc = {"Name": "vpc-id", "Values": [stacks.physical_id("routes", "Vpc")]}
    for name, value in {
        "destination-cidr-block": "0.0.0.0/0",
        "gateway-id": stacks.physical_id("routes", "Gateway"),
    }.items():
        wanted = [in_vpc, {"Name": f"route.{name}", "Values": [value]}]
        found = local.client("ec2").describe_route_tables(Filters=wanted)["RouteTables"]
        assert [each["RouteTableId"] for each in found] == [stacks.physical_id("routes", "Open")]


def test_of_a_permission_with_several_peers_one_can_be_taken_away(local: LocalAws, stacks: Stacks) -> None:
    group = resource("EC2::SecurityGroup", GroupDescription="drill", VpcId=ref("Vpc"))
    stacks.deploy("peers", {"Vpc": vpc(), "Group": group})
    ec2, identifier = local.client("ec2"), stacks.physical_id("peers", "Group")
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    network, world = {"CidrIp": "10.0.0.0/8", "Description": "inside"}, {"CidrIp": "0.0.0.0/0"}
    everybody = {"CidrIpv6": "::/0"}

    def permissions() -> Any:
        described = ec2.describe_security_groups(GroupIds=[identifier])["SecurityGroups"][0]["IpPermissions"]
        return [{name: value for name, value in each.items() if value} for each in described]

    allowed = [{**ssh, "IpRanges": [network, world], "Ipv6Ranges": [everybody]}]
    ec2.authorize_security_group_ingress(GroupId=identifier, IpPermissions=allowed)
    assert permissions() == allowed
    gone = ec2.revoke_security_group_ingress(
        GroupId=identifier, IpPermissions=[{**ssh, "IpRanges": [world], "Ipv6Ranges": [everybody]}]
    )
    revoked = [rule.get("CidrIpv4") or rule.get("CidrIpv6") for rule in gone["RevokedSecurityGroupRules"]]
    assert revoked == ["0.0.0.0/0", "::/0"]
    assert permissions() == [{**ssh, "IpRanges": [network]}]
