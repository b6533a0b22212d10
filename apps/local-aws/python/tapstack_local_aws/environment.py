"""The environment of the server process, built from nothing.

ministack reads its settings from the environment when it is imported, and every Lambda function inherits the whole of
it. So what the caller's shell holds (real credentials above all) is dropped, and only what is listed here remains.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .authority import TlsMaterial

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """What one local AWS is started with."""

    port: int
    http_port: int
    state: Path
    node_path: str = ""
    region: str = "us-east-1"
    log_level: str = "INFO"

    @property
    def endpoint(self) -> str:
        """The address that clients and Lambda functions use."""
        return f"https://{LOOPBACK}:{self.port}"

    @property
    def temporary(self) -> Path:
        """The folder for what lives no longer than the process."""
        return self.state / "tmp"


def build(settings: Settings, tls: TlsMaterial, inherited: dict[str, str]) -> dict[str, str]:
    """Return the complete environment; of the inherited one only the search path of programs survives."""
    authority = str(tls.authority)
    state = settings.state
    return {
        # The host's programs: Lambda functions run on the host's node and python.
        "PATH": inherited.get("PATH", os.defpath),
        "HOME": str(state / "home"),
        "TMPDIR": str(settings.temporary),
        "LANG": "C.UTF-8",
        "NODE_PATH": settings.node_path,
        # Trust for every SDK that a function may use, and for our own clients.
        "AWS_CA_BUNDLE": authority,
        "REQUESTS_CA_BUNDLE": authority,
        "SSL_CERT_FILE": authority,
        "NODE_EXTRA_CA_CERTS": authority,
        # No profile and no metadata service: neither may supply credentials behind our back.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # ministack.
        "AUTH": "true",
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(tls.certificate),
        "MINISTACK_SSL_KEY": str(tls.key),
        "BIND_HOST": LOOPBACK,
        "MINISTACK_HOST": LOOPBACK,
        "GATEWAY_PORT": str(settings.port),
        "MINISTACK_REGION": settings.region,
        "CLOUDTRAIL_RECORDING": "1",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": settings.log_level,
        "STATE_DIR": str(settings.temporary / "ministack"),
        "S3_DATA_DIR": str(settings.temporary / "s3"),
        # Listeners of services that nobody asked for.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # A Docker daemon of the host is none of our business.
        "DOCKER_HOST": f"unix://{settings.temporary}/no-docker.sock",
    }


def apply(settings: Settings, tls: TlsMaterial) -> None:
    """Make this process's environment the built one, with empty folders for its temporary files.

    Whatever a killed predecessor left in the temporary folder is removed: no state survives a restart, and a
    half-written file must not look like one.
    """
    environment = build(settings, tls, dict(os.environ))
    shutil.rmtree(settings.temporary, ignore_errors=True)
    settings.temporary.mkdir(parents=True, mode=0o700)
    Path(environment["HOME"]).mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # forget the folder that was looked up under the old environment
