"""A trail that logs delivers what it records: log files to its bucket, and the same events to its log group.

AWS does so about every five minutes. Here the events wait as long as well, unless time is said to have passed; log
files are there also when the bucket is listed. Until then a trail costs nothing, and a bucket that is emptied stays
empty. Bucket, key and role are asked each time. What they refuse goes on waiting, and GetTrailStatus says why. Digests,
which prove that log files are whole, are not made.
"""

import asyncio
import gzip
import json
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from ministack.core.concurrency import spawn_background
from ministack.core.responses import get_account_id, get_region, new_uuid, set_request_region

from ..refusals import seam
from ..refusals.refusal import Response, Rule
from . import trails
from .trail_selectors import Event, selects

_DOC = "https://docs.aws.amazon.com/awscloudtrail/latest/"

RULES = (
    Rule(
        "trail-delivery",
        "a log file reaches the bucket only while its policy and the key's admit the trail (LatestDeliveryError)",
        _DOC + "APIReference/API_GetTrailStatus.html",
    ),
    Rule(
        "trail-log-delivery",
        "events reach the log group only while the role may write there (LatestCloudWatchLogsDeliveryError)",
        _DOC + "APIReference/API_GetTrailStatus.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.core.responses", "set_request_region"),
    ("ministack.core.concurrency", "spawn_background"),
    ("ministack.services.cloudtrail", "_DEFAULT_EVENT_SELECTORS"),
    ("ministack.services.cloudtrail", "_DISPATCH"),
    ("ministack.services.cloudtrail", "_account_trail_items"),
    ("ministack.services.cloudtrail", "_event_selectors"),
    ("ministack.services.cloudtrail", "_find_visible_trail"),
    ("ministack.services.cloudwatch_logs", "_create_log_stream"),
    ("ministack.services.cloudwatch_logs", "_put_log_events"),
    ("ministack.services.s3", "_parse_bucket_key"),
    ("ministack.services.s3", "handle_request"),
]

Trail = dict[str, Any]

_WAITS_FOR_SECONDS = 300
# What a listing may say; anything else asks about the bucket itself.
_LISTING = {
    "list-type",
    "versions",
    "prefix",
    "delimiter",
    "marker",
    "max-keys",
    "encoding-type",
    "start-after",
    "x-id",
}


@dataclass
class _Delivery:
    """What a trail has recorded and not yet delivered, and what GetTrailStatus says of its deliveries."""

    files: deque[Event] = field(default_factory=lambda: deque(maxlen=10_000))
    lines: deque[Event] = field(default_factory=lambda: deque(maxlen=10_000))
    last_tried: float = field(default_factory=time.time)
    status: dict[str, Any] = field(default_factory=dict)


# By the ARN of the trail.
_deliveries: dict[str, _Delivery] = {}


def install() -> None:
    """Hear of every call, deliver before a bucket is listed, and tell how that went."""
    from ministack.services import cloudtrail

    from .. import bridge

    bridge.listeners.append(_record)
    seam.around("ministack.services.s3", "handle_request", _delivering_first)
    cloudtrail._DISPATCH["GetTrailStatus"] = _with_deliveries(cloudtrail._DISPATCH["GetTrailStatus"])
    cloudtrail._DISPATCH["DeleteTrail"] = _forgetting(cloudtrail._DISPATCH["DeleteTrail"])


def deliver_all() -> None:
    """Deliver whatever waits in the account; not to be called on the event loop."""
    for arn, trail in _trails().items():
        if arn in _deliveries:
            _deliver(trail, _deliveries[arn])


def _record(event: Event) -> None:
    from ministack.services import cloudtrail

    for region, name, trail in cloudtrail._account_trail_items():
        heard = trail.get("IsLogging") and (trail.get("IsMultiRegionTrail") or region == event["awsRegion"])
        selectors = cloudtrail._event_selectors.get_scoped(get_account_id(), region, name)
        if not heard or not selects(selectors or cloudtrail._DEFAULT_EVENT_SELECTORS, event):
            continue
        delivery = _deliveries.setdefault(trail["TrailARN"], _Delivery())
        delivery.files.append(event)
        if trail.get("CloudWatchLogsLogGroupArn"):
            delivery.lines.append(event)
        if time.time() - delivery.last_tried >= _WAITS_FOR_SECONDS:
            delivery.last_tried = time.time()
            spawn_background(_deliver, trail, delivery, thread_name="trail-delivery")


def _delivering_first(
    original: Callable[..., Coroutine[Any, Any, Response]],
) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any], **extra: Any
    ) -> Response:
        from ministack.services import s3

        bucket, key = s3._parse_bucket_key(path, headers)
        if method == "GET" and bucket and not key and not set(query_params) - _LISTING:
            for arn, trail in _trails().items():
                if trail.get("S3BucketName") == bucket and arn in _deliveries:
                    with _at_home(trail):
                        await _deliver_files(trail, _deliveries[arn])
        return await original(method, path, headers, body, query_params, **extra)

    return handle_request


