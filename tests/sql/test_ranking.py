"""The ranking, and the indicators behind it, from tables of the index made by hand."""

import pytest

from tests.support.models import Rows, run

HEADLINE: Rows = [{"year": 2020, "scope": "CN"}]
INDICATORS: Rows = [
    {"indicator": "research", "pillar": "P1", "measure": "Readiness", "weight": 1.0},
    {"indicator": "schools", "pillar": "P1", "measure": "Readiness", "weight": 3.0},
    {"indicator": "deals", "pillar": "P2", "measure": "Readiness", "weight": 1.0},
    {"indicator": "uncounted", "pillar": "P1", "measure": "Readiness", "weight": 100.0},
]
PILLARS: Rows = [
    {"pillar": "P1", "measure": "Readiness", "weight": 0.8},
    {"pillar": "P2", "measure": "Readiness", "weight": 0.2},
]


def value(indicator: str, width: float, year: int = 2020, n_lists: int = 1) -> dict[str, object]:
    return {
        "city": "Alba", "year": year, "indicator": indicator, "score": 50.0, "score_low": 50.0, "score_high": 50.0 + width,
        "n_lists": n_lists, "rows_to_halve": round(36_000 / width**2),
    }  # fmt: skip


def score(city: str, rank: int | None, rank_low: int, year: int = 2020, measure: str = "Readiness") -> dict[str, object]:
    numbers = dict.fromkeys(("score", "score_low", "score_high", "p_first", "p_first_low", "p_first_high", "p_top3"), 0.5)
    ranks = {"rank_low": rank_low, "rank_high": rank, "rank_set_low": 1, "rank_set_high": 9}
    return {"measure": measure, "year": year, "city": city, "rank": rank} | numbers | ranks


def test_ranking_names_who_can_be_first_and_the_indicator_that_is_known_least() -> None:
    rows = run(
        "index.ranking",
        {
            "core.indicators": INDICATORS,
            "index.goalposts": [{"indicator": name} for name in ("research", "schools", "deals")],
            "index.pillars": PILLARS,
            "index.headline": HEADLINE,
            "core.cities": [{"city": "Alba", "city_zh": "阿尔巴"}, {"city": "Brno", "city_zh": None}],
            # By weight: research 0.2 × 20, schools 0.6 × 7, deals 0.2 × 19; another year does not count.
            "marts.indicator_values": [
                value("research", 20),
                value("schools", 7),
                value("deals", 19),
                value("deals", 90, year=2019),
                # Research 0.2 × 20, schools 0.6 × 7, deals 0.2 × 22; and two that are as wide.
                *(value(name, width) | {"city": "Brno"} for name, width in (("research", 20), ("schools", 7), ("deals", 22))),
                *(value(name, 10) | {"city": "Dole"} for name in ("research", "deals")),
            ],
            "index.scores": [
                score("Alba", 1, 1),
                score("Brno", 2, 2),
                score("Cork", None, 1),
                score("Dole", 3, 3),
                score("Alba", 1, 1, year=2019),
                score("Alba", 1, 1, measure="P1"),
            ],
            "index.distance": [
                {"measure": measure, "city": "Alba", "year": 2020, "times_less": times}
                | {"times_less_low": times / 2, "times_less_high": times * 2, "n_compared": 8, "n_inferred": 6}
                for measure, times in (("Readiness", 8.0), ("P1", 4.0))
            ],
        },
    )
    assert [(row["city"], row["city_zh"], row["rank"], row["can_be_first"]) for row in rows] == [
        ("Alba", "阿尔巴", 1, True),
        ("Brno", None, 2, False),
        ("Dole", None, 3, False),
    ]
    assert [(row["widest_indicator"], row["rows_to_halve"]) for row in rows] == [("schools", 735), ("deals", 74), ("deals", 360)]
    assert [(row["times_less"], row["times_less_low"], row["times_less_high"]) for row in rows] == [
        (8, 4, 16),
        (None, None, None),
        (None, None, None),
    ]
    assert [(row["n_compared"], row["n_inferred"]) for row in rows] == [(8, 6), (None, None), (None, None)]


COMPLETE = {"quantity": "research", "list": "all", "dataset": "moe", "is_yardstick": True, "attention_noise": None}


