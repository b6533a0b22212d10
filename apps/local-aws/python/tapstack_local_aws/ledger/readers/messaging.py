"""SNS topics and subscriptions, SQS queues, and their policies."""

from __future__ import annotations

from typing import Any

from ...clients import client
from . import Properties, reader


def _topic_attributes(arn: str) -> dict[str, Any]:
    return client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]


@reader("AWS::SNS::Topic", "DisplayName", "FifoTopic", "KmsMasterKeyId", "Tags", "TopicName", "TracingConfig")
def topic(physical_id: str, properties: Properties) -> Properties:
    """Read a topic and its tags."""
    tags = client("sns").list_tags_for_resource(ResourceArn=physical_id)["Tags"]
    return {**_topic_attributes(physical_id), "TopicName": physical_id.rpartition(":")[2], "Tags": tags}


@reader(
    "AWS::SNS::Subscription",
    "Endpoint",
    "FilterPolicy",
    "FilterPolicyScope",
    "Protocol",
    "RawMessageDelivery",
    "RedrivePolicy",
    "TopicArn",
)
def subscription(physical_id: str, properties: Properties) -> Properties:
    """Read a subscription; ministack shows whose it is only in the topic's list."""
    listed = client("sns").list_subscriptions_by_topic(TopicArn=physical_id.rpartition(":")[0])["Subscriptions"]
    found = next(each for each in listed if each["SubscriptionArn"] == physical_id)
    return found | client("sns").get_subscription_attributes(SubscriptionArn=physical_id)["Attributes"]


@reader("AWS::SNS::TopicPolicy", "PolicyDocument", "Topics")
def topic_policy(physical_id: str, properties: Properties) -> Properties:
    """Read the policy of each topic; the document counts only if every topic has it."""
    policies = [_topic_attributes(arn)["Policy"] for arn in properties["Topics"]]
    return {"Topics": properties["Topics"], "PolicyDocument": policies[0] if len(set(policies)) == 1 else None}


@reader("AWS::SNS::TopicInlinePolicy", "PolicyDocument", "TopicArn")
def topic_inline_policy(physical_id: str, properties: Properties) -> Properties:
    """Read the policy of the topic."""
    arn = properties["TopicArn"]
    return {"TopicArn": arn, "PolicyDocument": _topic_attributes(arn)["Policy"]}


def _queue_attributes(url: str) -> dict[str, Any]:
    return client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


@reader(
    "AWS::SQS::Queue",
    "DelaySeconds",
    "FifoQueue",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "QueueName",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "Tags",
    "VisibilityTimeout",
)
def queue(physical_id: str, properties: Properties) -> Properties:
    """Read a queue and its tags."""
    tags = client("sqs").list_queue_tags(QueueUrl=physical_id).get("Tags", {})
    return {
        **_queue_attributes(physical_id),
        "QueueName": physical_id.rpartition("/")[2],
        "Tags": [{"Key": name, "Value": value} for name, value in tags.items()],
    }


@reader("AWS::SQS::QueuePolicy", "PolicyDocument", "Queues")
def queue_policy(physical_id: str, properties: Properties) -> Properties:
    """Read the policy of each queue; the document counts only if every queue has it."""
    policies = [_queue_attributes(url).get("Policy") for url in properties["Queues"]]
    return {"Queues": properties["Queues"], "PolicyDocument": policies[0] if len(set(policies)) == 1 else None}


@reader("AWS::SQS::QueueInlinePolicy", "PolicyDocument", "Queue")
def queue_inline_policy(physical_id: str, properties: Properties) -> Properties:
    """Read the policy of the queue."""
    return {"Queue": properties["Queue"], "PolicyDocument": _queue_attributes(properties["Queue"]).get("Policy")}
