"""CloudTrail: five trails in a region, and data events named by ARN.

Not here: `<bucket ARN>/*` as a data event value. AWS accepts it; it is a prefix and so matches only keys that begin
with `*`. Our constructs refuse it at synthesis.
"""

from ministack.core.responses import get_account_id, get_region

from .gate import on_call
from .refusal import Refusal, Rule
from .requests import Request

RULES = (
    Rule(
        "trail-quota",
        "a sixth trail in a region is refused, shadows of multi-region trails included",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html",
    ),
    Rule(
        "trail-data-event-value",
        "an S3 data event value is arn:aws:s3, or <bucket ARN>/<prefix> (InvalidEventSelectorsException)",
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [("ministack.services.cloudtrail", "_visible_trail_items")]

_QUOTA = 5
_EVERY_BUCKET = ("arn:aws:s3", "arn:aws:s3:::")


@on_call("cloudtrail", "CreateTrail")
def _check_quota(_: Request) -> None:
    from ministack.services import cloudtrail

    if len(list(cloudtrail._visible_trail_items())) >= _QUOTA:
        raise Refusal(
            "MaximumNumberOfTrailsExceededException",
            f"User: {get_account_id()} already has {_QUOTA} trails in {get_region()}.",
            status=403,
            handler_code="ServiceLimitExceeded",
        )


@on_call("cloudtrail", "PutEventSelectors")
def _check_values(request: Request) -> None:
    for selector in request.params.get("EventSelectors") or []:
        for resource in selector.get("DataResources") or []:
            if resource.get("Type") == "AWS::S3::Object":
                for value in resource.get("Values") or []:
                    _check_value(value)


def _check_value(value: str) -> None:
    bucket, slash, _ = value.removeprefix("arn:aws:s3:::").partition("/")
    if value in _EVERY_BUCKET or (value.startswith("arn:aws:s3:::") and bucket and slash):
        return
    raise Refusal("InvalidEventSelectorsException", f"Value {value} for DataResources.Values is invalid.")
