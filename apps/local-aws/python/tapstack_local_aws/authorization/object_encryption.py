"""`s3:x-amz-server-side-encryption-aws-kms-key-id`, the condition that holds writers to the key of a bucket.

ministack passes on which algorithm a write asks for, and not which key: a policy that denies other keys would deny
the right one as well.
"""

from __future__ import annotations

from typing import Any

from ..refusals import seam

_MODULE = "ministack.core.iam_actions"
TOUCHED: list[tuple[str, str]] = [
    (_MODULE, "_s3_object_context"),
    (_MODULE, "_query_param"),
    ("ministack.services.s3", "_multipart_uploads"),
]

_ALGORITHM = "x-amz-server-side-encryption"
_KEY = f"{_ALGORITHM}-aws-kms-key-id"


def install() -> None:
    """Add the condition key to those of a write."""
    seam.around(_MODULE, "_s3_object_context", _with_key)


def _with_key(original: Any) -> Any:
    def object_context(iam_action: str, query: dict[str, Any], path: str, headers: dict[str, str]) -> dict[str, Any]:
        context: dict[str, Any] = original(iam_action, query, path, headers)
        if f"s3:{_ALGORITHM}" in context and (key := _asked_for(query, headers)):
            context[f"s3:{_KEY}"] = key
        return context

    return object_context


def _asked_for(query: dict[str, Any], headers: dict[str, str]) -> str | None:
    """Return the key that a write names; the parts of an upload have the one that began it."""
    from ministack.core import iam_actions
    from ministack.services import s3

    upload = s3._multipart_uploads.get(iam_actions._query_param(query, "uploadId")) or {}
    key: str | None = upload.get("preserved_headers", headers).get(_KEY)
    return key