def _trails() -> dict[str, Trail]:
    from ministack.services import cloudtrail

    return {trail["TrailARN"]: trail for _, _, trail in cloudtrail._account_trail_items()}


def _deliver(trail: Trail, delivery: _Delivery) -> None:
    delivery.last_tried = time.time()
    with _at_home(trail):
        asyncio.run(_deliver_files(trail, delivery))
        _deliver_lines(trail, delivery)


@contextmanager
def _at_home(trail: Trail) -> Iterator[None]:
    """Act in the region of the trail, wherever what it records has happened."""
    here = get_region()
    set_request_region(trail["HomeRegion"])
    try:
        yield
    finally:
        set_request_region(here)


async def _deliver_files(trail: Trail, delivery: _Delivery) -> None:
    if events := _taken(delivery.files):
        error = await _put_files(trail, events)
        _say(delivery.status, "LatestDelivery", error)
        delivery.status["LatestDeliveryAttemptTime"] = _iso(time.time())
        delivery.status["LatestDeliveryAttemptSucceeded"] = "" if error else _iso(time.time())
        if error:
            delivery.files.extendleft(reversed(events))


def _deliver_lines(trail: Trail, delivery: _Delivery) -> None:
    if events := _taken(delivery.lines):
        error = _put_lines(trail, events)
        _say(delivery.status, "LatestCloudWatchLogsDelivery", error)
        if error:
            delivery.lines.extendleft(reversed(events))


def _taken(waiting: deque[Event]) -> list[Event]:
    return [waiting.popleft() for _ in range(len(waiting))]


def _say(status: dict[str, Any], what: str, error: str | None) -> None:
    status.pop(f"{what}Error", None)
    status |= {f"{what}Error": error} if error else {f"{what}Time": int(time.time())}


async def _put_files(trail: Trail, events: list[Event]) -> str | None:
    """Write a log file for each region; return why S3 does not take it."""
    from ministack.services import s3

    arn, bucket, key = trail["TrailARN"], trail["S3BucketName"], trail.get("KmsKeyId")
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    if key:
        headers |= {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": key}
    for region in sorted({event["awsRegion"] for event in events}):
        name = _file_name(trail, region)
        if bucket not in s3._buckets:
            return "NoSuchBucket"
        if not trails.bucket_takes(bucket, name, arn, key or "") or (key and not trails.key_takes(key, arn)):
            return "AccessDenied"
        records = {"Records": [event for event in events if event["awsRegion"] == region]}
        packed = gzip.compress(json.dumps(records).encode())
        status, _, answer = await s3.handle_request("PUT", f"/{bucket}/{name}", headers, packed, {}, internal=True)
        if status >= 300:
            return ElementTree.fromstring(answer).findtext("Code") or "InternalError"
    return None


def _file_name(trail: Trail, region: str) -> str:
    now, account = datetime.now(UTC), get_account_id()
    prefix = trail.get("S3KeyPrefix", "").strip("/")
    folder = f"AWSLogs/{account}/CloudTrail/{region}/{now:%Y/%m/%d}"
    unique = new_uuid().replace("-", "")[:16].upper()
    return f"{prefix and prefix + '/'}{folder}/{account}_CloudTrail_{region}_{now:%Y%m%dT%H%MZ}_{unique}.json.gz"


def _put_lines(trail: Trail, events: list[Event]) -> str | None:
    """Write the events to the stream of the trail; return why CloudWatch Logs does not take them."""
    from ministack.services import cloudwatch_logs as logs

    group, role = trail.get("CloudWatchLogsLogGroupArn", ""), trail.get("CloudWatchLogsRoleArn", "")
    if not group:
        return None
    if trails.log_group_refuses(group, role, trail["TrailARN"]):
        return "AccessDenied"
    where = {
        "logGroupName": group.removesuffix(":*").rpartition(":log-group:")[2],
        "logStreamName": f"{get_account_id()}_CloudTrail_{trail['HomeRegion']}",
    }
    logs._create_log_stream(where)  # refused if it is there
    lines = [{"timestamp": _milliseconds(event["eventTime"]), "message": json.dumps(event)} for event in events]
    logs._put_log_events({**where, "logEvents": lines})
    return None


def _milliseconds(event_time: str) -> int:
    return int(datetime.fromisoformat(event_time).timestamp() * 1000)


def _iso(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def _with_deliveries(original: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def get_trail_status(body: dict[str, Any]) -> Any:
        from ministack.services import cloudtrail

        status, headers, answer = original(body)
        if status == 200:
            _, _, trail = cloudtrail._find_visible_trail(body["Name"].strip())
            delivery = _deliveries.get(trail["TrailARN"])
            answer = json.dumps(json.loads(answer) | (delivery.status if delivery else {})).encode()
        return status, headers, answer

    return get_trail_status


def _forgetting(original: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def delete_trail(body: dict[str, Any]) -> Any:
        answer = original(body)
        trails_left, account = _trails(), get_account_id()
        for arn in [each for each in _deliveries if each.split(":")[4] == account and each not in trails_left]:
            del _deliveries[arn]
        return answer

    return delete_trail
