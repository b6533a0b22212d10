"""A call's parameters as CloudTrail's `requestParameters`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_PROTOCOL = ("Action", "Version")
# Members that are numbers, or text that may look like a number.
_TEXT = ("ipProtocol", "protocol")
# AWS writes every kind of peer of a permission, also those that a call does not name.
_PEERS = ("groups", "ipRanges", "ipv6Ranges", "prefixListIds")


def of(service: str, name: str, sent: dict[str, Any], resources: list[dict[str, str]]) -> dict[str, Any] | None:
    """Return the parameters of a call, nothing when it has none."""
    if service == "s3":
        return _of_s3(resources)
    if "Action" not in sent:
        return _spelled(sent, _lower_first) or None
    nested = _nested({field: value for field, value in sent.items() if field not in _PROTOCOL})
    if service != "ec2":
        return _spelled(_plain_lists(nested), _lower_first) or None
    if name == "ModifySecurityGroupRules":
        return {f"{name}Request": _as_request(nested)}
    return _with_all_peers(_spelled(_item_lists(nested), _lower_first))


def _of_s3(resources: list[dict[str, str]]) -> dict[str, Any] | None:
    kinds = {resource["ResourceType"]: resource["ResourceName"] for resource in resources}
    found = {"bucketName": kinds.get("AWS::S3::Bucket"), "key": kinds.get("AWS::S3::Object")}
    return {member: value for member, value in found.items() if value} or None


def _nested(fields: dict[str, Any]) -> dict[str, Any]:
    """Turn `IpPermissions.1.FromPort=22` into nested members; lists become maps with number keys."""
    root: dict[str, Any] = {}
    for field, value in fields.items():
        *path, last = [part for part in field.split(".") if part != "member"]
        place = root
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return root


def _is_list(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(key.isdigit() for key in value)


def _ordered(value: dict[str, Any]) -> list[Any]:
    return [value[number] for number in sorted(value, key=int)]


def _plain_lists(value: Any) -> Any:
    if _is_list(value):
        return [_plain_lists(item) for item in _ordered(value)]
    return {name: _plain_lists(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def _item_lists(value: Any) -> Any:
    """EC2 wraps every list: `{"items": [...]}`."""
    if _is_list(value):
        return {"items": [_item_lists(item) for item in _ordered(value)]}
    return {name: _item_lists(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def _as_request(value: Any) -> Any:
    """The newer shape of EC2: names as sent, a list of one as that one, each item numbered by a `tag`."""
    if _is_list(value):
        listed = [{**_as_request(item), "tag": number} for number, item in enumerate(_ordered(value), start=1)]
        return listed[0] if len(listed) == 1 else listed
    if isinstance(value, dict):
        return {name: _as_request(inner) for name, inner in value.items()}
    return _number(value)


def _spelled(value: Any, spell: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_spelled(item, spell) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        spell(name): inner if spell(name) in _TEXT else _number(_spelled(inner, spell)) for name, inner in value.items()
    }


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def _number(value: Any) -> Any:
    if isinstance(value, str) and (value.isdecimal() or (value[:1] == "-" and value[1:].isdecimal())):
        return int(value)
    return value


def _with_all_peers(sent: dict[str, Any]) -> dict[str, Any]:
    for permission in sent.get("ipPermissions", {}).get("items", []):
        for peer in _PEERS:
            permission.setdefault(peer, {})
    return sent
