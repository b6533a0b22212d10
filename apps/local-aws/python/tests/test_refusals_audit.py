"""Trails, recorders and log groups that AWS would refuse are refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drills import ACCOUNT, Aws, allow, clear, policy, refused, rolled_back, unique
from templates.audit import PACK

TRAIL = "cloudtrail.amazonaws.com"
CONFIG = "config.amazonaws.com"


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


@pytest.fixture
def trails(aws: Aws) -> Iterator[list[str]]:
    """Name the trails of a test; they are deleted afterwards, since there may be five."""
    names: list[str] = []
    yield names
    for name in names:
        aws.client("cloudtrail").delete_trail(Name=name)


def make_trail(aws: Aws, trails: list[str]) -> str:
    bucket = aws.bucket(allow(TRAIL, "s3:PutObject", "s3:GetBucketAcl"))
    aws.client("cloudtrail").create_trail(Name=(name := unique("trail")), S3BucketName=bucket)
    trails.append(name)
    return name


def test_trail_quota(aws: Aws, trails: list[str]) -> None:
    while len(aws.client("cloudtrail").describe_trails()["trailList"]) < 5:
        make_trail(aws, trails)
    message = refused("MaximumNumberOfTrailsExceededException", make_trail, aws=aws, trails=trails)
    assert message == f"User: {ACCOUNT} already has 5 trails in us-east-1."


@pytest.mark.parametrize("value", ["bucket", "bucket/", "arn:aws:s3:::bucket", "arn:aws:s3:::", "arn:aws:s3:::b/x/"])
def test_trail_data_event_value(aws: Aws, trails: list[str], value: str) -> None:
    selector = {"ReadWriteType": "All", "DataResources": [{"Type": "AWS::S3::Object", "Values": [value]}]}
    put = aws.client("cloudtrail").put_event_selectors
    given = {"TrailName": make_trail(aws, trails), "EventSelectors": [selector]}
    if value in ("arn:aws:s3:::", "arn:aws:s3:::b/x/"):
        put(**given)
    else:
        message = refused("InvalidEventSelectorsException", put, **given)
        assert message == f"Value {value} for DataResources.Values is invalid."


@pytest.fixture
def config(aws: Aws) -> Iterator[Any]:
    """An AWS Config without recorder and channel, before and after."""
    client = aws.client("config")
    clear(client)
    yield client
    clear(client)


RULE = {"ConfigRuleName": "drill", "Source": {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"}}


def record(aws: Aws, name: str = "default") -> None:
    recorder = {"name": name, "roleARN": aws.role(CONFIG)}
    aws.client("config").put_configuration_recorder(ConfigurationRecorder=recorder)


def channel(aws: Aws, name: str = "default") -> None:
    bucket = aws.bucket(allow(CONFIG, "s3:PutObject", "s3:GetBucketAcl"))
    aws.client("config").put_delivery_channel(DeliveryChannel={"name": name, "s3BucketName": bucket})


def test_config_recorder_first(aws: Aws, config: Any) -> None:
    refused("NoAvailableConfigurationRecorderException", config.put_config_rule, ConfigRule=RULE)
    refused("NoAvailableConfigurationRecorderException", channel, aws=aws)
    record(aws)
    channel(aws)
    config.put_config_rule(ConfigRule=RULE)


def test_config_rules_of_services(aws: Aws, config: Any) -> None:
    record(aws)
    config.put_conformance_pack(ConformancePackName="checks", TemplateBody=PACK)
    owned = next(rule for rule in config.describe_config_rules()["ConfigRules"] if rule.get("CreatedBy"))
    mine = {"ConfigRuleName": owned["ConfigRuleName"], "Source": owned["Source"]}
    refused("AccessDeniedException", config.delete_config_rule, ConfigRuleName=owned["ConfigRuleName"])
    refused("AccessDeniedException", config.put_config_rule, ConfigRule=mine)
    config.delete_conformance_pack(ConformancePackName="checks")
    assert config.describe_config_rules()["ConfigRules"] == []


def test_config_channel_before_start(aws: Aws, config: Any) -> None:
    record(aws)
    start = config.start_configuration_recorder
    refused("NoAvailableDeliveryChannelException", start, ConfigurationRecorderName="default")
    channel(aws)
    start(ConfigurationRecorderName="default")


def test_config_one_recorder(aws: Aws, config: Any) -> None:
    record(aws)
    record(aws)
    refused("MaxNumberOfConfigurationRecordersExceededException", record, aws=aws, name="second")


def test_config_one_channel(aws: Aws, config: Any) -> None:
    record(aws)
    channel(aws)
    channel(aws)
    refused("MaxNumberOfDeliveryChannelsExceededException", channel, aws=aws, name="second")


def test_config_no_object_lock(aws: Aws, config: Any) -> None:
    record(aws)
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=(bucket := unique("bucket")), ObjectLockEnabledForBucket=True)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(allow(CONFIG, "s3:PutObject", "s3:GetBucketAcl")))
    delivering = {"name": "default", "s3BucketName": bucket}
    config.put_delivery_channel(DeliveryChannel=delivering)
    retention = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    s3.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": retention}
    )
    refused("InsufficientDeliveryPolicyException", config.put_delivery_channel, DeliveryChannel=delivering)


TRANSFORMATION = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}


@pytest.mark.parametrize("log_class", ["STANDARD", "INFREQUENT_ACCESS"])
def test_log_class_filters(aws: Aws, log_class: str) -> None:
    logs, name = aws.client("logs"), unique("group")
    logs.create_log_group(logGroupName=name, logGroupClass=log_class)
    given = {
        "logGroupName": name,
        "filterName": "drill",
        "filterPattern": "",
        "metricTransformations": [TRANSFORMATION],
    }
    if log_class == "STANDARD":
        logs.put_metric_filter(**given)
    else:
        refused("InvalidOperationException", logs.put_metric_filter, **given)


def test_log_class_filters_in_a_template(stacks: Any) -> None:
    transformation = {"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}
    properties = {"LogGroupName": {"Ref": "Group"}, "FilterPattern": "", "MetricTransformations": [transformation]}
    metric_filter = {"Type": "AWS::Logs::MetricFilter", "Properties": properties}

    def group(log_class: str) -> dict[str, Any]:
        return {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupClass": log_class}}}

    reasons = rolled_back(stacks, group("INFREQUENT_ACCESS") | {"Filter": metric_filter})
    assert "the log group class is INFREQUENT_ACCESS" in reasons
    stacks.deploy(unique("group"), group("STANDARD") | {"Filter": metric_filter})


def test_log_class_change(stacks: Any, client: Callable[..., Any]) -> None:
    def group(log_class: str) -> dict[str, Any]:
        return {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupClass": log_class}}}

    stacks.deploy(name := unique("group"), group("STANDARD"))
    client("cloudformation").update_stack(
        StackName=name, TemplateBody=json.dumps({"Resources": group("INFREQUENT_ACCESS")})
    )
    assert stacks.settled(name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert any("can't be changed after a log group is created" in reason for reason in stacks.reasons(name))


@pytest.mark.parametrize("names", [("AChannel", "BRecorder"), ("BChannel", "ARecorder")])
def test_config_recorder_first_in_a_template(aws: Aws, config: Any, stacks: Any, names: tuple[str, str]) -> None:
    channel_id, recorder_id = names
    bucket = aws.bucket(allow(CONFIG, "s3:PutObject", "s3:GetBucketAcl"))
    recorder = {"Type": "AWS::Config::ConfigurationRecorder", "Properties": {"RoleARN": aws.role(CONFIG)}}
    delivering = {"Type": "AWS::Config::DeliveryChannel", "Properties": {"S3BucketName": bucket}}
    stacks.deploy(stack := unique("config"), {channel_id: delivering, recorder_id: recorder})
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    backwards = {channel_id: delivering, recorder_id: {**recorder, "DependsOn": channel_id}}
    assert "NoAvailableConfigurationRecorderException" in rolled_back(stacks, backwards)
