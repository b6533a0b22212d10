"""A list of dashboards says when each was changed in seconds: clients of CBOR and JSON read no time from text."""

from __future__ import annotations

import json
from typing import Any

import cbor2
from ministack.services import cloudwatch


def install() -> None:
    """Amend the answer."""
    original = cloudwatch._list_dashboards

    def list_dashboards(params: dict[str, Any], data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        answer = original(params, data, is_cbor, is_json)
        if is_cbor:
            return cloudwatch._cbor_ok(_with_times(cbor2.loads(answer[2])))
        return cloudwatch._json_ok(_with_times(json.loads(answer[2]))) if is_json else answer

    cloudwatch._list_dashboards = list_dashboards


def _with_times(answer: dict[str, Any]) -> dict[str, Any]:
    for entry in answer["DashboardEntries"]:
        entry["LastModified"] = cloudwatch._dashboards[entry["DashboardName"]]["LastModified"]
    return answer
