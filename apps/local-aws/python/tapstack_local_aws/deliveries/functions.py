"""Functions act with their role: Lambda checks it when the function is made, and again when a failure is sent away."""

import logging
from collections.abc import Callable
from typing import Any

from ..refusals import seam
from ..refusals.gate import Planned, Props, on_call, on_create, on_update
from ..refusals.refusal import Refusal, Rule
from ..refusals.requests import Request
from . import keys, roles
from .principal import enforced

logger = logging.getLogger(__name__)

RULES = (
    Rule(
        "function-role",
        "a function's role can be assumed by lambda.amazonaws.com (InvalidParameterValueException)",
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    ),
    Rule(
        "function-vpc-role",
        "the role of a function in a VPC may create network interfaces (InvalidParameterValueException)",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
    Rule(
        "function-dead-letter-role",
        "a failed event reaches a dead-letter queue or destination only if the role may send it there",
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.lambda_svc", "_route_async_failure"),
    ("ministack.services.lambda_svc", "_functions"),
]

# The permission each kind of destination takes: action, and what Lambda calls it in its error.
_SENDS = {
    "sqs": ("sqs:SendMessage", "SendMessage on SQS"),
    "sns": ("sns:Publish", "Publish on SNS"),
    "lambda": ("lambda:InvokeFunction", "InvokeFunction on Lambda"),
    "events": ("events:PutEvents", "PutEvents on EventBridge"),
}


def install() -> None:
    """Make failures of asynchronous invocations ask the function's role."""
    seam.around("ministack.services.lambda_svc", "_route_async_failure", _asking)


@on_call("lambda", "CreateFunction")
def _called(request: Request) -> None:
    _check(request.params)


@on_call("lambda", "UpdateFunctionConfiguration")
def _reconfigured(request: Request) -> None:
    from ministack.services import lambda_svc

    function = lambda_svc._functions.get(request.params.get("FunctionName", ""))
    if function:
        _check({**function["config"], **request.params})


@on_create("lambda", "AWS::Lambda::Function")
def _created(planned: Planned) -> None:
    _check(planned.props)


@on_update("lambda", "AWS::Lambda::Function")
def _updated(_: str, old: Props, new: Props) -> None:
    if any(new.get(name) != old.get(name) for name in ("Role", "VpcConfig", "DeadLetterConfig")):
        _check(new)


def _check(function: dict[str, Any]) -> None:
    if not enforced():
        return
    role = function.get("Role", "")
    if not roles.assumable(role, "lambda.amazonaws.com"):
        raise _invalid("The role defined for the function cannot be assumed by Lambda.")
    if (function.get("VpcConfig") or {}).get("SubnetIds") and not roles.permits(
        role, "ec2:CreateNetworkInterface", "*"
    ):
        raise _invalid("The provided execution role does not have permissions to call CreateNetworkInterface on EC2")
    target = (function.get("DeadLetterConfig") or {}).get("TargetArn", "")
    if target and not _may_send(role, target):
        raise _invalid(f"The provided execution role does not have permissions to call {_SENDS[_service(target)][1]}")


def _asking(original: Callable[..., None]) -> Callable[..., None]:
    def _route_async_failure(target_arn: str, func_name: str, event: dict[str, Any], result: dict[str, Any]) -> None:
        from ministack.services import lambda_svc

        role = lambda_svc._functions.get(func_name, {}).get("config", {}).get("Role", "")
        if enforced() and not (_may_send(role, target_arn) and _may_encrypt(role, target_arn)):
            logger.warning("function %s: %s may not send to %s", func_name, role, target_arn)
            return
        original(target_arn, func_name, event, result)

    return _route_async_failure


def _may_send(role: str, target: str) -> bool:
    action = _SENDS.get(_service(target), ("", ""))[0]
    return not action or roles.permits(role, action, target)


def _may_encrypt(role: str, target: str) -> bool:
    from ministack.services import sns, sqs

    holder: dict[str, Any] = {}
    if _service(target) == "sqs":
        holder = (sqs._queue_by_arn(target) or {}).get("attributes", {})
    elif _service(target) == "sns":
        holder = (sns._topic_by_arn_any_scope(target) or {}).get("attributes", {})
    key = holder.get("KmsMasterKeyId")
    if not key or "alias/aws/" in key:
        return True
    record = keys.find(key)
    context = keys.via(_service(target))
    return record is not None and all(roles.permits(role, action, record["Arn"], context) for action in keys.ENCRYPT)


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") > 2 else ""


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidParameterValueException", message)
