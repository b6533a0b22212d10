"""AWS Config: recorder, delivery channel, rules and conformance packs."""

from __future__ import annotations

from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, Request, ResourceType
from ..shapes import boolean, document, pick


def _camel(value: Any) -> Any:
    """Spell the members of a property as the API does, booleans as booleans."""
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: _camel(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_camel(item) for item in value]
    return boolean(value) if value in ("true", "false") else value


def _put_recorder(name: str, properties: Properties) -> Created:
    recorder = {"name": name, "roleARN": properties["RoleARN"]}
    recorder |= _camel(pick(properties, "RecordingGroup", "RecordingMode"))
    config = client("config")
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    # AWS starts the recorder as soon as there is a channel, whichever of the two comes last.
    if config.describe_delivery_channels()["DeliveryChannels"]:
        config.start_configuration_recorder(ConfigurationRecorderName=name)
    return Created(name, {})


def _delete_recorder(physical_id: str, properties: Properties) -> None:
    client("config").delete_configuration_recorder(ConfigurationRecorderName=physical_id)


def _put_channel(name: str, properties: Properties) -> Created:
    channel = {"name": name} | _camel(
        pick(
            properties,
            "S3BucketName",
            "S3KeyPrefix",
            "S3KmsKeyArn",
            "ConfigSnapshotDeliveryProperties",
            snsTopicARN="SnsTopicARN",
        )
    )
    config = client("config")
    config.put_delivery_channel(DeliveryChannel=channel)
    for recorder in config.describe_configuration_recorders()["ConfigurationRecorders"]:
        config.start_configuration_recorder(ConfigurationRecorderName=recorder["name"])
    return Created(name, {})


def _delete_channel(physical_id: str, properties: Properties) -> None:
    config = client("config")
    # AWS refuses to delete the channel of a running recorder; CloudFormation stops it first.
    for recorder in config.describe_configuration_recorders()["ConfigurationRecorders"]:
        config.stop_configuration_recorder(ConfigurationRecorderName=recorder["name"])
    config.delete_delivery_channel(DeliveryChannelName=physical_id)


def _put_rule(name: str, properties: Properties) -> Created:
    rule = {
        "ConfigRuleName": name,
        **pick(properties, "Source", "Description", "Scope", "MaximumExecutionFrequency", "EvaluationModes"),
    }
    if "InputParameters" in properties:
        rule["InputParameters"] = document(properties["InputParameters"])
    config = client("config")
    config.put_config_rule(ConfigRule=rule)
    found = config.describe_config_rules(ConfigRuleNames=[name])["ConfigRules"][0]
    attributes = {"Arn": found["ConfigRuleArn"], "ConfigRuleId": found["ConfigRuleId"]}
    return Created(name, {**attributes, "Compliance.Type": "INSUFFICIENT_DATA"})


def _delete_rule(physical_id: str, properties: Properties) -> None:
    client("config").delete_config_rule(ConfigRuleName=physical_id)


def _make_pack(request: Request) -> Created:
    name = request.properties["ConformancePackName"]
    found = client("config").describe_conformance_packs()["ConformancePackDetails"]
    if any(pack["ConformancePackName"] == name for pack in found):
        raise ValueError(f"Resource of type 'AWS::Config::ConformancePack' with identifier '{name}' already exists.")
    try:
        return _put_pack(name, request.properties)
    except ValueError:
        client("config").delete_conformance_pack(ConformancePackName=name)
        raise


def _put_pack(name: str, properties: Properties) -> Created:
    given = pick(
        properties,
        "ConformancePackName",
        "TemplateBody",
        "TemplateS3Uri",
        "DeliveryS3Bucket",
        "DeliveryS3KeyPrefix",
        "ConformancePackInputParameters",
    )
    config = client("config")
    config.put_conformance_pack(**given)
    status = config.describe_conformance_pack_status(ConformancePackNames=[name])["ConformancePackStatusDetails"][0]
    if status["ConformancePackState"] == "CREATE_FAILED":
        raise ValueError(status["ConformancePackStatusReason"])
    return Created(name, {})


def _delete_pack(physical_id: str, properties: Properties) -> None:
    client("config").delete_conformance_pack(ConformancePackName=physical_id)


def _singleton(request: Request) -> str:
    # One per account and region: AWS calls it `default` unless the template says otherwise.
    return str(request.properties.get("Name") or "default")


TYPES = (
    ResourceType(
        "AWS::Config::ConfigurationRecorder",
        lambda request: _put_recorder(_singleton(request), request.properties),
        _delete_recorder,
        lambda physical_id, old, request: _put_recorder(physical_id, request.properties),
        replacing=("Name",),
        taggable=False,
    ),
    ResourceType(
        "AWS::Config::DeliveryChannel",
        lambda request: _put_channel(_singleton(request), request.properties),
        _delete_channel,
        lambda physical_id, old, request: _put_channel(physical_id, request.properties),
        replacing=("Name",),
        taggable=False,
    ),
    ResourceType(
        "AWS::Config::ConfigRule",
        lambda request: _put_rule(request.name("ConfigRuleName"), request.properties),
        _delete_rule,
        lambda physical_id, old, request: _put_rule(physical_id, request.properties),
        replacing=("ConfigRuleName",),
        taggable=False,
    ),
    ResourceType(
        "AWS::Config::ConformancePack",
        _make_pack,
        _delete_pack,
        lambda physical_id, old, request: _put_pack(physical_id, request.properties),
        replacing=("ConformancePackName",),
        taggable=False,
    ),
)
