"""RDS subscribes a topic to events only if it may publish there: it sends a first message at once."""

import logging
from typing import Any

from ministack.core.responses import get_account_id, get_region

from ..refusals.gate import on_call
from ..refusals.refusal import Refusal, Rule
from ..refusals.requests import Request, listed
from . import destinations
from .principal import enforced, source

logger = logging.getLogger(__name__)

RDS_EVENTS = "events.rds.amazonaws.com"

RULES = (
    Rule(
        "db-event-topic",
        "a topic is told of database events only if its policy, and its key's, admit events.rds (SNSNoAuthorization)",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html",
    ),
)

# How the ARN of a source begins, by the type of the source.
_KINDS = {"db-instance": "db", "db-parameter-group": "pg", "db-cluster": "cluster", "db-snapshot": "snapshot"}


@on_call("rds", "CreateEventSubscription")
def _check_topic(request: Request) -> None:
    if not enforced():
        return
    for origin in _origins(request.params):
        context = {**source(origin), "aws:sourceowner": get_account_id()}
        if refusal := destinations.topic_refuses(request.params.get("SnsTopicArn", ""), RDS_EVENTS, context):
            logger.warning("event subscription of %s: %s", origin, refusal)
            raise Refusal(
                "SNSNoAuthorization",
                f"SNS Topic not authorized: You do not have permission to publish to the SNS topic ARN. {refusal}",
            )


def _origins(params: dict[str, Any]) -> list[str]:
    kind = _KINDS.get(params.get("SourceType", ""), "es")
    names = listed(params, "SourceIds") or ["any"]
    return [f"arn:aws:rds:{get_region()}:{get_account_id()}:{kind}:{name}" for name in names]
