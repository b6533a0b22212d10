"""The evaluator says of every example in AWS's documentation what the documentation says of it.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tapstack_local_aws.metric_filters import InvalidPattern, compiled

TRAIL = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "ThisFlag": True,
}
PEOPLE = {
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane.Doe@example.com"}],
    "actions": ["GET", "PUT", "DELETE"],
    "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
}
MEASURED = {
    "latency": 1500,
    "numbers": [0.005, 20],
    "processes": [{}, {}, {}, {}, {"averageRuntime": 55.5}],
    "errorCode": 400,
    "status": "404",
    "cluster.name": "blue",
}
CALLS = [
    '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /apache_pb.gif HTTP/1.0" 200 1534',
    '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /index.html HTTP/1.0" 404 5324',
    '127.0.0.1 - frank [10/Oct/2000:13:50:35 -0700] "GET /apache_pb.gif HTTP/1.0" 500 4355',
]


@pytest.mark.parametrize(
    ("pattern", "event", "expected"),
    [
        ('{ $.eventType = "UpdateTrail" }', TRAIL, True),
        ("{ $.eventType = UpdateTrail }", TRAIL, True),
        ('{ $.eventType = "updateTrail" }', TRAIL, False),
        ("{ $.sourceIPAddress != 123.123.* }", TRAIL, True),
        ("{ $.sourceIPAddress != 111.111.* }", TRAIL, False),
        ('{ $.arrayKey[0] = "value" }', TRAIL, True),
        ('{ $.arrayKey[1] = "value" }', TRAIL, False),
        ('{ $.eventType[0] = "UpdateTrail" }', TRAIL, False),
        ("{ $.objectList[1].id = 2 }", TRAIL, True),
        ("{ $.objectList[7].id = 2 }", TRAIL, False),
        ("{ $.objectList[*].id = 2 }", TRAIL, True),
        ("{ $.objectList[*].id = 3 }", TRAIL, False),
        ("{ $.SomeObject IS NULL }", TRAIL, True),
        ("{ $.eventType IS NULL }", TRAIL, False),
        ("{ $.SomeOtherObject IS NULL }", TRAIL, False),
        ("{ $.SomeOtherObject NOT EXISTS }", TRAIL, True),
        ("{ $.SomeObject NOT EXISTS }", TRAIL, False),
        ("{ $.ThisFlag IS TRUE }", TRAIL, True),
        ("{ $.ThisFlag IS FALSE }", TRAIL, False),
        ("{ $.eventType = *Trail }", TRAIL, True),
        ('{ $.eventType = "Update*" }', TRAIL, True),
        ('{ $.eventType = "*dateTr*" }', TRAIL, True),
        ('{ $.eventType = "Up*Trail" }', TRAIL, False),
        ("{ $.eventType = * }", TRAIL, True),
        ("{ $.SomeOtherObject = * }", TRAIL, False),
        ("{ $.eventType = %Tr[ae]il$% }", TRAIL, True),
        ("{ $.eventType = %^Trail% }", TRAIL, False),
        ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', PEOPLE, True),
        ('{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', PEOPLE, False),
        (
            '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }',
            PEOPLE,
            True,
        ),
        (
            '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = no) && $.actions[2] = nomatch }',
            PEOPLE,
            False,
        ),
        ("{ $.users = 1 }", {"users": [1, 2, 3]}, False),
        ("{ $.users != 1 }", {"users": [1, 2, 3]}, False),
        ("{ $.latency >= 500 }", MEASURED, True),
        ("{ $.numbers[0] < 10e3 }", MEASURED, True),
        ("{ $.numbers[0] < 10e-3 }", MEASURED, True),
        ("{ $.numbers[1] < 10e-3 }", MEASURED, False),
        ("{ $.processes[4].averageRuntime <= 55.5 }", MEASURED, True),
        ("{ $.processes[4].averageRuntime < 55.5 }", MEASURED, False),
        ("{ $.errorCode = 400 }", MEASURED, True),
        ("{ $.errorCode = 400.0 }", MEASURED, True),
        ("{ $.errorCode != 500 }", MEASURED, True),
        ("{ $.errorCode = 4* }", MEASURED, True),
        ("{ $.latency > +1000 }", MEASURED, True),
        ("{ $.latency > 1500 }", MEASURED, False),
        ("{ $.status > 100 }", MEASURED, False),
        ("{ $.['cluster.name'] = blue }", MEASURED, True),
        ("{$.foo = bar || $.foo = baz }", {"foo": "baz"}, True),
        ("{$.foo = bar}", {"foo": "baz"}, False),
    ],
)
def test_json_examples(pattern: str, event: dict[str, Any], expected: bool) -> None:
    assert compiled(pattern).matches(json.dumps(event)) is expected


@pytest.mark.parametrize("message", ["plain text", "[1, 2]", "{ broken"])
def test_a_json_pattern_matches_json_objects_only(message: str) -> None:
    assert not compiled("{ $.a NOT EXISTS }").matches(message)


def test_whether_an_absent_field_differs_is_the_readers_choice() -> None:
    pattern = compiled('{ $.mfa != "Yes" }')
    assert [pattern.matches("{}"), pattern.matches("{}", absent_differs=True)] == [False, True]
    assert not compiled('{ $.mfa = "Yes" }').matches("{}", absent_differs=True)


BOTH, ERROR, WARN = "ERROR WARN message", "ERROR message", "WARN message"


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("", [BOTH, ERROR, WARN]),
        ("ERROR", [BOTH, ERROR]),
        ("?ERROR ?WARN", [BOTH, ERROR, WARN]),
        ("ERROR WARN", [BOTH]),
        ("ERROR -WARN", [ERROR]),
        ('"WARN message"', [BOTH, WARN]),
        ("error", []),
        ("%^WARN%", [WARN]),
        ("[w1=ERROR, w2]", [ERROR]),
        ("[w1=ERROR || w1=WARN, w2]", [ERROR, WARN]),
        ("[w1=ERROR, w2=%^WARN$%, ...]", [BOTH]),
    ],
)
def test_term_examples(pattern: str, matched: list[str]) -> None:
    assert [message for message in (BOTH, ERROR, WARN) if compiled(pattern).matches(message)] == matched


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("[ip, user, username, timestamp, request, status_code, bytes]", [0, 1, 2]),
        ("[ip, user, username, timestamp, request, status_code]", []),
        ("[..., status_code, bytes]", [0, 1, 2]),
        ("[ip, user, ..., status_code, bytes]", [0, 1, 2]),
        ("[ip, user, ...]", [0, 1, 2]),
        ("[ip, user, username, timestamp, request, status_code, bytes > 2000]", [1, 2]),
        ("[ip, user, username, timestamp, request, status_code = 200, bytes]", [0]),
        ("[ip, user, username, timestamp, request, status_code = 4*, bytes]", [1]),
        ("[ip, user, username, timestamp, request = *html*, status_code = 4*, bytes]", [1]),
        ("[ip, user, username, timestamp, request != *html*, status_code, bytes]", [0, 2]),
        ("[..., status_code = 4* && status_code != 403, bytes]", [1]),
        ("[ip, user, username, timestamp, request, status_code = 404 || status_code = 500, bytes]", [1, 2]),
    ],
)
def test_space_delimited_examples(pattern: str, matched: list[int]) -> None:
    assert [at for at, message in enumerate(CALLS) if compiled(pattern).matches(message)] == matched


def test_fields_are_extracted_under_their_names_or_numbers() -> None:
    assert compiled("[..., request=*.html*, status_code=4*,]").extracted(CALLS[1]) == {
        "$1": "127.0.0.1",
        "$2": "-",
        "$3": "frank",
        "$4": "10/Oct/2000:13:35:22 -0700",
        "$request": "GET /index.html HTTP/1.0",
        "$status_code": "404",
        "$7": "5324",
    }


@pytest.mark.parametrize(
    "pattern",
    [
        "{ }",
        "{ $.a }",
        "{ $.a = }",
        "{ $.a = b",
        "{ $.a = b } c",
        "{ ($.a = b }",
        "{ a = b }",
        "{ $.a == b }",
        "{ $.a = b && }",
        "{ $.a = 'b' }",
        "{ $.a = b@c }",
        '{ $.a < "b" }',
        "{ $.a IS MISSING }",
        "{ $.a = %(b)% }",
        "{ $.a = %[% }",
        "[a, b",
        "[a, ..., b, ...]",
        "[a = b && c = d]",
    ],
)
def test_fails_on_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(InvalidPattern):
        compiled(pattern)


@pytest.mark.parametrize(
    ("pattern", "message", "expected"),
    [
        ('{ $.mfa != "Yes" }', '{"mfa": "No"}', "true"),
        ('{ $.mfa != "Yes" }', '{"mfa": "Yes"}', "false"),
        ('{ $.mfa != "Yes" }', "{}", "undecided"),
        ("{ $.mfa == No }", "{}", "invalid"),
    ],
)
def test_other_programs_get_an_answer_only_where_there_is_one(pattern: str, message: str, expected: str) -> None:
    answered = subprocess.run(
        [sys.executable, "-m", "tapstack_local_aws.metric_filters"],
        cwd=Path(__file__).parents[1],
        input=json.dumps([{"pattern": pattern, "message": message}]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert expected in answered.stdout
