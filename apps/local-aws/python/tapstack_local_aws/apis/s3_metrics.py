"""S3: the configurations that say for which objects of a bucket requests are counted."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any
from xml.etree import ElementTree

from ministack.services import s3

from ..refusals import seam

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

Response = tuple[int, dict[str, str], bytes]

# Where the record of a bucket keeps each configuration as it was sent, by its id.
_KEPT = "metrics_configurations"


def install() -> None:
    """Answer what is asked about the configurations of a bucket."""
    seam.around("ministack.services.s3", "handle_request", _answering)


def that_count(bucket: str, key: str) -> Iterator[str]:
    """Yield the ids of the configurations that count requests for an object."""
    for identifier, text in list((s3._buckets.get(bucket) or {}).get(_KEPT, {}).items()):
        conditions = {each.tag.rpartition("}")[2]: each.text for each in ElementTree.fromstring(text).iter()}
        # tags and access points are not looked at
        if not conditions.keys() & {"Tag", "AccessPointArn"} and key.startswith(conditions.get("Prefix") or ""):
            yield identifier


def _answering(original: Callable[..., Coroutine[Any, Any, Response]]) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any], **extra: Any
    ) -> Response:
        bucket, key = s3._parse_bucket_key(path, headers)
        if not key and "metrics" in query_params:
            return _answer(method, bucket, s3._qp(query_params, "id"), body)
        return await original(method, path, headers, body, query_params, **extra)

    return handle_request


def _answer(method: str, bucket: str, identifier: str, body: bytes) -> Response:
    if bucket not in s3._buckets:
        missing: Response = s3._no_such_bucket(bucket)
        return missing
    known: dict[str, str] = s3._buckets[bucket].setdefault(_KEPT, {})
    if method == "PUT":
        known[identifier] = body.decode()
        return 200, {}, b""
    if method == "GET" and not identifier:
        return _xml(_list(list(known.values())))
    if identifier not in known:
        unknown: Response = s3._error("NoSuchConfiguration", "The specified configuration does not exist.", 404)
        return unknown
    if method == "DELETE":
        del known[identifier]
        return 204, {}, b""
    return _xml(known[identifier].encode())


def _xml(body: bytes) -> Response:
    return 200, {"Content-Type": "application/xml"}, body


def _list(texts: list[str]) -> bytes:
    root = ElementTree.Element("ListMetricsConfigurationsResult", xmlns=_NAMESPACE)
    ElementTree.SubElement(root, "IsTruncated").text = "false"
    for text in texts:
        configuration = ElementTree.fromstring(text)
        for element in configuration.iter():
            element.tag = element.tag.rpartition("}")[2]
        root.append(configuration)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
