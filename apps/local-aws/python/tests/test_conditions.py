"""Conditions that join, as the CDK's bootstrap template has them."""

import pytest
from conftest import Stacks


@pytest.mark.parametrize(("accounts", "answer"), [("", "nobody"), ("111111111111", "somebody"), ("1,2", "somebody")])
def test_a_condition_joins_before_it_compares(stacks: Stacks, accounts: str, answer: str) -> None:
    outputs = stacks.deploy(
        "conditions",
        {"Queue": {"Type": "AWS::SQS::Queue"}},
        Parameters={"Accounts": {"Type": "CommaDelimitedList", "Default": accounts}},
        Conditions={"Trusts": {"Fn::Not": [{"Fn::Equals": ["", {"Fn::Join": ["", {"Ref": "Accounts"}]}]}]}},
        Outputs={"Answer": {"Value": {"Fn::If": ["Trusts", "somebody", "nobody"]}}},
    )
    assert outputs["Answer"] == answer