def count(quantity: str, n: float, year: int | None, city: str = "Alba", country: str = "CN") -> dict[str, object]:
    where = {"quantity": quantity, "list": "all", "dataset": "moe", "country": country, "city": city}
    return where | {"year": year, "year_to": year, "n": n}


def detail(n_rows: float = 3.0, **tables: Rows) -> Rows:
    """Return what is known of the indicators research and schools in Alba, of which lists look for the first only."""
    values: Rows = [
        value(name, 1.0, n_lists=n) | dict.fromkeys(("value", "value_low", "value_high", "known"), 0.0) | {"n_rows": n_rows}
        for name, n in (("research", 2), ("schools", 0))
    ]
    goalposts: Rows = [{"indicator": name, "unit": "things", "yardstick": "a list"} for name in ("research", "schools")]
    made = {
        "core.indicators": [row | {"quantity": row["indicator"]} for row in INDICATORS],
        "marts.indicator_values": values,
        "index.goalposts": goalposts,
        "index.headline": HEADLINE,
        "marts.list_counts": [count("deals", 1.0, 2019)],
        "index.lists": [COMPLETE | {"quantity": "deals"}],
        "marts.list_profiles": [
            {"quantity": quantity, "list": name, "is_report": name != "all", "first_year": 2010, "last_year": 2015}
            | ({"completeness": "census", "covers": "CN"} if name == "all" else {"completeness": "selection", "covers": None})
            for quantity in ("research", "schools", "deals")
            for name in ("all", "Report 2019")
        ],
        "core.cities": [{"city": "Alba", "country": "CN"}],
        "index.attention": [{"quantity": "deals", "list": "all", "city": "Alba"}],
    }
    return run("marts.indicator_detail", made | {name.replace("_", ".", 1): rows for name, rows in tables.items()})


def test_an_indicator_that_no_list_counts_is_inferred() -> None:
    assert {row["indicator"]: row["status"] for row in detail()} == {"research": "counted", "schools": "inferred"}


def test_an_indicator_of_which_the_lists_that_look_have_no_row_counts_none() -> None:
    assert [row["status"] for row in detail(n_rows=0.0)] == ["none counted", "inferred"]


@pytest.mark.parametrize(
    ("years", "last"),
    [
        ((2011, 2017, None), 2017),
        ((2011, 2024), 2020),  # the headline year
        ((None,), None),
    ],
)
def test_census_counts_up_to_its_newest_year_in_the_ranked_country(years: tuple[int | None, ...], last: int | None) -> None:
    counts = [count("research", 1.0, year) for year in years] + [count("research", 1.0, 2019, country="US")]
    assert {row["indicator"]: row["last_year"] for row in detail(marts_list_counts=counts)} == {"research": last, "schools": None}


def test_what_is_counted_later_only_says_from_when() -> None:
    counts = [count("research", 1.0, year) for year in (2024, 2025)]
    rows = detail(marts_list_counts=counts)
    ends = {row["indicator"]: (row["first_year"], row["last_year"]) for row in rows}
    assert ends == {"research": (2024, 2024), "schools": (None, None)}


def test_density_is_counted_as_far_as_both_of_its_parts() -> None:
    counts = [count("research", 1.0, 2017), count("schools", 1.0, 2018), count("population", 1.0, 2015)]
    per = [row | {"quantity": row["indicator"], "per": "population"} for row in INDICATORS]
    rows = detail(core_indicators=per, marts_list_counts=counts)
    assert {row["indicator"]: row["last_year"] for row in rows} == {"research": 2015, "schools": None}


@pytest.mark.parametrize(("per", "last"), [(None, 2013), ("deals", 2011)])
def test_city_is_counted_up_to_the_year_of_a_list_that_looks_at_it(per: str | None, last: int) -> None:
    ends = {("research", "Alba"): 2013, ("research", "Brno"): 2024, ("deals", "Alba"): 2011, ("deals", "Brno"): 2024}
    lists = [{"quantity": quantity, "list": f"of {city}", "city": city} for quantity, city in ends]
    profile = {"is_report": False, "completeness": "sample", "covers": "CN"}
    rows = detail(
        core_indicators=[row | {"quantity": row["indicator"], "per": per} for row in INDICATORS],
        marts_list_counts=[count(quantity, 1.0, 2020) for quantity in ("research", "deals")],
        index_attention=lists,
        marts_list_profiles=[
            profile | line | {"first_year": 2000, "last_year": year} for line, year in zip(lists, ends.values(), strict=True)
        ],
    )
    assert [(row["last_year"], row["status"]) for row in rows] == [(last, "carried forward"), (None, "inferred")]


