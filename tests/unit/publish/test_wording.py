"""Sentences and figures for readers, by their rules."""

from typing import Any

import polars as pl
import pytest

from pipelines.publish import wording

SURE = {"p_first_low": 0.6, "p_first_high": 0.9}


def ranking(*rows: tuple[str, float, bool]) -> pl.DataFrame:
    columns = [
        {"rank": rank, "city": city, "p_first": p, "can_be_first": can} | SURE for rank, (city, p, can) in enumerate(rows, 1)
    ]
    return pl.DataFrame(columns)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            [("Alba", 0.97, True), ("Brno", 0.03, False)],
            "Alba leads (first with probability 0.97, 0.60–0.90 over other ways to make the score): no other city can be first.",
        ),
        (
            [("Alba", 0.8, True), ("Brno", 0.2, True), ("Cork", 0.0, False), ("Deal", 0.0, True)],
            "Alba has the best shot (first with probability 0.80, 0.60–0.90 over other ways to make the score) but is not "
            "separable from Brno and Deal.",
        ),
        (
            [("Alba", 0.35, True), ("Brno", 0.65, True)],
            "Alba ranks first by the median score, but Brno is first with greater probability (0.65 against 0.35): they are not "
            "separable.",
        ),
    ],
)
def test_no_more_is_said_than_the_draws_carry(rows: list[tuple[str, float, bool]], says: str) -> None:
    assert wording.headline(ranking(*rows)) == says


def test_nobody_leads_where_nobody_is_ranked() -> None:
    assert wording.headline(ranking(("Alba", 1.0, True)).clear()) == "No city is known well enough for a rank."


def test_of_many_names_the_rest_is_counted() -> None:
    assert wording.listed(["a"]) == "a"
    assert wording.listed(list("abcdef")) == "a, b, c, d, e and f"
    assert wording.listed(list("abcdefg")) == "a, b, c, d, e and 2 others"


@pytest.mark.parametrize(
    ("value", "says"), [(0, "0.00"), (0.004, "<0.01"), (0.005, "0.01"), (0.99, "0.99"), (0.999, ">0.99"), (1, "1.00")]
)
def test_a_probability_is_certain_only_if_no_draw_says_otherwise(value: float, says: str) -> None:
    assert wording.probability(value) == says


def test_a_range_without_width_is_one_number() -> None:
    assert wording.over_other_ways({"p_first_low": 0.0, "p_first_high": 0.0}) == "0.00"
    assert wording.over_other_ways({"p_first_low": 0.0, "p_first_high": 0.001}) == "0.00–<0.01"


@pytest.mark.parametrize(
    ("times_less", "says"),
    [
        (0.5, "2.0 times"),
        (1.0, "1"),
        (1.4, "3/4"),
        (2.0, "1/2"),
        (2.43, "2/5"),
        (3.2, "1/3"),
        (9.4, "1/9"),
        (238.0, "1/240"),
        (2000.0, "<1/1,000"),
    ],
)
def test_a_share_of_the_benchmark_is_a_fraction_one_can_say(times_less: float, says: str) -> None:
    assert wording.of_benchmark(times_less) == says


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"scores_moved": 214, "most_moved": "Shenzhen", "most_moved_by": 6.04}, "moved 214 cities, most Shenzhen by +6.0"),
        ({"scores_moved": 1, "most_moved": "Wuxi", "most_moved_by": -0.7}, "moved 1 city, most Wuxi by -0.7"),
        ({"scores_moved": 2, "most_moved": None, "most_moved_by": None}, "moved 2 cities"),
        ({"scores_moved": 0, "most_moved": None, "most_moved_by": None}, "moved no city by half a point"),
    ],
)
def test_a_list_is_named_with_what_it_moved(row: dict[str, Any], says: str) -> None:
    about = {"list": "itjuzi", "quantity": "deals_received", "n": 15118.0}
    assert wording.moved(about | row) == f"itjuzi (deals_received): 15,118 rows, {says}"
