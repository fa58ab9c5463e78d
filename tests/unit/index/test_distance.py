"""Distance to the benchmark, by hand."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK, UNDATED
from pipelines.index.diagnostics import distance
from pipelines.index.inputs import Inputs
from pipelines.index.measure.coverage import DetectionRates
from pipelines.index.result import Result

YEARS = np.arange(2000, 2004)


@pytest.mark.parametrize(
    ("record", "level", "expected"),
    [
        ([10, 20, 30, 40], 25, 1.5),
        ([10, 20, 30, 40], 30, 1.0),
        ([10, 20, 30, 40], 10, 3.0),
        ([10, 20, 30, 40], 9, np.inf),
        ([10, 20, 30, 40], 40, 0.0),
        ([10, 20, 30, 40], 55, 0.0),
        ([10, 30, 20, 40], 25, 0.75),  # the last time it passed, not the first
        ([40, 40, 40, 40], 40, 0.0),
    ],
)
def test_years_behind_the_last_time_the_record_passed(record: list[float], level: float, expected: float) -> None:
    assert distance.years_behind(np.array([record], dtype=float), YEARS, np.array([level]))[0] == pytest.approx(expected)


def test_every_draw_has_its_own_record() -> None:
    records = np.array([[10.0, 20, 30, 40], [40, 40, 40, 40]])
    assert distance.years_behind(records, YEARS, np.array([25.0, 25.0])).tolist() == [1.5, np.inf]


def result(scores: dict[str, dict[str, list[float | None]]], spread: float) -> Result:
    """Scores by measure and city for four years; draws vary around them."""
    cities = [*next(iter(scores.values()))]
    rng = np.random.default_rng(70)
    draws = {
        measure: np.array([by_city[city] for city in cities], dtype=float).T + rng.normal(0, spread, (400, 4, len(cities)))
        for measure, by_city in scores.items()
    }
    rows = [
        {"measure": measure, "city": city, "year": int(year), "score": value}
        for measure, by_city in scores.items()
        for city, values in by_city.items()
        for year, value in zip(YEARS, values, strict=True)
    ]
    empty: Any = pl.DataFrame()
    return Result(
        indicator_values=empty,
        goalposts=empty,
        scores=pl.DataFrame(rows),
        pairwise=empty,
        years=YEARS,
        cities=cities,
        ranked=np.ones((4, len(cities)), dtype=bool),
        headline=2003,
        draws={},
        pillar_draws={},
        realised_counts=np.empty(0),
        company_draws=draws,
        detection_rates=DetectionRates(np.ones(1), np.zeros((1, 0)), np.zeros((1, 0, 0)), np.zeros(1)),
        detection_cities=[],
    )


def test_table_marks_what_the_record_cannot_show() -> None:
    record: list[float | None] = [50, 60, 70, 80]
    cities: dict[str, list[float | None]] = {
        BENCHMARK: record,
        "Near": [0, 0, 0, 65],
        "Far": [0, 0, 0, 20],
        "Ahead": [0, 0, 0, 95],
        "Unknown": [None, None, None, None],
    }
    found = distance.table(result({"Readiness": cities, "P3": cities}, 0.5), {"P3"})
    rows = {(row["measure"], row["city"]): row for row in found.iter_rows(named=True)}
    near = rows["Readiness", "Near"]
    assert (near["gap"], near["years_behind"], near["how"]) == (15, 1.5, distance.WITHIN)
    assert 13 < near["gap_low"] < 15 < near["gap_high"] < 17
    assert 1.3 < near["years_low"] < 1.5 < near["years_high"] < 1.7
    far = rows["Readiness", "Far"]
    assert (far["gap"], far["years_behind"], far["years_high"], far["how"]) == (60, None, None, distance.BEYOND)
    assert (rows["Readiness", "Ahead"]["years_behind"], rows["Readiness", "Ahead"]["how"]) == (0, distance.LEVEL_WITH)
    assert (rows["Readiness", "Unknown"]["gap"], rows["Readiness", "Unknown"]["how"]) == (None, distance.NO_DATA)
    undated = rows["P3", "Near"]
    assert (undated["gap"], undated["years_behind"], undated["how"]) == (15, None, distance.NO_DATA)


def test_interval_may_reach_beyond_the_record() -> None:
    found = distance.table(result({"P1": {BENCHMARK: [50, 60, 70, 80], "Edge": [0, 0, 0, 51]}}, 2.0), set())
    row = found.row(0, named=True)
    assert row["years_behind"] == pytest.approx(2.9)
    assert row["years_low"] < 2.9
    assert row["years_high"] is None


def test_pillar_is_undated_with_most_of_its_benchmark_evidence() -> None:
    rows = [("offices", BENCHMARK, UNDATED)] * 3 + [("offices", BENCHMARK, 2005)] * 2
    rows += [
        ("deals", BENCHMARK, 2005),
        ("deals", BENCHMARK, UNDATED),
        ("deals", "Elsewhere", UNDATED),
        ("other", BENCHMARK, UNDATED),
    ]
    inputs = Inputs(
        evidence=pl.DataFrame(rows, ["indicator", "city", "year"], orient="row"),
        indicators=pl.DataFrame({"indicator": ["offices", "deals"], "pillar": ["P3", "P2"]}),
        cities=pl.DataFrame(),
        companies=pl.DataFrame(),
        recorded=pl.DataFrame(),
        country="CN",
    )
    assert distance.undated(inputs) == {"P3"}
