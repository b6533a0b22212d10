"""The server: ministack's application with our extension, over TLS and plain HTTP, on loopback only.

Plain HTTP is served so that a policy which refuses it can be seen to refuse it; it is not a way in for clients.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from . import environment
from .authority import TlsMaterial, ensure_tls
from .environment import LOOPBACK, Settings

EXIT_IN_USE = 3
# `stop` promises an end within five seconds, whatever a function is doing.
_GRACE_SECONDS = 1.0
_DEADLINE_SECONDS = 4.0


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


def install_extension() -> None:
    """Check that ministack is the one we know, then add everything that it lacks."""
    from . import extension

    extension.install()


def _run(settings: Settings, tls: TlsMaterial) -> None:
    from . import children

    children.track()
    install_extension()

    from hypercorn.asyncio import serve as hypercorn_serve
    from ministack.app import app as ministack_app

    from .control import Control

    with contextlib.suppress(ValueError):
        logging.getLogger().setLevel(settings.log_level)
    application = Control(ministack_app, settings)

    async def until_stopped() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, stop.set)

        async def stopped() -> None:
            await stop.wait()
            _end_for_sure_in(_DEADLINE_SECONDS)

        await hypercorn_serve(application, _hypercorn(settings, tls), shutdown_trigger=stopped)

    asyncio.new_event_loop().run_until_complete(until_stopped())
    # Worker threads may wait on functions that never end: leave without joining them.
    _end_now()


def _hypercorn(settings: Settings, tls: TlsMaterial):  # noqa: ANN202 - the type exists only once ministack is set up
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"{LOOPBACK}:{settings.port}"]
    config.insecure_bind = [f"{LOOPBACK}:{settings.http_port}"]
    config.certfile, config.keyfile = str(tls.certificate), str(tls.key)
    config.keep_alive_timeout = 75
    config.graceful_timeout = _GRACE_SECONDS
    config.loglevel = settings.log_level
    return config


def _end_for_sure_in(seconds: float) -> None:
    timer = threading.Timer(seconds, _end_now)
    timer.daemon = True
    timer.start()


def _end_now() -> None:
    from . import children

    children.kill_all()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


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
