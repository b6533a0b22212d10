"""Keys and aliases."""

from __future__ import annotations

import json

from ...clients import client
from . import Properties, reader


@reader(
    "AWS::KMS::Key",
    "Description",
    "EnableKeyRotation",
    "Enabled",
    "KeyPolicy",
    "KeySpec",
    "KeyUsage",
    "MultiRegion",
    "RotationPeriodInDays",
    "Tags",
)
def key(physical_id: str, properties: Properties) -> Properties:
    """Read a key, its policy, rotation and tags."""
    kms = client("kms")
    rotation = kms.get_key_rotation_status(KeyId=physical_id)
    tags = kms.list_resource_tags(KeyId=physical_id)["Tags"]
    return {
        **kms.describe_key(KeyId=physical_id)["KeyMetadata"],
        "EnableKeyRotation": rotation["KeyRotationEnabled"],
        "RotationPeriodInDays": rotation.get("RotationPeriodInDays"),
        "KeyPolicy": json.loads(kms.get_key_policy(KeyId=physical_id, PolicyName="default")["Policy"]),
        "Tags": [{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in tags],
    }


@reader("AWS::KMS::Alias", "AliasName", "TargetKeyId")
def alias(physical_id: str, properties: Properties) -> Properties:
    """Read which key an alias names."""
    return {
        "AliasName": physical_id,
        "TargetKeyId": client("kms").describe_key(KeyId=physical_id)["KeyMetadata"]["Arn"],
    }
