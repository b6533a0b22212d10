"""Encrypted data is written and read only by callers who may use the key.

Topics, queues, buckets and secrets use a customer key in the name of the caller: without `kms:GenerateDataKey` nobody
writes, without `kms:Decrypt` nobody reads. The emulator asks for the permission on the resource alone.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.iam_evaluator import EvalContext, enforce, evaluate_resource_policy, is_root_access_key
from ministack.core.responses import get_account_id, get_region

from ..refusals.gate import on_call
from ..refusals.refusal import Refusal, Rule
from ..refusals.requests import Request
from . import keys
from .principal import Context, enforced

RULES = (
    Rule(
        "caller-key-topic",
        "publishing to an encrypted topic takes kms:GenerateDataKey and kms:Decrypt on its key",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    ),
    Rule(
        "caller-key-queue",
        "sending to an encrypted queue takes both key operations, receiving takes kms:Decrypt",
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
    Rule(
        "caller-key-object",
        "an object under a customer key is written with kms:GenerateDataKey and read with kms:Decrypt",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
    ),
    Rule(
        "caller-key-secret",
        "a secret under a customer key is read with kms:Decrypt",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.core.iam_evaluator", "enforce"),
    ("ministack.core.iam_evaluator", "is_root_access_key"),
    ("ministack.services.s3", "_bucket_default_sse_headers"),
    ("ministack.services.s3", "_bucket_encryption"),
    ("ministack.services.s3", "_buckets"),
    ("ministack.services.secretsmanager", "_resolve"),
]

_ALGORITHM = "x-amz-server-side-encryption"
_KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"

Complain = Callable[[str, str], Refusal]


@on_call("sns", "Publish", "PublishBatch")
def _published(request: Request) -> None:
    from ministack.services import sns

    arn = request.params.get("TopicArn") or request.params.get("TargetArn") or ""
    topic = sns._topic_by_arn_any_scope(arn)
    key = topic.get("attributes", {}).get("KmsMasterKeyId") if topic else None
    _need(request, key, keys.ENCRYPT, keys.via("sns", **{"aws:sns:topicArn": arn}), _kms_error("KMS{}"))


@on_call("sqs", "SendMessage", "SendMessageBatch")
def _sent(request: Request) -> None:
    _need_queue_key(request, keys.ENCRYPT)


@on_call("sqs", "ReceiveMessage")
def _received(request: Request) -> None:
    _need_queue_key(request, ("kms:Decrypt",))


@on_call("s3", "PutObject", "CreateMultipartUpload")
def _put(request: Request) -> None:
    from ministack.services import s3

    headers = (
        request.headers if _ALGORITHM in request.headers else s3._bucket_default_sse_headers(request.params["Bucket"])
    )
    if str(headers.get(_ALGORITHM, "")).startswith("aws:kms"):
        _need_object_key(request, headers.get(_KEY_HEADER), ("kms:GenerateDataKey",))


@on_call("s3", "GetObject")
def _got(request: Request) -> None:
    from ministack.services import s3

    bucket = s3._buckets.get(request.params["Bucket"]) or {"objects": {}}
    record = bucket["objects"].get(request.params["Key"]) or {}
    _need_object_key(request, record.get("preserved_headers", {}).get(_KEY_HEADER), ("kms:Decrypt",))


@on_call("secretsmanager", "GetSecretValue", "BatchGetSecretValue")
def _revealed(request: Request) -> None:
    from ministack.services import secretsmanager

    _, secret = secretsmanager._resolve(request.params.get("SecretId") or "")
    if secret:
        context = keys.via("secretsmanager", SecretARN=secret.get("ARN", ""))
        _need(request, secret.get("KmsKeyId"), ("kms:Decrypt",), context, _secret_error)


def _need_queue_key(request: Request, actions: tuple[str, ...]) -> None:
    from ministack.services import sqs

    name = str(request.params.get("QueueUrl", "")).rpartition("/")[2]
    arn = f"arn:aws:sqs:{get_region()}:{get_account_id()}:{name}"
    queue = sqs._queue_by_arn(arn)
    key = queue["attributes"].get("KmsMasterKeyId") if queue else None
    _need(request, key, actions, keys.via("sqs", **{"aws:sqs:arn": arn}), _kms_error("Kms{}"))


def _need_object_key(request: Request, key: str | None, actions: tuple[str, ...]) -> None:
    from ministack.services import s3

    bucket, name = request.params["Bucket"], request.params["Key"]
    # With a bucket key, the bucket is what is encrypted for; without one, the object.
    shared = "BucketKeyEnabled>true" in str(s3._bucket_encryption.get(bucket))
    context = keys.via("s3", **{"aws:s3:arn": f"arn:aws:s3:::{bucket}" if shared else f"arn:aws:s3:::{bucket}/{name}"})
    _need(request, key, actions, context, _object_error)


def _need(request: Request, key: str | None, actions: tuple[str, ...], context: Context, complain: Complain) -> None:
    # The policy of an AWS-managed key admits every principal of the account through the service it belongs to.
    if not enforced() or not key or "alias/aws/" in key:
        return
    record = keys.find(key)
    if record is None:
        raise complain("NotFound", f"Key '{key}' does not exist")
    if record.get("KeyState") != "Enabled":
        raise complain("Disabled", f"{record['Arn']} is {record.get('KeyState', 'disabled').lower()}.")
    for action in actions:
        if who := refused_caller(request.access_key, action, record, context):
            message = f"User: {who} is not authorized to perform: {action} on resource: {record['Arn']}"
            raise complain("AccessDenied", message)


def refused_caller(access_key: str, action: str, key: dict[str, Any], context: Context) -> str:
    """Return the caller's ARN if the key refuses the caller; the root user needs the key policy like everybody else."""
    arn, account = key["Arn"], get_account_id()
    if is_root_access_key(access_key):
        root = EvalContext(
            principal_arn=f"arn:aws:iam::{account}:root",
            principal_type="Root",
            principal_account=account,
            action=action,
            resource_arn=arn,
            region=get_region(),
            service_context={"kms:calleraccount": account, **context},
        )
        return "" if evaluate_resource_policy(key.get("Policy"), root).decision == "Allow" else root.principal_arn
    context = {"kms:CallerAccount": account, **context}
    denied = enforce(access_key, action, "kms", get_region(), resource_arn=arn, service_context=dict(context))
    return "" if denied is None else getattr(denied, "principal_arn", "") or access_key


def _kms_error(pattern: str) -> Complain:
    return lambda kind, message: Refusal(pattern.format(kind), message)


def _object_error(kind: str, message: str) -> Refusal:
    if kind == "AccessDenied":
        return Refusal("AccessDenied", message, status=403)
    return Refusal(f"KMS.{kind}Exception", message)


def _secret_error(kind: str, message: str) -> Refusal:
    code = "AccessDeniedException" if kind == "AccessDenied" else "DecryptionFailure"
    return Refusal(code, "Access to KMS is not allowed" if kind == "AccessDenied" else message)
