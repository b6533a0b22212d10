"""CloudWatch Logs: what the infrequent-access class lacks, and that a class is for life."""

from .gate import Planned, Props, on_call, on_create, on_update
from .refusal import Refusal, Rule
from .requests import Request

_DOC = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html"

RULES = (
    Rule("log-class-filters", "an INFREQUENT_ACCESS log group takes no metric or subscription filter", _DOC),
    Rule("log-class-change", "the class of a log group cannot be changed", _DOC),
)

TOUCHED: list[tuple[str, str]] = [("ministack.services.cloudwatch_logs", "_log_groups")]


@on_call("logs", "PutMetricFilter", "PutSubscriptionFilter")
def _filter_called(request: Request) -> None:
    _check_filter(request.params.get("logGroupName", ""))


@on_create("logs", "AWS::Logs::MetricFilter")
def _metric_filter_created(planned: Planned) -> None:
    _check_filter(planned.props.get("LogGroupName", ""))


@on_create("logs", "AWS::Logs::SubscriptionFilter")
def _subscription_filter_created(planned: Planned) -> None:
    _check_filter(planned.props.get("LogGroupName", ""))


@on_update("logs", "AWS::Logs::LogGroup")
def _check_class(_: str, old: Props, new: Props) -> None:
    if new.get("LogGroupClass", "STANDARD") != old.get("LogGroupClass", "STANDARD"):
        message = "The value of LogGroupClass can't be changed after a log group is created."
        raise Refusal("InvalidParameterException", message, handler_code="NotUpdatable")


def _check_filter(name: str) -> None:
    from ministack.services import cloudwatch_logs

    group = cloudwatch_logs._log_groups.get(name)
    if group is not None and group.get("logGroupClass") == "INFREQUENT_ACCESS":
        message = "The operation is not valid on the specified resource: the log group class is INFREQUENT_ACCESS."
        raise Refusal("InvalidOperationException", message)
