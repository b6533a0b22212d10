"""The command line: `serve` in the foreground, `ca` for the path of the authority that clients must trust."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .authority import authority_path, ensure_tls
from .environment import Settings
from .server import serve


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"a port is between 1 and 65535, got {text}")
    return port


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tapstack-local-aws", description="A local AWS on loopback.")
    commands = parser.add_subparsers(dest="command", required=True)

    serving = commands.add_parser("serve", help="run in the foreground until SIGTERM")
    serving.add_argument("--port", type=_port, required=True, help="TLS port, what clients use")
    serving.add_argument("--http-port", type=_port, required=True, help="plain HTTP port, what policies refuse")
    serving.add_argument("--state", type=Path, required=True, help="the only directory that is written to")
    serving.add_argument("--node-path", default="", help="node_modules with the @aws-sdk clients of functions")
    serving.add_argument("--region", default="us-east-1", help="region of unsigned calls (default: %(default)s)")
    serving.add_argument(
        "--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING", "ERROR"], help="default: %(default)s"
    )

    authority = commands.add_parser("ca", help="print the path of the authority's certificate")
    authority.add_argument("--state", type=Path, required=True)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "ca":
        ensure_tls(options.state.resolve())
        print(authority_path(options.state.resolve()))
        return 0
    if options.port == options.http_port:
        parser.error(f"'--port' and '--http-port' must differ, got {options.port} for both")
    return serve(
        Settings(
            port=options.port,
            http_port=options.http_port,
            state=options.state.resolve(),
            node_path=options.node_path,
            region=options.region,
            log_level=options.log_level,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
