"""EventBridge and SNS invoke functions asynchronously: retries, then the dead-letter queue or failure destination.

The emulator does so for S3 and for `InvocationType: Event`, but runs a function once for EventBridge and SNS and
forgets its failure.
"""

import json
from collections.abc import Callable
from typing import Any

from ..refusals import seam
from ..refusals.refusal import Rule

RULES = (
    Rule(
        "asynchronous-failure",
        "an event that a function fails on is retried, and then goes to its dead-letter queue or failure destination",
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.eventbridge", "_dispatch_to_lambda"),
    ("ministack.services.sns", "_deliver_to_lambda"),
    *(
        ("ministack.services.lambda_svc", name)
        for name in ("_execution_record_for_config", "_get_func_record_for_ref", "invoke_async_with_retry")
    ),
]


def install() -> None:
    """Send both through the emulator's asynchronous invocation."""
    seam.around("ministack.services.eventbridge", "_dispatch_to_lambda", lambda _: _from_eventbridge)
    seam.around("ministack.services.sns", "_deliver_to_lambda", lambda _: _from_sns)


def _from_eventbridge(arn: str, payload: str) -> None:
    try:
        event = json.loads(payload)
    except ValueError:
        event = {"body": payload}
    _invoke(arn, event)


def _from_sns(
    endpoint: str,
    envelope: str,
    topic_arn: str,
    sub_arn: str,
    msg_id: str,
    raw_message: str,
    attributes: dict[str, Any],
) -> None:
    record = {
        "EventVersion": "1.0",
        "EventSubscriptionArn": sub_arn,
        "EventSource": "aws:sns",
        "Sns": json.loads(envelope),
    }
    _invoke(endpoint, {"Records": [record]})


def _invoke(arn: str, event: dict[str, Any]) -> None:
    from ministack.services import lambda_svc

    function, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if function and config:
        invoke: Callable[..., None] = lambda_svc.invoke_async_with_retry
        invoke(lambda_svc._execution_record_for_config(function, config), event)
