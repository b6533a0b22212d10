"""EventBridge to a log group: the emulator does not know the target; here the event is written, if a policy admits it.

Log groups have no policy of their own by default: one of the account's CloudWatch Logs resource policies must let
events.amazonaws.com make a stream and write to it.
"""

import time
from typing import Any

from ministack.core.responses import new_uuid

from ..refusals.refusal import Rule
from .principal import admits

RULES = (
    Rule(
        "events-log-group-policy",
        "EventBridge writes to a log group only if a Logs resource policy admits events.amazonaws.com",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.cloudwatch_logs", name)
    for name in ("_create_log_stream", "_log_group_policies", "_log_groups", "_put_log_events", "_resource_policies")
]


def refuses(arn: str, service: str, context: dict[str, str]) -> str | None:
    """Say why the log group does not take an event."""
    from ministack.services import cloudwatch_logs as logs

    if _name(arn) not in logs._log_groups:
        return f"log group {arn} does not exist"
    own = logs._log_group_policies.get(_name(arn))
    documents = [each.get("policyDocument") for each in (*logs._resource_policies.values(), *filter(None, [own]))]
    stream = f"{arn.removesuffix(':*')}:log-stream:event"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        if not any(admits(document, service, action, stream, context) for document in documents):
            return f"{service} is not authorized to perform: {action} on resource: {arn}"
    return None


def write(arn: str, payload: str) -> None:
    """Write an event, in a stream of its own as AWS does."""
    from ministack.services import cloudwatch_logs as logs

    where: dict[str, Any] = {"logGroupName": _name(arn), "logStreamName": new_uuid()}
    logs._create_log_stream(where)
    logs._put_log_events({**where, "logEvents": [{"timestamp": int(time.time() * 1000), "message": payload}]})


def _name(arn: str) -> str:
    return arn.removesuffix(":*").rpartition(":log-group:")[2]
