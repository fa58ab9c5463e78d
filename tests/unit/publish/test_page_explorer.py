"""What the page holds for its reader to explore: rows behind each number, years, and strengths."""

import json
from collections.abc import Mapping
from types import MappingProxyType

import polars as pl
import pytest

from pipelines.publish.report import explorer


def evidence_of(count: int) -> pl.DataFrame:
    rows = [
        {"city": "A", "measure": "deals", "label": f"Deal {number:04}", "year": 2000, "year_to": 2001, "value": 0.1234567}
        | {"dataset": "register", "source": "List", "url": None, "source_file": "a.csv", "source_row": number, "is_total": False}
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema_overrides={"url": pl.String})


@pytest.mark.parametrize(("extra", "rows"), [(0, 50), (-1, 25)])
def test_as_many_rows_are_carried_as_there_is_room_for(extra: int, rows: int) -> None:
    made = explorer.evidence(evidence_of(50), 10_000)
    room = len(json.dumps(made, ensure_ascii=False).encode()) + extra
    carried = explorer.evidence(evidence_of(60), room)
    held = carried["cities"]["A"]["deals"]
    assert (held["n"], len(held["rows"])) == (60, rows)
    assert carried["texts"] == ["the register", "List", None, "a.csv"]
    assert held["rows"][0] == ["Deal 0000", 2000, 2001, 0.123457, 0, 1, 2, 3, 0]
    assert len(explorer.evidence(evidence_of(60), 0)["cities"]["A"]["deals"]["rows"]) == 5, "the fewest stay"


def test_course_of_a_city_has_a_place_for_every_year() -> None:
    rows = pl.DataFrame(
        {
            "city": ["A", "A", "B"],
            "measure": ["Readiness", "P1", "Readiness"],
            "year": [2001, 2003, 2002],
            "score": [70.4, 60.6, None],
            "score_low": [65.5, 55.0, None],
            "score_high": [75.6, 65.0, None],
            "rank": [1, None, None],
            "rank_low": [1, None, None],
            "rank_high": [3, None, None],
        }
    )
    assert explorer.years(rows) == {
        "first": 2001,
        "last": 2003,
        "cities": {"A": {"Readiness": [[70, 66, 76, 1, 1, 3], None, None], "P1": [None, None, [61, 55, 65]]}},
    }


def test_largest_and_latest_rows_come_first_and_those_without_a_year_last() -> None:
    rows = evidence_of(4).with_columns(year=pl.Series([2000, None, 2002, 2002]), value=pl.Series([1.0, 1.0, 1.0, 5.0]))
    held = explorer.evidence(rows, 10_000)["cities"]["A"]["deals"]["rows"]
    assert [row[0] for row in held] == ["Deal 0003", "Deal 0002", "Deal 0000", "Deal 0001"]


def test_totals_that_reports_print_come_first_since_rows_may_be_cut() -> None:
    rows = evidence_of(3).with_columns(value=pl.Series([1.0, 1.5, 2.0]), is_total=pl.Series([True, False, False]))
    held = explorer.evidence(rows, 10_000)["cities"]["A"]["deals"]
    assert (held["n"], held["totals"]) == (3, 1)
    assert [row[0] for row in held["rows"]] == ["Deal 0000", "Deal 0002", "Deal 0001"]


@pytest.mark.parametrize(
    ("ranks", "says"),
    [
        (
            {"P1": 3, "P2": 1, "P3": 2, "P6": 9},
            "By rank among all cities, strongest in capital (rank 1), weakest in schools (rank 3)",
        ),
        (
            {"P1": 3, "P2": 1, "P3": 3},
            "By rank among all cities, strongest in capital (rank 1), weakest in founders and schools (rank 3)",
        ),
        ({"P1": 2, "P2": 2, "P3": 2}, None),
        ({"P6": 1}, None),
    ],
)
def test_strongest_and_weakest_pillar_are_those_of_readiness(ranks: dict[str, int], says: str | None) -> None:
    assert strongest_and_weakest(ranks) == says


@pytest.mark.parametrize(
    ("low", "how", "says"),
    [
        (0.4, "within the record", None),
        (1.2, "within the record", "more than 1 year behind"),
        (2.0, "within the record", "more than 2 years behind"),
        (9.9, "beyond the record", "more than 9 years behind"),
        (None, "beyond the record", "more than 20 years behind"),
        (0.0, "may be level", None),
    ],
)
def test_years_behind_are_the_least_that_their_interval_holds(low: float | None, how: str, says: str | None) -> None:
    assert explorer._years_behind({"years_low": low, "how": how, "year": 2020, "record_from": 2000}) == says


def test_a_pillar_is_not_strong_where_its_score_is_nothing_or_all_of_it_inferred() -> None:
    ranks = {"P1": 9, "P2": 1, "P3": 20}
    of_two = (
        "Of the pillars that lists count there, by rank among all cities, strongest in schools (rank 9), weakest in founders "
        "(rank 20)"
    )
    assert strongest_and_weakest(ranks, scores={"P2": 0.0}) == of_two, "many cities share rank and score"
    assert strongest_and_weakest(ranks, n_lists={"P2": 0}) == of_two, "no list counts an indicator of it"
    assert strongest_and_weakest(ranks, n_rows={"P2": 0}) == of_two, "the list that looks finds nothing"
    assert strongest_and_weakest(ranks, scores={"P2": 0.0}, n_lists={"P1": 0}) is None


@pytest.mark.parametrize(("spread", "overlap"), [(1, False), (2, True), (9, True)])
def test_pillars_whose_ranks_may_be_the_other_way_round_are_said_to_overlap(spread: int, overlap: bool) -> None:
    said = strongest_and_weakest({"P1": 5, "P2": 1, "P3": 3}, spread=spread) or ""
    assert said.endswith(": the 90% intervals of these ranks overlap") is overlap


def strongest_and_weakest(
    ranks: dict[str, int],
    scores: Mapping[str, float] = MappingProxyType({}),
    n_lists: Mapping[str, int] = MappingProxyType({}),
    n_rows: Mapping[str, int] = MappingProxyType({}),
    spread: int = 0,
) -> str | None:
    """Return what the page says of a city with these ranks, each give or take ``spread``.

    Each pillar scores 50 and has a list and a row unless given.
    """
    pillars = {"P1": "schools", "P2": "capital", "P3": "founders", "P6": "realised"}
    indicators = pl.DataFrame(
        [
            {"indicator": f"of {code}", "pillar": code, "pillar_name": name}
            | {"measure": "Realised" if code == "P6" else "Readiness"}
            for code, name in pillars.items()
        ]
    )
    rows = [
        {"city": "A", "measure": code, "rank": rank, "score": scores.get(code, 50.0)}
        | {"rank_low": rank - spread, "rank_high": rank + spread}
        for code, rank in ranks.items()
    ]
    numbers = {code: {"n_lists": n_lists.get(code, 1), "n_rows": n_rows.get(code, 1)} for code in pillars}
    values = [{"city": "A", "indicator": f"of {code}"} | counts for code, counts in numbers.items()]
    found = explorer.pillars_by_rank(pl.DataFrame(rows), indicators, pl.DataFrame(values))
    return explorer._strongest_and_weakest(found.get("A", []), 3)
