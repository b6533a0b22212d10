"""The process: what it listens on, what it inherits, how it starts and how it ends."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import PYTHON_ROOT, LocalAws, Stacks, free_port, launch, stop, wait_until_ready
from templates.parts import get, policy, resource, trusted_by


def test_health_says_what_is_running(local: LocalAws) -> None:
    status, health = local.call("GET", "health")
    assert status == 200
    assert (health["port"], health["httpPort"], health["pid"]) == (local.port, local.http_port, local.process.pid)
    assert health["ministack"] == "1.5.33"
    assert health["refusals"]
    assert health["deliveries"]


def test_an_unknown_page_is_not_found(local: LocalAws) -> None:
    assert local.call("GET", "nothing")[0] == 404
    assert local.call("POST", "health", {})[0] == 404


# TLS and plain HTTP.


def test_a_client_without_the_authority_refuses_the_server(local: LocalAws) -> None:
    with (
        socket.create_connection(("127.0.0.1", local.port)) as connection,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(connection, server_hostname="localhost")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_certificate_is_good_for_this_machine(local: LocalAws, name: str) -> None:
    trust = ssl.create_default_context(cafile=str(local.authority))
    with (
        socket.create_connection(("127.0.0.1", local.port)) as connection,
        trust.wrap_socket(connection, server_hostname=name) as secured,
    ):
        assert secured.version() in ("TLSv1.2", "TLSv1.3")


def _bucket(local: LocalAws, name: str, *, tls_only: bool) -> None:
    s3 = local.client("s3")
    s3.create_bucket(Bucket=name)
    if tls_only:
        arns = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
        denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": arns}
        denied["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy(denied)))


def test_x08_plain_http_is_refused_by_a_tls_only_bucket_and_by_no_other(local: LocalAws) -> None:
    _bucket(local, "open-to-http", tls_only=False)
    _bucket(local, "tls-only", tls_only=True)
    plain = local.client("s3", secure=False)
    plain.put_object(Bucket="open-to-http", Key="seen", Body=b"1")
    with pytest.raises(ClientError) as refused:
        plain.put_object(Bucket="tls-only", Key="refused", Body=b"1")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    local.client("s3").put_object(Bucket="tls-only", Key="seen", Body=b"1")


def test_x08_a_client_cannot_claim_tls_by_a_header(local: LocalAws) -> None:
    _bucket(local, "not-fooled", tls_only=True)
    plain = local.client("s3", secure=False)

    def claim_tls(request: Any, **_: Any) -> None:
        request.headers["X-Forwarded-Proto"] = "https"

    plain.meta.events.register("before-sign.s3", claim_tls)
    try:
        with pytest.raises(ClientError, match="AccessDenied"):
            plain.list_objects_v2(Bucket="not-fooled")
    finally:
        plain.meta.events.unregister("before-sign.s3", claim_tls)


# Listening.


def _listening_inodes() -> dict[str, tuple[str, int]]:
    """Return (address, port) of every listening socket of the machine, by inode."""
    found = {}
    for table in ("tcp", "tcp6"):
        path = Path("/proc/net") / table
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            fields = line.split()
            address, _, port = fields[1].partition(":")
            if fields[3] == "0A":
                found[fields[9]] = (address, int(port, 16))
    return found


def test_nothing_listens_beyond_loopback(local: LocalAws) -> None:
    # Linux only: the kernel's own table of sockets is the judge. Elsewhere this fails rather than be skipped.
    listening = _listening_inodes()
    links = [os.readlink(link) for link in Path(f"/proc/{local.process.pid}/fd").iterdir() if link.is_symlink()]
    ours = {listening[inode] for link in links if (inode := link.removeprefix("socket:[").rstrip("]")) in listening}
    # a third one may be what functions without a way out of their network connect to: it never answers
    assert {port for _, port in ours} >= {local.port, local.http_port}
    assert {address for address, _ in ours} == {"0100007F"}


# Environment.


def test_a_function_sees_no_foreign_variables(local: LocalAws, stacks: Stacks) -> None:
    code = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    stacks.deploy(
        "environment",
        {
            "Role": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("lambda")),
            "Function": resource(
                "Lambda::Function",
                Runtime="python3.12",
                Handler="index.handler",
                Code={"ZipFile": code},
                Role=get("Role", "Arn"),
                Environment={"Variables": {"OWN": "yes"}},
            ),
        },
    )
    name = stacks.physical_id("environment", "Function")
    seen = json.load(local.client("lambda").invoke(FunctionName=name)["Payload"])
    assert seen["OWN"] == "yes"
    assert "FOREIGN_VARIABLE" not in seen
    assert "PYTHONPATH" not in seen
    assert seen["AWS_ENDPOINT_URL"] == f"https://127.0.0.1:{local.port}"
    assert seen["HOME"].startswith(str(local.state))
    assert seen["AWS_ACCESS_KEY_ID"].startswith("ASIA")


def test_everything_written_is_below_the_state_directory(local: LocalAws) -> None:
    temporary = local.state / "tmp"
    assert temporary.is_dir()
    opened = [os.readlink(link) for link in Path(f"/proc/{local.process.pid}/fd").iterdir() if link.is_symlink()]
    written = {path for path in opened if path.startswith("/") and not path.startswith(("/dev/", "/proc/"))}
    allowed = (str(local.state), str(local.state.parent / "server.log"))
    assert {path for path in written if not path.startswith(allowed)} == set()


# Starting and ending.


def _serve(state: Path, port: int, http_port: int) -> subprocess.CompletedProcess[str]:
    arguments = ["--port", str(port), "--http-port", str(http_port), "--state", str(state)]
    return subprocess.run(
        [sys.executable, "-m", "tapstack_local_aws", "serve", *arguments],
        env={**os.environ, "PYTHONPATH": str(PYTHON_ROOT)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def _two_free_ports() -> tuple[int, int]:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        return port, free_port()


@pytest.mark.parametrize("busy", ["--port", "--http-port"])
def test_a_port_in_use_is_one_clear_line(local: LocalAws, tmp_path: Path, busy: str) -> None:
    other = free_port()
    ports = (local.port, other) if busy == "--port" else (other, local.port)
    ended = _serve(tmp_path, *ports)
    assert ended.returncode == 3
    assert ended.stderr.splitlines() == [
        f"tapstack-local-aws: port {local.port} on 127.0.0.1 cannot be used: Address already in use"
    ]


def test_a_state_directory_in_use_is_one_clear_line(local: LocalAws) -> None:
    ended = _serve(local.state, *_two_free_ports())
    assert ended.returncode == 3
    assert ended.stderr.splitlines() == [
        f"tapstack-local-aws: state directory '{local.state}' is in use by process {local.process.pid}"
    ]


def test_the_same_port_twice_is_refused(tmp_path: Path) -> None:
    ended = _serve(tmp_path, 4599, 4599)
    assert ended.returncode == 2
    assert "'--port' and '--http-port' must differ, got 4599 for both" in ended.stderr


def test_it_starts_over_what_a_killed_run_left(tmp_path: Path) -> None:
    port, http_port = _two_free_ports()
    first = wait_until_ready(launch(tmp_path, port=port, http_port=http_port))
    first.client("s3").create_bucket(Bucket="left-behind")
    (first.state / "tmp" / "half-written").write_text("x")
    first.process.kill()
    first.process.wait()
    second = wait_until_ready(launch(tmp_path, port=port, http_port=http_port))
    try:
        assert second.client("s3").list_buckets()["Buckets"] == []
        assert not (second.state / "tmp" / "half-written").exists()
    finally:
        stop(second)


def test_it_ends_at_once_with_its_functions(tmp_path: Path) -> None:
    port, http_port = _two_free_ports()
    running = wait_until_ready(launch(tmp_path, port=port, http_port=http_port))
    marker = tmp_path / "function.pid"
    code = (
        "import os, time\n"
        "def handler(event, context):\n"
        f"    open({str(marker)!r}, 'w').write(str(os.getpid()))\n"
        "    time.sleep(60)\n"
    )
    deployed = Stacks(running, [])
    deployed.deploy(
        "sleeper",
        {
            "Role": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("lambda")),
            "Function": resource(
                "Lambda::Function",
                Runtime="python3.12",
                Handler="index.handler",
                Timeout=90,
                Code={"ZipFile": code},
                Role=get("Role", "Arn"),
            ),
        },
    )
    running.client("lambda").invoke(FunctionName=deployed.physical_id("sleeper", "Function"), InvocationType="Event")
    deadline = time.monotonic() + 10
    while not (marker.exists() and marker.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    function = int(marker.read_text())

    began = time.monotonic()
    stop(running)
    assert time.monotonic() - began < 5
    assert running.process.returncode == 0
    while _alive(function) and time.monotonic() < began + 5:
        time.sleep(0.05)
    assert not _alive(function)
    assert not (running.state / "tmp").exists()


def _alive(pid: int) -> bool:
    """Return whether a process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_health_page_is_on_plain_http_too(local: LocalAws) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{local.http_port}/_local/health", timeout=10) as response:
        assert json.load(response)["pid"] == local.process.pid
