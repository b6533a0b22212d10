"""A REST API answers who signs and may, and nobody else (D-08)."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from conftest import LocalAws, Stacks
from drills import policy, unique
from templates import api as template


def _caller(local: LocalAws, *statements: dict[str, Any]) -> Credentials:
    iam, name = local.client("iam"), unique("caller")
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=policy(*statements))
    pair = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(pair["AccessKeyId"], pair["SecretAccessKey"])


def _get(local: LocalAws, api: str, credentials: Credentials | None) -> tuple[int, str]:
    url = f"https://localhost:{local.port}/restapis/{api}/prod/_user_request_/data"
    request = AWSRequest("GET", url)
    if credentials:
        SigV4Auth(credentials, "execute-api", "us-east-1").add_auth(request)
    authority = ssl.create_default_context(cafile=str(local.authority))
    try:
        asked = urllib.request.Request(url, headers=dict(request.headers))
        with urllib.request.urlopen(asked, context=authority, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_a_mock_answers_who_signs_and_may(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("signed", template.RESOURCES)
    api = stacks.physical_id("signed", "Api")
    arn = f"arn:aws:execute-api:us-east-1:000000000000:{api}/prod/GET/data"
    may = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}
    assert _get(local, api, _caller(local, may)) == (200, '{"message":"hello"}')
    assert _get(local, api, None)[0] == 403
    assert _get(local, api, _caller(local))[0] == 403
