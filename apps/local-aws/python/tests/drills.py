"""What the drills share: statements, a watched topic, and the questions 'did it arrive' and 'was it refused'."""

from __future__ import annotations

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

Statement = dict[str, Any]

ACCOUNT = "000000000000"
REGION = "us-east-1"
_ARRIVES_WITHIN_SECONDS = 5.0
# Deliveries are made within the call that causes them, so that nothing needs to be waited for; functions take longer.
_VANISHED_AFTER_SECONDS = 0.1


def unique(prefix: str) -> str:
    """Return a name no other test uses."""
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def policy(*statements: Statement) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(service: str, *actions: str, **condition: dict[str, Any]) -> Statement:
    """Return a statement that admits a service."""
    statement: Statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions),
        "Resource": "*",
    }
    return {**statement, "Condition": condition} if condition else statement


def owner(action: str) -> Statement:
    """Return the statement that leaves the account in charge."""
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": action,
        "Resource": "*",
    }


def other_keys_denied(key: str) -> Statement:
    """Return the statement by which a bucket refuses writes that ask for any key but this one."""
    algorithm = "s3:x-amz-server-side-encryption"
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {"Null": {algorithm: "false"}, "StringNotEquals": {f"{algorithm}-aws-kms-key-id": key}},
    }


def archive(source: str) -> bytes:
    """Pack a handler."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("index.py", source)
    return packed.getvalue()


@dataclass(frozen=True)
class Aws:
    """Makes what drills need."""

    client: Callable[..., Any]

    def key(self, *statements: Statement) -> str:
        """Return the ARN of a key whose policy is the owner's statement and these."""
        answer = self.client("kms").create_key(Policy=policy(owner("kms:*"), *statements))
        return str(answer["KeyMetadata"]["Arn"])

    def queue(self, *statements: Statement, key: str = "") -> str:
        """Return the ARN of a queue."""
        attributes = {"Policy": policy(*statements)} if statements else {}
        if key:
            attributes["KmsMasterKeyId"] = key
        self.client("sqs").create_queue(QueueName=(name := unique("queue")), Attributes=attributes)
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"

    def topic(self, *statements: Statement, key: str = "") -> str:
        """Return the ARN of a topic; without statements it keeps the policy AWS gives it."""
        sns = self.client("sns")
        arn = sns.create_topic(Name=unique("topic"))["TopicArn"]
        if statements:
            sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy(*statements))
        if key:
            sns.set_topic_attributes(TopicArn=arn, AttributeName="KmsMasterKeyId", AttributeValue=key)
        return str(arn)

    def watched(self, *statements: Statement, key: str = "") -> tuple[str, str]:
        """Return a topic, and a queue that hears everything published to it."""
        topic = self.topic(*statements, key=key)
        queue = self.queue(allow("sns.amazonaws.com", "sqs:SendMessage"))
        self.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
        return topic, queue

    def role(self, service: str, *statements: Statement) -> str:
        """Return the ARN of a role that `service` may assume."""
        iam = self.client("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=(name := unique("role")), AssumeRolePolicyDocument=policy(trust))["Role"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="job", PolicyDocument=policy(*statements))
        return str(role["Arn"])

    def bucket(self, *statements: Statement) -> str:
        """Return the name of a bucket."""
        s3 = self.client("s3")
        s3.create_bucket(Bucket=(name := unique("bucket")))
        if statements:
            s3.put_bucket_policy(Bucket=name, Policy=policy(*statements))
        return name

    def arrived(self, queue: str) -> dict[str, Any] | None:
        """Return the message that reached the queue."""
        return self._first(queue, _ARRIVES_WITHIN_SECONDS)

    def vanished(self, queue: str, after: float = _VANISHED_AFTER_SECONDS) -> bool:
        """Say whether nothing has reached the queue."""
        return self._first(queue, after) is None

    def metric(self, namespace: str, name: str, dimension: tuple[str, str]) -> float:
        """Return the sum of a metric."""
        now = time.time()
        points = self.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": dimension[0], "Value": dimension[1]}],
            StartTime=now - 600,
            EndTime=now + 60,
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        return float(sum(point["Sum"] for point in points))

    def _first(self, queue: str, within: float) -> dict[str, Any] | None:
        sqs = self.client("sqs")
        url = sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
        deadline = time.monotonic() + within
        while True:
            messages = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"]).get("Messages", [])
            if messages or time.monotonic() > deadline:
                return messages[0] if messages else None
            time.sleep(0.05)


def refused(code: str, call: Callable[..., Any], **parameters: Any) -> str:
    """Expect AWS's error `code` from a call; return its message."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return str(error["Message"])


def clear(config: Any) -> None:
    """Remove recorder, channel, packs and rules: a region has one recorder and one channel."""
    for pack in config.describe_conformance_packs()["ConformancePackDetails"]:
        config.delete_conformance_pack(ConformancePackName=pack["ConformancePackName"])
    for rule in config.describe_config_rules()["ConfigRules"]:
        config.delete_config_rule(ConfigRuleName=rule["ConfigRuleName"])
    recorders = [each["name"] for each in config.describe_configuration_recorders()["ConfigurationRecorders"]]
    for name in recorders:
        config.stop_configuration_recorder(ConfigurationRecorderName=name)
    for channel in config.describe_delivery_channels()["DeliveryChannels"]:
        config.delete_delivery_channel(DeliveryChannelName=channel["name"])
    for name in recorders:
        config.delete_configuration_recorder(ConfigurationRecorderName=name)


def rolled_back(stacks: Any, resources: dict[str, Any]) -> str:
    """Deploy a stack that must fail; return why, once it has rolled back."""
    name = unique("refused")
    cloudformation = stacks.local.client("cloudformation")
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps({"Resources": resources}), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    stacks.names.append(name)
    assert stacks.settled(name)["StackStatus"] == "ROLLBACK_COMPLETE", stacks.reasons(name)
    return "\n".join(stacks.reasons(name))
