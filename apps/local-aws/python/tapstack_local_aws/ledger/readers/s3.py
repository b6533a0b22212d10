"""Buckets and their policies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from ministack.core.responses import get_account_id, get_region

from ...clients import client
from . import Properties, reader


def _configured(call: Callable[[], Any]) -> Any:
    """Return an answer, or nothing where S3 says that the bucket has no such configuration."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"].startswith(("NoSuch", "ServerSideEncryption", "Ownership", "ObjectLock")):
            return None
        raise


def _encryption(bucket: str) -> Any:
    answer = _configured(lambda: client("s3").get_bucket_encryption(Bucket=bucket))
    if answer is None:
        return None
    rules = []
    for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]:
        rule["ServerSideEncryptionByDefault"] = rule.pop("ApplyServerSideEncryptionByDefault", None)
        rules.append(rule)
    return {"ServerSideEncryptionConfiguration": rules}


def _logging(bucket: str) -> Any:
    enabled = client("s3").get_bucket_logging(Bucket=bucket).get("LoggingEnabled")
    return enabled and {
        "DestinationBucketName": enabled["TargetBucket"],
        "LogFilePrefix": enabled.get("TargetPrefix"),
        "TargetObjectKeyFormat": enabled.get("TargetObjectKeyFormat"),
    }


def _lifecycle(bucket: str) -> Any:
    answer = _configured(lambda: client("s3").get_bucket_lifecycle_configuration(Bucket=bucket))
    return answer and {"Rules": [_lifecycle_rule(rule) for rule in answer["Rules"]]}


def _lifecycle_rule(rule: dict[str, Any]) -> Properties:
    rule_filter = rule.get("Filter", {})
    joined = rule_filter.get("And", rule_filter)
    expiration = rule.get("Expiration", {})
    transitions = [{"TransitionInDays": t.get("Days"), **t} for t in rule.get("Transitions", [])]
    noncurrent = [
        {"TransitionInDays": t.get("NoncurrentDays"), **t} for t in rule.get("NoncurrentVersionTransitions", [])
    ]
    return {
        "Id": rule.get("ID"),
        "Status": rule["Status"],
        "Prefix": joined.get("Prefix") or rule.get("Prefix"),
        "TagFilters": joined.get("Tags") or ([rule_filter["Tag"]] if "Tag" in rule_filter else None),
        "ObjectSizeGreaterThan": joined.get("ObjectSizeGreaterThan"),
        "ObjectSizeLessThan": joined.get("ObjectSizeLessThan"),
        "ExpirationInDays": expiration.get("Days"),
        "ExpirationDate": expiration.get("Date"),
        "ExpiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker"),
        "Transitions": transitions,
        "NoncurrentVersionTransitions": noncurrent,
        "NoncurrentVersionExpiration": rule.get("NoncurrentVersionExpiration"),
        "NoncurrentVersionExpirationInDays": rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"),
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
    }


def _metrics(bucket: str) -> list[Properties]:
    found = client("s3").list_bucket_metrics_configurations(Bucket=bucket).get("MetricsConfigurationList", [])
    return [_metrics_configuration(each) for each in found]


def _metrics_configuration(configuration: dict[str, Any]) -> Properties:
    wanted = configuration.get("Filter", {})
    joined = wanted.get("And", wanted)
    return {
        "Id": configuration["Id"],
        "Prefix": joined.get("Prefix"),
        "AccessPointArn": joined.get("AccessPointArn"),
        "TagFilters": joined.get("Tags") or ([wanted["Tag"]] if "Tag" in wanted else None),
    }


def _object_lock(bucket: str) -> Any:
    answer = _configured(lambda: client("s3").get_object_lock_configuration(Bucket=bucket))
    return answer and answer["ObjectLockConfiguration"]


def _regional_prefix(bucket: str) -> str | None:
    """Return what precedes `-<account>-<region>-an` in the name of a bucket in its account's own namespace."""
    prefix, account, _ = bucket.partition(f"-{get_account_id()}-{get_region()}-an")
    return prefix if account and bucket.endswith("-an") else None


_READERS: dict[str, Callable[[str], Any]] = {
    "BucketEncryption": _encryption,
    "BucketName": lambda bucket: client("s3").head_bucket(Bucket=bucket) and bucket,
    "BucketNamePrefix": lambda bucket: client("s3").head_bucket(Bucket=bucket) and _regional_prefix(bucket),
    "BucketNamespace": lambda bucket: (
        client("s3").head_bucket(Bucket=bucket) and ("account-regional" if _regional_prefix(bucket) else "global")
    ),
    "LifecycleConfiguration": _lifecycle,
    "LoggingConfiguration": _logging,
    "MetricsConfigurations": _metrics,
    "ObjectLockConfiguration": _object_lock,
    "ObjectLockEnabled": lambda bucket: (_object_lock(bucket) or {}).get("ObjectLockEnabled") == "Enabled",
    "OwnershipControls": lambda bucket: (
        _configured(lambda: client("s3").get_bucket_ownership_controls(Bucket=bucket)) or {}
    ).get("OwnershipControls"),
    "PublicAccessBlockConfiguration": lambda bucket: (
        _configured(lambda: client("s3").get_public_access_block(Bucket=bucket)) or {}
    ).get("PublicAccessBlockConfiguration"),
    "Tags": lambda bucket: (_configured(lambda: client("s3").get_bucket_tagging(Bucket=bucket)) or {}).get("TagSet"),
    "VersioningConfiguration": lambda bucket: client("s3").get_bucket_versioning(Bucket=bucket),
}


@reader("AWS::S3::Bucket", *_READERS)
def bucket(physical_id: str, properties: Properties) -> Properties:
    """Read each configuration that the template sets."""
    return {name: read(physical_id) for name, read in _READERS.items() if name in properties}


@reader("AWS::S3::BucketPolicy", "Bucket", "PolicyDocument")
def bucket_policy(physical_id: str, properties: Properties) -> Properties:
    """Read the policy of the bucket."""
    policy = client("s3").get_bucket_policy(Bucket=properties["Bucket"])["Policy"]
    return {"Bucket": properties["Bucket"], "PolicyDocument": json.loads(policy)}
