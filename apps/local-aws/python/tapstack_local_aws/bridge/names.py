"""Names of API calls, and whether a call changes anything."""

from __future__ import annotations

from typing import Any

_READING = ("Get", "List", "Describe", "Head", "Lookup", "Search", "BatchGet", "Select", "Validate", "Estimate")
_READING_METHODS = ("GET", "HEAD")
# Calls that use something without changing it, whatever their names sound like.
_USING = {
    "kms": ("Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncrypt", "Sign", "Verify"),
    "sts": ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"),
}
# Data events reach neither the event history nor the bus unless a trail is told to log them.
_DATA_PLANE = {
    "dynamodb": ("BatchWriteItem", "DeleteItem", "ExecuteStatement", "PutItem", "TransactWriteItems", "UpdateItem"),
    "events": ("PutEvents",),
    "firehose": ("PutRecord", "PutRecordBatch"),
    "kinesis": ("PutRecord", "PutRecords"),
    "lambda": ("Invoke", "InvokeAsync"),
    "logs": ("PutLogEvents",),
    "monitoring": ("PutMetricData",),
    "sns": ("Publish", "PublishBatch"),
    "sqs": (
        "ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch",
        "DeleteMessage",
        "DeleteMessageBatch",
        "ReceiveMessage",
        "SendMessage",
        "SendMessageBatch",
    ),
}
# Sub-resources of a bucket or an object, as they stand in the query, and what the operation on them is called.
_S3_SUBRESOURCES = {
    "policy": "BucketPolicy",
    "acl": "BucketAcl",
    "cors": "BucketCors",
    "encryption": "BucketEncryption",
    "lifecycle": "BucketLifecycle",
    "logging": "BucketLogging",
    "notification": "BucketNotification",
    "object-lock": "ObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "BucketReplication",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
_S3_VERBS = {"GET": "Get", "PUT": "Put", "DELETE": "Delete"}


def of_call(recorded: str, request_params: dict[str, Any]) -> str:
    """Return the name of a call; a query-protocol call says it in its body."""
    action = request_params.get("Action")
    return str(action[0] if isinstance(action, list) else action) if action else recorded


def of_s3(method: str, path: str, query_params: dict[str, Any]) -> str:
    """Return the name of a call on a sub-resource, empty for any other."""
    subresource = next((name for name in _S3_SUBRESOURCES if name in query_params), None)
    if subresource is None or method not in _S3_VERBS:
        return ""
    name = _S3_VERBS[method] + _S3_SUBRESOURCES[subresource]
    on_object = len([part for part in path.split("/") if part]) > 1
    return name.replace("Bucket", "Object") if on_object else name


def is_read_only(service: str, method: str, name: str) -> bool:
    """Return whether a call leaves everything as it was."""
    return method in _READING_METHODS or name.startswith(_READING) or name in _USING.get(service, ())


def is_data_event(service: str, name: str, resources: list[dict[str, str]]) -> bool:
    """Return whether a call works with data in a resource rather than with the resource."""
    on_object = any(resource["ResourceType"] == "AWS::S3::Object" for resource in resources)
    return on_object or name in _DATA_PLANE.get(service, ())
