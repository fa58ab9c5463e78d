"""Sentences and figures for readers, by their rules."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK
from pipelines.publish import texts, wording

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
            [("Alba", 0.08, False), ("Brno", 0.07, False)],
            "Alba ranks first in China, but its chance of being first is only 8%: many cities are level.",
        ),
        (
            [("Alba", 0.97, True), ("Brno", 0.03, False)],
            "Alba is the likeliest next Silicon Valley in China: its chance of ranking first is 97%.",
        ),
        (
            [(BENCHMARK, 0.97, True), ("Brno", 0.03, False)],
            "San Francisco Bay Area is ahead of every other city in China: its chance of ranking first is 97%.",
        ),
        (
            [("Alba", 0.8, True), ("Brno", 0.2, True), ("Cork", 0.0, False)],
            "Alba is the likeliest next Silicon Valley in China: its chance of ranking first is 80%. Only Brno (20%) "
            "could be first instead.",
        ),
        (
            [("Alba", 0.8, True), ("Brno", 0.1, True), ("Cork", 0.0, False), ("Deal", 0.1, True)],
            "Alba is the likeliest next Silicon Valley in China: its chance of ranking first is 80%. Only Brno and Deal could "
            "be first instead.",
        ),
        (
            [(BENCHMARK, 0.8, True), ("Brno", 0.2, True)],
            "San Francisco Bay Area itself ranks first in China, with a chance of 80%. Only Brno (20%) could be first instead.",
        ),
        (
            [("Alba", 0.35, True), ("Brno", 0.65, True)],
            "Alba ranks first in China by its median score, but Brno has the greater chance of being first (65% against 35%).",
        ),
    ],
)
def test_no_more_is_said_than_the_draws_carry(rows: list[tuple[str, float, bool]], says: str) -> None:
    assert wording.headline(ranking(*rows).to_dicts(), "CN") == says


def test_nobody_leads_where_nobody_is_ranked() -> None:
    assert wording.headline([], "CN") == "No city is known well enough for a rank."


@pytest.mark.parametrize(
    ("scope", "english", "chinese"),
    [
        ("world", "the world", "全球"),
        ("IN", "India", "印度"),
        ("US", "the United States", "美国"),
        ("NL", "the Netherlands", "荷兰"),
        ("AD", "Andorra", "Andorra"),
    ],
)
def test_the_headline_says_whose_cities_are_ranked(scope: str, english: str, chinese: str) -> None:
    assert f" in {english}: its chance" in wording.headline(ranking(("Alba", 0.97, True)).to_dicts(), scope)
    with texts.language("zh", {}):
        assert wording.headline(ranking(("Alba", 0.97, True)).to_dicts(), scope).startswith(f"在{chinese}，Alba")


def test_of_many_names_the_rest_is_counted() -> None:
    assert wording.listed(["a"]) == "a"
    assert wording.listed(list("abcdef")) == "a, b, c, d, e and f"
    assert wording.listed(list("abcdefg")) == "a, b, c, d, e and 2 others"


@pytest.mark.parametrize(
    ("value", "says"), [(0, "<1%"), (0.009, "<1%"), (0.01, "1%"), (0.86, "86%"), (0.999, ">99%"), (1, ">99%")]
)
def test_a_chance_is_never_shown_as_impossible_or_certain(value: float, says: str) -> None:
    assert wording.chance(value) == says


def test_a_range_without_width_is_one_number() -> None:
    assert wording.over_other_ways({"p_first_low": 0.0, "p_first_high": 0.001}) == "<1%"
    assert wording.over_other_ways({"p_first_low": 0.6, "p_first_high": 0.95}) == "60–95%"
    assert wording.over_other_ways({"p_first_low": 0.6, "p_first_high": 0.999}) == "at least 60%"
    assert wording.over_other_ways({"p_first_low": 0.898, "p_first_high": 0.999}) == "at least 89%"


@pytest.mark.parametrize(("share", "percent"), [(0.898, 89), (0.9, 90), (0.29, 29), (0.999, 99), (1.0, 99), (0.986, 98)])
def test_what_is_at_least_is_rounded_down(share: float, percent: int) -> None:
    assert wording.at_least(share) == f"at least {percent}%"


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(0.986, 0.994, "≥0.98"), (0.996, 1.0, "≥0.99"), (0.96, 0.994, "0.96–0.99"), (0.451, 0.452, "0.45"), (1.1, 1.1, "1.10")],
)
def test_interval_too_narrow_for_two_decimals_says_what_it_can(low: float, high: float, says: str) -> None:
    assert wording.ends(low, high) == says


@pytest.mark.parametrize(
    ("times_less", "times", "share"),
    [
        (0.25, "0.25", "4 times"),
        (1.0, "1", "about as much as"),
        (1.11, "1.1", "about as much as"),
        (1.12, "1.1", "four fifths of"),
        (3.43, "3.4", "a third of"),
        (1.37, "1.4", "three quarters of"),
        (1.43, "1.4", "two thirds of"),
        (1.7, "1.7", "three fifths of"),
        (2.04, "2", "half of"),
        (2.6, "2.6", "two fifths of"),
        (5.67, "5.7", "a sixth of"),
        (9.4, "9.4", "a ninth of"),
        (20.4, "20", "a twentieth of"),
        (238.0, "240", "1/240 of"),
        (999.0, "1000", "1/1,000 of"),
        (1000.0, ">1,000", "less than 1/1,000 of"),
        (2000.0, ">1,000", "less than 1/1,000 of"),
    ],
)
def test_a_distance_is_a_number_and_a_share_one_can_say(times_less: float, times: str, share: str) -> None:
    assert wording.times(times_less) == times
    assert wording.share_of_benchmark(times_less) == share


def test_the_share_that_is_said_is_the_nearest() -> None:
    values = {say: share for share, say in wording._SHARES.items()}
    for less in np.geomspace(wording.LEVEL[0], 20.4, 500):
        said = values[wording.share_of_benchmark(float(less))]
        assert abs(np.log(said * less)) == pytest.approx(min(abs(np.log(share * less)) for share in values.values()))
        assert 0.86 < said * less < 1.16, less


@pytest.mark.parametrize(
    ("value", "says"),
    [(0.0, "0.00"), (0.0004, "<0.001"), (0.0123, "0.012"), (1.0, "1.00"), (12.34, "12.3"), (1234.5, "1,234"), (-0.5, "-0.50")],
)
def test_an_amount_has_the_decimals_that_a_reader_can_use(value: float, says: str) -> None:
    assert wording.amount(value) == says


def test_what_the_benchmark_lacks_is_said_to_be_left_out() -> None:
    rows = [
        {"measure": measure, "pillar": pillar, "pillar_name": pillar, "name": name, "goalpost": goalpost}
        for measure, pillar, name, goalpost in (
            ("Readiness", "schools", "Research", "benchmark"),
            ("Readiness", "schools", "Graduates", "leader"),
            ("Readiness", "deals", "Deals", "benchmark"),
            ("Readiness", "talent", "Migrants", "leader"),
            ("Realised", "exits", "Exits", "leader"),
        )
    ]
    assert wording.compared(rows) == ", of schools only research, without talent"
    assert wording.compared(rows[2:3]) == ""


def test_a_distance_is_said_with_its_interval() -> None:
    row = {"city": "Alba", "times_less": 5.67, "times_less_low": 1.95, "times_less_high": 15.8}
    assert (
        wording.how_far(row, "Bay")
        == "Alba has a sixth of what the Bay has: 5.7 times less (90% interval: 1.9 to 16 times less)."
    )
    assert wording.times_less(row) == "5.7 (1.9–16)"
    assert wording.how_far(row | {"times_less_low": 0.77}, "Bay") == (
        "Alba has a sixth of what the Bay has: 5.7 times less (90% interval: from 1.3 times as much to 16 times less)."
    )
    either = row | {"times_less": 1.0, "times_less_low": 0.5, "times_less_high": 4.0}
    assert wording.how_far(either, "Bay") == (
        "Whether Alba has more or less than the Bay is not known (90% interval: from 2 times as much to 4 times less)."
    )
    ahead = row | {"times_less": 0.5, "times_less_low": 0.25, "times_less_high": 0.8}
    assert wording.how_far(ahead, "Bay") == "Alba has 2 times what the Bay has (90% interval: 1.2 to 4 times as much)."


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


@pytest.mark.parametrize(("less", "says"), [
    (0.94, "Alba has 1.1 times what the Brno has (90% interval: 1 to 2 times less)."),
    (0.95, "Alba has about as much as the Brno (90% interval: 1 to 2 times less)."),
    (1.25, "Alba has four fifths of what the Brno has: 1.2 times less (90% interval: 1 to 2 times less)."),
    (2.0, "Alba has half of what the Brno has: 2 times less (90% interval: 1 to 2 times less)."),
])  # fmt: skip
def test_distance_is_in_the_words_of_its_share(less: float, says: str) -> None:
    assert wording.how_far({"city": "Alba", "times_less": less, "times_less_low": 1.0, "times_less_high": 2.0}, "Brno") == says


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (83.4, 116.6, "83–117"),
        (0, 12.2, "0–12"),
        (100, 100, "by definition"),
        (0, 0, "≤ 0"),
    ],
)
def test_an_interval_without_width_says_why(low: float, high: float, says: str) -> None:
    assert wording.score_interval(low, high) == says


def test_indicators_in_which_another_city_scores_100_are_named() -> None:
    rows = [{"name": "Deals", "goalpost": "benchmark"}, {"name": "Universities", "goalpost": "leader"}]
    assert wording.leaders(rows) == ", or the city that leads in universities"
    assert wording.leaders(rows[:1]) == ""


def test_totals_that_reports_print_are_not_lists_of_a_source() -> None:
    rows = [{"dataset": "register", "list": name} for name in ("register", "register: law offices", "published: Hurun 2020")]
    assert wording.rests_on([*rows, {"dataset": "moe", "list": "moe"}]) == (
        "3 lists from 2 sources, and 1 reports that print totals of some cities."
    )
    assert wording.rests_on(rows[:2]) == "2 lists from 1 sources."
