"""How the page names the sources behind its answer."""

from collections.abc import Collection
from typing import Any

import pytest

from pipelines.publish import texts
from pipelines.publish.report import basis


def indicators(*rows: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"quantity": name, "name": name, "goalpost": goal, "measure": measure} for name, goal, measure in rows]


COUNTED = indicators(
    ("deals", "benchmark", "Readiness"),
    ("founders", "benchmark", "Readiness"),
    ("graduates", "leader", "Readiness"),
    ("unicorns", "benchmark", "Realised"),
)


@pytest.mark.parametrize(
    ("city", "says"),
    [
        ("Wuhan", "It counts deals and companies, not money."),
        (
            "Beijing",
            "It counts deals and companies, not money: of money, one study gave the Bay Area about 14 times Beijing's in 2012.",
        ),
    ],
)
def test_distance_counts_no_money_and_few_new_companies(city: str, says: str) -> None:
    over = "“Times as much” is the average ratio over the 2 indicators that both have (without P2);"
    new = "1 of them count companies of any trade that some list names."
    rows = [row | {"pillar": row["goalpost"], "pillar_name": "P2"} for row in COUNTED]
    assert basis.what_counts(rows, [{"city": "Suzhou"}, {"city": city}]) == f"{over} {new} {says}"


def test_indicators_that_lists_count_up_to_an_earlier_year_are_named() -> None:
    rows = [
        {"measure": measure, "name": name, "last_year": year, "headline_year": 2023}
        for name, measure, year in (
            ("Graduates", "Readiness", 2020),
            ("Founders", "Readiness", 2017),
            ("Density", "Readiness", 2017),
            ("Deals", "Readiness", 2023),
            ("Services", "Readiness", None),
            ("Exits", "Realised", 2011),
        )
    ]
    assert basis.counted_up_to(rows) == "Lists end in 2017 for founders and density; in 2020 for graduates."
    assert basis.counted_up_to(rows[3:]) == ""


@pytest.mark.parametrize(("made", "is_old"), [(2024, False), (2025, True)])
def test_ranking_of_long_ago_says_why(made: int, is_old: bool) -> None:
    says = "2017 is the last year of which lists count enough deals in India: what happened since is not in the ranking."
    assert basis.old_year(2017, made, "India") == (says if is_old else "")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            {"deals": ["register"], "founders": ["register"], "research": ["openalex"]},
            "on 2 of 3 indicators, the project's own register alone counts both",
        ),
        (
            {"deals": ["openalex"], "founders": ["openalex", "register"]},
            "on 1 of 2 indicators, OpenAlex alone counts both",
        ),
        ({"deals": ["openalex", "register"]}, "few lists count both"),
        ({}, "few lists count both"),
    ],
)
def test_a_source_that_alone_counts_both_sides_is_named(rows: dict[str, list[str]], says: str) -> None:
    pairs = [{"indicator": indicator, "source": source} for indicator, sources in rows.items() for source in sources]
    assert says in basis.shared_sources(pairs)


def lists(*rows: tuple[str, str, str], reports: Collection[str] = ()) -> list[dict[str, Any]]:
    return [
        {"dataset": dataset, "list": name, "quantity": quantity, "is_in_scope": dataset != "crunchbase"}
        | {"is_report": name in reports}
        for dataset, name, quantity in rows
    ]


def test_sources_are_counted_once_and_reports_apart_by_what_they_count() -> None:
    rows = lists(
        ("register", "register", "deals"),
        ("register", "register: law offices", "founders"),
        ("register", "Report 2019", "deals"),
        ("register", "Hurun 2020", "unicorns"),
        ("register", "Hurun 2021", "unicorns"),
        ("moe", "moe", "graduates"),
        ("crunchbase", "crunchbase", "founders"),
        reports=("Report 2019", "Hurun 2020", "Hurun 2021"),
    )
    assert basis.of_readiness(rows, COUNTED) == "2 sources, one of them the project's own, and 1 report"
    assert basis.rests_on(rows, COUNTED) == (
        "7 lists: 4 from 3 sources (1 source without a city here), 3 from reports (2 for Realised alone)."
    )
    assert basis.counting(rows, 9).startswith("9 sources with licence and date; the lists are from 3 of them, the others")
    assert basis.of_readiness(rows[:1], COUNTED) == "1 source, the project's own"
    assert basis.of_readiness(rows[5:6], COUNTED) == "1 source"
    rows += lists(("register", "Report abroad", "deals"), reports=("Report abroad",))
    rows[-1]["is_in_scope"] = False
    assert basis.rests_on(rows, COUNTED).endswith(" 4 from reports (2 for Realised alone, 1 without a city here).")
    assert basis.rests_on(rows[5:6], COUNTED) == "1 lists: 1 from 1 source."


