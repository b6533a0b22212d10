"""The root user obeys the policy of a bucket, topic or queue that denies: only changing a bucket's policy stays open.

ministack lets root do everything. Then a bucket that refuses plain HTTP could not be seen to refuse anybody.
See https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

from __future__ import annotations

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, EvalResult
from ministack.core.responses import get_account_id

from ..refusals import seam

TOUCHED: list[tuple[str, str]] = [
    ("ministack.core.iam_evaluator", name)
    for name in ("enforce", "_is_root_key", "_resource_policy", "evaluate_resource_policy")
]

_SERVICES = ("s3", "sns", "sqs")
_NEVER_LOCKED_OUT = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")


def install() -> None:
    """Ask the resource's policy for root, too."""
    seam.around("ministack.core.iam_evaluator", "enforce", _obeying)


def _obeying(original: Any) -> Any:
    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        refused = original(access_key_id, iam_action, service, region, resource_arn, service_context)
        if refused is not None or service not in _SERVICES or iam_action in _NEVER_LOCKED_OUT:
            return refused
        if not access_key_id or not iam_evaluator._is_root_key(access_key_id):
            return None
        return _denial(iam_action, service, region, resource_arn, service_context or {})

    return enforce


def _denial(action: str, service: str, region: str, resource_arn: str, context: dict[str, Any]) -> EvalResult | None:
    found = iam_evaluator._resource_policy(service, resource_arn)
    if found is None:
        return None
    account = get_account_id()
    root = EvalContext(
        principal_arn=f"arn:aws:iam::{account}:root",
        principal_type="Root",
        principal_account=account,
        action=action,
        resource_arn=resource_arn,
        region=region,
        service_context={key.lower(): value for key, value in context.items()},
    )
    result = iam_evaluator.evaluate_resource_policy(found[0], root)
    if result.decision != "Deny":
        return None
    result.principal_arn, result.resource_policy_arn = root.principal_arn, resource_arn
    return result
