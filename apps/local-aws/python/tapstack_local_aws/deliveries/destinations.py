"""Whether a destination takes a delivery from a service: its own policy, and the policy of its key.

Each function answers with the reason of the refusal, or nothing.
"""

import hashlib
import json
import time
from typing import Any

from ministack.core import concurrency
from ministack.core.responses import new_uuid

from . import keys
from .principal import Context, admits

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.sns", "_topic_by_arn_any_scope"),
    ("ministack.services.sqs", "_queue_by_arn"),
    ("ministack.services.sqs", "_ensure_msg_fields"),
    ("ministack.services.sqs", "_md5_msg_attrs"),
    ("ministack.services.sqs", "queue_delay"),
    ("ministack.services.lambda_svc", "function_policy_for_arn"),
    ("ministack.core.concurrency", "esm_wake"),
]


def topic_refuses(arn: str, service: str, context: Context, key_context: Context | None = None) -> str | None:
    """Why the topic does not take a message from `service`; `key_context` where the path passes other keys to KMS."""
    from ministack.services import sns

    topic = sns._topic_by_arn_any_scope(arn)
    if topic is None:
        return f"topic {arn} does not exist"
    attributes = topic.get("attributes", {})
    if not admits(attributes.get("Policy"), service, "sns:Publish", arn, context):
        return f"{service} is not authorized to perform: SNS:Publish on resource: {arn}"
    key = attributes.get("KmsMasterKeyId")
    return _key_refuses(
        key, service, context if key_context is None else key_context, "sns", **{"aws:sns:topicArn": arn}
    )


def queue_refuses(arn: str, service: str, context: Context, key_context: Context | None = None) -> str | None:
    """Why the queue does not take a message from `service`."""
    from ministack.services import sqs

    queue = sqs._queue_by_arn(arn)
    if queue is None:
        return f"queue {arn} does not exist"
    if not admits(queue["attributes"].get("Policy"), service, "sqs:SendMessage", arn, context):
        return f"{service} is not authorized to perform: sqs:SendMessage on resource: {arn}"
    key = queue["attributes"].get("KmsMasterKeyId")
    return _key_refuses(key, service, context if key_context is None else key_context, "sqs", **{"aws:sqs:arn": arn})


def function_refuses(arn: str, service: str, context: Context) -> str | None:
    """Why the function is not invoked by `service`: nothing in its policy allows it."""
    from ministack.services import lambda_svc

    found = lambda_svc.function_policy_for_arn(arn)
    if found is None:
        return f"function {arn} does not exist"
    if not admits(found[0], service, "lambda:InvokeFunction", arn, context):
        return f"{service} is not authorized to perform: lambda:InvokeFunction on resource: {arn}"
    return None


def send(queue_arn: str, body: str, attributes: dict[str, str]) -> None:
    """Puts a message in a queue that has agreed to take it."""
    from ministack.services import sqs

    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        return
    typed = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    now = time.time()
    message: dict[str, Any] = {
        "id": new_uuid(),
        "body": body,
        "md5": hashlib.md5(body.encode()).hexdigest(),
        "message_attributes": typed,
        "md5_attrs": sqs._md5_msg_attrs(typed),
        "receipt_handle": None,
        "sent_at": now,
        "visible_at": now + sqs.queue_delay(queue),
        "receive_count": 0,
    }
    sqs._ensure_msg_fields(message)
    queue["messages"].append(message)
    concurrency.esm_wake.set()


def as_document(policy: str | dict[str, Any] | None) -> dict[str, Any]:
    """A policy as a document, whichever way it is stored."""
    if isinstance(policy, str):
        return dict(json.loads(policy)) if policy else {}
    return policy or {}


def _key_refuses(key: str | None, service: str, context: Context, user: str, **encrypting: str) -> str | None:
    if not key:
        return None
    if keys.usable(key, service, keys.ENCRYPT, {**context, **keys.via(user, **encrypting)}):
        return None
    return f"{service} is not authorized to use the key {key} ({', '.join(keys.ENCRYPT)})"
