"""AWS Config: the ARN and the tags of a recorder, and deleting recorder and channel, which ministack does not know."""

from __future__ import annotations

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import config

from .json_actions import Body, InvalidRequest, add


def install() -> None:
    """Add the actions."""
    actions = {
        "PutConfigurationRecorder": _put_recorder,
        "DeleteConfigurationRecorder": _delete_recorder,
        "DeleteDeliveryChannel": _delete_channel,
        "TagResource": _tag,
        "UntagResource": _untag,
        "ListTagsForResource": _list_tags,
    }
    add(config, actions)


def _put_recorder(body: Body) -> Body:
    config._put_configuration_recorder(body)
    name = body["ConfigurationRecorder"].get("name") or "default"
    record = config._recorders[name]
    # The id and the tags are given once, whatever is put later.
    identifier = record.setdefault("id", new_uuid()[:16])
    record.setdefault("tags", {tag["Key"]: tag["Value"] for tag in body.get("Tags") or []})
    record["recorder"]["arn"] = (
        f"arn:aws:config:{get_region()}:{get_account_id()}:configuration-recorder/{name}/{identifier}"
    )
    return {}


def _tag(body: Body) -> Body:
    _record_of(body["ResourceArn"])["tags"].update({tag["Key"]: tag["Value"] for tag in body["Tags"]})
    return {}


def _untag(body: Body) -> Body:
    tags = _record_of(body["ResourceArn"])["tags"]
    for key in body["TagKeys"]:
        tags.pop(key, None)
    return {}


def _list_tags(body: Body) -> Body:
    tags = _record_of(body["ResourceArn"])["tags"]
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _record_of(arn: str) -> Body:
    found: Body | None = next((one for one in config._recorders.values() if one["recorder"].get("arn") == arn), None)
    if found is None:
        raise InvalidRequest("ResourceNotFoundException", f"The resource '{arn}' does not exist.")
    return found


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
