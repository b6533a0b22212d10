"""SDK clients for the emulator's own public API, as CloudFormation itself would call it.

Calls carry the account and region of the request being served, so that resources land where the stack lives. They
must not be made on the event loop: the loop has to be free to answer them.
"""

from __future__ import annotations

import os
import threading
from typing import Any

import boto3
from botocore.config import Config
from ministack.core.responses import get_account_id, get_region

_DEFAULT_ACCOUNT = "000000000000"
# The name by which CloudTrail records calls that CloudFormation makes for a stack.
_CALLER = "cloudformation.amazonaws.com"

_clients: dict[tuple[str, str, str], Any] = {}
_lock = threading.Lock()


def client(service: str) -> Any:
    """Return a client with the root keys, in the account and region of the current request."""
    account, region = get_account_id(), get_region()
    where = (service, account, region)
    with _lock:  # making a client is not thread-safe and slow; using one is neither
        if where not in _clients:
            _clients[where] = boto3.session.Session().client(
                service,
                endpoint_url=f"https://127.0.0.1:{os.environ['GATEWAY_PORT']}",
                region_name=region,
                verify=os.environ["AWS_CA_BUNDLE"],
                # ministack takes an account's number as the root key of that account.
                aws_access_key_id="test" if account == _DEFAULT_ACCOUNT else account,
                aws_secret_access_key="test",
                config=Config(
                    retries={"total_max_attempts": 1},
                    max_pool_connections=32,
                    user_agent=_CALLER,
                    s3={"addressing_style": "path"},
                ),
            )
        return _clients[where]
