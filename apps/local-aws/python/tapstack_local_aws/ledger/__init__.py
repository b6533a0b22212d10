"""The property ledger: for every property of a deployed stack, whether it can be seen in the service's own API.

`CREATE_COMPLETE` proves nothing here: an emulator may take a property and forget it. So each resource is read back.

* `applied`: read back, and equal.
* `dropped`: read back, and absent or different.
* `stub`: the type is only recorded, or the API behind it is a stand-in that remembers and does nothing.
* `unread`: nothing reads this property back, so nothing is known.
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import set_request_region
from ministack.services import cloudformation

from ..control_answer import Answer
from ..provisioning import is_only_recorded
from . import relied_on
from .comparison import differences
from .readers import reader_of

# Custom resources that turn on what has a stand-in here: GuardDuty, Security Hub, Access Analyzer and Inspector.
_STAND_INS = ("Custom::ThreatDetection",)

APPLIED, DROPPED, STUB, UNREAD = STATUSES = ("applied", "dropped", "stub", "unread")


def answer(query: dict[str, str]) -> Answer:
    """Answer `GET /_local/ledger?stack=NAME[&region=REGION]`."""
    name = query.get("stack")
    if not name:
        return Answer(400, {"error": "name the stack: /_local/ledger?stack=NAME"})
    set_request_region(query.get("region"))
    stack = cloudformation._stacks.get(name)
    if stack is None or stack["StackStatus"] == "DELETE_COMPLETE":
        return Answer(404, {"error": f"no stack '{name}'"})
    return Answer(200, of_stack(stack))


def of_stack(stack: dict[str, Any]) -> dict[str, Any]:
    """Return the ledger of a stack record."""
    resources = [
        {
            "logicalId": logical_id,
            "type": record["ResourceType"],
            "physicalId": record["PhysicalResourceId"],
            "properties": of_resource(record["ResourceType"], record["PhysicalResourceId"], record["Properties"]),
        }
        for logical_id, record in sorted(stack["_resources"].items())
    ]
    entries = [(resource, name, entry) for resource in resources for name, entry in resource["properties"].items()]
    return {
        "stack": stack["StackName"],
        "status": stack["StackStatus"],
        "summary": {status: sum(entry["status"] == status for _, _, entry in entries) for status in STATUSES},
        "reliedOnButNotApplied": [
            {"logicalId": resource["logicalId"], "type": resource["type"], "property": name, **entry}
            for resource, name, entry in entries
            if entry["status"] != APPLIED and relied_on.is_relied_on(resource["type"], name)
        ],
        "resources": resources,
    }


def of_resource(type_name: str, physical_id: str, properties: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the entry of every property that the template sets."""
    if is_only_recorded(type_name) or type_name in _STAND_INS:
        return {name: {"status": STUB} for name in properties}
    reader = reader_of(type_name)
    if reader is None:
        return {name: {"status": UNREAD} for name in properties}
    try:
        actual = reader.read(physical_id, properties)
    except Exception as error:  # whatever the API says, it did not show the resource
        problem = f"{type(error).__name__}: {error}"
        return {
            name: {"status": DROPPED, "reason": problem} if name in reader.reads else {"status": UNREAD}
            for name in properties
        }
    return {
        name: _entry(name, wanted, actual.get(name), name in reader.open)
        if name in reader.reads
        else {"status": UNREAD}
        for name, wanted in properties.items()
    }


def _entry(name: str, wanted: Any, actual: Any, is_open: bool) -> dict[str, Any]:
    found = differences(name, wanted, actual, extras_allowed=is_open)
    return {"status": DROPPED, "differences": found} if found else {"status": APPLIED}
