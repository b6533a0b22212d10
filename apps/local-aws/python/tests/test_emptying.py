"""The CDK's bucket emptier, as it is shipped: more versions than a page, delete markers, logs that arrive meanwhile."""

from __future__ import annotations

import io
import json
import socket
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws, Stacks, free_port, launch, stop, wait_until_ready
from drills import unique
from templates.parts import ACCOUNT, allow, get, policy, ref, resource, trusted_by

MODULES = Path(__file__).resolve().parents[4] / "node_modules"
HANDLER = MODULES / "aws-cdk-lib/custom-resource-handlers/dist/aws-s3/auto-delete-objects-handler/index.js"
ITS_ACTIONS = ["s3:PutBucketPolicy", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*"]

KEYS, VERSIONS, DELETED = 45, 24, 20


def emptied(name: str, marked: bool, *statements: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """Return a versioned bucket with an emptier, which acts on buckets with its mark only."""
    arn, objects = get(name, "Arn"), {"Fn::Sub": f"${{{name}.Arn}}/*"}
    its = allow(ITS_ACTIONS, [arn, objects], Principal={"AWS": get("Role", "Arn")})
    tags = [{"Key": "aws-cdk:auto-delete-objects", "Value": "true"}] if marked else []
    return {
        name: resource("S3::Bucket", VersioningConfiguration={"Status": "Enabled"}, Tags=tags, **properties),
        f"{name}Policy": resource("S3::BucketPolicy", Bucket=ref(name), PolicyDocument=policy(its, *statements)),
        f"{name}Emptier": {
            "Type": "Custom::S3AutoDeleteObjects",
            "Properties": {"ServiceToken": get("Emptier", "Arn"), "BucketName": ref(name)},
            "DependsOn": f"{name}Policy",
        },
    }


def stack(code: str, *, marked: bool) -> dict[str, Any]:
    """Return a bucket whose access is logged in another one, and the emptier of both."""
    delivery = allow(
        "s3:PutObject",
        {"Fn::Sub": "${Logs.Arn}/*"},
        Principal={"Service": "logging.s3.amazonaws.com"},
        Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    )
    return {
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("lambda")),
        "Emptier": resource(
            "Lambda::Function",
            Runtime="nodejs22.x",
            Handler="index.handler",
            Timeout=900,
            Code={"S3Bucket": code, "S3Key": "emptier.zip"},
            Role=get("Role", "Arn"),
        ),
        **emptied("Logs", marked, delivery),
        **emptied("Store", marked, LoggingConfiguration={"DestinationBucketName": ref("Logs")}),
    }


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Start a local AWS whose functions find the SDK, as the runtime of Lambda has it."""
    ports = [free_port(), 0]
    with socket.socket() as taken:  # so that the second port differs from the first
        taken.bind(("127.0.0.1", ports[0]))
        ports[1] = free_port()
    folder = tmp_path_factory.mktemp("emptying")
    running = wait_until_ready(launch(folder, port=ports[0], http_port=ports[1], node_path=str(MODULES)))
    yield running
    stop(running)


@pytest.fixture(scope="module")
def code(local: LocalAws) -> str:
    """Return the bucket that holds the code of the emptier."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", HANDLER.read_text())
    s3 = local.client("s3")
    s3.create_bucket(Bucket=(name := unique("code")))
    s3.put_object(Bucket=name, Key="emptier.zip", Body=packed.getvalue())
    return name


def exists(s3: Any, bucket: str) -> bool:
    """Say whether a bucket is there."""
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        assert error.response["Error"]["Code"] == "404", error
        return False
    return True


def test_c07_more_than_a_thousand_versions_delete_markers_and_late_logs_go(
    local: LocalAws, stacks: Stacks, code: str
) -> None:
    s3 = local.client("s3")
    stacks.deploy("emptying", stack(code, marked=True))
    store, logs = (stacks.physical_id("emptying", name) for name in ("Store", "Logs"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: s3.put_object(Bucket=store, Key=f"{n % KEYS}", Body=b"."), range(KEYS * VERSIONS)))
    for key in range(DELETED):
        s3.delete_object(Bucket=store, Key=f"{key}")
    held = s3.get_paginator("list_object_versions").paginate(Bucket=store).build_full_result()
    assert (len(held["Versions"]), len(held["DeleteMarkers"])) == (KEYS * VERSIONS, DELETED)
    assert len(held["Versions"]) > 1000

    assert s3.list_objects_v2(Bucket=logs)["KeyCount"] > 0
    for _ in range(5):
        s3.list_objects_v2(Bucket=store)  # their logs are still on their way when the stack goes

    assert stacks.delete("emptying") == "DELETE_COMPLETE"
    assert not exists(s3, store)
    assert not exists(s3, logs)


def test_c07_a_bucket_that_is_not_emptied_stays(local: LocalAws, stacks: Stacks, code: str) -> None:
    s3 = local.client("s3")
    stacks.deploy("unemptied", stack(code, marked=False))
    store = stacks.physical_id("unemptied", "Store")
    s3.put_object(Bucket=store, Key="one", Body=b".")
    assert stacks.delete("unemptied") == "DELETE_FAILED"
    assert exists(s3, store)


def test_c07_no_log_is_delivered_once_the_emptier_has_begun(local: LocalAws, stacks: Stacks, code: str) -> None:
    s3 = local.client("s3")
    stacks.deploy("begun", stack(code, marked=True))
    store, logs = (stacks.physical_id("begun", name) for name in ("Store", "Logs"))
    s3.list_objects_v2(Bucket=logs)
    deny = {"Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject"], "Resource": [f"arn:aws:s3:::{logs}/*"]}
    document = json.loads(s3.get_bucket_policy(Bucket=logs)["Policy"])
    document["Statement"].append(deny)  # as the emptier does first
    s3.put_bucket_policy(Bucket=logs, Policy=json.dumps(document))
    before = s3.list_objects_v2(Bucket=logs)["KeyCount"]
    s3.list_objects_v2(Bucket=store)
    assert s3.list_objects_v2(Bucket=logs)["KeyCount"] == before
    assert stacks.delete("begun") == "DELETE_COMPLETE"
