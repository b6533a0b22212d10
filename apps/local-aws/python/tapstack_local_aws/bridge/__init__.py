"""API calls on the event bus: what CloudTrail records reaches EventBridge as `AWS API Call via CloudTrail`.

ministack records calls, but query-protocol ones (EC2, IAM, SNS …) under the wrong name and as raw form fields, every
caller as an IAM user, and it sends nothing to EventBridge. The record is made anew here, as AWS shapes it. Calls of
CloudTrail itself, which ministack leaves out, are recorded, too: whoever stops a trail leaves that record behind.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core.concurrency import spawn_background
from ministack.core.iam_evaluator import resolve_caller_identity
from ministack.core.responses import get_account_id, new_uuid
from ministack.core.router import extract_access_key_id
from ministack.services import cloudtrail, ec2, eventbridge

from ..refusals import seam
from . import elements, identity, names, parameters, stack_status

_DETAIL_TYPE = "AWS API Call via CloudTrail"

# Who else hears of each record.
listeners: list[Callable[[dict[str, Any]], None]] = []


def install() -> None:
    """Record every call as AWS does, and send those that change something to the default bus."""
    cloudtrail.record_event = _record
    # S3's operation is known by the query, which ministack does not look at.
    original_name = app._ct_event_name

    def event_name(service: str, method: str, path: str, headers: dict[str, str], query_params: dict[str, Any]) -> str:
        name = names.of_s3(method, path, query_params) if service == "s3" else ""
        return name or original_name(service, method, path, headers, query_params)

    app._ct_event_name = event_name
    seam.around("ministack.app", "_maybe_record_cloudtrail", _recording_cloudtrail)
    ec2.handle_request = elements.remembering(ec2.handle_request)
    stack_status.install()


def _recording_cloudtrail(original: Callable[..., None]) -> Callable[..., None]:
    def record(
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Any],
        request_id: str,
        region: str,
    ) -> None:
        if service != "cloudtrail":
            original(service, method, path, headers, body, query_params, request_id, region)
            return
        _record(
            service=service,
            event_name=app._ct_event_name(service, method, path, headers, query_params),
            access_key_id=extract_access_key_id(headers, query_params) or "test",
            resources=[],
            region=region,
            request_id=request_id,
            user_agent=headers.get("user-agent", ""),
            request_params=app._ct_request_params(headers, body, query_params),
            method=method,
        )

    return record


def _record(
    *,
    service: str,
    event_name: str,
    access_key_id: str,
    resources: list[dict[str, str]],
    region: str,
    request_id: str,
    user_agent: str,
    request_params: dict[str, Any],
    method: str,
    **_: Any,
) -> None:
    """Take the place of ministack's `record_event`: keep the call in the event history, and bridge it."""
    name = names.of_call(event_name, request_params)
    caller = identity.of(resolve_caller_identity(access_key_id), access_key_id)
    read_only = names.is_read_only(service, method, name)
    is_data = names.is_data_event(service, name, resources)
    by_cloudformation = "cloudformation.amazonaws.com" in user_agent
    event = {
        "eventVersion": "1.11",
        "userIdentity": caller | ({"invokedBy": "cloudformation.amazonaws.com"} if by_cloudformation else {}),
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "cloudformation.amazonaws.com" if by_cloudformation else "127.0.0.1",
        "userAgent": "cloudformation.amazonaws.com" if by_cloudformation else user_agent,
        "requestParameters": parameters.of(service, name, cloudtrail._scrub(request_params), resources),
        "responseElements": elements.remembered() if service == "ec2" and not read_only else None,
        "requestID": request_id,
        "eventID": new_uuid(),
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": not is_data,
        "recipientAccountId": get_account_id(),
        "eventCategory": "Data" if is_data else "Management",
    }
    cloudtrail._get_event_queue().append(
        {
            "EventId": event["eventID"],
            "EventName": name,
            "EventSource": event["eventSource"],
            "EventTime": time.time(),
            "Username": identity.user_name(caller),
            "AccessKeyId": access_key_id,
            "ReadOnly": str(read_only).lower(),
            "Resources": resources,
            "CloudTrailEvent": json.dumps(event),
        }
    )
    for listener in listeners:
        listener(event)
    if not read_only and not is_data:
        entry = {"Source": f"aws.{service}", "DetailType": _DETAIL_TYPE, "Detail": json.dumps(event)}
        spawn_background(eventbridge._put_events, {"Entries": [entry]}, True, thread_name="api-call-to-bus")
