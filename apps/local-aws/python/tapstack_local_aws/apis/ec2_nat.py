"""NAT gateways with the addresses they use, and elastic IPs that say what they are used by."""

from __future__ import annotations

import random
import string
from typing import Any

from ministack.services import ec2

from .ec2_actions import Element, InvalidRequest, Parameters, amend, items, numbered, put, text
from .ec2_addresses import free_address


def install() -> None:
    """Amend NAT gateways and addresses."""
    amend("CreateNatGateway", _after_create, _before_create)
    amend("DescribeNatGateways", _show)
    amend("DeleteNatGateway", _after_delete)
    amend("ReleaseAddress", lambda parameters, root: None, _before_release)
    amend("AssociateAddress", _after_associate)
    amend("DescribeAddresses", _show_addresses)


def _before_create(parameters: Parameters) -> None:
    if text(parameters, "AvailabilityMode") == "regional":
        _before_create_regional(parameters)
    elif text(parameters, "ConnectivityType") != "private":
        _free_allocation(text(parameters, "AllocationId"))


def _before_create_regional(parameters: Parameters) -> None:
    """Check what a gateway without a subnet needs, and give ministack something like a subnet: it knows no other."""
    if text(parameters, "SubnetId") or text(parameters, "ConnectivityType") == "private":
        message = "A regional NAT gateway is public and stands in no subnet"
        raise InvalidRequest("InvalidParameterCombination", message)
    vpc_id = text(parameters, "VpcId")
    attached = [found["VpcId"] for gateway in ec2._internet_gateways.values() for found in gateway["Attachments"]]
    if vpc_id not in attached:
        raise InvalidRequest("Gateway.NotAttached", f"Network {vpc_id} has no Internet gateway attached")
    for _, allocation in _zone_allocations(parameters):
        _free_allocation(allocation)
    parameters["SubnetId"] = ["none"]


def _free_allocation(allocation: str) -> dict[str, Any]:
    address = ec2._addresses.get(allocation)
    if address is None:
        raise InvalidRequest("InvalidAllocationID.NotFound", f"The allocation ID '{allocation}' does not exist")
    if address.get("AssociationId"):
        raise InvalidRequest("Resource.AlreadyAssociated", f"Elastic IP address [{allocation}] is already associated")
    return address


def _zone_allocations(parameters: Parameters) -> list[tuple[str, str]]:
    return [
        (text(parameters, f"{zone}.AvailabilityZone"), text(parameters, allocation))
        for zone in numbered(parameters, "AvailabilityZoneAddress")
        for allocation in numbered(parameters, f"{zone}.AllocationId")
    ]


def _after_create(parameters: Parameters, root: Element) -> None:
    for gateway_id, _ in items(root, "natGatewayId"):
        gateway = ec2._nat_gateways[gateway_id]
        if text(parameters, "AvailabilityMode") == "regional":
            gateway |= {"SubnetId": "", "VpcId": text(parameters, "VpcId"), "AvailabilityMode": "regional"}
            given = _zone_allocations(parameters)
            # Without addresses of its own AWS allocates some once there are workloads, of which there are none here.
            gateway["Automatic"] = "disabled" if given else "enabled"
            gateway["Addresses"] = [
                {**_associated(allocation, None), "availabilityZone": zone} for zone, allocation in given
            ]
        else:
            gateway["Addresses"] = [_associated(gateway["AllocationId"], ec2._subnets.get(gateway["SubnetId"]))]
    _show(parameters, root)


def _associated(allocation: str, subnet: dict[str, Any] | None) -> dict[str, Any]:
    """Return an address as a gateway shows it, its elastic IP taken."""
    interface = "eni-" + "".join(random.choices(string.hexdigits[:16].lower(), k=17))
    address: dict[str, Any] = {"networkInterfaceId": interface, "isPrimary": True, "status": "succeeded"}
    if subnet:
        address["privateIp"] = free_address(subnet)
    if elastic := ec2._addresses.get(allocation):
        elastic["AssociationId"] = "eipassoc-" + interface.removeprefix("eni-")
        elastic["NetworkInterfaceId"] = interface
        elastic["PrivateIpAddress"] = address.get("privateIp")
        address["allocationId"] = elastic["AllocationId"]
        address["publicIp"] = elastic["PublicIp"]
        address["associationId"] = elastic["AssociationId"]
    return address


def _show(parameters: Parameters, root: Element) -> None:
    for gateway_id, element in items(root, "natGatewayId"):
        gateway = ec2._nat_gateways.get(gateway_id, {})
        put(element, "natGatewayAddressSet", gateway.get("Addresses", []))
        put(element, "availabilityMode", gateway.get("AvailabilityMode", "zonal"))
        if gateway.get("AvailabilityMode") == "regional":
            put(element, "vpcId", gateway["VpcId"])
            put(element, "autoProvisionZones", gateway["Automatic"])
            put(element, "autoScalingIps", gateway["Automatic"])
            for subnet in element.findall("subnetId"):
                element.remove(subnet)


def _after_delete(parameters: Parameters, root: Element) -> None:
    gateway = ec2._nat_gateways[text(parameters, "NatGatewayId")]
    for address in gateway.get("Addresses", []):
        if elastic := ec2._addresses.get(address.get("allocationId", "")):
            elastic.update(AssociationId=None, NetworkInterfaceId=None, PrivateIpAddress=None)


def _before_release(parameters: Parameters) -> None:
    address = ec2._addresses.get(text(parameters, "AllocationId"), {})
    if address.get("AssociationId"):
        raise InvalidRequest("InvalidIPAddress.InUse", f"Address {address['PublicIp']} is in use.")


def _after_associate(parameters: Parameters, root: Element) -> None:
    address = ec2._addresses[text(parameters, "AllocationId")]
    address["NetworkInterfaceId"] = text(parameters, "NetworkInterfaceId") or None
    if instance := ec2._instances.get(text(parameters, "InstanceId")):
        address["PrivateIpAddress"] = instance["PrivateIpAddress"]
        instance["PublicIpAddress"] = address["PublicIp"]


def _show_addresses(parameters: Parameters, root: Element) -> None:
    for allocation_id, element in items(root, "allocationId"):
        address = ec2._addresses.get(allocation_id, {})
        for tag, field in (("networkInterfaceId", "NetworkInterfaceId"), ("privateIpAddress", "PrivateIpAddress")):
            if address.get(field):
                put(element, tag, address[field])
