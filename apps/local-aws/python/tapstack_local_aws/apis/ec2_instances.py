"""`RunInstances` with what ministack forgets: address and zone of the subnet, metadata options, volumes, monitoring."""

from __future__ import annotations

import re
from typing import Any

from ministack.services import ec2

from ..shapes import boolean
from .ec2_actions import Element, InvalidRequest, Parameters, amend, items, numbered, put, text
from .ec2_addresses import free_address
from .ec2_volumes import add_volume, shape_root_volume

Record = dict[str, Any]

# What AWS uses when neither the launch nor the image says otherwise.
_METADATA_DEFAULTS = {
    "State": "applied",
    "HttpTokens": "optional",
    "HttpPutResponseHopLimit": 1,
    "HttpEndpoint": "enabled",
    "HttpProtocolIpv6": "disabled",
    "InstanceMetadataTags": "disabled",
}
_ARM_FAMILY = re.compile(r"^(a1|[a-z]+\d+g[a-z]*)\.")


def install() -> None:
    """Amend launching and describing instances and volumes."""
    amend("RunInstances", _after_launch, _before_launch)
    amend("DescribeInstances", _show_instances)
    amend("TerminateInstances", _after_termination)


def architecture_of(instance_type: str) -> str:
    """Return the architecture of an instance type: Graviton families say so in their name."""
    return "arm64" if _ARM_FAMILY.match(instance_type) else "x86_64"


def _launch_data(parameters: Parameters) -> Record:
    """Return what the launch asks for: the template's data, overridden by the launch's own."""
    # ministack's parser reads nested parameters by prefix; a launch has the same ones without a prefix.
    own = ec2._parse_lt_data({f"Launch.{name}": value for name, value in parameters.items()}, "Launch")
    template: Record = {}
    names = {name: text(parameters, f"LaunchTemplate.{name}") for name in ("LaunchTemplateId", "LaunchTemplateName")}
    if any(names.values()):
        version = text(parameters, "LaunchTemplate.Version")
        template, _, error = ec2._resolve_launch_template_data({**names, **({"Version": version} if version else {})})
        if error:
            chosen = names["LaunchTemplateId"] or names["LaunchTemplateName"]
            raise InvalidRequest(
                "InvalidLaunchTemplateId.NotFoundException", f"The launch template '{chosen}' does not exist"
            )
    return {**template, **own}


def _before_launch(parameters: Parameters) -> None:
    """Give ministack's launch what it can take by itself from a template or a network interface."""
    data = _launch_data(parameters)
    _refuse_beside_an_interface(parameters, data)
    interface = next(iter(data.get("NetworkInterfaces", [])), {})
    simple = {name: data.get(name) for name in ("ImageId", "InstanceType", "KeyName", "UserData")}
    simple["SubnetId"] = interface.get("SubnetId")
    for member in ("Arn", "Name"):
        simple[f"IamInstanceProfile.{member}"] = data.get("IamInstanceProfile", {}).get(member)
    for name, value in simple.items():
        if value and not text(parameters, name):
            parameters[name] = [value]
    if not text(parameters, "SecurityGroupId.1"):
        for number, group in enumerate(interface.get("Groups") or data.get("SecurityGroupIds", []), start=1):
            parameters[f"SecurityGroupId.{number}"] = [group]


def _refuse_beside_an_interface(parameters: Parameters, data: Record) -> None:
    """Refuse what EC2 does, wherever either stands: in the template or in the launch."""
    if not data.get("NetworkInterfaces"):
        return
    beside = {"security groups": data.get("SecurityGroupIds"), "subnet ID": text(parameters, "SubnetId")}
    for what, given in beside.items():
        if given:
            problem = f"Network interfaces and an instance-level {what} may not be specified on the same request"
            raise InvalidRequest("InvalidParameterCombination", problem)


def _after_launch(parameters: Parameters, root: Element) -> None:
    data = _launch_data(parameters)
    for instance_id, _ in list(items(root, "instanceId")):
        instance = ec2._instances.get(instance_id)
        if instance is None:
            continue
        _place(instance, parameters, data)
        instance["MetadataOptions"] = _METADATA_DEFAULTS | data.get("MetadataOptions", {})
        instance["Monitoring"] = {
            "State": "enabled" if boolean(data.get("Monitoring", {}).get("Enabled")) else "disabled"
        }
        instance["EbsOptimized"] = boolean(data.get("EbsOptimized"))
        instance["DisableApiTermination"] = boolean(data.get("DisableApiTermination"))
        instance["ShutdownBehavior"] = data.get("InstanceInitiatedShutdownBehavior", "stop")
        instance["Architecture"] = architecture_of(instance["InstanceType"])
        _attach_volumes(instance, parameters, data)
    _show_instances(parameters, root)


