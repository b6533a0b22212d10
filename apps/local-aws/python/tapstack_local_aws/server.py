"""The server: ministack's application with our extension, over TLS and plain HTTP, on loopback only.

Plain HTTP is served so that a policy which refuses it can be seen to refuse it; it is not a way in for clients.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import children, environment
from .authority import TlsMaterial, ensure_tls
from .environment import LOOPBACK, Settings

EXIT_IN_USE = 3


class AlreadyInUse(Exception):
    """A port or the state directory belongs to another process."""


def serve(settings: Settings) -> int:
    """Run in the foreground until SIGTERM or SIGINT; return the exit code."""
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(_exclusive(settings.state))
            for port in (settings.port, settings.http_port):
                _require_free(port)
        except AlreadyInUse as problem:
            print(f"tapstack-local-aws: {problem}", file=sys.stderr)
            return EXIT_IN_USE
        tls = ensure_tls(settings.state)
        environment.apply(settings, tls)
        _run(settings, tls)
    return 0


def _run(settings: Settings, tls: TlsMaterial) -> None:
    children.track()
    # These read the environment when they are imported.
    from . import extension

    extension.install()

    from hypercorn.asyncio import serve as hypercorn_serve
    from ministack.app import app as ministack_app

    from .control import Control

    # Not a handler of the event loop: that one would wait for whatever keeps the loop busy.
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: _end(settings))

    async def forever() -> None:
        never = asyncio.Event()
        application = Control(ministack_app, settings)
        await hypercorn_serve(application, _hypercorn(settings, tls), shutdown_trigger=never.wait)

    asyncio.run(forever())


def _end(settings: Settings) -> None:
    """End at once: nothing here outlives the process, and a function may run for minutes.

    A graceful end would wait for idle connections, worker threads and the functions they wait for.
    """
    children.kill_all()
    shutil.rmtree(settings.temporary, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _hypercorn(settings: Settings, tls: TlsMaterial) -> Any:
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"{LOOPBACK}:{settings.port}"]
    config.insecure_bind = [f"{LOOPBACK}:{settings.http_port}"]
    config.certfile, config.keyfile = str(tls.certificate), str(tls.key)
    config.keep_alive_timeout = 75
    config.loglevel = settings.log_level
    return config


def _require_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise AlreadyInUse(f"port {port} on {LOOPBACK} cannot be used: {error.strerror}") from error


@contextlib.contextmanager
def _exclusive(state: Path) -> Iterator[None]:
    """Hold the state directory; the kernel lets go of it even if this process is killed."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise AlreadyInUse(
                f"state directory '{state}' is in use by process {lock.read().strip() or 'unknown'}"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
