"""Database instances: log exports, Performance Insights' key, managed master password, storage limit and tags."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Properties
from ..shapes import boolean, tag_list


def _changes(properties: Properties, previous: Properties) -> dict[str, Any]:
    def changed(prop: str) -> bool:
        return properties.get(prop) != previous.get(prop)

    wanted: dict[str, Any] = {}
    if changed("EnableCloudwatchLogsExports"):
        now, before = (set(each.get("EnableCloudwatchLogsExports") or []) for each in (properties, previous))
        wanted["CloudwatchLogsExportConfiguration"] = {
            "EnableLogTypes": sorted(now - before),
            "DisableLogTypes": sorted(before - now),
        }
    if changed("EnablePerformanceInsights") or changed("PerformanceInsightsKMSKeyId"):
        wanted["EnablePerformanceInsights"] = boolean(properties.get("EnablePerformanceInsights", False))
        if key := properties.get("PerformanceInsightsKMSKeyId"):
            wanted["PerformanceInsightsKMSKeyId"] = key
    if changed("ManageMasterUserPassword"):
        wanted["ManageMasterUserPassword"] = boolean(properties.get("ManageMasterUserPassword", False))
        if key := (properties.get("MasterUserSecret") or {}).get("KmsKeyId"):
            wanted["MasterUserSecretKmsKeyId"] = key
    if changed("MaxAllocatedStorage") and "MaxAllocatedStorage" in properties:
        wanted["MaxAllocatedStorage"] = int(properties["MaxAllocatedStorage"])
    return wanted


def _complete_instance(identifier: str, properties: Properties, previous: Properties) -> dict[str, Any]:
    rds = client("rds")
    if wanted := _changes(properties, previous):
        rds.modify_db_instance(DBInstanceIdentifier=identifier, ApplyImmediately=True, **wanted)
    found = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]
    tags = tag_list(properties)
    kept = {tag["Key"] for tag in tags}
    if gone := [tag["Key"] for tag in tag_list(previous) if tag["Key"] not in kept]:
        rds.remove_tags_from_resource(ResourceName=found["DBInstanceArn"], TagKeys=gone)
    if tags:
        rds.add_tags_to_resource(ResourceName=found["DBInstanceArn"], Tags=tags)
    secret = found.get("MasterUserSecret", {}).get("SecretArn")
    return {"MasterUserSecret.SecretArn": secret} if secret else {}


def _delete_secret(identifier: str, properties: Properties) -> None:
    if boolean(properties.get("ManageMasterUserPassword", False)):
        client("rds").modify_db_instance(DBInstanceIdentifier=identifier, ManageMasterUserPassword=False)


def _before_delete(identifier: str, properties: Properties) -> None:
    """Ministack's CloudFormation removes the instance itself, but not what RDS made for it, and keeps no backup."""
    _delete_secret(identifier, properties)
    if not boolean(properties.get("DeleteAutomatedBackups", True)):
        client("rds").delete_db_instance(
            DBInstanceIdentifier=identifier, SkipFinalSnapshot=True, DeleteAutomatedBackups=False
        )


COMPLETIONS = {"AWS::RDS::DBInstance": _complete_instance}
BEFORE_DELETE = {"AWS::RDS::DBInstance": _before_delete}
