"""Sentences and figures for readers, by their rules."""

from typing import Any

import polars as pl
import pytest

from pipelines.claims.finding import wilson
from pipelines.cli import run
from pipelines.index import BENCHMARK
from pipelines.index.measurement.posterior import DRAWS
from pipelines.publish import claim_numbers, distances, texts, wording
from pipelines.publish.report import tables
from pipelines.resolve.places.countries import countries

SURE = {"p_first_low": 0.6, "p_first_high": 0.9}


def ranking(*rows: tuple[str, float, bool]) -> pl.DataFrame:
    columns = [
        {"rank": rank, "city": city, "p_first": p, "can_be_first": can, "rank_low": rank, "rank_high": rank + 1} | SURE
        for rank, (city, p, can) in enumerate(rows, 1)
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
            "In China, Alba has the most of what a Silicon Valley needs: its chance of ranking first is 97% "
            "(60–90% if scored in other ways).",
        ),
        (
            [(BENCHMARK, 0.97, True), ("Brno", 0.03, False)],
            "The San Francisco Bay Area itself is ahead of every other city in China: its chance of ranking first is 97% "
            "(60–90% if scored in other ways). Next is Brno, of rank 2–3 with 90% probability.",
        ),
        (
            [("Alba", 0.8, True), ("Brno", 0.2, True), ("Cork", 0.0, False)],
            "In China, Alba has the most of what a Silicon Valley needs: its chance of ranking first is 80% "
            "(60–90% if scored in other ways). Brno (60–90%) could be first too.",
        ),
        (
            [("Alba", 0.8, True), ("Brno", 0.1, True), ("Cork", 0.0, False), ("Deal", 0.1, True)],
            "In China, Alba has the most of what a Silicon Valley needs: its chance of ranking first is 80% "
            "(60–90% if scored in other ways). Brno and Deal could be first too.",
        ),
        (
            [(BENCHMARK, 0.8, True), ("Brno", 0.2, True)],
            "The San Francisco Bay Area itself ranks first in China, with a chance of 80% (60–90% if scored in other ways). "
            "Brno (60–90%) could be first too.",
        ),
        (
            [("Alba", 0.35, True), ("Brno", 0.65, True)],
            "Alba ranks first in China by its median score, but Brno has the greater chance of being first (65% against 35%).",
        ),
    ],
)
def test_no_more_is_said_than_the_draws_carry(rows: list[tuple[str, float, bool]], says: str) -> None:
    assert wording.headline(ranking(*rows).to_dicts(), "China") == says


def test_nobody_leads_where_nobody_else_is_ranked() -> None:
    assert wording.headline([], "China") == "No city is known well enough for a rank."
    alone = ranking(("Alba", 1.0, True)).to_dicts()
    assert wording.headline(alone, "India") == "Alba is the only city of India that has a rank."


@pytest.mark.parametrize(
    ("countries", "english", "chinese"),
    [
        ("US,CN,GB,IN,FR,DE", "the world", "全球"),
        ("CN,US,HK,MO,IN", "mainland China, the United States, Hong Kong, Macao and India", "中国大陆、美国、香港、澳门和印度"),
        ("CN,US", "mainland China and the United States", "中国大陆和美国"),
        ("IN", "India", "印度"),
        ("NL", "the Netherlands", "荷兰"),
        ("AD", "Andorra", "Andorra"),
    ],
)
def test_the_headline_says_whose_cities_are_ranked(countries: str, english: str, chinese: str) -> None:
    rows = ranking(("Alba", 0.97, True), ("Brno", 0.03, False)).to_dicts()
    about = {"countries": countries}
    assert wording.headline(rows, wording.ranked_in(about)).startswith(f"In {english}, Alba has the most")
    with texts.language("zh", {}):
        assert wording.headline(rows, wording.ranked_in(about)).startswith(f"在{chinese}，Alba最具备硅谷所需的条件")


@pytest.mark.parametrize(("chance", "says"), [(0.97, "97%"), (0.9906, "约99%"), (0.999, "超过99%")])
def test_a_chance_in_chinese_stands_after_a_colon(chance: float, says: str) -> None:
    with texts.language("zh", {}):
        rows = ranking(("Alba", chance, True), ("Brno", 1 - chance, False)).to_dicts()
        assert f"（排名第一的概率：{says}；换用其他计分方式时60–90%）" in wording.headline(rows, "中国")


def test_of_many_names_the_rest_is_counted() -> None:
    assert wording.listed(["a"]) == "a"
    assert wording.listed(list("abcdef")) == "a, b, c, d, e and f"
    assert wording.listed(list("abcdefg")) == "a, b, c, d, e and 2 others"


