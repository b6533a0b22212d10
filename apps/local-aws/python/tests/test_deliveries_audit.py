"""Trails and Config channels are accepted only where something could be delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drills import ACCOUNT, REGION, Aws, Statement, allow, clear, other_keys_denied, policy, refused, unique

TRAIL = "cloudtrail.amazonaws.com"
CONFIG = "config.amazonaws.com"
ACL = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


@pytest.fixture
def trail(aws: Aws) -> Iterator[Callable[..., None]]:
    """Make a trail, and delete it afterwards: there may be five."""
    cloudtrail, made = aws.client("cloudtrail"), []

    def make(**properties: Any) -> None:
        name = properties.pop("Name", unique("trail"))
        cloudtrail.create_trail(Name=name, **properties)
        made.append(name)

    yield make
    for name in made:
        cloudtrail.delete_trail(Name=name)


def trail_statements(bucket: str, folder: str = "", **condition: Any) -> list[Statement]:
    write = allow(TRAIL, "s3:PutObject", **(condition or ACL))
    write["Resource"] = f"arn:aws:s3:::{bucket}/{folder}AWSLogs/{ACCOUNT}/*"
    return [write, allow(TRAIL, "s3:GetBucketAcl")]


def trail_bucket(aws: Aws, **given: Any) -> str:
    bucket = aws.bucket()
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(*trail_statements(bucket, **given)))
    return bucket


def test_trail_bucket(trail: Callable[..., None]) -> None:
    refused("S3BucketDoesNotExistException", trail, S3BucketName=unique("absent"))


def test_trail_bucket_policy_admits(aws: Aws, trail: Callable[..., None]) -> None:
    trail(S3BucketName=trail_bucket(aws))
    trail(S3BucketName=trail_bucket(aws, folder="audit/"), S3KeyPrefix="audit")


def test_trail_bucket_policy_for_one_trail(aws: Aws, trail: Callable[..., None]) -> None:
    name = unique("trail")
    source = {"StringEquals": {"aws:SourceArn": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{name}"}}
    bucket = trail_bucket(aws, **source)
    refused("InsufficientS3BucketPolicyException", trail, S3BucketName=bucket)
    trail(Name=name, S3BucketName=bucket)


def test_trail_bucket_policy_silent(aws: Aws, trail: Callable[..., None]) -> None:
    message = refused("InsufficientS3BucketPolicyException", trail, S3BucketName=(bucket := aws.bucket()))
    assert message == f"Incorrect S3 bucket policy is detected for bucket: {bucket}"


def test_trail_bucket_policy_of_another_prefix(aws: Aws, trail: Callable[..., None]) -> None:
    refused("InsufficientS3BucketPolicyException", trail, S3BucketName=trail_bucket(aws), S3KeyPrefix="audit")


def test_trail_bucket_policy_on_update(aws: Aws, trail: Callable[..., None]) -> None:
    trail(Name=(name := unique("trail")), S3BucketName=trail_bucket(aws))
    update = aws.client("cloudtrail").update_trail
    refused("InsufficientS3BucketPolicyException", update, Name=name, S3BucketName=aws.bucket())
    update(Name=name, EnableLogFileValidation=True)


def test_trail_key_policy(aws: Aws, trail: Callable[..., None]) -> None:
    bucket, name = trail_bucket(aws), unique("trail")
    arn = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{name}"
    context = {
        "StringEquals": {"aws:SourceArn": arn},
        "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"},
    }
    admitting = aws.key(allow(TRAIL, "kms:GenerateDataKey*", **context), allow(TRAIL, "kms:DescribeKey"))
    silent = aws.key()
    message = refused("InsufficientEncryptionPolicyException", trail, Name=name, S3BucketName=bucket, KmsKeyId=silent)
    assert message == f"Insufficient permissions to access S3 bucket {bucket} or KMS key {silent}."
    refused("InsufficientEncryptionPolicyException", trail, S3BucketName=bucket, KmsKeyId=admitting)
    trail(Name=name, S3BucketName=bucket, KmsKeyId=admitting)


def test_trail_log_group_role(aws: Aws, trail: Callable[..., None]) -> None:
    bucket, group = trail_bucket(aws), unique("group")
    aws.client("logs").create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
    write = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": arn}
    given = {"S3BucketName": bucket, "CloudWatchLogsLogGroupArn": arn}

    stranger, powerless, able = aws.role("ec2.amazonaws.com", write), aws.role(TRAIL), aws.role(TRAIL, write)
    refused("InvalidCloudWatchLogsRoleArnException", trail, **given, CloudWatchLogsRoleArn=stranger)
    refused("InvalidCloudWatchLogsLogGroupArnException", trail, **given, CloudWatchLogsRoleArn=powerless)
    trail(**given, CloudWatchLogsRoleArn=able)


def test_trail_topic_policy(aws: Aws, trail: Callable[..., None]) -> None:
    bucket = trail_bucket(aws)
    admitting, silent = aws.topic(allow(TRAIL, "sns:Publish")), aws.topic()
    refused("InsufficientSnsTopicPolicyException", trail, S3BucketName=bucket, SnsTopicName=silent)
    trail(S3BucketName=bucket, SnsTopicName=admitting)


@pytest.fixture
def recorder(aws: Aws) -> Iterator[Callable[[str], None]]:
    """Make the region's one recorder, and remove it afterwards."""
    config = aws.client("config")
    clear(config)
    yield lambda role: config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    clear(config)


