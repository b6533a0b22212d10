"""SNS and S3 as senders: the queue, the topic or the function behind them must admit the service, and so must its key.

The emulator already asks the queue's and the topic's policy; it never asks the key, nor the function.
"""

import logging
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id

from ..refusals import seam
from ..refusals.refusal import Refusal, Rule, as_response
from . import destinations, keys
from .principal import enforced, source

logger = logging.getLogger(__name__)

RULES = (
    Rule(
        "notification-key-policy",
        "SNS and S3 deliver to an encrypted queue or topic only if its key admits the service",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html",
    ),
    Rule(
        "sns-function-policy",
        "SNS invokes a function only if the function's policy admits sns.amazonaws.com for that topic",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html",
    ),
    Rule(
        "s3-function-policy",
        "S3 refuses a notification to a function whose policy does not admit s3.amazonaws.com, and never invokes it",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.sqs", "queue_policy_allows"),
    ("ministack.services.sns", "topic_policy_allows"),
    ("ministack.services.sns", "_deliver_to_lambda"),
    ("ministack.services.s3", "_deliver_event_to_lambda"),
    ("ministack.services.s3", "_validate_notification_configs"),
]


def install() -> None:
    """Adds the key to the emulator's own questions, and asks functions too."""
    seam.around("ministack.services.sqs", "queue_policy_allows", lambda original: _and_key(original, _queue_key, "sqs"))
    seam.around("ministack.services.sns", "topic_policy_allows", lambda original: _and_key(original, _topic_key, "sns"))
    seam.around("ministack.services.sns", "_deliver_to_lambda", _sns_asking)
    seam.around("ministack.services.s3", "_deliver_event_to_lambda", _s3_asking)
    seam.around("ministack.services.s3", "_validate_notification_configs", _s3_validating)


def _and_key(original: Callable[..., bool], key_of: Callable[[str], str | None], user: str) -> Callable[..., bool]:
    def allows(arn: str, service: str, source_arn: str, source_account: str) -> bool:
        if not original(arn, service, source_arn, source_account):
            return False
        key = key_of(arn) if enforced() else None
        if not key:
            return True
        name = "aws:sns:topicArn" if user == "sns" else "aws:sqs:arn"
        context = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account, **keys.via(user, **{name: arn})}
        return keys.usable(key, service, keys.ENCRYPT, context)

    return allows


def _queue_key(arn: str) -> str | None:
    from ministack.services import sqs

    queue = sqs._queue_by_arn(arn)
    return queue["attributes"].get("KmsMasterKeyId") if queue else None


def _topic_key(arn: str) -> str | None:
    from ministack.services import sns

    topic = sns._topic_by_arn_any_scope(arn)
    return topic.get("attributes", {}).get("KmsMasterKeyId") if topic else None


def _sns_asking(original: Callable[..., None]) -> Callable[..., None]:
    def _deliver_to_lambda(endpoint: str, envelope: str, topic_arn: str, *rest: Any) -> None:
        reason = destinations.function_refuses(endpoint, "sns.amazonaws.com", source(topic_arn)) if enforced() else None
        if reason:
            logger.warning("topic %s: %s", topic_arn, reason)
            return
        original(endpoint, envelope, topic_arn, *rest)

    return _deliver_to_lambda


def _s3_asking(original: Callable[..., None]) -> Callable[..., None]:
    def _deliver_event_to_lambda(arn: str, event_payload: dict[str, Any], bucket_region: str) -> None:
        bucket = event_payload["Records"][0]["s3"]["bucket"]["name"]
        reason = _function_refuses_bucket(arn, bucket)
        if reason:
            logger.warning("bucket %s: %s", bucket, reason)
            return
        original(arn, event_payload, bucket_region)

    return _deliver_event_to_lambda


def _s3_validating(original: Callable[..., Any]) -> Callable[..., Any]:
    def _validate_notification_configs(
        configs: list[dict[str, Any]],
        bucket_region: str,
        bucket_name: str = "",
        skip_destination_validation: bool = False,
    ) -> Any:
        invalid = original(configs, bucket_region, bucket_name, skip_destination_validation)
        if invalid or skip_destination_validation:
            return invalid
        if any(
            config["type"] == "lambda" and _function_refuses_bucket(config["arn"], bucket_name) for config in configs
        ):
            return as_response(
                "s3", Refusal("InvalidArgument", "Unable to validate the following destination configurations")
            )
        return None

    return _validate_notification_configs


def _function_refuses_bucket(arn: str, bucket: str) -> str | None:
    if not enforced():
        return None
    context = {"aws:sourcearn": f"arn:aws:s3:::{bucket}", "aws:sourceaccount": get_account_id()}
    return destinations.function_refuses(arn, "s3.amazonaws.com", context)