def test_complete_list_that_sets_the_unit_counts_a_city_itself() -> None:
    counts = [count("research", 7.0, 2010), count("research", 60.0, 2015), count("research", 9.0, 2015)]

    def counted(counts: Rows = counts, **other: object) -> list[object]:
        return [row["census_count"] for row in detail(marts_list_counts=counts, index_lists=[COMPLETE | other])]

    assert counted() == [69.0, None], "by its last count"
    assert counted([count("research", 7.0, 2010, "Brno")]) == [0.0, None], "who is not on it has none"
    assert counted(attention_noise=0.2) == counted(is_yardstick=False) == [None, None]
    of_both = [*counts, count("schools", 5.0, 2015)]
    assert counted(of_both, quantity="schools") == [None, None], "it does not look at a city whose number is inferred"


def test_value_on_the_scale_of_a_list_that_is_neither_a_census_nor_a_report_is_relative() -> None:
    goalposts = [{"indicator": name, "unit": "things", "yardstick": on} for name, on in (("research", "all"), ("schools", "all"))]

    def relative(**tables: Rows) -> list[object]:
        counts = [count("research", 7.0, 2010)]
        return [row["is_relative"] for row in detail(marts_list_counts=counts, index_goalposts=goalposts, **tables)]

    assert relative(index_lists=[COMPLETE]) == [False, True], "a census sets the unit of the first"
    assert relative(index_lists=[COMPLETE | {"attention_noise": 0.2}]) == [True, True]
    goalposts[1]["yardstick"] = "Report 2019"
    assert relative() == [True, False], "a report prints totals"
    report = {"quantity": "schools", "list": "Report 2019", "is_report": True, "completeness": "selection", "covers": "CN"}
    for first in (2024, 2025):
        profiles: Rows = [report | {"first_year": first, "last_year": 2026}]
        assert relative(marts_list_profiles=profiles)[1] is (first == 2025), (
            "totals of later periods do not say how many there were"
        )


@pytest.mark.parametrize("place", [{"completeness": "sample"}, {"covers": "HK,TW"}], ids=["no census", "another country"])
def test_city_that_a_census_does_not_cover_is_not_counted_as_having_none(place: dict[str, object]) -> None:
    profile = {"quantity": "research", "list": "all", "is_report": False, "completeness": "census", "covers": "CN"} | place
    profile |= {"first_year": 2010, "last_year": 2010}
    counts = [count("research", 7.0, 2010, "Brno")]
    rows = detail(marts_list_counts=counts, index_lists=[COMPLETE], marts_list_profiles=[profile])
    assert [row["census_count"] for row in rows] == [None, None]


def test_report_that_sets_the_unit_prints_a_number_of_some_cities() -> None:
    name = "Report 2019"
    counts = [count("research", n, 2019, city) | {"list": name} for n, city in ((78.0, "Alba"), (5.0, "Brno"))]

    def printed(counts: Rows, **other: object) -> list[object]:
        report = COMPLETE | {"list": name, "attention_noise": 0.3} | other
        return [row["report_count"] for row in detail(marts_list_counts=counts, index_lists=[report])]

    assert printed(counts) == [78.0, None]
    assert printed([row | {"year": 2014} for row in counts]) == [13.0, None], "a year of six"
    assert printed(counts[1:]) == printed(counts, is_yardstick=False) == [None, None]
    assert printed([row | {"list": "all"} for row in counts], list="all") == [None, None], "a list of rows, not a report"
    of_one_year = {"quantity": "research", "list": "of 2019", "is_report": False, "completeness": "selection", "covers": None}
    rows = detail(
        marts_list_counts=[row | {"list": "of 2019"} for row in counts],
        marts_list_profiles=[of_one_year | {"first_year": 2019, "last_year": 2019}],
        index_lists=[COMPLETE | {"list": "of 2019", "attention_noise": 0.3}],
    )
    assert [row["report_count"] for row in rows] == [78.0, None], "a list of one year"
