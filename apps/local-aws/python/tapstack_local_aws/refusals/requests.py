"""Reads an API call off the wire: which operation, with which parameters.

The AWS protocols that our rules meet are flattened to one shape. Query-protocol lists stay spelled out, as in
`SubnetIds.member.1`; `listed` collects them.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from ministack.core.router import extract_access_key_id

Params = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One API call that a rule may refuse."""

    service: str
    operation: str
    params: Params
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    query: Params = field(default_factory=dict)

    @property
    def access_key(self) -> str:
        """The access key the call is signed with; empty for an anonymous one."""
        return extract_access_key_id(self.headers, self.query)


def read(service: str, method: str, path: str, headers: dict[str, str], body: bytes, query: Params) -> Request:
    """The request as operation and parameters; an unreadable body is left to the emulator's own validation."""
    if service == "s3":
        return _s3(method, path, headers, body, query)
    if service == "lambda":
        return _lambda(method, path, headers, body, query)
    target = headers.get("x-amz-target", "")
    if "." in target:
        return Request(service, target.rsplit(".", 1)[-1], _json(body), headers, body, query)
    params = {name: _first(value) for name, value in query.items()}
    if method == "POST":
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        params.update({name: values[0] for name, values in form.items()})
    return Request(service, str(params.get("Action", "")), params, headers, body, query)


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


_BUCKET_WRITES = {"policy": "PutBucketPolicy", "logging": "PutBucketLogging", "notification": "PutBucketNotification"}
# Sub-resources of an object; its content is read and written without any of these.
_OBJECT_PARTS = frozenset({"acl", "attributes", "legal-hold", "retention", "tagging", "torrent", "uploadId"})


def _s3(method: str, path: str, headers: dict[str, str], body: bytes, query: Params) -> Request:
    """Name the few operations that have rules; every other S3 call passes unnamed."""
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    operation = ""
    if bucket and not key and method == "PUT":
        operation = next(
            (name for sub, name in _BUCKET_WRITES.items() if sub in query), "" if query else "CreateBucket"
        )
    elif key and not _OBJECT_PARTS & query.keys():
        operation = {"PUT": "PutObject", "GET": "GetObject"}.get(method, "")
        if method == "POST" and "uploads" in query:
            operation = "CreateMultipartUpload"
    return Request("s3", operation, {"Bucket": bucket, "Key": key}, headers, body, query)


_FUNCTION = re.compile(r"/2015-03-31/functions(?:/([^/]+)/configuration)?/?")


def _lambda(method: str, path: str, headers: dict[str, str], body: bytes, query: Params) -> Request:
    operation, params = "", {}
    if match := _FUNCTION.fullmatch(unquote(path)):
        operation = {("POST", False): "CreateFunction", ("PUT", True): "UpdateFunctionConfiguration"}.get(
            (method, bool(match[1])), ""
        )
        params = _json(body)
        params.setdefault("FunctionName", match[1] or "")
    return Request("lambda", operation, params, headers, body, query)
