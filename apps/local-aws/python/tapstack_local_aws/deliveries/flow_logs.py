"""VPC flow logs are refused if nobody could write them.

To a log group the service assumes a role; to a bucket it writes as delivery.logs.amazonaws.com.
"""

from ministack.core.responses import get_account_id, get_region

from ..refusals.gate import on_call
from ..refusals.refusal import Refusal, Rule
from ..refusals.requests import Request
from . import roles
from .principal import admits, enforced

RULES = (
    Rule(
        "flow-log-role",
        "flow logs to a log group need a role that vpc-flow-logs.amazonaws.com may assume",
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
    ),
    Rule(
        "flow-log-bucket-policy",
        "flow logs to a bucket need a policy that admits delivery.logs.amazonaws.com; AWS adds one only where none is",
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.s3", "_buckets"),
    ("ministack.services.s3", "_bucket_policies"),
]


@on_call("ec2", "CreateFlowLogs")
def _check(request: Request) -> None:
    if not enforced():
        return
    if request.params.get("LogDestinationType", "cloud-watch-logs") == "s3":
        _check_bucket(request.params.get("LogDestination", ""))
    else:
        _check_role(request.params.get("DeliverLogsPermissionArn", ""))


def _check_role(role: str) -> None:
    if not role:
        raise Refusal(
            "InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs."
        )
    # The log that is asked for has no id yet; a trust policy can name it by pattern only.
    log = f"arn:aws:ec2:{get_region()}:{get_account_id()}:vpc-flow-log/fl-00000000000000000"
    if not roles.assumable(role, "vpc-flow-logs.amazonaws.com", log):
        raise Refusal("InvalidParameter", f"Unable to assume given IAM role: '{role}'")


def _check_bucket(destination: str) -> None:
    from ministack.services import s3

    bucket, _, folder = destination.removeprefix("arn:aws:s3:::").partition("/")
    if bucket not in s3._buckets:
        raise Refusal("InvalidParameter", f"LogDestination: {bucket} does not exist")
    policy = s3._bucket_policies.get(bucket)
    if policy is None:
        return
    account = get_account_id()
    context = {
        "aws:sourceaccount": account,
        "aws:sourcearn": f"arn:aws:logs:{get_region()}:{account}:*",
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
    item = f"arn:aws:s3:::{bucket}/{prefix}AWSLogs/{account}/vpcflowlogs/{get_region()}/flow.log.gz"
    asked = [("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}"), ("s3:PutObject", item)]
    if not all(admits(policy, "delivery.logs.amazonaws.com", action, resource, context) for action, resource in asked):
        raise Refusal(
            "InvalidParameter",
            f"Access Denied for LogDestination: {bucket}. Please check LogDestination permission",
        )
