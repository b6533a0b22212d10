"""A REST API whose mock answers signed requests, with an access log."""

from __future__ import annotations

from typing import Any

from .parts import get, ref, resource

RESOURCES: dict[str, Any] = {
    "Logs": resource("Logs::LogGroup", RetentionInDays=30),
    "Api": resource("ApiGateway::RestApi", Name="shop", EndpointConfiguration={"Types": ["REGIONAL"]}),
    "Data": resource(
        "ApiGateway::Resource", RestApiId=ref("Api"), ParentId=get("Api", "RootResourceId"), PathPart="data"
    ),
    "Read": resource(
        "ApiGateway::Method",
        RestApiId=ref("Api"),
        ResourceId=ref("Data"),
        HttpMethod="GET",
        AuthorizationType="AWS_IAM",
        Integration={
            "Type": "MOCK",
            "RequestTemplates": {"application/json": '{"statusCode": 200}'},
            "IntegrationResponses": [
                {"StatusCode": "200", "ResponseTemplates": {"application/json": '{"message":"hello"}'}}
            ],
        },
        MethodResponses=[{"StatusCode": "200"}],
    ),
    "Deployment": resource("ApiGateway::Deployment", RestApiId=ref("Api"), _after="Read"),
    "Stage": resource(
        "ApiGateway::Stage",
        RestApiId=ref("Api"),
        DeploymentId=ref("Deployment"),
        StageName="prod",
        TracingEnabled=True,
        AccessLogSetting={"DestinationArn": get("Logs", "Arn"), "Format": "$context.requestId"},
    ),
}
