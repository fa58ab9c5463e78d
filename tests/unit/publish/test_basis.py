"""How the page names the sources behind its answer."""

from typing import Any

import pytest

from pipelines.publish.report import basis


def indicators(*rows: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"quantity": name, "name": name, "goalpost": goal, "measure": measure} for name, goal, measure in rows]


COUNTED = indicators(
    ("deals", "benchmark", "Readiness"),
    ("founders", "benchmark", "Readiness"),
    ("graduates", "leader", "Readiness"),
    ("unicorns", "benchmark", "Realised"),
)


def test_distance_is_said_to_count_start_ups_where_an_indicator_does() -> None:
    assert basis.start_ups(COUNTED) == ("It is not a count of start-ups, which enter 1 of these 2 indicators (founders).")
    assert basis.start_ups([row for row in COUNTED if row["name"] != "founders"]) == "It counts no start-ups."


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            {"deals": ["register"], "founders": ["register"], "research": ["openalex"]},
            "the project's own register alone counts both these cities and the Bay Area on 2 of the 3 indicators",
        ),
        (
            {"deals": ["openalex"], "founders": ["openalex", "register"]},
            "openalex alone counts both these cities and the Bay Area on 1 of the 2 indicators",
        ),
        ({"deals": ["openalex", "register"]}, "few lists count both"),
        ({}, "few lists count both"),
    ],
)
def test_a_source_that_alone_counts_both_sides_is_named(rows: dict[str, list[str]], says: str) -> None:
    pairs = [{"indicator": indicator, "source": source} for indicator, sources in rows.items() for source in sources]
    assert says in basis.shared_sources(pairs)


def test_sources_are_counted_once_and_reports_apart_by_what_they_count() -> None:
    rows = [
        {"dataset": dataset, "list": name, "quantity": quantity}
        for dataset, name, quantity in (
            ("register", "register", "deals"),
            ("register", "register: law offices", "founders"),
            ("register", "published: Report 2019", "deals"),
            ("register", "published: Hurun 2020", "unicorns"),
            ("register", "published: Hurun 2021", "unicorns"),
            ("moe", "moe", "graduates"),
            ("crunchbase", "crunchbase", "unicorns"),
        )
    ]
    said = "2 sources, one of them the project's own, and 1 report"
    assert basis.of_readiness(rows, COUNTED) == said
    assert basis.rests_on(rows, COUNTED) == f"{said}. 2 more reports count only in what came of it (Realised)."
    assert basis.rests_on(rows[5:6], COUNTED) == "1 sources."


def test_ranks_that_rest_on_inference_are_said_to_compare_less_well() -> None:
    rows = [{"rank": rank, "n_uncounted": n, "n_indicators": 12} for rank, n in enumerate((0, 0, 1, 6, 6), 1)]
    assert basis.inferred_ranks(rows) == (
        "From rank 3 on, ranks compare less well than their intervals say, since some of the indicators there are inferred: "
        "6 of 12 in 2 of the cities."
    )
    assert basis.inferred_ranks(rows[:2]) == ""
