"""Lambda functions, who may invoke them, and the rules that do."""

from __future__ import annotations

import json
from typing import Any

from ...clients import client
from . import Properties, reader


@reader(
    "AWS::Lambda::Function",
    "Architectures",
    "DeadLetterConfig",
    "Description",
    "Environment",
    "EphemeralStorage",
    "FunctionName",
    "Handler",
    "KmsKeyArn",
    "LoggingConfig",
    "MemorySize",
    "ReservedConcurrentExecutions",
    "Role",
    "Runtime",
    "Tags",
    "Timeout",
    "TracingConfig",
    "VpcConfig",
)
def function(physical_id: str, properties: Properties) -> Properties:
    """Read a function's configuration, concurrency and tags."""
    found = client("lambda").get_function(FunctionName=physical_id)
    tags = found.get("Tags", {})
    return {
        **found["Configuration"],
        "ReservedConcurrentExecutions": found.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
        "KmsKeyArn": found["Configuration"].get("KMSKeyArn"),
        "Tags": [{"Key": name, "Value": value} for name, value in tags.items()],
    }


@reader(
    "AWS::Lambda::EventInvokeConfig",
    "DestinationConfig",
    "FunctionName",
    "MaximumEventAgeInSeconds",
    "MaximumRetryAttempts",
    "Qualifier",
)
def event_invoke_config(physical_id: str, properties: Properties) -> Properties:
    """Read how asynchronous invocations of a function are treated."""
    asked = {"FunctionName": properties["FunctionName"], "Qualifier": properties["Qualifier"]}
    return {**client("lambda").get_function_event_invoke_config(**asked), **asked}


@reader("AWS::Lambda::Permission", "Action", "FunctionName", "Principal", "SourceAccount", "SourceArn")
def permission(physical_id: str, properties: Properties) -> Properties:
    """Read the statement of the function's policy that grants this."""
    name = properties["FunctionName"]
    statements = json.loads(client("lambda").get_policy(FunctionName=name)["Policy"])["Statement"]

    def read(statement: dict[str, Any]) -> Properties:
        principal = statement.get("Principal", {})
        condition = statement.get("Condition", {})
        return {
            "Action": statement["Action"],
            "FunctionName": name,
            "Principal": principal if isinstance(principal, str) else next(iter(principal.values())),
            "SourceArn": condition.get("ArnLike", {}).get("AWS:SourceArn"),
            "SourceAccount": condition.get("StringEquals", {}).get("AWS:SourceAccount"),
        }

    found = [read(statement) for statement in statements]
    return max(found, key=lambda each: sum(each.get(prop) == value for prop, value in properties.items()))


@reader("AWS::Events::Rule", "Description", "EventPattern", "Name", "ScheduleExpression", "State", "Tags", "Targets")
def rule(physical_id: str, properties: Properties) -> Properties:
    """Read a rule and its targets."""
    name = physical_id.rpartition("/")[2].rpartition("|")[2]
    bus = properties.get("EventBusName", "default")
    events = client("events")
    targets = events.list_targets_by_rule(Rule=name, EventBusName=bus)["Targets"]
    found = events.describe_rule(Name=name, EventBusName=bus)
    return {**found, "Tags": events.list_tags_for_resource(ResourceARN=found["Arn"])["Tags"], "Targets": targets}
