"""S3 counts requests for the objects of a bucket, where it was asked to: in a configuration of request metrics.

Counted is what succeeded; AWS does not say whether a refused request counts.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from ministack.services import s3

from ..apis import s3_metrics
from ..refusals import seam
from .alarms import publish

# By method of a request for an object. What else is asked about an object, as its tags, stands in the query.
_COUNTED = {"PUT": "PutRequests", "GET": "GetRequests", "HEAD": "HeadRequests", "DELETE": "DeleteRequests"}
_NO_SUBRESOURCE = {"x-id", "versionId", "partNumber", "uploadId"}


def install() -> None:
    """Count every request that was answered."""
    seam.around("ministack.services.s3", "handle_request", _counting)


def _counting(original: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Coroutine[Any, Any, Any]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any], **extra: Any
    ) -> Any:
        response = await original(method, path, headers, body, query_params, **extra)
        bucket, key = s3._parse_bucket_key(path, headers)
        if key and method in _COUNTED and response[0] < 400 and not set(query_params) - _NO_SUBRESOURCE:
            for identifier in s3_metrics.that_count(bucket, key):
                publish("AWS/S3", _COUNTED[method], {"BucketName": bucket, "FilterId": identifier}, 1)
        return response

    return handle_request
