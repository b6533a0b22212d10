"""AWS Config: deleting a recorder and a channel, which ministack does not know."""

from __future__ import annotations

from ministack.services import config

from .json_actions import Body, InvalidRequest, add


def install() -> None:
    """Add the two actions."""
    actions = {
        "DeleteConfigurationRecorder": _delete_recorder,
        "DeleteDeliveryChannel": _delete_channel,
    }
    add(config, actions)


def _delete_recorder(body: Body) -> Body:
    name = body["ConfigurationRecorderName"]
    if config._recorders.pop(name, None) is None:
        raise InvalidRequest(
            "NoSuchConfigurationRecorderException",
            f"Cannot find configuration recorder with the specified name {name}.",
        )
    return {}


def _delete_channel(body: Body) -> Body:
    name = body["DeliveryChannelName"]
    if name not in config._delivery_channels:
        raise InvalidRequest(
            "NoSuchDeliveryChannelException", f"Cannot find delivery channel with specified name {name}."
        )
    if any(recorder["recording"] for recorder in config._recorders.values()):
        raise InvalidRequest(
            "LastDeliveryChannelDeleteFailedException",
            f"Failed to delete last specified delivery channel with name '{name}', because there is a "
            "running configuration recorder.",
        )
    config._delivery_channels.pop(name)
    return {}
