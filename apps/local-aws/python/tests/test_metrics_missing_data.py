"""The examples of AWS's documentation: what an alarm makes of missing data."""

from __future__ import annotations

import pytest

from tapstack_local_aws.metrics.missing_data import Rule, state

RETAINED = "as it was"
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
OF = {"0": False, "X": True, "-": None}


def outcomes(periods: str, evaluation_periods: int, datapoints_to_alarm: int) -> list[str]:
    breaching = [OF[each] for each in periods.split()]
    return [state(Rule(evaluation_periods, datapoints_to_alarm, each), breaching, RETAINED) for each in TREATMENTS]


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ("0 - X - X", ["OK", "OK", "OK", "OK"]),
        ("- - - - 0", ["OK", "OK", "OK", "OK"]),
        ("- - - - -", ["INSUFFICIENT_DATA", RETAINED, "ALARM", "OK"]),
        ("0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
        ("- - X - -", ["ALARM", RETAINED, "ALARM", "OK"]),
    ],
)
def test_three_of_three(periods: str, expected: list[str]) -> None:
    assert outcomes(periods, 3, 3) == expected


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ("0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
        ("0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
        ("0 - X - -", ["OK", "OK", "ALARM", "OK"]),
        ("- - - - 0", ["OK", "OK", "ALARM", "OK"]),
        ("- - - X -", ["ALARM", RETAINED, "ALARM", "OK"]),
    ],
)
def test_two_of_three(periods: str, expected: list[str]) -> None:
    assert outcomes(periods, 3, 2) == expected


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ("- - X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
        ("0 - -", ["OK", "OK", "OK", "OK"]),
        ("- - -", ["INSUFFICIENT_DATA", RETAINED, "ALARM", "OK"]),
    ],
)
def test_one_of_one_looks_further_back_before_data_are_missing(periods: str, expected: list[str]) -> None:
    assert outcomes(periods, 1, 1) == expected


def test_bad_data_that_are_too_young_do_not_yet_count() -> None:
    assert outcomes("- - - - X", 3, 3)[0] == RETAINED
