"""VPCs, subnets, routes, gateways, endpoints and flow logs."""

from __future__ import annotations

from typing import Any

from ...clients import client
from . import Properties, reader


def only(answer: list[dict[str, Any]], member: str, value: str) -> dict[str, Any]:
    """Return the one record with this id; ministack does not filter by every id."""
    return next(record for record in answer if record.get(member) == value)


@reader("AWS::EC2::VPC", "CidrBlock", "EnableDnsHostnames", "EnableDnsSupport", "InstanceTenancy", "Tags")
def vpc(physical_id: str, properties: Properties) -> Properties:
    """Read a VPC and its DNS attributes."""
    ec2 = client("ec2")
    record = only(ec2.describe_vpcs(VpcIds=[physical_id])["Vpcs"], "VpcId", physical_id)
    for name in ("EnableDnsHostnames", "EnableDnsSupport"):
        attribute = name[0].lower() + name[1:]
        record[name] = ec2.describe_vpc_attribute(VpcId=physical_id, Attribute=attribute)[name]["Value"]
    return record


@reader("AWS::EC2::Subnet", "AvailabilityZone", "CidrBlock", "MapPublicIpOnLaunch", "Tags", "VpcId")
def subnet(physical_id: str, properties: Properties) -> Properties:
    """Read a subnet."""
    return only(client("ec2").describe_subnets(SubnetIds=[physical_id])["Subnets"], "SubnetId", physical_id)


@reader("AWS::EC2::InternetGateway", "Tags")
def internet_gateway(physical_id: str, properties: Properties) -> Properties:
    """Read an internet gateway."""
    return only(client("ec2").describe_internet_gateways()["InternetGateways"], "InternetGatewayId", physical_id)


@reader("AWS::EC2::VPCGatewayAttachment", "InternetGatewayId", "VpcId")
def gateway_attachment(physical_id: str, properties: Properties) -> Properties:
    """Read the gateway, which lists its attachments."""
    gateway = internet_gateway.read(properties["InternetGatewayId"], {})
    attached = only(gateway["Attachments"], "VpcId", properties["VpcId"])
    return {"InternetGatewayId": gateway["InternetGatewayId"], "VpcId": attached["VpcId"]}


@reader("AWS::EC2::RouteTable", "Tags", "VpcId")
def route_table(physical_id: str, properties: Properties) -> Properties:
    """Read a route table."""
    tables = client("ec2").describe_route_tables(RouteTableIds=[physical_id])["RouteTables"]
    return only(tables, "RouteTableId", physical_id)


@reader(
    "AWS::EC2::Route",
    "DestinationCidrBlock",
    "GatewayId",
    "NatGatewayId",
    "RouteTableId",
    "VpcEndpointId",
)
def route(physical_id: str, properties: Properties) -> Properties:
    """Read the table's route to this destination."""
    routes = route_table.read(properties["RouteTableId"], {})["Routes"]
    found = only(routes, "DestinationCidrBlock", properties["DestinationCidrBlock"])
    return {**found, "RouteTableId": properties["RouteTableId"]}


@reader("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", "SubnetId")
def route_table_association(physical_id: str, properties: Properties) -> Properties:
    """Read the table, which lists its associations."""
    associations = route_table.read(properties["RouteTableId"], {})["Associations"]
    return only(associations, "RouteTableAssociationId", physical_id)


@reader("AWS::EC2::EIP", "Domain", "InstanceId", "Tags")
def address(physical_id: str, properties: Properties) -> Properties:
    """Read an elastic IP."""
    return only(client("ec2").describe_addresses()["Addresses"], "PublicIp", physical_id)


@reader("AWS::EC2::EIPAssociation", "AllocationId", "InstanceId", "NetworkInterfaceId")
def address_association(physical_id: str, properties: Properties) -> Properties:
    """Read the associated elastic IP."""
    return only(client("ec2").describe_addresses()["Addresses"], "AssociationId", physical_id)


@reader(
    "AWS::EC2::NatGateway",
    "AllocationId",
    "AvailabilityMode",
    "AvailabilityZoneAddresses",
    "ConnectivityType",
    "SubnetId",
    "Tags",
    "VpcId",
)
def nat_gateway(physical_id: str, properties: Properties) -> Properties:
    """Read a NAT gateway and the elastic IPs it uses: one, or those of each zone."""
    gateways = client("ec2").describe_nat_gateways(NatGatewayIds=[physical_id])["NatGateways"]
    found = only(gateways, "NatGatewayId", physical_id)
    addresses = found["NatGatewayAddresses"]
    by_zone = [
        {"AvailabilityZone": address["AvailabilityZone"], "AllocationIds": [address["AllocationId"]]}
        for address in addresses
        if "AvailabilityZone" in address
    ]
    allocation = addresses[0].get("AllocationId") if addresses else None
    return {**found, "AllocationId": allocation, "AvailabilityZoneAddresses": by_zone}


@reader("AWS::EC2::VPCCidrBlock", "CidrBlock", "VpcId")
def vpc_range(physical_id: str, properties: Properties) -> Properties:
    """Read the VPC, which lists its ranges."""
    record = vpc.read(properties["VpcId"], {})
    found = only(record["CidrBlockAssociationSet"], "AssociationId", physical_id)
    return {"CidrBlock": found["CidrBlock"], "VpcId": record["VpcId"]}


@reader("AWS::EC2::InstanceConnectEndpoint", "PreserveClientIp", "SecurityGroupIds", "SubnetId", "Tags")
def connect_endpoint(physical_id: str, properties: Properties) -> Properties:
    """Read an EC2 Instance Connect Endpoint."""
    answer = client("ec2").describe_instance_connect_endpoints(InstanceConnectEndpointIds=[physical_id])
    return only(answer["InstanceConnectEndpoints"], "InstanceConnectEndpointId", physical_id)


@reader(
    "AWS::EC2::FlowLog",
    "DeliverLogsPermissionArn",
    "DestinationOptions",
    "LogDestination",
    "LogDestinationType",
    "LogFormat",
    "LogGroupName",
    "MaxAggregationInterval",
    "ResourceId",
    "ResourceType",
    "Tags",
    "TrafficType",
)
def flow_log(physical_id: str, properties: Properties) -> Properties:
    """Read a flow log; its resource's type shows in the id of the resource."""
    record = only(client("ec2").describe_flow_logs(FlowLogIds=[physical_id])["FlowLogs"], "FlowLogId", physical_id)
    kinds = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface"}
    return {**record, "ResourceType": kinds.get(record["ResourceId"].partition("-")[0])}


@reader(
    "AWS::EC2::VPCEndpoint",
    "PolicyDocument",
    "PrivateDnsEnabled",
    "RouteTableIds",
    "SecurityGroupIds",
    "ServiceName",
    "SubnetIds",
    "Tags",
    "VpcEndpointType",
    "VpcId",
)
def endpoint(physical_id: str, properties: Properties) -> Properties:
    """Read an endpoint."""
    endpoints = client("ec2").describe_vpc_endpoints(VpcEndpointIds=[physical_id])["VpcEndpoints"]
    record = only(endpoints, "VpcEndpointId", physical_id)
    return {**record, "SecurityGroupIds": [group["GroupId"] for group in record.get("Groups", [])]}
