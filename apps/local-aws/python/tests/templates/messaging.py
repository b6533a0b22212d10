"""Buckets, topics, queues and their policies."""

from __future__ import annotations

from typing import Any

from .parts import ACCOUNT, TAGS, allow, get, key_for, policy, ref, resource

_BLOCKED = {
    name: True for name in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
}


def _tls_only(bucket: str) -> dict[str, Any]:
    arns = [get(bucket, "Arn"), {"Fn::Sub": f"${{{bucket}.Arn}}/*"}]
    denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": arns}
    return {**denied, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


RESOURCES = {
    "Key": key_for("sns", "events"),
    "AccessLogs": resource(
        "S3::Bucket",
        BucketNamePrefix="messaging-logs",
        BucketNamespace="account-regional",
        BucketEncryption={
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        PublicAccessBlockConfiguration=_BLOCKED,
        LifecycleConfiguration={"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 90}]},
    ),
    "AccessLogsPolicy": resource(
        "S3::BucketPolicy",
        Bucket=ref("AccessLogs"),
        PolicyDocument=policy(
            _tls_only("AccessLogs"),
            allow(
                "s3:PutObject",
                {"Fn::Sub": "${AccessLogs.Arn}/*"},
                Principal={"Service": "logging.s3.amazonaws.com"},
                Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            ),
        ),
    ),
    "Store": resource(
        "S3::Bucket",
        BucketName="messaging-store",
        BucketEncryption={
            "ServerSideEncryptionConfiguration": [
                {
                    "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": get("Key", "Arn")},
                    "BucketKeyEnabled": True,
                    "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
                }
            ]
        },
        LifecycleConfiguration={
            "Rules": [
                {
                    "Id": "superseded",
                    "Status": "Enabled",
                    "Prefix": "reports/",
                    "TagFilters": [{"Key": "kind", "Value": "report"}],
                    "Transitions": [{"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 30}],
                    "NoncurrentVersionTransitions": [{"StorageClass": "GLACIER", "TransitionInDays": 30}],
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 90, "NewerNoncurrentVersions": 3},
                },
                {
                    "Id": "abandoned",
                    "Status": "Enabled",
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                },
            ]
        },
        LoggingConfiguration={"DestinationBucketName": ref("AccessLogs"), "LogFilePrefix": "store/"},
        MetricsConfigurations=[
            {"Id": "Everything"},
            {"Id": "Tagged", "Prefix": "a/", "TagFilters": [{"Key": "kind", "Value": "report"}]},
        ],
        ObjectLockEnabled=True,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
        },
        OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        PublicAccessBlockConfiguration=_BLOCKED,
        VersioningConfiguration={"Status": "Enabled"},
        Tags=TAGS,
        _after="AccessLogsPolicy",
    ),
    "StorePolicy": resource("S3::BucketPolicy", Bucket=ref("Store"), PolicyDocument=policy(_tls_only("Store"))),
    "Topic": resource("SNS::Topic", TopicName="messaging-alerts", KmsMasterKeyId=ref("Key"), Tags=TAGS),
    "TopicPolicy": resource(
        "SNS::TopicPolicy",
        Topics=[ref("Topic")],
        PolicyDocument=policy(
            allow("sns:Publish", ref("Topic"), Principal={"Service": "events.amazonaws.com"}),
        ),
    ),
    "DeadLetters": resource("SQS::Queue", KmsMasterKeyId=ref("Key")),
    "Queue": resource(
        "SQS::Queue",
        KmsMasterKeyId=ref("Key"),
        MessageRetentionPeriod=1209600,
        VisibilityTimeout=60,
        RedrivePolicy={"deadLetterTargetArn": get("DeadLetters", "Arn"), "maxReceiveCount": 3},
        Tags=TAGS,
    ),
    "QueuePolicy": resource(
        "SQS::QueuePolicy",
        Queues=[ref("Queue")],
        PolicyDocument=policy(
            allow("sqs:SendMessage", get("Queue", "Arn"), Principal={"Service": "sns.amazonaws.com"})
        ),
    ),
    "Delivery": resource(
        "SNS::Subscription",
        TopicArn=ref("Topic"),
        Protocol="sqs",
        Endpoint=get("Queue", "Arn"),
        RawMessageDelivery=True,
        FilterPolicy={"severity": ["high"]},
    ),
    "Mail": resource("SNS::Subscription", TopicArn=ref("Topic"), Protocol="email", Endpoint="ops@example.com"),
    "OtherTopic": resource("SNS::Topic"),
    "OtherTopicPolicy": resource(
        "SNS::TopicInlinePolicy",
        TopicArn=ref("OtherTopic"),
        PolicyDocument=policy(
            allow("sns:Publish", ref("OtherTopic"), Principal={"Service": "cloudwatch.amazonaws.com"}),
        ),
    ),
    "OtherQueuePolicy": resource(
        "SQS::QueueInlinePolicy",
        Queue=ref("DeadLetters"),
        PolicyDocument=policy(
            allow("sqs:SendMessage", get("DeadLetters", "Arn"), Principal={"Service": "sns.amazonaws.com"})
        ),
    ),
}
