"""Trails and AWS Config."""

from __future__ import annotations

import json
from typing import Any

from ministack.services.cloudformation import engine

from ...clients import client
from . import Properties, reader
from .logs import pascal


@reader(
    "AWS::CloudTrail::Trail",
    "AdvancedEventSelectors",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "EnableLogFileValidation",
    "EventSelectors",
    "IncludeGlobalServiceEvents",
    "InsightSelectors",
    "IsLogging",
    "IsMultiRegionTrail",
    "KMSKeyId",
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
    "Tags",
    "TrailName",
)
def trail(physical_id: str, properties: Properties) -> Properties:
    """Read a trail, whether it logs, and what."""
    cloudtrail = client("cloudtrail")
    found = cloudtrail.get_trail(Name=physical_id)["Trail"]
    selectors = cloudtrail.get_event_selectors(TrailName=physical_id)
    tags = cloudtrail.list_tags(ResourceIdList=[found["TrailARN"]])["ResourceTagList"]
    return {
        **found,
        "AdvancedEventSelectors": selectors.get("AdvancedEventSelectors"),
        "EnableLogFileValidation": found.get("LogFileValidationEnabled"),
        "EventSelectors": selectors.get("EventSelectors"),
        "IsLogging": cloudtrail.get_trail_status(Name=physical_id)["IsLogging"],
        "KMSKeyId": found.get("KmsKeyId"),
        "Tags": tags[0]["TagsList"] if tags else [],
        "TrailName": found["Name"],
    }


@reader("AWS::Config::ConfigurationRecorder", "Name", "RecordingGroup", "RecordingMode", "RoleARN")
def recorder(physical_id: str, properties: Properties) -> Properties:
    """Read a recorder."""
    answer = client("config").describe_configuration_recorders(ConfigurationRecorderNames=[physical_id])
    found = pascal(answer["ConfigurationRecorders"][0])
    return {**found, "RoleARN": found.get("RoleARN")}


@reader(
    "AWS::Config::DeliveryChannel",
    "ConfigSnapshotDeliveryProperties",
    "Name",
    "S3BucketName",
    "S3KeyPrefix",
    "S3KmsKeyArn",
    "SnsTopicARN",
)
def delivery_channel(physical_id: str, properties: Properties) -> Properties:
    """Read a delivery channel."""
    answer = client("config").describe_delivery_channels(DeliveryChannelNames=[physical_id])
    return pascal(answer["DeliveryChannels"][0])


@reader(
    "AWS::Config::ConfigRule",
    "ConfigRuleName",
    "Description",
    "InputParameters",
    "MaximumExecutionFrequency",
    "Scope",
    "Source",
)
def config_rule(physical_id: str, properties: Properties) -> Properties:
    """Read a rule."""
    answer: dict[str, Any] = client("config").describe_config_rules(ConfigRuleNames=[physical_id])
    return answer["ConfigRules"][0]


@reader(
    "AWS::Config::ConformancePack",
    "ConformancePackInputParameters",
    "ConformancePackName",
    "DeliveryS3Bucket",
    "DeliveryS3KeyPrefix",
    "TemplateBody",
)
def conformance_pack(physical_id: str, properties: Properties) -> Properties:
    """Read a pack. No API answers its template: it is there if the rules that it asks for are, and no others."""
    config = client("config")
    pack: Properties = config.describe_conformance_packs(ConformancePackNames=[physical_id])["ConformancePackDetails"][
        0
    ]
    suffix = f"-{pack['ConformancePackId']}"
    made = {
        rule["ConfigRuleName"].removesuffix(suffix): (rule["Source"], json.loads(rule.get("InputParameters", "{}")))
        for page in config.get_paginator("describe_config_rules").paginate()
        for rule in page["ConfigRules"]
        if rule["ConfigRuleName"].endswith(suffix)
    }
    template = engine._parse_template(properties["TemplateBody"])
    asked = {
        rule["Properties"]["ConfigRuleName"]: (
            rule["Properties"]["Source"],
            rule["Properties"].get("InputParameters", {}),
        )
        for rule in template["Resources"].values()
    }
    return {**pack, "TemplateBody": properties["TemplateBody"] if made == asked else f"rules {sorted(made)}"}
