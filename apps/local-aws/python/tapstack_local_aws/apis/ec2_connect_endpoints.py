"""EC2 Instance Connect Endpoints: where they stand, behind which groups. No tunnel leads through them.

An endpoint is kept in the record of its subnet, which has one at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import ec2

from .ec2_actions import Element, InvalidRequest, Parameters, add, amend, numbered, put, text

_QUOTA = 5


def install() -> None:
    """Add the three actions, and keep subnets that an endpoint stands in."""
    add("CreateInstanceConnectEndpoint", _create)
    add("DescribeInstanceConnectEndpoints", _describe)
    add("DeleteInstanceConnectEndpoint", _delete)
    amend("DeleteSubnet", lambda parameters, root: None, _before_delete_subnet)


def _create(parameters: Parameters) -> Element:
    subnet = ec2._subnets.get(text(parameters, "SubnetId"))
    if subnet is None:
        message = f"The subnet ID '{text(parameters, 'SubnetId')}' does not exist"
        raise InvalidRequest("InvalidSubnetID.NotFound", message)
    existing = [endpoint for endpoint, _ in _endpoints()]
    if any(endpoint["vpcId"] == subnet["VpcId"] for endpoint in existing) or len(existing) >= _QUOTA:
        message = "You've reached the limit of EC2 Instance Connect Endpoints: 1 in a VPC, 5 in an account"
        raise InvalidRequest("InstanceConnectEndpointLimitExceeded", message)
    groups = [text(parameters, name) for name in numbered(parameters, "SecurityGroupId")]
    if unknown := next((group for group in groups if group not in ec2._security_groups), None):
        raise InvalidRequest("InvalidGroup.NotFound", f"The security group '{unknown}' does not exist")
    identifier = f"eice-{new_uuid().replace('-', '')[:17]}"
    arn = f"arn:aws:ec2:{get_region()}:{get_account_id()}:instance-connect-endpoint/{identifier}"
    subnet["InstanceConnectEndpoint"] = {
        "ownerId": get_account_id(),
        "instanceConnectEndpointId": identifier,
        "instanceConnectEndpointArn": arn,
        "state": "create-complete",
        "vpcId": subnet["VpcId"],
        "availabilityZone": subnet["AvailabilityZone"],
        "subnetId": subnet["SubnetId"],
        "preserveClientIp": text(parameters, "PreserveClientIp") == "true",
        "securityGroupIdSet": groups or [ec2._vpcs[subnet["VpcId"]]["DefaultSecurityGroupId"]],
    }
    ec2._parse_tag_specs(parameters, "instance-connect-endpoint", identifier)
    return put(Element("answer"), "instanceConnectEndpoint", _shown(subnet["InstanceConnectEndpoint"]))


def _describe(parameters: Parameters) -> Element:
    wanted = [text(parameters, name) for name in numbered(parameters, "InstanceConnectEndpointId")]
    found = [_shown(endpoint) for endpoint, _ in _endpoints()]
    known = [endpoint["instanceConnectEndpointId"] for endpoint in found]
    if unknown := next((identifier for identifier in wanted if identifier not in known), None):
        raise _unknown(unknown)
    shown = [each for each in found if not wanted or each["instanceConnectEndpointId"] in wanted]
    return put(Element("answer"), "instanceConnectEndpointSet", shown)


def _delete(parameters: Parameters) -> Element:
    wanted = text(parameters, "InstanceConnectEndpointId")
    for endpoint, subnet in _endpoints():
        if endpoint["instanceConnectEndpointId"] == wanted:
            del subnet["InstanceConnectEndpoint"]
            gone = {**_shown(endpoint), "state": "delete-complete"}
            return put(Element("answer"), "instanceConnectEndpoint", gone)
    raise _unknown(wanted)


def _before_delete_subnet(parameters: Parameters) -> None:
    subnet_id = text(parameters, "SubnetId")
    if "InstanceConnectEndpoint" in ec2._subnets.get(subnet_id, {}):
        message = f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
        raise InvalidRequest("DependencyViolation", message)


def _endpoints() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for subnet in list(ec2._subnets.values()):
        if endpoint := subnet.get("InstanceConnectEndpoint"):
            yield endpoint, subnet


def _shown(endpoint: dict[str, Any]) -> dict[str, Any]:
    tags = ec2._tags.get(endpoint["instanceConnectEndpointId"], [])
    return {**endpoint, "tagSet": [{"key": tag["Key"], "value": tag["Value"]} for tag in tags]}


def _unknown(identifier: str) -> InvalidRequest:
    message = f"The InstanceConnectEndpointId '{identifier}' does not exist"
    return InvalidRequest("InvalidInstanceConnectEndpointId.NotFound", message)
