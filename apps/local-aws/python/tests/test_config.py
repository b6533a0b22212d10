"""AWS Config: who uses a recorder stands on the recorder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drills import Aws, clear, refused

CONFIG = "config.amazonaws.com"


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


@pytest.fixture
def config(aws: Aws) -> Iterator[Any]:
    """An AWS Config without recorder and channel, before and after."""
    client = aws.client("config")
    clear(client)
    yield client
    clear(client)


def _put(aws: Aws, **more: Any) -> None:
    recorder = {"name": "default", "roleARN": aws.role(CONFIG)}
    aws.client("config").put_configuration_recorder(ConfigurationRecorder=recorder, **more)


def _arn(config: Any) -> str:
    return str(config.describe_configuration_recorders()["ConfigurationRecorders"][0]["arn"])


def test_a_recorder_keeps_its_arn_and_the_tags_it_was_made_with(aws: Aws, config: Any) -> None:
    _put(aws, Tags=[{"Key": "used-by:first", "Value": "bucket key"}])
    arn = _arn(config)
    assert ":configuration-recorder/default/" in arn
    _put(aws, Tags=[{"Key": "late", "Value": ""}])
    assert _arn(config) == arn
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "used-by:first", "Value": "bucket key"}]


def test_tags_come_and_go(aws: Aws, config: Any) -> None:
    _put(aws)
    arn = _arn(config)
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == []
    config.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    config.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "3"}])
    config.untag_resource(ResourceArn=arn, TagKeys=["b", "c"])
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "3"}]


def test_what_is_not_there_has_no_tags(config: Any) -> None:
    nothing = "arn:aws:config:us-east-1:000000000000:configuration-recorder/gone/1"
    refused("ResourceNotFoundException", config.list_tags_for_resource, ResourceArn=nothing)