def _place(instance: Record, parameters: Parameters, data: Record) -> None:
    """Put the instance where its subnet is; ministack puts every instance into the first zone of 10.0.0.0/8."""
    subnet = ec2._subnets.get(instance["SubnetId"])
    if subnet is None:
        raise InvalidRequest("InvalidSubnetID.NotFound", f"The subnet ID '{instance['SubnetId']}' does not exist")
    instance["Placement"]["AvailabilityZone"] = subnet["AvailabilityZone"]
    interface = next(iter(data.get("NetworkInterfaces", [])), {})
    public = boolean(interface.get("AssociatePublicIpAddress", subnet.get("MapPublicIpOnLaunch", False)))
    if not public:
        instance["PublicIpAddress"] = instance["PublicDnsName"] = ""
    if not text(parameters, "PrivateIpAddress"):
        address = free_address(subnet)
        instance["PrivateIpAddress"] = address
        instance["PrivateDnsName"] = f"ip-{address.replace('.', '-')}.ec2.internal"


def _attach_volumes(instance: Record, parameters: Parameters, data: Record) -> None:
    tags = [
        {"Key": text(parameters, f"{tag}.Key"), "Value": text(parameters, f"{tag}.Value")}
        for specification in numbered(parameters, "TagSpecification")
        if text(parameters, f"{specification}.ResourceType") == "volume"
        for tag in numbered(parameters, f"{specification}.Tag")
    ]
    mappings = {mapping["DeviceName"]: dict(mapping.get("Ebs", {})) for mapping in data.get("BlockDeviceMappings", [])}
    shape_root_volume(instance, mappings.pop(instance["RootDeviceName"], {}), tags)
    for device, ebs in mappings.items():
        add_volume(instance, device, ebs, tags)


def _after_termination(parameters: Parameters, root: Element) -> None:
    """Delete the volumes that were to go with the instance, let the others be."""
    for instance_id, _ in items(root, "instanceId"):
        instance = ec2._instances.get(instance_id, {})
        for mapping in instance.get("BlockDeviceMappings", []):
            volume = ec2._volumes.get(mapping["Ebs"]["VolumeId"])
            if volume is None:
                continue
            if mapping["Ebs"]["DeleteOnTermination"]:
                ec2._volumes.pop(volume["VolumeId"], None)
                ec2._tags.pop(volume["VolumeId"], None)
            else:
                volume.update(State="available", Attachments=[])


def _show_instances(parameters: Parameters, root: Element) -> None:
    for instance_id, element in items(root, "instanceId"):
        instance = ec2._instances.get(instance_id, {})
        if "MetadataOptions" not in instance or element.find("instanceType") is None:
            continue
        options = instance["MetadataOptions"]
        put(element, "metadataOptions", {name[0].lower() + name[1:]: value for name, value in options.items()})
        put(element, "monitoring", {"state": instance["Monitoring"]["State"]})
        put(element, "ebsOptimized", instance["EbsOptimized"])
        put(element, "architecture", instance["Architecture"])
        placement = {"availabilityZone": instance["Placement"]["AvailabilityZone"], "tenancy": "default"}
        put(element, "placement", placement)
        for tag, field in (
            ("privateIpAddress", "PrivateIpAddress"),
            ("privateDnsName", "PrivateDnsName"),
            ("ipAddress", "PublicIpAddress"),
            ("dnsName", "PublicDnsName"),
        ):
            put(element, tag, instance[field] or "")
        put(
            element,
            "blockDeviceMapping",
            [
                {
                    "deviceName": mapping["DeviceName"],
                    "ebs": {
                        "volumeId": mapping["Ebs"]["VolumeId"],
                        "status": mapping["Ebs"]["Status"],
                        "attachTime": mapping["Ebs"]["AttachTime"],
                        "deleteOnTermination": mapping["Ebs"]["DeleteOnTermination"],
                    },
                }
                for mapping in instance["BlockDeviceMappings"]
            ],
        )
