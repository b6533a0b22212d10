"""Buckets: encryption, lifecycle, access logs, request metrics, ownership, object lock and tags."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region

from ..clients import client
from ..provisioning import Properties
from ..shapes import boolean, integers, pick, tag_list

_SIZES = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")


def _put_encryption(bucket: str, properties: Properties) -> None:
    rules = []
    for rule in properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]:
        default = dict(rule.get("ServerSideEncryptionByDefault", {}))
        if default.get("SSEAlgorithm", "").startswith("aws:kms") and not default.get("KMSMasterKeyID"):
            default["KMSMasterKeyID"] = "alias/aws/s3"  # what AWS falls back to
        made: dict[str, Any] = {"ApplyServerSideEncryptionByDefault": default}
        if "BucketKeyEnabled" in rule:
            made["BucketKeyEnabled"] = boolean(rule["BucketKeyEnabled"])
        made |= pick(rule, "BlockedEncryptionTypes")
        rules.append(made)
    client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def _put_lifecycle(bucket: str, properties: Properties) -> None:
    rules = [_lifecycle_rule(index, rule) for index, rule in enumerate(properties["LifecycleConfiguration"]["Rules"])]
    client("s3").put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})


def _lifecycle_rule(index: int, rule: Properties) -> dict[str, Any]:
    made: dict[str, Any] = {"ID": rule.get("Id", f"rule-{index}"), "Status": rule["Status"]}
    made["Filter"] = _lifecycle_filter(rule)
    expiration = integers(rule, "ExpirationInDays")
    if expiration:
        made["Expiration"] = {"Days": expiration["ExpirationInDays"]}
    elif "ExpirationDate" in rule:
        made["Expiration"] = {"Date": rule["ExpirationDate"]}
    elif "ExpiredObjectDeleteMarker" in rule:
        made["Expiration"] = {"ExpiredObjectDeleteMarker": boolean(rule["ExpiredObjectDeleteMarker"])}
    transitions = [*rule.get("Transitions", []), *([rule["Transition"]] if "Transition" in rule else [])]
    if transitions:
        made["Transitions"] = [_transition(transition, "Days") for transition in transitions]
    noncurrent = [
        *rule.get("NoncurrentVersionTransitions", []),
        *([rule["NoncurrentVersionTransition"]] if "NoncurrentVersionTransition" in rule else []),
    ]
    if noncurrent:
        made["NoncurrentVersionTransitions"] = [_transition(each, "NoncurrentDays") for each in noncurrent]
    if "NoncurrentVersionExpiration" in rule:
        made["NoncurrentVersionExpiration"] = integers(
            rule["NoncurrentVersionExpiration"], "NoncurrentDays", "NewerNoncurrentVersions"
        )
    elif "NoncurrentVersionExpirationInDays" in rule:
        made["NoncurrentVersionExpiration"] = {"NoncurrentDays": int(rule["NoncurrentVersionExpirationInDays"])}
    if "AbortIncompleteMultipartUpload" in rule:
        made["AbortIncompleteMultipartUpload"] = integers(rule["AbortIncompleteMultipartUpload"], "DaysAfterInitiation")
    return made


def _lifecycle_filter(rule: Properties) -> dict[str, Any]:
    conditions: dict[str, Any] = pick(rule, "Prefix") | integers(rule, *_SIZES)
    tags = [{"Key": tag["Key"], "Value": str(tag["Value"])} for tag in rule.get("TagFilters", [])]
    if not tags and len(conditions) <= 1:
        return conditions or {"Prefix": ""}
    if len(tags) == 1 and not conditions:
        return {"Tag": tags[0]}
    return {"And": {**conditions, **({"Tags": tags} if tags else {})}}


def _transition(transition: Properties, days: str) -> dict[str, Any]:
    made: dict[str, Any] = pick(transition, "StorageClass", Date="TransitionDate")
    if "TransitionInDays" in transition:
        made[days] = int(transition["TransitionInDays"])
    return made | integers(transition, "NewerNoncurrentVersions")


def _put_logging(bucket: str, properties: Properties) -> None:
    wanted = properties["LoggingConfiguration"]
    enabled: dict[str, Any] = {
        "TargetBucket": wanted.get("DestinationBucketName", bucket),
        "TargetPrefix": wanted.get("LogFilePrefix", ""),
        **pick(wanted, "TargetObjectKeyFormat"),
    }
    client("s3").put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})


def _put_metrics(bucket: str, properties: Properties) -> None:
    for wanted in properties["MetricsConfigurations"]:
        configuration = {"Id": wanted["Id"]} | _metrics_filter(wanted)
        client("s3").put_bucket_metrics_configuration(
            Bucket=bucket, Id=wanted["Id"], MetricsConfiguration=configuration
        )


def _metrics_filter(wanted: Properties) -> dict[str, Any]:
    conditions: dict[str, Any] = pick(wanted, "Prefix", "AccessPointArn")
    tags = [{"Key": tag["Key"], "Value": str(tag["Value"])} for tag in wanted.get("TagFilters", [])]
    if len(conditions) + len(tags) > 1:
        return {"Filter": {"And": conditions | ({"Tags": tags} if tags else {})}}
    if tags:
        return {"Filter": {"Tag": tags[0]}}
    return {"Filter": conditions} if conditions else {}


def _remove_metrics(bucket: str, kept: set[str]) -> None:
    found = client("s3").list_bucket_metrics_configurations(Bucket=bucket).get("MetricsConfigurationList", [])
    for configuration in found:
        if configuration["Id"] not in kept:
            client("s3").delete_bucket_metrics_configuration(Bucket=bucket, Id=configuration["Id"])


def _put_ownership(bucket: str, properties: Properties) -> None:
    rules = copy.deepcopy(properties["OwnershipControls"]["Rules"])
    client("s3").put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": rules})


def _put_object_lock(bucket: str, properties: Properties) -> None:
    configuration: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
    retention = properties.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
    if retention:
        configuration["Rule"] = {"DefaultRetention": pick(retention, "Mode") | integers(retention, "Days", "Years")}
    client("s3").put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)


def _put_versioning(bucket: str, properties: Properties) -> None:
    status = properties["VersioningConfiguration"]["Status"]
    client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})


def _put_tags(bucket: str, properties: Properties) -> None:
    client("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tag_list(properties)})


_PUT: dict[str, Callable[[str, Properties], None]] = {
    "VersioningConfiguration": _put_versioning,  # before the lock, which needs it
    "ObjectLockEnabled": _put_object_lock,
    "ObjectLockConfiguration": _put_object_lock,
    "BucketEncryption": _put_encryption,
    "OwnershipControls": _put_ownership,
    "LifecycleConfiguration": _put_lifecycle,
    "LoggingConfiguration": _put_logging,
    "MetricsConfigurations": _put_metrics,
    "Tags": _put_tags,
}
_REMOVE: dict[str, Callable[[str], Any]] = {
    "BucketEncryption": lambda bucket: client("s3").delete_bucket_encryption(Bucket=bucket),
    "LifecycleConfiguration": lambda bucket: client("s3").delete_bucket_lifecycle(Bucket=bucket),
    "LoggingConfiguration": lambda bucket: client("s3").put_bucket_logging(Bucket=bucket, BucketLoggingStatus={}),
    "OwnershipControls": lambda bucket: client("s3").delete_bucket_ownership_controls(Bucket=bucket),
    "Tags": lambda bucket: client("s3").delete_bucket_tagging(Bucket=bucket),
}


def _complete_bucket(bucket: str, properties: Properties, previous: Properties) -> None:
    if boolean(properties.get("ObjectLockEnabled", False)):
        # A bucket with object lock is versioned, whether or not the template says so.
        properties = {**properties, "VersioningConfiguration": {"Status": "Enabled"}}
    for prop, put in _PUT.items():
        if prop in properties and properties[prop] != previous.get(prop):
            put(bucket, properties)
    if "MetricsConfigurations" in previous:
        _remove_metrics(bucket, {each["Id"] for each in properties.get("MetricsConfigurations", [])})
    for prop, remove in _REMOVE.items():
        if prop in previous and prop not in properties:
            remove(bucket)


def _named_in_the_account(properties: Properties) -> Properties:
    """Give a bucket of the account's own namespace the name it has there."""
    prefix = properties.get("BucketNamePrefix")
    return {**properties, "BucketName": f"{prefix}-{get_account_id()}-{get_region()}-an"} if prefix else properties


AMENDMENTS = {"AWS::S3::Bucket": _named_in_the_account}
COMPLETIONS = {"AWS::S3::Bucket": _complete_bucket}
