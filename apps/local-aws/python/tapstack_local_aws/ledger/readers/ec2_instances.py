"""Instances with their volumes and attributes, and launch templates."""

from __future__ import annotations

from typing import Any

from ...clients import client
from . import Properties, reader
from .ec2_network import only

_ATTRIBUTES = {
    "DisableApiTermination": "disableApiTermination",
    "InstanceInitiatedShutdownBehavior": "instanceInitiatedShutdownBehavior",
    "UserData": "userData",
}


@reader(
    "AWS::EC2::Instance",
    *_ATTRIBUTES,
    "AvailabilityZone",
    "BlockDeviceMappings",
    "EbsOptimized",
    "IamInstanceProfile",
    "ImageId",
    "InstanceType",
    "KeyName",
    "MetadataOptions",
    "Monitoring",
    "NetworkInterfaces",
    "PrivateIpAddress",
    "PropagateTagsToVolumeOnCreation",
    "SecurityGroupIds",
    "SourceDestCheck",
    "SubnetId",
    "Tags",
)
def instance(physical_id: str, properties: Properties) -> Properties:
    """Read an instance, its volumes and what only attributes show."""
    ec2 = client("ec2")
    reservations = ec2.describe_instances(InstanceIds=[physical_id])["Reservations"]
    found = reservations[0]["Instances"][0]
    read: Properties = {
        **found,
        "AvailabilityZone": found["Placement"]["AvailabilityZone"],
        "BlockDeviceMappings": [_block_device(mapping) for mapping in found["BlockDeviceMappings"]],
        "IamInstanceProfile": _profile_name(found.get("IamInstanceProfile", {}).get("Arn")),
        "Monitoring": found["Monitoring"]["State"] == "enabled",
        "PropagateTagsToVolumeOnCreation": _volumes_carry(properties.get("Tags", []), found),
        "NetworkInterfaces": [_first_interface(found)],
        "SecurityGroupIds": [group["GroupId"] for group in found["SecurityGroups"]],
    }
    for prop, attribute in _ATTRIBUTES.items():
        answer = ec2.describe_instance_attribute(InstanceId=physical_id, Attribute=attribute)
        read[prop] = answer.get(prop, {}).get("Value")
    return read


def _first_interface(found: dict[str, Any]) -> Properties:
    return {
        "DeviceIndex": "0",
        "SubnetId": found["SubnetId"],
        "GroupSet": [group["GroupId"] for group in found["SecurityGroups"]],
        "AssociatePublicIpAddress": bool(found.get("PublicIpAddress")),
    }


def _block_device(mapping: dict[str, Any]) -> Properties:
    volume_id = mapping["Ebs"]["VolumeId"]
    volume = only(client("ec2").describe_volumes(VolumeIds=[volume_id])["Volumes"], "VolumeId", volume_id)
    ebs = {**volume, "VolumeSize": volume["Size"], "DeleteOnTermination": mapping["Ebs"]["DeleteOnTermination"]}
    return {"DeviceName": mapping["DeviceName"], "Ebs": ebs}


def _volumes_carry(tags: list[dict[str, str]], found: dict[str, Any]) -> bool:
    wanted = {(tag["Key"], str(tag["Value"])) for tag in tags}
    volumes = [_block_device(mapping)["Ebs"] for mapping in found["BlockDeviceMappings"]]
    return all(wanted <= {(tag["Key"], tag["Value"]) for tag in volume.get("Tags", [])} for volume in volumes)


def _profile_name(arn: str | None) -> str | None:
    return arn.rpartition("/")[2] if arn else None


@reader("AWS::EC2::LaunchTemplate", "LaunchTemplateData", "LaunchTemplateName")
def launch_template(physical_id: str, properties: Properties) -> Properties:
    """Read the latest version of a launch template."""
    answer = client("ec2").describe_launch_template_versions(LaunchTemplateId=physical_id, Versions=["$Latest"])
    return answer["LaunchTemplateVersions"][0]
