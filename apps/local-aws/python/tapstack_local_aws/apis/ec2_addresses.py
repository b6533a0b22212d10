"""Private addresses within a subnet."""

from __future__ import annotations

import ipaddress
from typing import Any

from ministack.services import ec2

from .ec2_actions import InvalidRequest

# Router, DNS and one in reserve; the network's own address and broadcast are no host addresses anyway.
_RESERVED_HOSTS = 3


def free_address(subnet: dict[str, Any]) -> str:
    """Return the lowest address of a subnet that nothing uses."""
    taken = {
        instance["PrivateIpAddress"]
        for instance in ec2._instances.values()
        if instance["SubnetId"] == subnet["SubnetId"] and instance["State"]["Name"] != "terminated"
    }
    taken |= {
        address.get("privateIp")
        for gateway in ec2._nat_gateways.values()
        if gateway["SubnetId"] == subnet["SubnetId"] and gateway["State"] != "deleted"
        for address in gateway.get("Addresses", [])
    }
    hosts = list(ipaddress.ip_network(subnet["CidrBlock"]).hosts())
    for address in hosts[_RESERVED_HOSTS:]:
        if str(address) not in taken:
            return str(address)
    raise InvalidRequest(
        "InsufficientFreeAddressesInSubnet", f"There are not enough free addresses in subnet '{subnet['SubnetId']}'"
    )
