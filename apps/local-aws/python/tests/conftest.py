"""One local AWS per test session, started as users start it, and the clients to talk to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

PYTHON_ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN_SECONDS = 30

_clients: dict[tuple[int, str, str], Any] = {}


@dataclass(frozen=True)
class LocalAws:
    """A running local AWS."""

    process: subprocess.Popen[bytes]
    port: int
    http_port: int
    state: Path

    @property
    def authority(self) -> Path:
        """The certificate that clients trust."""
        return self.state / "tls" / "ca.pem"

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        return (self.state.parent / "server.log").read_text()

    def client(self, service: str, *, secure: bool = True, credentials: dict[str, str] | None = None) -> Any:
        """Return an SDK client; root by default, over TLS by default."""
        wanted = (
            self.port if secure else self.http_port,
            service,
            json.dumps(credentials, sort_keys=True, default=str),
        )
        if wanted not in _clients:  # making one takes longer than most calls
            _clients[wanted] = self._new_client(service, secure, credentials or {})
        return _clients[wanted]

    def _new_client(self, service: str, secure: bool, keys: dict[str, str]) -> Any:
        return boto3.session.Session().client(
            service,
            endpoint_url=f"https://127.0.0.1:{self.port}" if secure else f"http://127.0.0.1:{self.http_port}",
            verify=str(self.authority),
            region_name="us-east-1",
            aws_access_key_id=keys.get("AccessKeyId", "test"),
            aws_secret_access_key=keys.get("SecretAccessKey", "test"),
            aws_session_token=keys.get("SessionToken"),
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def call(self, method: str, page: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Call a page under `/_local/` and return status and JSON."""
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.port}/_local/{page}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
        )
        trust = ssl.create_default_context(cafile=str(self.authority))
        try:
            with urllib.request.urlopen(request, context=trust, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@dataclass
class Stacks:
    """Stacks that a test deploys; all of them are deleted after it."""

    local: LocalAws
    names: list[str]

    def deploy(self, name: str, resources: dict[str, Any], **template: Any) -> dict[str, str]:
        """Create or update a stack; return its outputs. Fail with the reasons when it fails."""
        cloudformation = self.local.client("cloudformation")
        body = json.dumps({"Resources": resources, **template})
        capabilities = ["CAPABILITY_NAMED_IAM"]
        if name in self.names:
            cloudformation.update_stack(StackName=name, TemplateBody=body, Capabilities=capabilities)
        else:
            cloudformation.create_stack(StackName=name, TemplateBody=body, Capabilities=capabilities)
            self.names.append(name)
        stack = self.settled(name)
        if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            pytest.fail(f"{name}: {stack['StackStatus']}: {self.reasons(name)}")
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def settled(self, name: str) -> dict[str, Any]:
        """Wait until nothing is in progress and return the stack."""
        cloudformation = self.local.client("cloudformation")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                return stack
            time.sleep(0.05)
        return pytest.fail(f"{name} did not settle")

    def physical_id(self, name: str, logical_id: str) -> str:
        """Return the physical id of a resource."""
        answer = self.local.client("cloudformation").describe_stack_resource(
            StackName=name, LogicalResourceId=logical_id
        )
        return answer["StackResourceDetail"]["PhysicalResourceId"]

    def reasons(self, name: str) -> list[str]:
        """Return why resources of a stack failed."""
        events = self.local.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED")
        ]

    def delete(self, name: str) -> str:
        """Delete a stack; return its last status."""
        cloudformation = self.local.client("cloudformation")
        identifier = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        cloudformation.delete_stack(StackName=name)
        self.names.remove(name)
        return self.settled(identifier)["StackStatus"]

    def empty_buckets(self, name: str) -> None:
        """Remove what services have written into the buckets of a stack, which could not be deleted otherwise."""
        s3 = self.local.client("s3")
        resources = self.local.client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
        for resource in resources:
            if resource["ResourceType"] == "AWS::S3::Bucket":
                bucket = resource["PhysicalResourceId"]
                for found in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
                    s3.delete_object(Bucket=bucket, Key=found["Key"])


def free_port() -> int:
    """Return a port that was free a moment ago; `LOCAL_AWS_TEST_PORTS=low-high` narrows the choice."""
    low, _, high = os.environ.get("LOCAL_AWS_TEST_PORTS", "0-0").partition("-")
    for port in range(int(low), int(high) + 1):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise RuntimeError("no free port")


def launch(
    folder: Path, *, port: int, http_port: int, environment: dict[str, str] | None = None, node_path: str = ""
) -> LocalAws:
    """Start a server without waiting for it."""
    arguments = ["--port", str(port), "--http-port", str(http_port), "--state", str(folder / "state")]
    arguments += ["--node-path", node_path] if node_path else []
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tapstack_local_aws", "serve", *arguments],
            env={**os.environ, "PYTHONPATH": str(PYTHON_ROOT), **(environment or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    return LocalAws(process, port, http_port, folder / "state")


def wait_until_ready(local: LocalAws) -> LocalAws:
    """Wait for the health page; fail with the log when the server ends instead."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if local.process.poll() is not None:
            raise RuntimeError(f"server ended with {local.process.returncode}:\n{local.log}")
        try:
            if local.call("GET", "health")[0] == 200:
                return local
        except (OSError, ssl.SSLError):
            time.sleep(0.05)
    local.process.kill()
    raise RuntimeError(f"server not ready within {READY_WITHIN_SECONDS} s:\n{local.log}")


def stop(local: LocalAws) -> None:
    """End a server that a test started, and forget the clients that were connected to it."""
    for wanted in [wanted for wanted in _clients if wanted[0] in (local.port, local.http_port)]:
        del _clients[wanted]
    if local.process.poll() is None:
        local.process.send_signal(signal.SIGTERM)
    local.process.wait(timeout=10)


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Start the local AWS that the tests of a session share."""
    folder = tmp_path_factory.mktemp("local-aws")
    port = free_port()
    with socket.socket() as taken:  # so that the second port differs from the first
        taken.bind(("127.0.0.1", port))
        http_port = free_port()
    # A module that functions can require, and a variable that they must not see.
    modules = folder / "given" / "node_modules"
    (modules / "given-by-node-path").mkdir(parents=True)
    (modules / "given-by-node-path" / "index.js").write_text("module.exports = 'found';\n")
    foreign = {"FOREIGN_VARIABLE": "must not be inherited"}
    running = wait_until_ready(
        launch(folder, port=port, http_port=http_port, environment=foreign, node_path=str(modules))
    )
    yield running
    stop(running)


@pytest.fixture
def stacks(local: LocalAws) -> Iterator[Stacks]:
    """Deploys stacks and deletes them after the test."""
    deployed = Stacks(local, [])
    yield deployed
    for name in reversed(list(deployed.names)):
        deployed.delete(name)


@pytest.fixture
def client(local: LocalAws) -> Callable[..., Any]:
    """Return `local.client`: the shortest way to a root client."""
    return local.client
