"""Lambda writes a function's log with the function's role, as far as that may.

The emulator writes whatever the role says, and makes the log group if it is not there: one that was deleted while a
function was still running would come back.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region

from ..refusals import seam
from ..refusals.refusal import Rule
from . import roles
from .principal import enforced

RULES = (
    Rule(
        "function-logs-role",
        "a function's log is written only if its role may, and its log group made only if the role may make it",
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-permissions.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.lambda_svc", "_emit_lambda_logs"),
    ("ministack.services.cloudwatch_logs", "_log_groups"),
]


def install() -> None:
    """Make what functions log ask their role."""
    seam.around("ministack.services.lambda_svc", "_emit_lambda_logs", _asking)


def _asking(original: Callable[..., None]) -> Callable[..., None]:
    def _emit_lambda_logs(func: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        if not enforced() or _may_write(func.get("config") or func):
            original(func, *args, **kwargs)

    return _emit_lambda_logs


def _may_write(function: dict[str, Any]) -> bool:
    from ministack.services import cloudwatch_logs

    name = function.get("FunctionName", "")
    group = (function.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}"
    arn = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{group}"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    if group not in cloudwatch_logs._log_groups:
        actions.append("logs:CreateLogGroup")
    return all(roles.permits(function.get("Role", ""), action, f"{arn}:log-stream:log") for action in actions)
