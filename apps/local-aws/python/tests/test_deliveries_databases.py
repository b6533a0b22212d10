"""RDS tells a topic of events only if topic and key let it (STO-24)."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Stacks
from drills import ACCOUNT, REGION, Aws, allow, rolled_back, unique

RDS = "events.rds.amazonaws.com"
FROM_HERE = {
    "ArnLike": {"aws:SourceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:*"},
    "StringEquals": {"aws:SourceAccount": ACCOUNT},
}
FROM_ELSEWHERE = {"StringEquals": {"aws:SourceAccount": "111122223333"}}


@pytest.fixture
def aws(client: Any) -> Aws:
    """Make what the drills need."""
    return Aws(client)


def subscription(topic: str, kind: str = "db-instance") -> dict[str, Any]:
    """Return a template's subscription to events of one source."""
    properties = {"SnsTopicArn": topic, "SourceType": kind, "SourceIds": ["orders"], "EventCategories": ["failure"]}
    return {"Events": {"Type": "AWS::RDS::EventSubscription", "Properties": properties}}


@pytest.mark.parametrize("kind", ["db-instance", "db-parameter-group"])
def test_db_event_topic_and_key_that_admit_rds_sto24(aws: Aws, stacks: Stacks, kind: str) -> None:
    key = aws.key(allow(RDS, "kms:Decrypt", "kms:GenerateDataKey*", **FROM_HERE))
    topic = aws.topic(allow(RDS, "sns:Publish", **FROM_HERE), key=key)
    stacks.deploy(unique("events"), subscription(topic, kind))


def test_db_event_topic_that_does_not_admit_rds_sto24(aws: Aws, stacks: Stacks) -> None:
    topic = aws.topic(allow(RDS, "sns:Publish", **FROM_ELSEWHERE))
    assert "SNSNoAuthorization" in rolled_back(stacks, subscription(topic))


def test_db_event_topic_key_that_does_not_admit_rds_sto24(aws: Aws, stacks: Stacks) -> None:
    topic = aws.topic(allow(RDS, "sns:Publish", **FROM_HERE), key=aws.key())
    assert "SNSNoAuthorization" in rolled_back(stacks, subscription(topic))
