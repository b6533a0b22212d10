"""RDS subscribes a topic to events only if it may publish there: it sends a first message at once."""

import logging
from typing import Any

from ministack.core.responses import get_account_id, get_region

from ..refusals.gate import Planned, on_create
from ..refusals.refusal import Refusal, Rule
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


@on_create("rds", "AWS::RDS::EventSubscription")
def _check_topic(planned: Planned) -> None:
    if not enforced():
        return
    props = planned.props
    for origin in _origins(props):
        context = {**source(origin), "aws:sourceowner": get_account_id()}
        if refusal := destinations.topic_refuses(props.get("SnsTopicArn", ""), RDS_EVENTS, context):
            logger.warning("event subscription of %s: %s", origin, refusal)
            raise Refusal(
                "SNSNoAuthorization",
                f"SNS Topic not authorized: You do not have permission to publish to the SNS topic ARN. {refusal}",
            )


def _origins(props: dict[str, Any]) -> list[str]:
    kind = _KINDS.get(props.get("SourceType", ""), "es")
    names = props.get("SourceIds") or ["any"]
    return [f"arn:aws:rds:{get_region()}:{get_account_id()}:{kind}:{name}" for name in names]