def channel(aws: Aws, bucket: str, **more: str) -> None:
    aws.client("config").put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": bucket, **more})


def test_config_bucket_policy(aws: Aws, recorder: Callable[[str], None]) -> None:
    recorder(aws.role(CONFIG))
    statements = [allow(CONFIG, "s3:PutObject", **ACL), allow(CONFIG, "s3:GetBucketAcl", "s3:ListBucket")]
    admitting, silent = aws.bucket(*statements), aws.bucket()
    message = refused("InsufficientDeliveryPolicyException", channel, aws=aws, bucket=silent)
    assert message.startswith(f"Insufficient delivery policy to s3 bucket: {silent}, unable to write to bucket, ")
    refused("NoSuchBucketException", channel, aws=aws, bucket=unique("absent"))
    channel(aws, admitting)


def test_config_bucket_policy_or_the_recorders_role(aws: Aws, recorder: Callable[[str], None]) -> None:
    bucket = aws.bucket()
    write = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/AWSLogs/{ACCOUNT}/*"}
    look = {"Effect": "Allow", "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{bucket}"}
    recorder(aws.role(CONFIG, write, look))
    channel(aws, bucket)
    refused("InsufficientDeliveryPolicyException", channel, aws=aws, bucket=bucket, s3KeyPrefix="other")


def test_config_key_policy(aws: Aws, recorder: Callable[[str], None]) -> None:
    recorder(aws.role(CONFIG))
    bucket = aws.bucket(allow(CONFIG, "s3:PutObject", "s3:GetBucketAcl"))
    admitting = aws.key(allow(CONFIG, "kms:GenerateDataKey*", "kms:Decrypt"))
    refused("InsufficientDeliveryPolicyException", channel, aws=aws, bucket=bucket, s3KmsKeyArn=aws.key())
    channel(aws, bucket, s3KmsKeyArn=admitting)


def test_config_bucket_that_denies_other_keys(aws: Aws, recorder: Callable[[str], None]) -> None:
    recorder(aws.role(CONFIG))
    admits = allow(CONFIG, "kms:GenerateDataKey*", "kms:Decrypt")
    mine, other = aws.key(admits), aws.key(admits)
    denies = other_keys_denied(mine)
    bucket = aws.bucket(allow(CONFIG, "s3:PutObject", "s3:GetBucketAcl"), denies)
    channel(aws, bucket)
    channel(aws, bucket, s3KmsKeyArn=mine)
    refused("InsufficientDeliveryPolicyException", channel, aws=aws, bucket=bucket, s3KmsKeyArn=other)
    denies["Condition"]["BoolIfExists"] = {"aws:PrincipalIsAWSService": "false"}
    channel(aws, aws.bucket(allow(CONFIG, "s3:PutObject", "s3:GetBucketAcl"), denies), s3KmsKeyArn=other)


def test_config_key_policy_of_the_bucket(aws: Aws, recorder: Callable[[str], None]) -> None:
    recorder(aws.role(CONFIG))
    admitting = aws.key(allow(CONFIG, "kms:GenerateDataKey*", "kms:Decrypt"))
    for key in (aws.key(), admitting):
        bucket = aws.bucket(allow(CONFIG, "s3:PutObject", "s3:GetBucketAcl"))
        default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
        encryption = {"Rules": [default]}
        aws.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=encryption)
        if key == admitting:
            channel(aws, bucket)
        else:
            refused("InsufficientDeliveryPolicyException", channel, aws=aws, bucket=bucket)
