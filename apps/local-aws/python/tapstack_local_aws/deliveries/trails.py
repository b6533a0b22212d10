"""CloudTrail accepts a trail only if bucket, key, topic and log group already admit it.

AWS checks each destination when the trail is created or updated, with the trail's ARN as the source, and has one error
for each.
"""

from typing import Any

from ministack.core.responses import get_account_id, get_region

from ..refusals.gate import on_call
from ..refusals.refusal import Refusal, Rule
from ..refusals.requests import Request
from . import destinations, keys, roles
from .principal import admits, enforced, source

CLOUDTRAIL = "cloudtrail.amazonaws.com"

_DOC = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"

RULES = (
    Rule("trail-bucket", "a trail's bucket must exist", _DOC + "cloudtrail-create-and-update-a-trail.html"),
    Rule(
        "trail-bucket-policy",
        "the bucket's policy must let CloudTrail read its ACL and write below <prefix>/AWSLogs/<account>/",
        _DOC + "create-s3-bucket-policy-for-cloudtrail.html",
    ),
    Rule(
        "trail-key-policy",
        "the key's policy must let CloudTrail generate data keys for the trail and describe the key",
        _DOC + "create-kms-key-policy-for-cloudtrail.html",
    ),
    Rule(
        "trail-log-group-role",
        "CloudTrail must be able to assume the role, and the role to write to the log group",
        _DOC + "cloudtrail-required-policy-for-cloudwatch-logs.html",
    ),
    Rule(
        "trail-topic-policy",
        "the topic's policy must admit CloudTrail",
        _DOC + "cloudtrail-permissions-for-sns-notifications.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.s3", "_buckets"),
    ("ministack.services.s3", "_bucket_policies"),
    ("ministack.services.cloudwatch_logs", "_log_groups"),
    ("ministack.services.cloudtrail", "_find_visible_trail"),
]


@on_call("cloudtrail", "CreateTrail")
def _created(request: Request) -> None:
    _check(request.params.get("Name", ""), request.params)


@on_call("cloudtrail", "UpdateTrail")
def _updated(request: Request) -> None:
    """An update names only what changes; AWS checks the trail as it will be."""
    from ministack.services import cloudtrail

    try:
        name, _, trail = cloudtrail._find_visible_trail(request.params.get("Name", ""))
    except ValueError:
        return
    if trail is not None:
        _check(name, {**trail, **request.params})


def _check(name: str, trail: dict[str, Any]) -> None:
    if not enforced() or not name:
        return
    arn = f"arn:aws:cloudtrail:{get_region()}:{get_account_id()}:trail/{name}"
    _check_bucket(trail.get("S3BucketName", ""), trail.get("S3KeyPrefix", ""), arn)
    if key := trail.get("KmsKeyId"):
        _check_key(key, trail.get("S3BucketName", ""), arn)
    if group := trail.get("CloudWatchLogsLogGroupArn"):
        refusal = log_group_refuses(group, trail.get("CloudWatchLogsRoleArn", ""), arn)
        if refusal:
            raise refusal
    if topic := trail.get("SnsTopicName"):
        _check_topic(topic, arn)


def bucket_takes(bucket: str, log_file: str, trail_arn: str, key: str = "") -> bool:
    """Whether the policy of a bucket lets a trail write a log file, encrypted with a key where it has one."""
    from ministack.services import s3

    context = {**source(trail_arn), "s3:x-amz-acl": "bucket-owner-full-control"}
    if key:
        context |= {
            "s3:x-amz-server-side-encryption": "aws:kms",
            "s3:x-amz-server-side-encryption-aws-kms-key-id": key,
        }
    arn = f"arn:aws:s3:::{bucket}/{log_file}"
    return not enforced() or admits(s3._bucket_policies.get(bucket), CLOUDTRAIL, "s3:PutObject", arn, context)


def key_takes(key: str, trail_arn: str) -> bool:
    """Whether the policy of a key lets a trail encrypt a log file."""
    encrypting = {**source(trail_arn), **keys.via("cloudtrail", **{"aws:cloudtrail:arn": trail_arn})}
    return not enforced() or keys.usable(key, CLOUDTRAIL, ("kms:GenerateDataKey",), encrypting)


def log_group_refuses(group_arn: str, role_arn: str, trail_arn: str) -> Refusal | None:
    """Why a trail may not write to a log group with a role, in the words that CreateTrail has for it."""
    from ministack.services import cloudwatch_logs

    group = group_arn.removesuffix(":*")
    if group.rpartition(":log-group:")[2] not in cloudwatch_logs._log_groups:
        return Refusal(
            "InvalidCloudWatchLogsLogGroupArnException",
            "Access denied. Check the permissions for your role, and that the log group exists.",
        )
    if not enforced():
        return None
    if not roles.assumable(role_arn, CLOUDTRAIL, trail_arn):
        return Refusal(
            "InvalidCloudWatchLogsRoleArnException", "Access denied. Check the trust relationships for your role."
        )
    stream = f"{group}:log-stream:{get_account_id()}_CloudTrail_{get_region()}"
    if not all(roles.permits(role_arn, action, stream) for action in ("logs:CreateLogStream", "logs:PutLogEvents")):
        return Refusal(
            "InvalidCloudWatchLogsLogGroupArnException",
            "Access denied. Verify in IAM that the role has adequate permissions.",
        )
    return None


def _check_bucket(bucket: str, prefix: str, trail_arn: str) -> None:
    from ministack.services import s3

    if bucket not in s3._buckets:
        raise Refusal("S3BucketDoesNotExistException", f"S3 bucket {bucket} does not exist!", handler_code="NotFound")
    policy = s3._bucket_policies.get(bucket)
    folder = f"{prefix.strip('/')}/" if prefix else ""
    log_file = f"{folder}AWSLogs/{get_account_id()}/CloudTrail/{get_region()}/log.json.gz"
    readable = admits(policy, CLOUDTRAIL, "s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", source(trail_arn))
    if not readable or not bucket_takes(bucket, log_file, trail_arn):
        raise Refusal(
            "InsufficientS3BucketPolicyException", f"Incorrect S3 bucket policy is detected for bucket: {bucket}"
        )


def _check_key(key: str, bucket: str, trail_arn: str) -> None:
    if not (key_takes(key, trail_arn) and keys.usable(key, CLOUDTRAIL, ("kms:DescribeKey",), source(trail_arn))):
        raise Refusal(
            "InsufficientEncryptionPolicyException",
            f"Insufficient permissions to access S3 bucket {bucket} or KMS key {key}.",
        )


def _check_topic(topic: str, trail_arn: str) -> None:
    arn = topic if topic.startswith("arn:") else f"arn:aws:sns:{get_region()}:{get_account_id()}:{topic}"
    if destinations.topic_refuses(arn, CLOUDTRAIL, source(trail_arn)):
        raise Refusal(
            "InsufficientSnsTopicPolicyException", "SNS Topic does not exist or the topic policy is incorrect!"
        )
