"""Which events a trail records, by its selectors of either kind.

Of data events, those of S3 objects have an ARN here to compare with; others are not recorded.
"""

from collections.abc import Callable
from typing import Any

Event = dict[str, Any]
Selector = dict[str, Any]

_OBJECT = "AWS::S3::Object"

_COMPARED: dict[str, Callable[[str, str], bool]] = {
    "Equals": lambda found, wanted: found == wanted,
    "StartsWith": lambda found, wanted: found.startswith(wanted),
    "EndsWith": lambda found, wanted: found.endswith(wanted),
}


def selects(selectors: list[Selector], event: Event) -> bool:
    """Whether one of the selectors takes the event."""
    return any(_takes_advanced(each, event) if "FieldSelectors" in each else _takes(each, event) for each in selectors)


def _takes(selector: Selector, event: Event) -> bool:
    kind = selector.get("ReadWriteType", "All")
    if kind != "All" and (kind == "ReadOnly") != event["readOnly"]:
        return False
    if event["managementEvent"]:
        excluded = selector.get("ExcludeManagementEventSources") or []
        return selector.get("IncludeManagementEvents", True) and event["eventSource"] not in excluded
    arn = _arn(event)
    return any(
        arn and resource["Type"] == _OBJECT and arn.startswith(tuple(resource.get("Values") or ()))
        for resource in selector.get("DataResources") or []
    )


def _takes_advanced(selector: Selector, event: Event) -> bool:
    return all(_holds(condition, event) for condition in selector["FieldSelectors"])


def _holds(condition: dict[str, Any], event: Event) -> bool:
    found = _field(condition["Field"], event)
    for name, compare in _COMPARED.items():
        wanted, unwanted = condition.get(name), condition.get(f"Not{name}")
        if wanted is not None and not any(compare(found, each) for each in wanted):
            return False
        if unwanted is not None and any(compare(found, each) for each in unwanted):
            return False
    return True


def _field(name: str, event: Event) -> str:
    if name == "readOnly":
        return str(event["readOnly"]).lower()
    if name == "resources.type":
        return _OBJECT if _arn(event) else ""
    if name == "resources.ARN":
        return _arn(event)
    if name == "userIdentity.arn":
        return str(event["userIdentity"].get("arn", ""))
    return str(event.get(name, ""))


def _arn(event: Event) -> str:
    sent = event.get("requestParameters") or {}
    if event["managementEvent"] or event["eventSource"] != "s3.amazonaws.com" or "key" not in sent:
        return ""
    return f"arn:aws:s3:::{sent['bucketName']}/{sent['key']}"
