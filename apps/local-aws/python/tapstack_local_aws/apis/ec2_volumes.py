"""Volumes as a launch asks for them: size, type, encryption with a key, life beyond the instance."""

from __future__ import annotations

from typing import Any

from ministack.services import ec2, kms

from ..shapes import boolean
from .ec2_actions import Element, InvalidRequest, Parameters, amend, items, put

Record = dict[str, Any]


def install() -> None:
    """Show a volume's key and throughput."""
    amend("DescribeVolumes", _show_volumes)


def shape_root_volume(instance: Record, ebs: Record, tags: list[dict[str, str]]) -> None:
    """Give the volume that ministack made for every instance the shape that the launch asked for."""
    mapping = instance["BlockDeviceMappings"][0]
    volume = ec2._volumes[mapping["Ebs"]["VolumeId"]]
    _shape(instance, volume, mapping, {"DeleteOnTermination": True, **ebs}, tags)


def add_volume(instance: Record, device: str, ebs: Record, tags: list[dict[str, str]]) -> None:
    """Create and attach one more volume; unlike the root volume it outlives the instance unless told otherwise."""
    root = instance["BlockDeviceMappings"][0]
    volume_id = ec2._new_volume_id()
    volume = {**ec2._volumes[root["Ebs"]["VolumeId"]], "VolumeId": volume_id, "Encrypted": False, "KmsKeyId": ""}
    volume["Attachments"] = [{**volume["Attachments"][0], "VolumeId": volume_id, "Device": device}]
    mapping = {"DeviceName": device, "Ebs": {**root["Ebs"], "VolumeId": volume_id}}
    ec2._volumes[volume_id] = volume
    instance["BlockDeviceMappings"].append(mapping)
    _shape(instance, volume, mapping, {"DeleteOnTermination": False, **ebs}, tags)


def _shape(instance: Record, volume: Record, mapping: Record, ebs: Record, tags: list[dict[str, str]]) -> None:
    volume["AvailabilityZone"] = instance["Placement"]["AvailabilityZone"]
    volume["Size"] = int(ebs.get("VolumeSize", volume["Size"]))
    volume["VolumeType"] = ebs.get("VolumeType", volume["VolumeType"])
    volume["Iops"] = int(ebs.get("Iops", volume["Iops"]))
    volume["Throughput"] = int(ebs.get("Throughput", volume["Throughput"]))
    volume["Encrypted"] = boolean(ebs.get("Encrypted"))
    if key := ebs.get("KmsKeyId"):
        volume["KmsKeyId"] = key_arn(key)
    goes_with_instance = boolean(ebs["DeleteOnTermination"])
    mapping["Ebs"]["DeleteOnTermination"] = goes_with_instance
    volume["Attachments"][0]["DeleteOnTermination"] = goes_with_instance
    if tags:
        ec2._tags[volume["VolumeId"]] = list(tags)


def key_arn(key: str) -> str:
    """Return the ARN of a key given by id, ARN or alias."""
    record = kms._resolve_key(key)
    if record is None:
        raise InvalidRequest("InvalidParameterValue", f"The KMS key '{key}' does not exist")
    return record["Arn"]


def _show_volumes(parameters: Parameters, root: Element) -> None:
    for volume_id, element in items(root, "volumeId"):
        volume = ec2._volumes.get(volume_id, {})
        if element.find("volumeType") is None:
            continue
        if volume.get("KmsKeyId"):
            put(element, "kmsKeyId", volume["KmsKeyId"])
        if volume.get("Throughput"):
            put(element, "throughput", volume["Throughput"])