def test_source_that_counts_some_of_the_scope_is_not_abroad() -> None:
    rows = lists(("crunchbase", "crunchbase", "deals"), ("crunchbase", "crunchbase: exits", "unicorns"))
    rows[1]["is_in_scope"] = True
    assert basis.rests_on(rows, COUNTED) == "2 lists: 2 from 1 source."


def test_sources_that_do_not_count_are_not_taken_for_lists() -> None:
    rows = lists(*((source, source, "unicorns") for source in ("a", "b")))
    rows += lists(("crunchbase", "crunchbase", "deals"), ("crunchbase", "crunchbase: founded", "deals"))
    said = "4 lists: 4 from 3 sources (2 sources for Realised alone, 1 source without a city here)."
    assert basis.rests_on(rows, COUNTED) == said
    with texts.language("zh", {}):
        assert "（2个来源仅涉实现度、1个来源不涉此处城市）" in basis.rests_on(rows, COUNTED)


def test_what_the_register_alone_counts_is_said_by_its_weight() -> None:
    said = "In the cities of rank 1 to 2, {} of the weight of Readiness rests on what the project's own register alone counts."
    assert basis.register_alone([{"share": 0.599}, {"share": 0.401}]) == said.format("40% to 60%")
    assert basis.register_alone([{"share": 0.5}, {"share": 0.5}]) == said.format("50%")
    assert basis.register_alone([{"share": 0.5}]) == (
        "Of the weight of Readiness 50% rests on what the project's own register alone counts."
    )
    assert basis.register_alone([{"share": 0.0}]) == ""


def test_ranks_that_rest_on_inference_are_said_to_compare_less_well() -> None:
    rows = [
        {"rank": rank, "n_uncounted": n, "n_indicators": 12, "inferred_weight": n / 9}
        for rank, n in enumerate((0, 0, 1, 6, 6), 1)
    ]
    assert basis.inferred_ranks(rows) == (
        "From rank 3 down, no list counts some indicators of many cities, so these are inferred: in 2 cities 6 of the 12, with "
        "67% of the weight. Ranks of such cities are less certain than their intervals say."
    )
    assert basis.inferred_ranks(rows[:2]) == ""
    most = [rows[0], *(row | {"rank": rank} for rank, row in enumerate((rows[2], rows[2], rows[4]), 2))]
    assert basis.inferred_ranks(most) == (
        "From rank 2 down, no list counts some indicators of many cities, so these are inferred: in 3 cities 1 or more of the "
        "12, with at least 11% of the weight. Ranks of such cities are less certain than their intervals say."
    )


def test_what_lists_count_in_the_benchmark_alone_is_said_with_its_weight() -> None:
    rows = [{"name": "Services", "share": 0.2}, {"name": "Foreign capital", "share": 0.104}]
    assert basis.only_in("Alba", rows) == (
        "Outside the Alba no list counts services and foreign capital: these, with 30% of the weight of Readiness, are inferred "
        "from what else a city has."
    )
    assert basis.only_in("Alba", []) == ""


def test_cities_left_out_although_lists_know_them_are_named() -> None:
    assert basis.unmeasured([{"city": "Alba"}, {"city": "Brno"}]).startswith(
        "Not ranked, since too few lists name them, are Alba and Brno, although"
    )
    assert basis.unmeasured([{"city": "Alba"}]).startswith(
        "Not ranked, since too few lists name it, is Alba, although a list has"
    )
    assert basis.unmeasured([]) == ""
