"""CloudWatch Logs encrypts with a key only if the key's policy admits the service of the region.

The check happens when the group is created or the key associated: AWS refuses there, nothing is lost later. The service
proves itself with the group's ARN as encryption context, so a condition on `kms:EncryptionContext:aws:logs:arn` counts.
"""

from ministack.core.responses import get_account_id, get_region

from ..refusals.gate import Planned, Props, on_call, on_create, on_update
from ..refusals.refusal import Refusal, Rule
from ..refusals.requests import Request
from . import keys
from .principal import enforced

RULES = (
    Rule(
        "logs-key-policy",
        "a log group takes a key only if the key's policy admits logs.<region>.amazonaws.com for that group",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ),
)

# What the documentation asks the key policy to grant.
_ACTIONS = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:DescribeKey",
)


@on_call("logs", "CreateLogGroup", "AssociateKmsKey")
def _called(request: Request) -> None:
    _check(request.params.get("logGroupName", ""), request.params.get("kmsKeyId"))


@on_create("logs", "AWS::Logs::LogGroup")
def _created(planned: Planned) -> None:
    name = planned.props.get("LogGroupName") or f"/aws/cloudformation/{planned.stack_name}/{planned.logical_id}"
    _check(name, planned.props.get("KmsKeyId"))


@on_update("logs", "AWS::Logs::LogGroup")
def _updated(name: str, old: Props, new: Props) -> None:
    if new.get("KmsKeyId") != old.get("KmsKeyId"):
        _check(name, new.get("KmsKeyId"))


def _check(name: str, key: str | None) -> None:
    if not key or not enforced():
        return
    region = get_region()
    arn = f"arn:aws:logs:{region}:{get_account_id()}:log-group:{name}"
    context = keys.via("logs", **{"aws:logs:arn": arn})
    context |= {"aws:sourcearn": arn, "aws:sourceaccount": get_account_id()}
    if not keys.usable(key, f"logs.{region}.amazonaws.com", _ACTIONS, context):
        raise Refusal(
            "AccessDeniedException",
            f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'",
            handler_code="GeneralServiceException",
        )
