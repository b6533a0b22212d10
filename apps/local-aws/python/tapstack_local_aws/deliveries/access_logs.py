"""S3 server access logs: written as logging.s3.amazonaws.com, best effort, and never to a bucket under a KMS key.

AWS takes the logging configuration whatever the target's policy says; logs that may not be written never appear. It
delivers within hours. Here a log appears when the target is next listed: as late as possible, so that emptying and
deleting a log bucket works as it does on AWS.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from typing import Any
from xml.etree import ElementTree

from ministack.core.responses import get_account_id, new_uuid

from ..refusals import seam
from ..refusals.gate import on_call
from ..refusals.refusal import Refusal, Response, Rule
from ..refusals.requests import Request
from .principal import admits, enforced

_DOC = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"

RULES = (
    Rule(
        "access-log-policy",
        "access logs appear only if the target admits logging.s3.amazonaws.com",
        _DOC + "ServerLogs.html",
    ),
    Rule(
        "access-log-kms",
        "access logs vanish if the target encrypts with KMS by default",
        _DOC + "enable-server-access-logging.html",
    ),
    Rule(
        "access-log-target",
        "the target exists and has no default object-lock retention (InvalidTargetBucketForLogging)",
        _DOC + "ServerLogs.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.s3", name)
    for name in (
        "_bucket_default_sse_headers",
        "_bucket_logging_config",
        "_bucket_object_lock",
        "_bucket_policies",
        "_buckets",
        "handle_request",
    )
]

# What waits to be written, by account and target: source, key and content. Best effort: the oldest are dropped.
_waiting: dict[tuple[str, str], deque[tuple[str, str, str]]] = defaultdict(lambda: deque(maxlen=1000))


def install() -> None:
    """Watch every S3 request."""
    seam.around("ministack.services.s3", "handle_request", _watching)


@on_call("s3", "PutBucketLogging")
def _check_target(request: Request) -> None:
    from ministack.services import s3

    target, _ = _target(request.body.decode("utf-8", "replace"))
    if target and target not in s3._buckets:
        raise Refusal("InvalidTargetBucketForLogging", "The target bucket for logging does not exist")
    if target and (s3._bucket_object_lock.get(target) or {}).get("default_retention"):
        message = "The target bucket for logging must not have a default object lock retention"
        raise Refusal("InvalidTargetBucketForLogging", message)


def _watching(
    original: Callable[..., Coroutine[Any, Any, Response]],
) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any], **extra: Any
    ) -> Response:
        bucket, _, key = path.lstrip("/").partition("/")
        if method == "GET" and not key:
            await _deliver(bucket, original)
        response = await original(method, path, headers, body, query_params, **extra)
        if enforced():
            _note(bucket, f"{method} {path}", response[0])
        return response

    return handle_request


def _note(bucket: str, what: str, status: int) -> None:
    from ministack.services import s3

    target, prefix = _target(s3._bucket_logging_config.get(bucket) or "")
    if not target:
        return
    now = time.gmtime()
    line = (
        f'{get_account_id()} {bucket} [{time.strftime("%d/%b/%Y:%H:%M:%S +0000", now)}] - - - - - "{what}" {status}\n'
    )
    key = f"{prefix}{time.strftime('%Y-%m-%d-%H-%M-%S', now)}-{new_uuid()[:16].upper()}"
    _waiting[get_account_id(), target].append((bucket, key, line))


async def _deliver(target: str, put: Callable[..., Coroutine[Any, Any, Response]]) -> None:
    for source, key, line in _waiting.pop((get_account_id(), target), ()):
        if _takes(target, source, key):
            await put("PUT", f"/{target}/{key}", {}, line.encode(), {}, internal=True)


def _takes(target: str, source: str, key: str) -> bool:
    from ministack.services import s3

    if target not in s3._buckets:
        return False
    if s3._bucket_default_sse_headers(target).get("x-amz-server-side-encryption", "").startswith("aws:kms"):
        return False
    context = {"aws:sourcearn": f"arn:aws:s3:::{source}", "aws:sourceaccount": get_account_id()}
    resource = f"arn:aws:s3:::{target}/{key}"
    return admits(s3._bucket_policies.get(target), "logging.s3.amazonaws.com", "s3:PutObject", resource, context)


def _target(configuration: str) -> tuple[str, str]:
    """Return target bucket and prefix of a stored logging configuration."""
    try:
        root = ElementTree.fromstring(configuration)
    except ElementTree.ParseError:
        return "", ""
    found = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
    return found.get("TargetBucket", ""), found.get("TargetPrefix", "")
