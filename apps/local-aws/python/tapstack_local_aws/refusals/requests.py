"""Reads an API call off the wire: which operation, with which parameters.

The AWS protocols that our rules meet are flattened to one shape. Query-protocol lists stay spelled out, as in
`SubnetIds.member.1`; `listed` collects them.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

Params = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One API call that a rule may refuse."""

    service: str
    operation: str
    params: Params
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def read(service: str, method: str, path: str, headers: dict[str, str], body: bytes, query: Params) -> Request:
    """The request as operation and parameters; an unreadable body is left to the emulator's own validation."""
    if service == "s3":
        return _rest_s3(method, path, headers, body, query)
    target = headers.get("x-amz-target", "")
    if "." in target:
        return Request(service, target.rsplit(".", 1)[-1], _json(body), headers, body)
    params = {name: _first(value) for name, value in query.items()}
    if method == "POST":
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        params.update({name: values[0] for name, values in form.items()})
    return Request(service, str(params.get("Action", "")), params, headers, body)


def listed(params: Params, name: str) -> list[str]:
    """The members of a query-protocol list: `SubnetId.1`, `SubnetIds.member.1`, `SubnetIds.SubnetIdentifier.1`."""
    member = re.compile(rf"{re.escape(name)}\.(?:\w+\.)?(\d+)$")
    found = [(int(match[1]), value) for key, value in params.items() if (match := member.match(key))]
    return [str(value) for _, value in sorted(found)]


def _json(body: bytes) -> Params:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


# Only the bucket-level writes have rules; every other S3 call passes unread.
_BUCKET_WRITES = {"policy": "PutBucketPolicy", "logging": "PutBucketLogging", "notification": "PutBucketNotification"}


def _rest_s3(method: str, path: str, headers: dict[str, str], body: bytes, query: Params) -> Request:
    bucket, _, key = path.lstrip("/").partition("/")
    operation = ""
    if method == "PUT" and bucket and not key:
        operation = next(
            (name for sub, name in _BUCKET_WRITES.items() if sub in query), "" if query else "CreateBucket"
        )
    return Request("s3", operation, {"Bucket": bucket}, headers, body)
