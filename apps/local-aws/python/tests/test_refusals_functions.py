"""Code that stands in a template is in a language that AWS takes there, and in the file that it makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from drills import rolled_back, unique
from templates.parts import get, resource, trusted_by

SOURCE = "exports.handler = async () => 'it ran';"


def inline(runtime: str, handler: str = "index.handler") -> dict[str, Any]:
    return {
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("lambda")),
        "Function": resource(
            "Lambda::Function", Runtime=runtime, Handler=handler, Code={"ZipFile": SOURCE}, Role=get("Role", "Arn")
        ),
    }


@pytest.mark.parametrize("runtime", ["java21", "ruby3.3", "provided.al2023"])
def test_inline_code_runtime(stacks: Any, runtime: str) -> None:
    assert "ZipFile can only be used when Runtime is set to" in rolled_back(stacks, inline(runtime))


def test_inline_code_runtime_of_an_update(stacks: Any) -> None:
    stacks.deploy(name := unique("inline"), inline("nodejs22.x"))
    with pytest.raises(pytest.fail.Exception, match="ZipFile can only be used"):
        stacks.deploy(name, inline("java21"))


def test_inline_code_file(client: Callable[..., Any], stacks: Any) -> None:
    functions = client("lambda")
    stacks.deploy(name := unique("inline"), inline("nodejs22.x"))
    answer = functions.invoke(FunctionName=stacks.physical_id(name, "Function"))
    assert json.load(answer["Payload"]) == "it ran"

    stacks.deploy(name := unique("inline"), inline("nodejs22.x", "main.handler"))
    answer = functions.invoke(FunctionName=stacks.physical_id(name, "Function"))
    assert answer["FunctionError"] == "Unhandled"
    assert "main" in answer["Payload"].read().decode()
