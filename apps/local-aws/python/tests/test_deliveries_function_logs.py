"""A function logs with its role: what that may not write is not written, and a log group that is gone stays gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from drills import Aws, archive, unique
from templates.parts import allow

WRITE = ["logs:CreateLogStream", "logs:PutLogEvents"]


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    """Make what the drills need."""
    return Aws(client)


def runs(aws: Aws, actions: list[str], **settings: Any) -> str:
    """Have a function run whose role may do this; return its name."""
    functions = aws.client("lambda")
    functions.create_function(
        FunctionName=(name := unique("function")),
        Runtime="python3.12",
        Handler="index.handler",
        Role=aws.role("lambda.amazonaws.com", allow(actions)),
        Code={"ZipFile": archive("def handler(event, context):\n    print('it ran')\n")},
        **settings,
    )
    assert "FunctionError" not in functions.invoke(FunctionName=name)
    return name


def logged(aws: Aws, group: str) -> list[str] | None:
    """Return what a log group holds, or nothing if there is none."""
    logs = aws.client("logs")
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        return None
    return [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]


def test_function_logs_role_makes_its_log_group(aws: Aws) -> None:
    assert "it ran" in (logged(aws, f"/aws/lambda/{runs(aws, [*WRITE, 'logs:CreateLogGroup'])}") or [])


@pytest.mark.parametrize("actions", [WRITE, ["logs:CreateLogGroup", "logs:CreateLogStream"], ["sqs:ListQueues"]])
def test_function_logs_role_makes_no_log_group(aws: Aws, actions: list[str]) -> None:
    assert logged(aws, f"/aws/lambda/{runs(aws, actions)}") is None


@pytest.mark.parametrize(("actions", "wrote"), [(WRITE, True), (WRITE[:1], False)])
def test_function_logs_role_writes_to_the_group_it_is_given(aws: Aws, actions: list[str], wrote: bool) -> None:
    aws.client("logs").create_log_group(logGroupName=(group := unique("group")))
    runs(aws, actions, LoggingConfig={"LogGroup": group})
    assert ("it ran" in (logged(aws, group) or [])) is wrote


def test_function_logs_role_does_not_bring_back_a_group_that_is_gone(aws: Aws) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=(group := unique("group")))
    name = runs(aws, WRITE, LoggingConfig={"LogGroup": group})
    logs.delete_log_group(logGroupName=group)
    aws.client("lambda").invoke(FunctionName=name)
    assert logged(aws, group) is None
