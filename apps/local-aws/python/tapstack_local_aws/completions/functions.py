"""Functions: VPC, dead-letter queue, key of the environment, reserved concurrency."""

from __future__ import annotations

import time
from typing import Any

from ..clients import client
from ..provisioning import Properties
from ..shapes import boolean, pick

_SETTLED_WITHIN_SECONDS = 10


def _configuration(properties: Properties, previous: Properties) -> dict[str, Any]:
    """Return what differs from the previous template, with the value that takes a dropped property away."""
    wanted: dict[str, Any] = {}
    if properties.get("VpcConfig") != previous.get("VpcConfig"):
        vpc = properties.get("VpcConfig") or {}
        wanted["VpcConfig"] = {
            "SubnetIds": vpc.get("SubnetIds", []),
            "SecurityGroupIds": vpc.get("SecurityGroupIds", []),
        }
        if "Ipv6AllowedForDualStack" in vpc:
            wanted["VpcConfig"]["Ipv6AllowedForDualStack"] = boolean(vpc["Ipv6AllowedForDualStack"])
    if properties.get("DeadLetterConfig") != previous.get("DeadLetterConfig"):
        wanted["DeadLetterConfig"] = properties.get("DeadLetterConfig") or {"TargetArn": ""}
    if properties.get("KmsKeyArn") != previous.get("KmsKeyArn"):
        wanted["KMSKeyArn"] = properties.get("KmsKeyArn", "")
    if properties.get("LoggingConfig") != previous.get("LoggingConfig"):
        logging = properties.get("LoggingConfig") or {"LogFormat": "Text"}
        wanted["LoggingConfig"] = pick(logging, "LogFormat", "LogGroup", "ApplicationLogLevel", "SystemLogLevel")
    return wanted


def _complete_function(name: str, properties: Properties, previous: Properties) -> None:
    functions = client("lambda")
    if wanted := _configuration(properties, previous):
        functions.update_function_configuration(FunctionName=name, **wanted)
        _settle(name)
    if "ReservedConcurrentExecutions" in properties:
        functions.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=int(properties["ReservedConcurrentExecutions"])
        )
    elif "ReservedConcurrentExecutions" in previous:
        functions.delete_function_concurrency(FunctionName=name)


def _settle(name: str) -> None:
    """Wait until the function can be invoked: a custom resource may need it right away."""
    deadline = time.monotonic() + _SETTLED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        configuration = client("lambda").get_function_configuration(FunctionName=name)
        if configuration["State"] == "Active" and configuration["LastUpdateStatus"] != "InProgress":
            return
        time.sleep(0.02)
    raise TimeoutError(f"function '{name}' did not become active within {_SETTLED_WITHIN_SECONDS} s")


COMPLETIONS = {"AWS::Lambda::Function": _complete_function}
