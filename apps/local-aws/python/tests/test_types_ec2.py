"""EC2 types that ministack lacks: attributes, updates in place, replacements and what a delete leaves behind."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws, Stacks
from drills import rolled_back
from templates import network, workload
from templates.parts import TAGS, get, key_for, ref, resource, subnet, trusted_by, vpc

NETWORK: dict[str, Any] = {"Vpc": vpc(), "Subnet": subnet("Vpc", 1, 1)}
IMAGE = workload.RESOURCES["Instance"]["Properties"]["ImageId"]


def _outputs(**values: Any) -> dict[str, Any]:
    return {"Outputs": {name: {"Value": value} for name, value in values.items()}}


def _error_code(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]["Code"]


def _tags(record: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in record.get("Tags", [])}


def test_vpc_answers_the_attributes_others_ask_for(stacks: Stacks) -> None:
    outputs = stacks.deploy(
        "attributes", {"Vpc": vpc()}, **_outputs(Cidr=get("Vpc", "CidrBlock"), Group=get("Vpc", "DefaultSecurityGroup"))
    )
    assert outputs["Cidr"] == "10.0.0.0/16"
    assert outputs["Group"].startswith("sg-")


def test_address_serves_one_nat_gateway_and_is_free_again_after_it(local: LocalAws, stacks: Stacks) -> None:
    kept = ("Vpc", "Gateway", "Attachment", "Public", "PublicRoutes", "PublicDefault", "Address", "Nat")
    resources = {name: network.RESOURCES[name] for name in kept}
    outputs = stacks.deploy("nat", resources, **_outputs(Ip=ref("Address"), Id=get("Address", "AllocationId")))
    ec2 = local.client("ec2")
    nat = ec2.describe_nat_gateways(NatGatewayIds=[stacks.physical_id("nat", "Nat")])["NatGateways"][0]
    address = nat["NatGatewayAddresses"][0]
    assert (address["AllocationId"], address["PublicIp"]) == (outputs["Id"], outputs["Ip"])
    assert address["PrivateIp"].startswith("10.0.1.")
    assert _error_code(ec2.release_address, AllocationId=outputs["Id"]) == "InvalidIPAddress.InUse"
    assert stacks.delete("nat") == "DELETE_COMPLETE"
    assert outputs["Ip"] not in [found["PublicIp"] for found in ec2.describe_addresses()["Addresses"]]


def test_address_can_be_associated_with_an_instance(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy(
        "associated",
        {
            **NETWORK,
            "Instance": resource("EC2::Instance", ImageId=IMAGE, InstanceType="t3.micro", SubnetId=ref("Subnet")),
            "Address": resource("EC2::EIP"),
            "Association": resource(
                "EC2::EIPAssociation", AllocationId=get("Address", "AllocationId"), InstanceId=ref("Instance")
            ),
        },
    )
    ip = stacks.physical_id("associated", "Address")
    addresses = local.client("ec2").describe_addresses()["Addresses"]
    found = next(each for each in addresses if each["PublicIp"] == ip)
    assert found["InstanceId"] == stacks.physical_id("associated", "Instance")


def test_flow_log_keeps_role_and_interval_and_retags_in_place(local: LocalAws, stacks: Stacks) -> None:
    kept = ("Key", "Vpc", "FlowLogs", "FlowRole", "FlowLog")
    resources = {name: network.RESOURCES[name] for name in kept}
    stacks.deploy("flow", resources)
    before = stacks.physical_id("flow", "FlowLog")
    renamed = [{"Key": "Name", "Value": "renamed"}]
    flow_log = {**resources["FlowLog"], "Properties": {**resources["FlowLog"]["Properties"], "Tags": renamed}}
    stacks.deploy("flow", {**resources, "FlowLog": flow_log})
    found = local.client("ec2").describe_flow_logs(FlowLogIds=[before])["FlowLogs"][0]
    assert found["MaxAggregationInterval"] == 60
    assert ":role/" in found["DeliverLogsPermissionArn"]
    assert _tags(found)["Name"] == "renamed"
    assert "Environment" not in _tags(found)


def test_network_acl_moves_the_association_and_gives_it_back(local: LocalAws, stacks: Stacks) -> None:
    acl = {
        "Acl": resource("EC2::NetworkAcl", VpcId=ref("Vpc")),
        "Association": resource("EC2::SubnetNetworkAclAssociation", NetworkAclId=ref("Acl"), SubnetId=ref("Subnet")),
    }
    stacks.deploy("acl", {**NETWORK, **acl})
    subnet_id = stacks.physical_id("acl", "Subnet")
    ec2 = local.client("ec2")

    def acl_of_subnet() -> tuple[str, bool]:
        for found in ec2.describe_network_acls()["NetworkAcls"]:
            if any(each["SubnetId"] == subnet_id for each in found["Associations"]):
                return found["NetworkAclId"], found["IsDefault"]
        return "none", False

    own = stacks.physical_id("acl", "Acl")
    assert acl_of_subnet() == (own, False)
    assert _error_code(ec2.delete_network_acl, NetworkAclId=own) == "DependencyViolation"
    stacks.deploy("acl", NETWORK)
    assert acl_of_subnet()[1] is True


def test_network_acl_entry_changes_in_place(local: LocalAws, stacks: Stacks) -> None:
    def entry(port: int) -> dict[str, Any]:
        return resource(
            "EC2::NetworkAclEntry",
            NetworkAclId=ref("Acl"),
            RuleNumber=100,
            Protocol=6,
            RuleAction="allow",
            CidrBlock="0.0.0.0/0",
            PortRange={"From": port, "To": port},
        )

    acl = {"Vpc": vpc(), "Acl": resource("EC2::NetworkAcl", VpcId=ref("Vpc"))}
    stacks.deploy("entries", {**acl, "Entry": entry(443)})
    before = stacks.physical_id("entries", "Entry")
    stacks.deploy("entries", {**acl, "Entry": entry(8443)})
    found = local.client("ec2").describe_network_acls(NetworkAclIds=[stacks.physical_id("entries", "Acl")])
    assert stacks.physical_id("entries", "Entry") == before
    assert [each["PortRange"] for each in found["NetworkAcls"][0]["Entries"]] == [{"From": 8443, "To": 8443}]


def test_rules_of_groups_are_replaced_and_removed(local: LocalAws, stacks: Stacks) -> None:
    def rule(cidr: str) -> dict[str, Any]:
        return resource(
            "EC2::SecurityGroupIngress", GroupId=ref("Group"), IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp=cidr
        )

    group = {
        "Vpc": vpc(),
        "Group": resource("EC2::SecurityGroup", GroupDescription="rules", VpcId=ref("Vpc")),
    }
    ec2 = local.client("ec2")

    def allowed() -> list[str]:
        found = ec2.describe_security_groups(GroupIds=[stacks.physical_id("rules", "Group")])["SecurityGroups"][0]
        return [each["CidrIp"] for permission in found["IpPermissions"] for each in permission["IpRanges"]]

    stacks.deploy("rules", {**group, "Rule": rule("192.0.2.0/24")})
    assert allowed() == ["192.0.2.0/24"]
    stacks.deploy("rules", {**group, "Rule": rule("198.51.100.0/24")})
    assert allowed() == ["198.51.100.0/24"]
    stacks.deploy("rules", group)
    assert allowed() == []


# Instances.


def _instance(**properties: Any) -> dict[str, Any]:
    return {
        **NETWORK,
        "Instance": resource(
            "EC2::Instance", **{"ImageId": IMAGE, "InstanceType": "t3.micro", "SubnetId": ref("Subnet"), **properties}
        ),
    }


def _described(local: LocalAws, stacks: Stacks, name: str) -> dict[str, Any]:
    instance_id = stacks.physical_id(name, "Instance")
    return local.client("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]


def test_p03_instance_has_an_address_of_its_subnet_and_no_public_one(local: LocalAws, stacks: Stacks) -> None:
    outputs = stacks.deploy("placed", _instance(), **_outputs(Zone=get("Instance", "AvailabilityZone")))
    found = _described(local, stacks, "placed")
    assert found["PrivateIpAddress"].startswith("10.0.1.")
    assert not found.get("PublicIpAddress")
    assert found["Placement"]["AvailabilityZone"] == outputs["Zone"] == "us-east-1b"


def test_instance_without_metadata_options_does_not_look_hardened(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("soft", _instance())
    found = _described(local, stacks, "soft")
    assert found["MetadataOptions"]["HttpTokens"] == "optional"
    assert found["Monitoring"]["State"] == "disabled"
    volume = found["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    assert local.client("ec2").describe_volumes(VolumeIds=[volume])["Volumes"][0]["Encrypted"] is False


def test_instance_changes_in_place(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("changing", _instance(UserData={"Fn::Base64": "before"}, Tags=TAGS))
    before = stacks.physical_id("changing", "Instance")
    stacks.deploy(
        "changing",
        _instance(
            MetadataOptions={"HttpTokens": "required"},
            Monitoring=True,
            InstanceType="t3.small",
            DisableApiTermination=False,
            UserData={"Fn::Base64": "after"},
        ),
    )
    found = _described(local, stacks, "changing")
    assert found["InstanceId"] == before
    assert found["MetadataOptions"]["HttpTokens"] == "required"
    assert found["Monitoring"]["State"] == "enabled"
    assert found["InstanceType"] == "t3.small"
    assert "Environment" not in _tags(found)
    user_data = local.client("ec2").describe_instance_attribute(InstanceId=before, Attribute="userData")
    assert base64.b64decode(user_data["UserData"]["Value"]) == b"after"


def test_instance_with_another_volume_is_a_new_one(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("replaced", _instance())
    before = stacks.physical_id("replaced", "Instance")
    stacks.deploy("replaced", _instance(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 30}}]))
    assert stacks.physical_id("replaced", "Instance") != before
    found = local.client("ec2").describe_instances(InstanceIds=[before])["Reservations"][0]["Instances"][0]
    assert found["State"]["Name"] == "terminated"


def test_p05_volumes_go_with_the_instance_only_if_told_to(local: LocalAws, stacks: Stacks) -> None:
    mappings = [
        {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": True}},
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5, "DeleteOnTermination": False}},
    ]
    stacks.deploy("volumes", _instance(BlockDeviceMappings=mappings))
    found = _described(local, stacks, "volumes")
    root, data = (mapping["Ebs"]["VolumeId"] for mapping in found["BlockDeviceMappings"])
    stacks.delete("volumes")
    left = {volume["VolumeId"]: volume["State"] for volume in local.client("ec2").describe_volumes()["Volumes"]}
    assert root not in left
    assert left[data] == "available"


def test_d04_instance_takes_from_its_launch_template(local: LocalAws, stacks: Stacks) -> None:
    template = resource(
        "EC2::LaunchTemplate",
        LaunchTemplateData={
            "ImageId": IMAGE,
            "InstanceType": "t3.micro",
            "MetadataOptions": {"HttpTokens": "required"},
            "Monitoring": {"Enabled": True},
            "BlockDeviceMappings": [
                {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": get("Key", "Arn")}}
            ],
        },
    )
    version = {"LaunchTemplateId": ref("Template"), "Version": get("Template", "LatestVersionNumber")}
    instance = resource("EC2::Instance", LaunchTemplate=version, SubnetId=ref("Subnet"))
    stacks.deploy("templated", {**NETWORK, "Key": key_for(), "Template": template, "Instance": instance})
    found = _described(local, stacks, "templated")
    assert found["MetadataOptions"]["HttpTokens"] == "required"
    assert found["Monitoring"]["State"] == "enabled"
    volume_id = found["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    volume = local.client("ec2").describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    assert volume["KmsKeyId"].endswith(stacks.physical_id("templated", "Key"))


_TEMPLATES = {
    "groups": {"SecurityGroupIds": [get("Members", "GroupId")]},
    "interface": {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}]},
}


def _beside(template: str, **properties: Any) -> dict[str, Any]:
    """Return an instance with a role and a place of its own, launched from a template that has others."""
    return {
        **NETWORK,
        "Members": resource("EC2::SecurityGroup", GroupDescription="members", VpcId=ref("Vpc")),
        "Own": resource("EC2::SecurityGroup", GroupDescription="own", VpcId=ref("Vpc")),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("ec2")),
        "Theirs": resource("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Mine": resource("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Template": resource(
            "EC2::LaunchTemplate",
            LaunchTemplateData={
                "ImageId": IMAGE,
                "InstanceType": "t3.micro",
                "IamInstanceProfile": {"Arn": get("Theirs", "Arn")},
                **_TEMPLATES[template],
            },
        ),
        "Instance": resource(
            "EC2::Instance",
            LaunchTemplate={"LaunchTemplateId": ref("Template"), "Version": get("Template", "LatestVersionNumber")},
            **properties,
        ),
    }


def _own_interface() -> list[dict[str, Any]]:
    group = [get("Own", "GroupId")]
    return [{"DeviceIndex": "0", "AssociatePublicIpAddress": True, "SubnetId": ref("Subnet"), "GroupSet": group}]


def test_b03_instance_overrides_interface_and_profile_of_its_template(local: LocalAws, stacks: Stacks) -> None:
    own = {"NetworkInterfaces": _own_interface(), "IamInstanceProfile": ref("Mine")}
    stacks.deploy("beside", _beside("interface", **own))
    found = _described(local, stacks, "beside")
    assert found["SubnetId"] == stacks.physical_id("beside", "Subnet")
    assert [group["GroupId"] for group in found["SecurityGroups"]] == [stacks.physical_id("beside", "Own")]
    assert found["PublicIpAddress"]
    assert found["IamInstanceProfile"]["Arn"].endswith(stacks.physical_id("beside", "Mine"))


@pytest.mark.parametrize(
    ("template", "own", "refused"),
    [
        ("groups", {"NetworkInterfaces": _own_interface()}, "an instance-level security groups"),
        ("interface", {"SubnetId": ref("Subnet")}, "an instance-level subnet ID"),
        ("interface", {"SecurityGroupIds": [get("Own", "GroupId")]}, "an instance-level security groups"),
    ],
)
def test_instance_has_nothing_beside_an_interface(
    stacks: Stacks, template: str, own: dict[str, Any], refused: str
) -> None:
    reasons = rolled_back(stacks, _beside(template, **own))
    assert f"Network interfaces and {refused} may not be specified on the same request" in reasons


def test_regional_nat_gateway_stands_in_no_subnet_and_gives_its_addresses_back(local: LocalAws, stacks: Stacks) -> None:
    kept = ("Vpc", "Gateway", "Attachment", "RegionalAddress", "RegionalNat")
    stacks.deploy("regional", {name: network.RESOURCES[name] for name in kept}, **_outputs(Ip=ref("RegionalAddress")))
    ec2 = local.client("ec2")
    nat = ec2.describe_nat_gateways(NatGatewayIds=[stacks.physical_id("regional", "RegionalNat")])["NatGateways"][0]
    assert (nat["AvailabilityMode"], nat["VpcId"]) == ("regional", stacks.physical_id("regional", "Vpc"))
    assert "SubnetId" not in nat
    assert [address["AvailabilityZone"] for address in nat["NatGatewayAddresses"]] == ["us-east-1a"]
    assert nat["AutoProvisionZones"] == "disabled"
    assert stacks.delete("regional") == "DELETE_COMPLETE"


def test_regional_nat_gateway_needs_an_internet_gateway_and_takes_no_subnet(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("alone", NETWORK)
    ec2 = local.client("ec2")
    vpc_id, subnet_id = stacks.physical_id("alone", "Vpc"), stacks.physical_id("alone", "Subnet")
    asked = {"AvailabilityMode": "regional", "VpcId": vpc_id}
    assert _error_code(ec2.create_nat_gateway, **asked) == "Gateway.NotAttached"
    assert _error_code(ec2.create_nat_gateway, **asked, SubnetId=subnet_id) == "InvalidParameterCombination"


def test_further_range_of_a_vpc_holds_subnets_and_outlives_them(local: LocalAws, stacks: Stacks) -> None:
    wide = {**NETWORK, "Range": network.RESOURCES["SecondRange"]}
    pods = resource("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="100.64.0.0/24", _after="Range")
    stacks.deploy("wide", {**wide, "Pods": pods})
    ec2 = local.client("ec2")
    vpc_id = stacks.physical_id("wide", "Vpc")

    def ranges() -> list[str]:
        found = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]["CidrBlockAssociationSet"]
        return [association["CidrBlock"] for association in found]

    assert ranges() == ["10.0.0.0/16", "100.64.0.0/16"]
    association = stacks.physical_id("wide", "Range")
    assert _error_code(ec2.disassociate_vpc_cidr_block, AssociationId=association) == "InvalidCidrBlock.InUse"
    stacks.deploy("wide", wide)
    stacks.deploy("wide", NETWORK)
    assert ranges() == ["10.0.0.0/16"]


def test_connect_endpoint_is_one_in_a_vpc_and_keeps_its_subnet(local: LocalAws, stacks: Stacks) -> None:
    kept = ("Vpc", "Private", "Inner", "Door")
    stacks.deploy("door", {name: network.RESOURCES[name] for name in kept})
    ec2 = local.client("ec2")
    subnet_id = stacks.physical_id("door", "Private")
    wanted = {"InstanceConnectEndpointIds": [stacks.physical_id("door", "Door")]}
    found = ec2.describe_instance_connect_endpoints(**wanted)["InstanceConnectEndpoints"][0]
    assert (found["SubnetId"], found["PreserveClientIp"]) == (subnet_id, False)
    assert found["SecurityGroupIds"] == [stacks.physical_id("door", "Inner")]
    again = _error_code(ec2.create_instance_connect_endpoint, SubnetId=subnet_id)
    assert again == "InstanceConnectEndpointLimitExceeded"
    assert _error_code(ec2.delete_subnet, SubnetId=subnet_id) == "DependencyViolation"
    assert stacks.delete("door") == "DELETE_COMPLETE"
    gone = _error_code(ec2.describe_instance_connect_endpoints, **wanted)
    assert gone == "InvalidInstanceConnectEndpointId.NotFound"
