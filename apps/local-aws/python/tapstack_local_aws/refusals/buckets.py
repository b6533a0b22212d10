"""Buckets in templates: their names, their one policy, and what is left in them at the end.

The S3 API of the emulator refuses a bad name and a bucket with content by itself; its CloudFormation does neither.
"""

import re

from ministack.core.responses import get_account_id, get_region

from .gate import Planned, Props, on_create, on_delete, on_update
from .refusal import Refusal, Rule

RULES = (
    Rule(
        "bucket-name",
        "a bucket name is 3 to 63 of a-z, 0-9, dot and hyphen; no address, nothing reserved (InvalidBucketName)",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    ),
    Rule(
        "bucket-name-prefix",
        "a name in the account-regional namespace is <prefix>-<account>-<region>-an, 63 characters at most",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html",
    ),
    Rule(
        "bucket-not-empty",
        "CloudFormation deletes no bucket that holds objects, versions or delete markers (BucketNotEmpty)",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html",
    ),
    Rule(
        "bucket-policy-once",
        "a bucket has one policy: a second AWS::S3::BucketPolicy fails (AlreadyExists)",
        "https://github.com/aws-samples/aws-cdk-examples/issues/1022",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.s3", "_buckets"),
    ("ministack.services.s3", "_bucket_has_versions"),
    ("ministack.services.s3", "_bucket_policies"),
]

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_NAME_LENGTH = 63


@on_create("s3", "AWS::S3::Bucket")
def _check_name(planned: Planned) -> None:
    name, prefix = planned.props.get("BucketName"), planned.props.get("BucketNamePrefix")
    if name and prefix:
        raise Refusal("InvalidRequest", "BucketName and BucketNamePrefix cannot be specified together")
    if prefix:
        name = f"{prefix}-{get_account_id()}-{get_region()}-an"
        if len(name) > _NAME_LENGTH:
            raise Refusal(
                "InvalidBucketName", f"The specified bucket is not valid: {name} is longer than {_NAME_LENGTH}"
            )
    if name and not _legal(name):
        raise Refusal("InvalidBucketName", f"The specified bucket is not valid: {name}")


def _legal(name: str) -> bool:
    return bool(
        _NAME.fullmatch(name)
        and ".." not in name
        and not _ADDRESS.fullmatch(name)
        and not name.startswith(_RESERVED_PREFIXES)
        and not name.endswith(_RESERVED_SUFFIXES)
    )


@on_delete("s3", "AWS::S3::Bucket")
def _check_empty(bucket: str, _: Props) -> None:
    from ministack.services import s3

    record = s3._buckets.get(bucket)
    if record and (record["objects"] or s3._bucket_has_versions(bucket)):
        raise Refusal(
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
            status=409,
            handler_code="GeneralServiceException",
        )


@on_create("s3", "AWS::S3::BucketPolicy")
def _check_only_policy(planned: Planned) -> None:
    _refuse_second(planned.props.get("Bucket", ""))


@on_update("s3", "AWS::S3::BucketPolicy")
def _check_moved_policy(_: str, old: Props, new: Props) -> None:
    """Check a policy that moves to another bucket: there it is created."""
    if new.get("Bucket") != old.get("Bucket"):
        _refuse_second(new.get("Bucket", ""))


def _refuse_second(bucket: str) -> None:
    from ministack.services import s3

    if s3._bucket_policies.get(bucket) is not None:
        message = f"The bucket policy already exists on bucket {bucket}."
        raise Refusal("BucketPolicyAlreadyExists", message, status=409, handler_code="AlreadyExists")
