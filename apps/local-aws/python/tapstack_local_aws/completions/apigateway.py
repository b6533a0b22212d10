"""Stages of REST APIs: where their access log goes."""

from __future__ import annotations

from ..clients import client
from ..provisioning import Properties


def _complete_stage(name: str, properties: Properties, previous: Properties) -> None:
    setting = properties.get("AccessLogSetting")
    if not setting or setting == previous.get("AccessLogSetting"):
        return
    values = {"destinationArn": setting.get("DestinationArn"), "format": setting.get("Format")}
    client("apigateway").update_stage(
        restApiId=properties["RestApiId"],
        stageName=properties["StageName"],
        patchOperations=[
            {"op": "replace", "path": f"/accessLogSettings/{key}", "value": value}
            for key, value in values.items()
            if value
        ],
    )


COMPLETIONS = {"AWS::ApiGateway::Stage": _complete_stage}
