"""AWS Config: one recorder and one channel in a region, and nothing before the recorder.

Where a template orders neither recorder nor channel, AWS makes both at once and the channel waits for the recorder;
the emulator makes one after the other, so here the recorder comes first. A recorder that depends on its channel
fails, as on AWS. Not here: the opposite dependency, which deadlocks on AWS; our constructs refuse both at synthesis.
"""

from collections.abc import Callable
from typing import Any

from . import seam
from .gate import on_call
from .refusal import Refusal, Rule
from .requests import Request

_API = "https://docs.aws.amazon.com/config/latest/APIReference/"

RULES = (
    Rule(
        "config-one-recorder",
        "a second recorder in a region is refused (MaxNumberOfConfigurationRecordersExceededException)",
        _API + "API_PutConfigurationRecorder.html",
    ),
    Rule(
        "config-one-channel",
        "a second delivery channel in a region is refused (MaxNumberOfDeliveryChannelsExceededException)",
        _API + "API_PutDeliveryChannel.html",
    ),
    Rule(
        "config-recorder-first",
        "channels and rules need a recorder (NoAvailableConfigurationRecorderException)",
        _API + "API_PutConfigRule.html",
    ),
    Rule(
        "config-rules-of-services",
        "a rule of a conformance pack is changed and deleted with the pack only (AccessDeniedException)",
        "https://docs.aws.amazon.com/config/latest/developerguide/service-linked-awsconfig-rules.html",
    ),
    Rule(
        "config-channel-before-start",
        "a recorder starts only where there is a channel (NoAvailableDeliveryChannelException)",
        _API + "API_StartConfigurationRecorder.html",
    ),
    Rule(
        "config-no-object-lock",
        "AWS Config does not deliver to a bucket with a default object-lock retention",
        "https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.config", "_recorders"),
    ("ministack.services.config", "_delivery_channels"),
    ("ministack.services.config", "_config_rules"),
    ("ministack.services.s3", "_bucket_object_lock"),
    ("ministack.services.cloudformation.stacks", "_topological_sort"),
]


_STACKS = "ministack.services.cloudformation.stacks"
_RECORDER, _CHANNEL = "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel"


def install() -> None:
    """Let stacks make the recorder before its channel."""
    seam.around(_STACKS, "_topological_sort", _recorders_first)


def _recorders_first(original: Callable[..., list[str]]) -> Callable[..., list[str]]:
    def _topological_sort(resources: dict[str, Any], conditions: dict[str, bool]) -> list[str]:
        recorders = [name for name, resource in resources.items() if resource.get("Type") == _RECORDER]
        ordered = {
            name: {**resource, "DependsOn": [*_listed(resource.get("DependsOn")), *recorders]}
            if resource.get("Type") == _CHANNEL
            else resource
            for name, resource in resources.items()
        }
        try:
            return original(ordered, conditions)
        except ValueError:  # a recorder depends on its channel
            return original(resources, conditions)

    return _topological_sort


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


@on_call("config", "PutConfigurationRecorder")
def _check_recorder(request: Request) -> None:
    from ministack.services import config

    name = (request.params.get("ConfigurationRecorder") or {}).get("name") or "default"
    if name not in config._recorders and len(config._recorders):
        raise Refusal(
            "MaxNumberOfConfigurationRecordersExceededException",
            f"Failed to put configuration recorder '{name}' because "
            "the maximum number of configuration recorders: 1 is reached.",
            handler_code="ServiceLimitExceeded",
        )


@on_call("config", "PutDeliveryChannel")
def _check_channel(request: Request) -> None:
    from ministack.services import config, s3

    channel = request.params.get("DeliveryChannel") or {}
    name, bucket = channel.get("name") or "default", channel.get("s3BucketName", "")
    _need_recorder("delivery channel")
    if name not in config._delivery_channels and len(config._delivery_channels):
        raise Refusal(
            "MaxNumberOfDeliveryChannelsExceededException",
            f"Failed to put delivery channel '{name}' because the maximum number of delivery channels: 1 is reached.",
            handler_code="ServiceLimitExceeded",
        )
    if (s3._bucket_object_lock.get(bucket) or {}).get("default_retention"):
        raise Refusal(
            "InsufficientDeliveryPolicyException",
            f"Insufficient delivery policy to s3 bucket: {bucket}, unable to write to bucket, "
            f"provided s3 key prefix is '{channel.get('s3KeyPrefix') or 'null'}', provided kms key is "
            f"'{channel.get('s3KmsKeyArn') or 'null'}'.",
        )


@on_call("config", "PutConfigRule")
def _check_rule(_: Request) -> None:
    _need_recorder("config rule")


@on_call("config", "PutConfigRule", "DeleteConfigRule")
def _check_owner(request: Request) -> None:
    from ministack.services import config

    name = request.params.get("ConfigRuleName") or (request.params.get("ConfigRule") or {}).get("ConfigRuleName")
    if (config._config_rules.get(name) or {}).get("CreatedBy"):
        raise Refusal(
            "AccessDeniedException",
            "An AWS service owns ServiceLinkedConfigRule. You do not have permissions to take action on this rule.",
            handler_code="AccessDenied",
        )


@on_call("config", "StartConfigurationRecorder")
def _check_start(_: Request) -> None:
    from ministack.services import config

    if not len(config._delivery_channels):
        message = "Delivery channel is not available to start configuration recorder."
        raise Refusal("NoAvailableDeliveryChannelException", message)


def _need_recorder(what: str) -> None:
    from ministack.services import config

    if not len(config._recorders):
        message = f"Configuration recorder is not available to put {what}."
        raise Refusal("NoAvailableConfigurationRecorderException", message)
