"""Functions run for real: on the host's Python and Node, over TLS, with the credentials of their role."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import LocalAws, Stacks
from templates.parts import allow, get, key_for, policy, ref, resource, trusted_by

PROVIDER = """
import json, urllib.request
import boto3

def handler(event, context):
    status, reason, data = "SUCCESS", "", {}
    if event["RequestType"] == "Create":
        try:
            owner = boto3.client("sts").get_caller_identity()["Arn"]
            boto3.client("s3").put_object(Bucket=event["ResourceProperties"]["Bucket"], Key="made", Body=b"1")
            data = {"Owner": owner}
        except Exception as error:
            status, reason = "FAILED", str(error)
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": status, "Reason": reason, "PhysicalResourceId": "custom", "Data": data}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).read()
"""


def _provider(*statements: dict[str, Any]) -> dict[str, Any]:
    needed = allow(["sqs:SendMessage", "kms:GenerateDataKey", "kms:Decrypt"])
    inline = {"PolicyName": "own", "PolicyDocument": policy(needed, *statements)}
    return {
        "Key": key_for("logs"),
        "Bucket": resource("S3::Bucket"),
        "Letters": resource("SQS::Queue", KmsMasterKeyId=ref("Key")),
        "Logs": resource("Logs::LogGroup", KmsKeyId=get("Key", "Arn"), RetentionInDays=1),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("lambda"), Policies=[inline]),
        "Provider": resource(
            "Lambda::Function",
            Runtime="python3.12",
            Handler="index.handler",
            Timeout=20,
            Code={"ZipFile": PROVIDER},
            Role=get("Role", "Arn"),
            DeadLetterConfig={"TargetArn": get("Letters", "Arn")},
            LoggingConfig={"LogFormat": "JSON", "LogGroup": ref("Logs")},
        ),
        "Custom": {
            "Type": "Custom::Made",
            "Properties": {"ServiceToken": get("Provider", "Arn"), "Bucket": ref("Bucket")},
        },
    }


def test_x07_a_custom_resource_acts_with_the_role_of_its_provider(local: LocalAws, stacks: Stacks) -> None:
    resources = _provider(allow("s3:PutObject", {"Fn::Sub": "${Bucket.Arn}/*"}))
    outputs = stacks.deploy("provider", resources, Outputs={"Owner": {"Value": get("Custom", "Owner")}})
    assert f":assumed-role/{stacks.physical_id('provider', 'Role')}/" in outputs["Owner"]
    bucket = stacks.physical_id("provider", "Bucket")
    assert local.client("s3").get_object(Bucket=bucket, Key="made")["Body"].read() == b"1"
    stacks.empty_buckets("provider")
    assert stacks.delete("provider") == "DELETE_COMPLETE"


def test_x08_a_custom_resource_without_permission_fails_the_stack(stacks: Stacks) -> None:
    with pytest.raises(pytest.fail.Exception, match="AccessDenied"):
        stacks.deploy("powerless", _provider())


def test_a_node_function_finds_the_modules_of_the_node_path(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy(
        "node",
        {
            "Role": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("lambda")),
            "Function": resource(
                "Lambda::Function",
                Runtime="nodejs22.x",
                Handler="index.handler",
                Code={"ZipFile": "exports.handler = async () => require('given-by-node-path');"},
                Role=get("Role", "Arn"),
            ),
        },
    )
    answer = local.client("lambda").invoke(FunctionName=stacks.physical_id("node", "Function"))
    assert json.load(answer["Payload"]) == "found"