@pytest.mark.parametrize(
    ("value", "says"), [(0, "<1%"), (0.004, "<1%"), (0.009, "1%"), (0.86, "86%"), (0.9906, "99%"), (0.999, ">99%")]
)
def test_a_chance_is_never_shown_as_impossible_or_certain(value: float, says: str) -> None:
    assert wording.chance(value) == says


def test_no_more_than_99_per_cent_is_said_where_the_draws_leave_less_open() -> None:
    """The interval is the one that claim 14 prints of the same number."""
    assert wording.DRAWS == DRAWS
    middle = range(40, wording.DRAWS - 40, 160)
    for first in (*range(40), *middle, *range(wording.DRAWS - 40, wording.DRAWS + 1)):
        low, high = wilson(first, wording.DRAWS)
        said = wording.in_a_sentence(first / wording.DRAWS)
        assert (said == "above 99%", said == "below 1%") == (low > 0.99, high < 0.01)


def test_a_range_without_width_is_one_number() -> None:
    assert wording.over_other_ways({"p_first_low": 0.0, "p_first_high": 0.001}) == "<1%"
    assert wording.over_other_ways({"p_first_low": 0.6, "p_first_high": 0.95}) == "60–95%"
    assert wording.over_other_ways({"p_first_low": 0.6, "p_first_high": 0.999}) == "at least 60%"
    assert wording.over_other_ways({"p_first_low": 0.898, "p_first_high": 0.9906}) == "at least 89%"


@pytest.mark.parametrize(("low", "percent"), [(0.9149, 91), (0.915, 91), (0.9866, 98)])
def test_a_low_end_is_rounded_alike_everywhere(low: float, percent: int) -> None:
    """The first screen, the table of ranks, the checks and the claims give the same probability."""
    assert wording.over_other_ways({"p_first_low": low, "p_first_high": 0.9866}).startswith(f"{percent}")
    assert wording.at_least(low) == f"at least {percent}%"
    assert tables.text(low, tables.Column("p_first_low", "least by other ways", share=True)) == f"{percent}%"
    assert claim_numbers.SCALES["14"].interval(low, 0.9866).startswith(f"{percent}%")


@pytest.mark.parametrize(("share", "percent"), [(0.898, 89), (0.9, 90), (0.29, 29), (0.999, 99), (1.0, 99), (0.986, 98)])
def test_what_is_at_least_is_rounded_down(share: float, percent: int) -> None:
    assert wording.at_least(share) == f"at least {percent}%"


@pytest.mark.parametrize(
    ("value", "times"),
    [
        (0.25, "0.25"),
        (1.0, "1"),
        (1.11, "1.1"),
        (3.43, "3.4"),
        (20.4, "20"),
        (238.0, "240"),
        (999.0, "1,000"),
        (1000.0, ">1,000"),
    ],
)
def test_a_multiple_has_two_digits(value: float, times: str) -> None:
    assert wording.times(value) == times


@pytest.mark.parametrize(
    ("value", "says"),
    [(None, "–"), (0.0, "0"), (4.4e-6, "<0.0001"), (0.00031, "0.00031"), (0.0149, "0.015"), (11_234.0, "11,000")],
)
def test_an_estimate_has_two_digits_and_no_exponent(value: float | None, says: str) -> None:
    assert wording.about(value) == says


@pytest.mark.parametrize(
    ("less", "low", "high", "says"),
    [
        (5.67, 1.95, 15.8, "The Bay has 5.7 times as much {} as Alba, on average (90% interval: 1.9 to 16 times)."),
        (
            5.67,
            0.77,
            15.8,
            "The Bay has 5.7 times as much {} as Alba, on average (90% interval: 0.77 to 16 times): which has more is not known.",
        ),
        (5000, 500, 9e9, "The Bay has more than 1,000 times as much {} as Alba, on average (90% interval: 500 times or more)."),
        (5000, 1000, 9e9, "The Bay has more than 1,000 times as much {} as Alba, on average."),
        (
            1.0,
            0.5,
            4.0,
            "The Bay and Alba may have as much {}, on average (90% interval: the Bay has 0.5 to 4 times as much).",
        ),
        (
            1.1,
            1.0,
            1.15,
            "The Bay and Alba have about as much {}, on average (90% interval: the Bay has 1 to 1.1 times as much).",
        ),
        (0.5, 0.25, 0.8, "Alba has 2 times as much {} as the Bay, on average (90% interval: 1.2 to 4 times)."),
        (
            0.5,
            0.25,
            1.6,
            "Alba has 2 times as much {} as the Bay, on average (90% interval: 0.62 to 4 times): which has more is not known.",
        ),
    ],
)
def test_a_distance_is_said_with_its_interval(less: float, low: float, high: float, says: str) -> None:
    row = {"city": "Alba", "times_less": less, "times_less_low": low, "times_less_high": high}
    assert distances.how_far(row, "Bay") == says.format("of these conditions")


