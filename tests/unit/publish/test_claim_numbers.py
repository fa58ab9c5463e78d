"""Numbers of the claims as text, and the signs that stand with them."""

from typing import Any

import pytest

from pipelines.publish import claim_numbers


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(0.986, 0.994, "≥0.98"), (0.996, 1.0, "≥0.99"), (0.96, 0.994, "0.96–0.99"), (0.451, 0.452, "0.45"), (1.1, 1.1, "1.10")],
)
def test_interval_too_narrow_for_two_decimals_says_what_it_can(low: float, high: float, says: str) -> None:
    assert claim_numbers.ends("2", low, high) == says


@pytest.mark.parametrize(
    ("claim", "low", "high", "says", "sentence"),
    [
        ("3b", 0.5036, 1.0, "0.504–1.00", "50.4% to 100%"),
        ("3b", 0.5, 1.0, "0.50–1.00", "50% to 100%"),
        ("1", 0.6502, 0.7496, "0.6502–0.7496", "65.02% to 74.96%"),
        ("8", 0.01, 0.2497, "0.01–0.2497", "1% to 24.97%"),
        ("8", 0.013, 0.175, "0.01–0.18", "1% to 18%"),
        ("14", 0.988, 0.9953, "0.98–1.00", "at least 98%"),
        ("13", 0.9, 1.249, "0.90–1.249", "0.90 to 1.249"),
        ("6", -0.004, 0.03, "-0.004–0.03", "0.996 to 1.03"),
    ],
)
def test_a_number_is_not_rounded_to_a_threshold(claim: str, low: float, high: float, says: str, sentence: str) -> None:
    assert claim_numbers.ends(claim, low, high) == says
    assert claim_numbers.SCALES[claim].interval(low, high) == sentence


def test_what_was_measured_is_an_interval_a_statistic_or_nothing() -> None:
    row = {"claim": "2", "estimate": 0.501, "low": None, "high": None}
    assert claim_numbers.measured(row) == "0.501"
    assert claim_numbers.measured(row | {"low": 0.4, "high": 0.6}) == "0.40–0.60"
    assert claim_numbers.measured(row | {"estimate": None}) == ""


def test_a_claim_without_a_scale_shows_its_numbers_alone() -> None:
    assert claim_numbers.unit("99") == "statistic"
    assert claim_numbers.measured({"claim": "99", "estimate": 0.5, "low": 0.4, "high": 0.6}) == "0.40–0.60"


@pytest.mark.parametrize(
    ("changes", "signs"),
    [
        ({}, ""),
        ({"first_year": None, "last_year": None}, "*"),
        ({"is_partly_undated": True}, "*"),
        ({"is_same_measure": False}, "†"),
        ({"range_is": "precision of the simulation"}, "‡"),
        ({"bound_low": 0.0}, "§"),
        ({"first_year": 2007}, "¶"),
        ({"low": None, "range_is": None, "last_year": None, "is_same_measure": False}, "*†"),
    ],
)
def test_signs_of_a_claim_have_one_meaning_each(changes: dict[str, Any], signs: str) -> None:
    row = {"first_year": 2020, "last_year": 2023, "is_same_measure": True, "low": 0.1, "range_is": "90% interval"}
    row |= {"is_partly_undated": False, "bound_low": None}
    assert claim_numbers.signs(row | changes, "2020–2023") == signs
    assert set(signs) <= set(claim_numbers.SIGNS)
