"""RDS event subscriptions: which topic is told of which events. No event arises behind them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import rds

Parameters = dict[str, Any]
Record = dict[str, Any]

_subscriptions = AccountRegionScopedDict()


def install() -> None:
    """Let the server answer for event subscriptions."""
    rds._ACTION_MAP |= {
        "CreateEventSubscription": _create,
        "DescribeEventSubscriptions": _describe,
        "ModifyEventSubscription": _modify,
        "AddSourceIdentifierToSubscription": _add_source,
        "RemoveSourceIdentifierFromSubscription": _remove_source,
        "DeleteEventSubscription": _delete,
    }


def _create(parameters: Parameters) -> Any:
    name = _text(parameters, "SubscriptionName")
    if name in _subscriptions:
        return rds._error("SubscriptionAlreadyExist", f"Event Subscription {name} already exists.", 400)
    arn = f"arn:aws:rds:{get_region()}:{get_account_id()}:es:{name}"
    _subscriptions[name] = {
        "CustomerAwsId": get_account_id(),
        "CustSubscriptionId": name,
        "EventSubscriptionArn": arn,
        "SourceIdsList": rds._parse_member_list(parameters, "SourceIds"),
        "Status": "active",
        "SubscriptionCreationTime": "1970-01-01T00:00:00Z",
        "Enabled": "true",
        **_said(parameters),
    }
    if tags := rds._parse_tags(parameters):
        rds._tags[arn] = tags
    return _answer("CreateEventSubscription", _subscriptions[name])


def _modify(parameters: Parameters) -> Any:
    found = _subscriptions.get(_text(parameters, "SubscriptionName"))
    if found is None:
        return _unknown(parameters)
    found.update(_said(parameters))
    return _answer("ModifyEventSubscription", found)


def _add_source(parameters: Parameters) -> Any:
    found = _subscriptions.get(_text(parameters, "SubscriptionName"))
    if found is None:
        return _unknown(parameters)
    found["SourceIdsList"] = [*found["SourceIdsList"], _text(parameters, "SourceIdentifier")]
    return _answer("AddSourceIdentifierToSubscription", found)


def _remove_source(parameters: Parameters) -> Any:
    found = _subscriptions.get(_text(parameters, "SubscriptionName"))
    if found is None:
        return _unknown(parameters)
    gone = _text(parameters, "SourceIdentifier")
    found["SourceIdsList"] = [each for each in found["SourceIdsList"] if each != gone]
    return _answer("RemoveSourceIdentifierFromSubscription", found)


def _describe(parameters: Parameters) -> Any:
    wanted = _text(parameters, "SubscriptionName")
    if wanted and wanted not in _subscriptions:
        return _unknown(parameters)
    shown = "".join(_shown(each) for name, each in _subscriptions.items() if wanted in ("", name))
    return rds._xml(
        200,
        "DescribeEventSubscriptionsResponse",
        f"<DescribeEventSubscriptionsResult><EventSubscriptionsList>{shown}</EventSubscriptionsList>"
        "</DescribeEventSubscriptionsResult>",
    )


def _delete(parameters: Parameters) -> Any:
    found = _subscriptions.pop(_text(parameters, "SubscriptionName"), None)
    if found is None:
        return _unknown(parameters)
    rds._tags.pop(found["EventSubscriptionArn"], None)
    return _answer("DeleteEventSubscription", found)


def _said(parameters: Parameters) -> Record:
    texts = {name: _text(parameters, name) for name in ("SnsTopicArn", "SourceType", "Enabled")}
    categories = rds._parse_member_list(parameters, "EventCategories")
    return {name: value for name, value in {**texts, "EventCategoriesList": categories}.items() if value}


def _answer(action: str, subscription: Record) -> Any:
    return rds._xml(200, f"{action}Response", f"<{action}Result>{_shown(subscription)}</{action}Result>")


def _shown(subscription: Record) -> str:
    lists = {"EventCategoriesList": "EventCategory", "SourceIdsList": "SourceId"}

    def value(name: str, held: Any) -> str:
        if member := lists.get(name):
            return "".join(f"<{member}>{escape(each)}</{member}>" for each in held)
        return escape(held)

    members = "".join(f"<{name}>{value(name, held)}</{name}>" for name, held in subscription.items() if held)
    return f"<EventSubscription>{members}</EventSubscription>"


def _unknown(parameters: Parameters) -> Any:
    name = _text(parameters, "SubscriptionName")
    return rds._error("SubscriptionNotFound", f"Event Subscription {name} not found.", 404)


def _text(parameters: Parameters, name: str) -> str:
    return str(rds._p(parameters, name))
