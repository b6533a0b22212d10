"""Stages and methods of REST APIs."""

from __future__ import annotations

from ...clients import client
from . import Properties, reader


@reader("AWS::ApiGateway::Stage", "AccessLogSetting", "DeploymentId", "RestApiId", "StageName", "TracingEnabled")
def stage(physical_id: str, properties: Properties) -> Properties:
    """Read a stage and where its access log goes."""
    asked = {"restApiId": properties["RestApiId"], "stageName": properties["StageName"]}
    found = client("apigateway").get_stage(**asked)
    log = found.get("accessLogSettings", {})
    return {
        "AccessLogSetting": {"DestinationArn": log.get("destinationArn"), "Format": log.get("format")},
        "DeploymentId": found["deploymentId"],
        "RestApiId": properties["RestApiId"],
        "StageName": found["stageName"],
        "TracingEnabled": found.get("tracingEnabled"),
    }


@reader("AWS::ApiGateway::Method", "AuthorizationType", "HttpMethod", "ResourceId", "RestApiId")
def method(physical_id: str, properties: Properties) -> Properties:
    """Read whether a method asks who calls."""
    asked = {name: properties[name] for name in ("RestApiId", "ResourceId", "HttpMethod")}
    found = client("apigateway").get_method(
        restApiId=asked["RestApiId"], resourceId=asked["ResourceId"], httpMethod=asked["HttpMethod"]
    )
    return {**asked, "AuthorizationType": found["authorizationType"]}