def test_an_interval_beyond_the_scale_is_not_written() -> None:
    row = {"times_less": 5000.0, "times_less_low": 500.0, "times_less_high": 9e9}
    assert wording.times_less(row) == ">1,000 (500–>1,000)"
    assert wording.times_less(row | {"times_less_low": 1000.0}) == ">1,000"


def test_only_the_mainland_of_china_is_ranked() -> None:
    assert [wording.ranked_in({"countries": "CN"}, name) for name in (wording.place_name, wording.mainland)] == [
        "China",
        "mainland China",
    ]


def test_name_of_a_country_has_an_article_in_a_sentence_if_it_takes_one() -> None:
    names = {wording.place_name(code) for code in countries()}
    assert {name.removeprefix("the ") for name in names if name.startswith("the ")} == {
        "Bahamas", "Central African Republic", "Comoros", "Democratic Republic of the Congo", "Dominican Republic", "Gambia",
        "Maldives", "Marshall Islands", "Netherlands", "Philippines", "Republic of the Congo", "Solomon Islands",
        "United Arab Emirates", "United Kingdom", "United States",
    }  # fmt: skip


def test_of_a_distance_it_is_said_how_much_is_inferred() -> None:
    row = {"n_compared": 8, "n_inferred": 6}
    assert distances.inferred(row) == "Of the 8 indicators compared, lists count 2 there; the rest is inferred."
    assert distances.inferred(row | {"n_inferred": 0}) == ""
    with texts.language("zh", {}):
        assert distances.inferred(row) == "所比较的8项指标中，名录在当地统计了2项，其余为推断。"


def test_a_distance_is_said_in_chinese_as_what_the_benchmark_has() -> None:
    row = {"city": "Alba", "times_less": 1.34, "times_less_low": 0.38, "times_less_high": 4.5}
    with texts.language("zh", {"Alba": "阿城", "Bay": "湾区"}):
        assert distances.how_far(row, "Bay") == "湾区的这些条件平均为阿城的1.3倍（90%区间：0.38至4.5倍），两者谁多尚无法判断。"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"scores_moved": 214, "most_moved": "Shenzhen", "most_moved_by": 6.04}, "214 cities, most Shenzhen by +6.0"),
        ({"scores_moved": 1, "most_moved": "Wuxi", "most_moved_by": -0.7}, "1 city, most Wuxi by -0.7"),
        ({"scores_moved": 2, "most_moved": None, "most_moved_by": None}, "2 cities"),
        ({"scores_moved": 0, "most_moved": None, "most_moved_by": None}, "no city"),
    ],
)
def test_a_list_is_named_with_what_it_moves(row: dict[str, Any], says: str) -> None:
    about = {"list": "itjuzi", "quantity": "deals_received", "n": 15118.0}
    assert run.moved(about | row) == f"itjuzi (deals_received): 15,118 rows, {says}"


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


def test_what_the_benchmark_lacks_is_said_to_be_left_out() -> None:
    rows = [
        {"measure": measure, "pillar": pillar, "pillar_name": pillar, "name": name, "goalpost": goalpost}
        for measure, pillar, name, goalpost in (
            ("Readiness", "schools", "Research", "benchmark"),
            ("Readiness", "schools", "Graduates", "leader"),
            ("Readiness", "deals", "Deals", "benchmark"),
            ("Readiness", "talent", "Migrants", "leader"),
            ("Realised", "exits", "Listings and acquisitions", "leader"),
        )
    ]
    assert wording.compared(rows) == " (of schools only research; without talent)"
    assert wording.compared(rows[2:3]) == ""


def test_indicators_in_which_another_city_scores_100_are_named() -> None:
    rows = [{"name": "Deals", "goalpost": "benchmark"}, {"name": "Universities", "goalpost": "leader"}]
    assert wording.leaders(rows) == ", or the city that leads in universities"
    assert wording.leaders(rows[:1]) == ""


@pytest.mark.parametrize(("code", "named"), [("en", "Hurun unicorns 2024-04"), ("zh", "胡润独角兽榜 2024-04")])
def test_name_of_a_list_in_a_sentence_does_not_say_that_it_is_published(code: str, named: str) -> None:
    with texts.language(code, {}):
        assert wording.list_name("published: Hurun unicorns 2024-04") == named
        assert wording.list_name(texts.known("published: Hurun unicorns 2024-04")) == named


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [(2009, 2012, "2009–2012"), (2024, 2024, "2024"), (None, 2012, "up to 2012"), (None, None, "undated list")],
)
def test_years_of_what_was_counted_are_told_once(first: int | None, last: int | None, says: str) -> None:
    assert wording.years(first, last) == says
