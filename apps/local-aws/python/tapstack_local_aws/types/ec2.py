"""Addresses, NAT gateways, flow logs, network ACLs and rules of security groups."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, Request, ResourceType
from ..shapes import integers, pick, tag_list


def specification(properties: Properties, kind: str) -> dict[str, Any]:
    """Return the tags of a resource as EC2's create actions take them."""
    tags = tag_list(properties)
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


def retag(resource_id: str, old: Properties, new: Properties) -> None:
    """Bring the tags of an EC2 resource from one template's to another's."""
    gone = [{"Key": key} for key in {tag["Key"] for tag in tag_list(old)} - {tag["Key"] for tag in tag_list(new)}]
    if gone:
        client("ec2").delete_tags(Resources=[resource_id], Tags=gone)
    if tags := tag_list(new):
        client("ec2").create_tags(Resources=[resource_id], Tags=tags)


def _only_tags(attributes: Any, tagged: Any = None) -> Any:
    """Return an update for types where nothing but tags changes without replacement."""

    def update(physical_id: str, old: Properties, request: Request) -> Created:
        retag(tagged(physical_id) if tagged else physical_id, old, request.properties)
        return Created(physical_id, attributes(physical_id))

    return update


# Elastic IPs. `Ref` is the address itself; everything else goes by the allocation.


def _create_address(request: Request) -> Created:
    properties = request.properties
    ec2 = client("ec2")
    made = ec2.allocate_address(Domain=properties.get("Domain", "vpc"), **specification(properties, "elastic-ip"))
    if properties.get("InstanceId"):
        ec2.associate_address(AllocationId=made["AllocationId"], InstanceId=properties["InstanceId"])
    return Created(made["PublicIp"], {"AllocationId": made["AllocationId"], "PublicIp": made["PublicIp"]})


def _address(public_ip: str) -> dict[str, Any]:
    # Not by the `PublicIps` parameter: ministack would ignore it and return every address.
    addresses = client("ec2").describe_addresses()["Addresses"]
    return next((address for address in addresses if address["PublicIp"] == public_ip), {})


def _delete_address(physical_id: str, properties: Properties) -> None:
    if address := _address(physical_id):
        if "AssociationId" in address:
            client("ec2").disassociate_address(AssociationId=address["AssociationId"])
        client("ec2").release_address(AllocationId=address["AllocationId"])


def _address_attributes(physical_id: str) -> dict[str, Any]:
    return {"AllocationId": _address(physical_id)["AllocationId"], "PublicIp": physical_id}


def _associate_address(request: Request) -> Created:
    wanted = pick(request.properties, "AllocationId", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress")
    made = client("ec2").associate_address(**wanted)
    return Created(made["AssociationId"], {"Id": made["AssociationId"]})


def _disassociate_address(physical_id: str, properties: Properties) -> None:
    client("ec2").disassociate_address(AssociationId=physical_id)


# NAT gateways.


def _create_nat_gateway(request: Request) -> Created:
    wanted = pick(
        request.properties,
        "AllocationId",
        "AvailabilityMode",
        "AvailabilityZoneAddresses",
        "ConnectivityType",
        "PrivateIpAddress",
        "SubnetId",
        "VpcId",
    )
    made = client("ec2").create_nat_gateway(**wanted, **specification(request.properties, "natgateway"))
    identifier = made["NatGateway"]["NatGatewayId"]
    return Created(identifier, {"NatGatewayId": identifier})


def _delete_nat_gateway(physical_id: str, properties: Properties) -> None:
    client("ec2").delete_nat_gateway(NatGatewayId=physical_id)


# Address ranges of VPCs.


def _associate_range(request: Request) -> Created:
    made = client("ec2").associate_vpc_cidr_block(**pick(request.properties, "CidrBlock", "VpcId"))
    identifier = made["CidrBlockAssociation"]["AssociationId"]
    return Created(identifier, {"Id": identifier})


def _disassociate_range(physical_id: str, properties: Properties) -> None:
    client("ec2").disassociate_vpc_cidr_block(AssociationId=physical_id)


# EC2 Instance Connect Endpoints.


def _create_connect_endpoint(request: Request) -> Created:
    properties = request.properties
    made = client("ec2").create_instance_connect_endpoint(
        **pick(properties, "SecurityGroupIds", "SubnetId"),
        PreserveClientIp=str(properties.get("PreserveClientIp", False)).lower() == "true",
        **specification(properties, "instance-connect-endpoint"),
    )
    identifier = made["InstanceConnectEndpoint"]["InstanceConnectEndpointId"]
    return Created(identifier, {"Id": identifier})


def _delete_connect_endpoint(physical_id: str, properties: Properties) -> None:
    client("ec2").delete_instance_connect_endpoint(InstanceConnectEndpointId=physical_id)


# Flow logs.


def _file_options(options: dict[str, Any] | None) -> dict[str, Any]:
    if not options:
        return {}
    switches = ("HiveCompatiblePartitions", "PerHourPartition")
    given = {name: str(options[name]).lower() == "true" for name in switches if name in options}
    return {"DestinationOptions": {**pick(options, "FileFormat"), **given}}


def _create_flow_log(request: Request) -> Created:
    properties = request.properties
    wanted = pick(
        properties,
        "ResourceType",
        "TrafficType",
        "LogDestinationType",
        "LogGroupName",
        "LogDestination",
        "LogFormat",
        "DeliverLogsPermissionArn",
    )
    answer = client("ec2").create_flow_logs(
        ResourceIds=[properties["ResourceId"]],
        **wanted,
        **integers(properties, "MaxAggregationInterval"),
        **_file_options(properties.get("DestinationOptions")),
        **specification(properties, "vpc-flow-log"),
    )
    if answer.get("Unsuccessful"):
        raise ValueError(answer["Unsuccessful"][0]["Error"]["Message"])
    return Created(answer["FlowLogIds"][0], {"Id": answer["FlowLogIds"][0]})


def _delete_flow_log(physical_id: str, properties: Properties) -> None:
    client("ec2").delete_flow_logs(FlowLogIds=[physical_id])


TYPES = (
    ResourceType(
        "AWS::EC2::EIP",
        _create_address,
        _delete_address,
        _only_tags(_address_attributes, lambda physical_id: _address(physical_id)["AllocationId"]),
        replacing=("Domain", "InstanceId", "NetworkBorderGroup", "PublicIpv4Pool", "TransferAddress"),
    ),
    ResourceType("AWS::EC2::EIPAssociation", _associate_address, _disassociate_address, taggable=False),
    ResourceType(
        "AWS::EC2::NatGateway",
        _create_nat_gateway,
        _delete_nat_gateway,
        _only_tags(lambda physical_id: {"NatGatewayId": physical_id}),
        replacing=(
            "AllocationId",
            "AvailabilityMode",
            # in place on AWS
            "AvailabilityZoneAddresses",
            "ConnectivityType",
            "PrivateIpAddress",
            "SubnetId",
            "VpcId",
        ),
    ),
    ResourceType("AWS::EC2::VPCCidrBlock", _associate_range, _disassociate_range, taggable=False),
    ResourceType("AWS::EC2::InstanceConnectEndpoint", _create_connect_endpoint, _delete_connect_endpoint),
    ResourceType(
        "AWS::EC2::FlowLog",
        _create_flow_log,
        _delete_flow_log,
        _only_tags(lambda physical_id: {"Id": physical_id}),
        replacing=(
            "DeliverLogsPermissionArn",
            "DestinationOptions",
            "LogDestination",
            "LogDestinationType",
            "LogFormat",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceId",
            "ResourceType",
            "TrafficType",
        ),
    ),
)
