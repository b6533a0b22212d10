"""Filters that ministack ignores: a check that asks for one VPC must not be shown another one's resources."""

from __future__ import annotations

from ministack.services import ec2

from .ec2_actions import After, Element, Parameters, amend, numbered, text

_INSTANCE = {
    "availability-zone": "placement/availabilityZone",
    "iam-instance-profile.arn": "iamInstanceProfile/arn",
    "instance-id": "instanceId",
    "instance.group-id": "groupSet/item/groupId",
    "private-ip-address": "privateIpAddress",
    "subnet-id": "subnetId",
    "vpc-id": "vpcId",
}
# By action: the list of resources in the answer, and where each filter finds its value in one of them. Filters by tag
# are ministack's own.
_FILTERS: dict[str, tuple[str, dict[str, str]]] = {
    "DescribeInstances": ("reservationSet/item/instancesSet", _INSTANCE),
    "DescribeVpcEndpoints": (
        "vpcEndpointSet",
        {
            "service-name": "serviceName",
            "vpc-endpoint-id": "vpcEndpointId",
            "vpc-endpoint-state": "state",
            "vpc-endpoint-type": "vpcEndpointType",
            "vpc-id": "vpcId",
        },
    ),
    "DescribeAddresses": (
        "addressesSet",
        {
            "allocation-id": "allocationId",
            "association-id": "associationId",
            "instance-id": "instanceId",
            "network-interface-id": "networkInterfaceId",
            "public-ip": "publicIp",
        },
    ),
    "DescribeNetworkAcls": (
        "networkAclSet",
        {"association.subnet-id": "associationSet/item/subnetId", "network-acl-id": "networkAclId"},
    ),
    "DescribeRouteTables": (
        "routeTableSet",
        {
            "route-table-id": "routeTableId",
            "route.destination-cidr-block": "routeSet/item/destinationCidrBlock",
            "route.gateway-id": "routeSet/item/gatewayId",
            "route.nat-gateway-id": "routeSet/item/natGatewayId",
        },
    ),
    "DescribeNatGateways": ("natGatewaySet", {"nat-gateway-id": "natGatewayId"}),
    "DescribeFlowLogs": (
        "flowLogSet",
        {
            "flow-log-id": "flowLogId",
            "log-group-name": "logGroupName",
            "resource-id": "resourceId",
            "traffic-type": "trafficType",
        },
    ),
}


def install() -> None:
    """Leave out of each answer what its filters do not match."""
    for action, (listed, places) in _FILTERS.items():
        amend(action, _filtering(listed, places))


def _filtering(listed: str, places: dict[str, str]) -> After:
    def after(parameters: Parameters, root: Element) -> None:
        wanted = {places[name]: values for name, values in ec2._parse_filters(parameters).items() if name in places}
        # The one parameter besides ids that names resources.
        if public_ips := [text(parameters, name) for name in numbered(parameters, "PublicIp")]:
            wanted["publicIp"] = public_ips
        for found in root.findall(listed):
            for item in list(found):
                if not all(_matches(item, place, values) for place, values in wanted.items()):
                    found.remove(item)
        _drop_empty_reservations(root)

    return after


def _matches(item: Element, place: str, values: list[str]) -> bool:
    return any(ec2._glob_match(value, element.text or "") for element in item.findall(place) for value in values)


def _drop_empty_reservations(root: Element) -> None:
    reservations = root.find("reservationSet")
    for reservation in list(reservations) if reservations is not None else []:
        if not list(reservation.find("instancesSet") or []):
            reservations.remove(reservation)
