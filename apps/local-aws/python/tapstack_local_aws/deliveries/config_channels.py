"""AWS Config accepts a delivery channel only if it can write to the bucket.

It tries with the recorder's role first, and as the service principal config.amazonaws.com if the role is refused.
"""

from ministack.core.responses import get_account_id, get_region

from ..refusals.gate import on_call
from ..refusals.refusal import Refusal, Rule
from ..refusals.requests import Request
from . import keys, roles
from .principal import admits, enforced

CONFIG = "config.amazonaws.com"

RULES = (
    Rule(
        "config-bucket-policy",
        "AWS Config can write below <prefix>/AWSLogs/<account>/Config/, by the recorder's role or the bucket's policy",
        "https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html",
    ),
    Rule(
        "config-key-policy",
        "the key of a channel, or of its bucket, must admit the recorder's role or config.amazonaws.com",
        "https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.s3", "_buckets"),
    ("ministack.services.s3", "_bucket_policies"),
    ("ministack.services.s3", "_bucket_default_sse_headers"),
    ("ministack.services.config", "_recorders"),
]


@on_call("config", "PutDeliveryChannel")
def _check(request: Request) -> None:
    from ministack.services import config, s3

    if not enforced():
        return
    channel = request.params.get("DeliveryChannel") or {}
    bucket, prefix, key = channel.get("s3BucketName", ""), channel.get("s3KeyPrefix"), channel.get("s3KmsKeyArn")
    encrypting = key or s3._bucket_default_sse_headers(bucket).get("x-amz-server-side-encryption-aws-kms-key-id")
    if bucket not in s3._buckets:
        raise Refusal("NoSuchBucketException", f"Cannot find a S3 bucket with name: {bucket}", handler_code="NotFound")
    recorders = [record["recorder"] for record in config._recorders.values()]
    role = next((recorder.get("roleARN", "") for recorder in recorders), "")
    if not _writable(bucket, prefix, role, key) or (encrypting and not _encryptable(encrypting, role)):
        raise Refusal(
            "InsufficientDeliveryPolicyException",
            f"Insufficient delivery policy to s3 bucket: {bucket}, unable to write to bucket, "
            f"provided s3 key prefix is '{prefix or 'null'}', provided kms key is '{key or 'null'}'.",
        )


def _writable(bucket: str, prefix: str | None, role: str, key: str | None) -> bool:
    from ministack.services import s3

    account = get_account_id()
    folder = f"{prefix}/" if prefix else ""
    item = f"arn:aws:s3:::{bucket}/{folder}AWSLogs/{account}/Config/ConfigWritabilityCheckFile"
    headers = {"s3:x-amz-acl": "bucket-owner-full-control", **(_asking_for(key) if key else {})}
    asked = [("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}"), ("s3:PutObject", item)]
    if role and all(roles.permits(role, action, resource, headers) for action, resource in asked):
        return True
    policy = s3._bucket_policies.get(bucket)
    context = {"aws:sourceaccount": account, "aws:sourcearn": f"arn:aws:config:{get_region()}:{account}:*", **headers}
    return all(admits(policy, CONFIG, action, resource, context) for action, resource in asked)


def _asking_for(key: str) -> dict[str, str]:
    algorithm = "s3:x-amz-server-side-encryption"
    return {algorithm: "aws:kms", f"{algorithm}-aws-kms-key-id": key}


def _encryptable(key: str, role: str) -> bool:
    found = keys.find(key)
    if found and role and all(roles.permits(role, action, found["Arn"]) for action in keys.ENCRYPT):
        return True
    return keys.usable(key, CONFIG, keys.ENCRYPT, {"aws:sourceaccount": get_account_id()})
