"""Changing a running instance: the actions behind CloudFormation's updates without interruption."""

from __future__ import annotations

import base64
from typing import Any

from ministack.services import ec2

from .ec2_actions import Element, InvalidRequest, Parameters, add, amend, numbered, put, text

_METADATA = ("HttpTokens", "HttpEndpoint", "HttpProtocolIpv6", "InstanceMetadataTags")


def install() -> None:
    """Add what ministack lacks and let the attributes be read back."""
    add("ModifyInstanceMetadataOptions", _modify_metadata_options)
    add("ModifyInstanceAttribute", _modify_attribute)
    add("MonitorInstances", lambda parameters: _monitor(parameters, "enabled"))
    add("UnmonitorInstances", lambda parameters: _monitor(parameters, "disabled"))
    amend("DescribeInstanceAttribute", _show_attribute)


def _instance(instance_id: str) -> dict[str, Any]:
    instance = ec2._instances.get(instance_id)
    if instance is None:
        raise InvalidRequest("InvalidInstanceID.NotFound", f"The instance ID '{instance_id}' does not exist")
    return instance


def _modify_metadata_options(parameters: Parameters) -> Element:
    options = _instance(text(parameters, "InstanceId"))["MetadataOptions"]
    options |= {name: text(parameters, name) for name in _METADATA if text(parameters, name)}
    if limit := text(parameters, "HttpPutResponseHopLimit"):
        options["HttpPutResponseHopLimit"] = int(limit)
    shown = {name[0].lower() + name[1:]: value for name, value in options.items()}
    return put(Element("answer"), "instanceMetadataOptions", shown)


def _modify_attribute(parameters: Parameters) -> None:
    instance = _instance(text(parameters, "InstanceId"))
    for parameter, field in (
        ("InstanceType.Value", "InstanceType"),
        ("UserData.Value", "UserData"),
        ("InstanceInitiatedShutdownBehavior.Value", "ShutdownBehavior"),
    ):
        if value := text(parameters, parameter):
            instance[field] = value
    for parameter, field in (
        ("DisableApiTermination.Value", "DisableApiTermination"),
        ("EbsOptimized.Value", "EbsOptimized"),
        ("EbsOptimized", "EbsOptimized"),
        ("SourceDestCheck.Value", "SourceDestCheck"),
    ):
        if value := text(parameters, parameter):
            instance[field] = value == "true"
    groups = [text(parameters, name) for name in numbered(parameters, "GroupId")]
    if groups:
        instance["SecurityGroups"] = [
            {"GroupId": group, "GroupName": ec2._security_groups.get(group, {}).get("GroupName", group)}
            for group in groups
        ]


def _monitor(parameters: Parameters, state: str) -> Element:
    changed = []
    for name in numbered(parameters, "InstanceId"):
        _instance(text(parameters, name))["Monitoring"] = {"State": state}
        changed.append({"instanceId": text(parameters, name), "monitoring": {"state": state}})
    return put(Element("answer"), "instancesSet", changed)


def _show_attribute(parameters: Parameters, root: Element) -> None:
    instance = _instance(text(parameters, "InstanceId"))
    attribute = text(parameters, "Attribute")
    values = {
        "disableApiTermination": instance.get("DisableApiTermination", False),
        "ebsOptimized": instance.get("EbsOptimized", False),
        "instanceInitiatedShutdownBehavior": instance.get("ShutdownBehavior", "stop"),
        "sourceDestCheck": instance.get("SourceDestCheck", True),
    }
    if attribute in values:
        put(root, attribute, {"value": values[attribute]})
    if attribute == "userData" and instance.get("UserData"):
        put(root, attribute, {"value": _base64(instance["UserData"])})


def _base64(user_data: str) -> str:
    """SDKs encode user data on the way in, the console's users do not: answer encoded in either case."""
    try:
        base64.b64decode(user_data, validate=True)
    except ValueError:
        return base64.b64encode(user_data.encode()).decode()
    return user_data
