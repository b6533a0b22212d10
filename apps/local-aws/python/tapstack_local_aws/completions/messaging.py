"""Topics: the key, and the other attributes that ministack's provisioner leaves out."""

from __future__ import annotations

from ..clients import client
from ..provisioning import Properties
from ..shapes import document

_ATTRIBUTES = ("KmsMasterKeyId", "SignatureVersion", "TracingConfig", "DataProtectionPolicy")


def _complete_topic(arn: str, properties: Properties, previous: Properties) -> None:
    for name in _ATTRIBUTES:
        if properties.get(name) != previous.get(name):
            value = properties.get(name, "")
            value = value if isinstance(value, str) else document(value)
            client("sns").set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)


COMPLETIONS = {"AWS::SNS::Topic": _complete_topic}
