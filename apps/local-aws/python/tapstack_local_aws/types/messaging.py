"""Policies of one topic or one queue as resources of their own."""

from __future__ import annotations

from collections.abc import Callable

from ..clients import client
from ..provisioning import Created, Properties, ResourceType
from ..shapes import document


def _set_topic_policy(properties: Properties, policy: str) -> None:
    client("sns").set_topic_attributes(TopicArn=properties["TopicArn"], AttributeName="Policy", AttributeValue=policy)


def _set_queue_policy(properties: Properties, policy: str) -> None:
    client("sqs").set_queue_attributes(QueueUrl=properties["Queue"], Attributes={"Policy": policy})


def _inline_policy(name: str, owner: str, set_policy: Callable[[Properties, str], None]) -> ResourceType:
    def put(properties: Properties) -> Created:
        set_policy(properties, document(properties["PolicyDocument"]))
        return Created(properties[owner], {})

    return ResourceType(
        name,
        lambda request: put(request.properties),
        lambda physical_id, properties: set_policy(properties, ""),
        lambda physical_id, old, request: put(request.properties),
        replacing=(owner,),
        taggable=False,
    )


TYPES = (
    _inline_policy("AWS::SNS::TopicInlinePolicy", "TopicArn", _set_topic_policy),
    _inline_policy("AWS::SQS::QueueInlinePolicy", "Queue", _set_queue_policy),
)
