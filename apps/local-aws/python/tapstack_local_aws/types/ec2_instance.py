"""Instances."""

from __future__ import annotations

import base64
from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, Request, ResourceType
from ..shapes import boolean, booleans, integers, pick, tag_list
from .ec2 import retag

_METADATA_STRINGS = ("HttpTokens", "HttpEndpoint", "HttpProtocolIpv6", "InstanceMetadataTags")
# AWS stops and starts an EBS-backed instance for some of these; none of them makes a new one.
_REPLACING = (
    "AvailabilityZone",
    "BlockDeviceMappings",
    "CpuOptions",
    "EnclaveOptions",
    "HibernationOptions",
    "ImageId",
    "Ipv6AddressCount",
    "Ipv6Addresses",
    "KeyName",
    "LaunchTemplate",
    "LicenseSpecifications",
    "NetworkInterfaces",
    "PrivateIpAddress",
    "SecurityGroups",
    "SubnetId",
)


def _create(request: Request) -> Created:
    properties = request.properties
    launch = pick(
        properties,
        "ImageId",
        "InstanceType",
        "KeyName",
        "SubnetId",
        "SecurityGroupIds",
        "LaunchTemplate",
        "PrivateIpAddress",
        "InstanceInitiatedShutdownBehavior",
    )
    launch |= booleans(properties, "EbsOptimized", "DisableApiTermination")
    if "UserData" in properties:
        # The SDK encodes what a template has encoded already.
        launch["UserData"] = base64.b64decode(properties["UserData"]).decode()
    if profile := properties.get("IamInstanceProfile"):
        launch["IamInstanceProfile"] = {"Name": profile}
    if "Monitoring" in properties:
        launch["Monitoring"] = {"Enabled": boolean(properties["Monitoring"])}
    if options := properties.get("MetadataOptions"):
        launch["MetadataOptions"] = _metadata_options(options)
    if mappings := properties.get("BlockDeviceMappings"):
        launch["BlockDeviceMappings"] = [_block_device(mapping) for mapping in mappings]
    if interfaces := properties.get("NetworkInterfaces"):
        launch["NetworkInterfaces"] = [_interface(interface) for interface in interfaces]
    made = client("ec2").run_instances(MinCount=1, MaxCount=1, **launch, **_tags(properties))["Instances"][0]
    return Created(made["InstanceId"], _attributes(made))


def _tags(properties: Properties) -> dict[str, Any]:
    tags = tag_list(properties)
    kinds = ["instance"]
    if boolean(properties.get("PropagateTagsToVolumeOnCreation", False)):
        kinds.append("volume")
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in kinds]} if tags else {}


def _metadata_options(options: Properties) -> dict[str, Any]:
    return pick(options, *_METADATA_STRINGS) | integers(options, "HttpPutResponseHopLimit")


def _block_device(mapping: Properties) -> dict[str, Any]:
    device = pick(mapping, "DeviceName", "VirtualName", "NoDevice")
    if ebs := mapping.get("Ebs"):
        device["Ebs"] = (
            pick(ebs, "KmsKeyId", "SnapshotId", "VolumeType")
            | booleans(ebs, "Encrypted", "DeleteOnTermination")
            | integers(ebs, "Iops", "VolumeSize", "Throughput")
        )
    return device


def _interface(interface: Properties) -> dict[str, Any]:
    return (
        pick(interface, "NetworkInterfaceId", "SubnetId", "Description", "PrivateIpAddress", Groups="GroupSet")
        | booleans(interface, "AssociatePublicIpAddress", "DeleteOnTermination")
        | integers(interface, "DeviceIndex")
    )


def _attributes(instance: dict[str, Any]) -> dict[str, Any]:
    return {
        "AvailabilityZone": instance["Placement"]["AvailabilityZone"],
        "InstanceId": instance["InstanceId"],
        "PrivateDnsName": instance.get("PrivateDnsName", ""),
        "PrivateIp": instance.get("PrivateIpAddress", ""),
        "PublicDnsName": instance.get("PublicDnsName", ""),
        "PublicIp": instance.get("PublicIpAddress", ""),
        "VpcId": instance.get("VpcId", ""),
    }


def _update(physical_id: str, old: Properties, request: Request) -> Created:
    ec2, new = client("ec2"), request.properties

    def changed(prop: str) -> bool:
        return old.get(prop) != new.get(prop)

    if changed("MetadataOptions"):
        options = _metadata_options(new.get("MetadataOptions", {"HttpTokens": "optional", "HttpEndpoint": "enabled"}))
        ec2.modify_instance_metadata_options(InstanceId=physical_id, **options)
    if changed("Monitoring"):
        on = boolean(new.get("Monitoring", False))
        (ec2.monitor_instances if on else ec2.unmonitor_instances)(InstanceIds=[physical_id])
    if changed("SecurityGroupIds"):
        ec2.modify_instance_attribute(InstanceId=physical_id, Groups=new["SecurityGroupIds"])
    if changed("UserData"):
        user_data = base64.b64decode(new.get("UserData", ""))
        ec2.modify_instance_attribute(InstanceId=physical_id, UserData={"Value": user_data})
    if changed("InstanceType"):
        ec2.modify_instance_attribute(InstanceId=physical_id, InstanceType={"Value": new["InstanceType"]})
    for prop in ("DisableApiTermination", "EbsOptimized", "SourceDestCheck"):
        if changed(prop):
            value = {"Value": boolean(new.get(prop, prop == "SourceDestCheck"))}
            ec2.modify_instance_attribute(InstanceId=physical_id, **{prop: value})
    if changed("IamInstanceProfile"):
        _replace_profile(physical_id, new.get("IamInstanceProfile"))
    retag(physical_id, old, new)
    answer = ec2.describe_instances(InstanceIds=[physical_id])
    return Created(physical_id, _attributes(answer["Reservations"][0]["Instances"][0]))


def _replace_profile(instance_id: str, profile: str | None) -> None:
    ec2 = client("ec2")
    associations = ec2.describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [instance_id]}]
    )["IamInstanceProfileAssociations"]
    for association in associations:
        ec2.disassociate_iam_instance_profile(AssociationId=association["AssociationId"])
    if profile:
        ec2.associate_iam_instance_profile(InstanceId=instance_id, IamInstanceProfile={"Name": profile})


def _delete(physical_id: str, properties: Properties) -> None:
    client("ec2").terminate_instances(InstanceIds=[physical_id])


TYPES = (ResourceType("AWS::EC2::Instance", _create, _delete, _update, replacing=_REPLACING),)
