"""The comparer behind the ledger: what counts as the same, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from tapstack_local_aws.ledger.comparison import differences

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Principal": "*"}


@pytest.mark.parametrize(
    ("wanted", "actual"),
    [
        ("30", 30),
        ("true", True),
        ("0.5", 0.5),
        (80, 80.0),
        ({"A": 1}, {"A": "1", "Generated": "x"}),
        (["a", "b"], ["b", "a"]),
        ([{"Key": "a", "Value": "1"}], [{"Value": 1, "Key": "a"}]),
        ({"a": {"b": []}}, {"a": {}}),
        ('{"Version": "2012-10-17"}', {"Version": "2012-10-17"}),
        ({"Statement": STATEMENT}, {"Statement": [{**STATEMENT, "Action": ["s3:GetObject"]}]}),
        ({"Statement": [STATEMENT]}, {"Statement": [{**STATEMENT, "Principal": {"AWS": "*"}}]}),
        (
            {"Statement": [{**STATEMENT, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]},
            {"Statement": [{**STATEMENT, "Condition": {"Bool": {"aws:SecureTransport": [False]}}}]},
        ),
        ("1234abcd", "arn:aws:kms:us-east-1:000000000000:key/1234abcd"),
        ("topic", "arn:aws:sns:us-east-1:000000000000:topic"),
    ],
)
def test_the_same_in_another_spelling(wanted: Any, actual: Any) -> None:
    assert differences("P", wanted, actual) == []


@pytest.mark.parametrize(
    ("wanted", "actual"),
    [
        (30, 31),
        (True, False),
        ("true", None),
        ("a", "A"),
        ("007", 7),
        ({"A": 1}, {}),
        (["a"], ["a", "b"]),
        (["a", "a"], ["a"]),
        ([{"Key": "a", "Value": "1"}], [{"Key": "a", "Value": "2"}]),
        ({"Statement": [STATEMENT]}, {"Statement": [{**STATEMENT, "Effect": "Deny"}]}),
        ({"Statement": [STATEMENT]}, {"Statement": []}),
        ("key", "arn:aws:kms:us-east-1:000000000000:key/monkey"),
    ],
)
def test_not_the_same(wanted: Any, actual: Any) -> None:
    assert differences("P", wanted, actual) != []


def test_a_difference_says_where_and_what() -> None:
    wanted = {"Rules": [{"Id": "a", "Days": 30}, {"Id": "b", "Days": 60}]}
    actual = {"Rules": [{"Id": "b", "Days": 61}, {"Id": "a", "Days": 30}]}
    assert differences("Lifecycle", wanted, actual) == [
        {"path": "Lifecycle.Rules[1].Days", "expected": "60", "actual": "61"}
    ]


def test_what_is_absent_is_called_absent() -> None:
    assert differences("P", "x", None) == [{"path": "P", "expected": "x", "actual": "(absent)"}]


def test_extras_are_differences_unless_allowed() -> None:
    tags = [{"Key": "a", "Value": "1"}]
    more = [*tags, {"Key": "aws:cloudformation:stack-name", "Value": "s"}]
    assert differences("Tags", tags, more, extras_allowed=True) == []
    assert differences("Tags", tags, more) != []
