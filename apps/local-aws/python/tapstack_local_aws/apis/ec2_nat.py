"""NAT gateways with the addresses they use, and elastic IPs that say what they are used by."""

from __future__ import annotations

import random
import string
from typing import Any

from ministack.services import ec2

from .ec2_actions import Element, InvalidRequest, Parameters, amend, items, put, text
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
    if text(parameters, "ConnectivityType") == "private":
        return
    allocation = text(parameters, "AllocationId")
    address = ec2._addresses.get(allocation)
    if address is None:
        raise InvalidRequest("InvalidAllocationID.NotFound", f"The allocation ID '{allocation}' does not exist")
    if address.get("AssociationId"):
        raise InvalidRequest("Resource.AlreadyAssociated", f"Elastic IP address [{allocation}] is already associated")


def _after_create(parameters: Parameters, root: Element) -> None:
    for gateway_id, _ in items(root, "natGatewayId"):
        gateway = ec2._nat_gateways[gateway_id]
        interface = "eni-" + "".join(random.choices(string.hexdigits[:16].lower(), k=17))
        address: dict[str, Any] = {"networkInterfaceId": interface, "isPrimary": True, "status": "succeeded"}
        if subnet := ec2._subnets.get(gateway["SubnetId"]):
            address["privateIp"] = free_address(subnet)
        if elastic := ec2._addresses.get(gateway["AllocationId"]):
            elastic["AssociationId"] = "eipassoc-" + interface.removeprefix("eni-")
            elastic["NetworkInterfaceId"] = interface
            elastic["PrivateIpAddress"] = address.get("privateIp")
            address["allocationId"] = elastic["AllocationId"]
            address["publicIp"] = elastic["PublicIp"]
            address["associationId"] = elastic["AssociationId"]
        gateway["Addresses"] = [address]
    _show(parameters, root)


def _show(parameters: Parameters, root: Element) -> None:
    for gateway_id, element in items(root, "natGatewayId"):
        put(element, "natGatewayAddressSet", ec2._nat_gateways.get(gateway_id, {}).get("Addresses", []))


def _after_delete(parameters: Parameters, root: Element) -> None:
    gateway = ec2._nat_gateways[text(parameters, "NatGatewayId")]
    if elastic := ec2._addresses.get(gateway["AllocationId"]):
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
