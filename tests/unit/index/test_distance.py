"""Distance to the benchmark, by hand."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from pipelines.index import BENCHMARK, comparison
from pipelines.index.compute import Result
from pipelines.index.diagnostics import distance
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.tables import scores
from tests.support import index as small

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


#: City → how much it has of everything that both have, against the benchmark, and its schools, which the benchmark has none of.
HAVE = {
    "Near": (2**-1.5, 1.0),
    "Deep": (2**-3.4, 1.0),
    "Far": (2**-7.0, 1.0),
    "Ahead": (2.0, 1.0),
    "Same": (1.0, 0.001),
    "Taught": (1.0, 30.0),
}
#: Everything that happens doubles in a period of five years: the benchmark gains two points a year from 2000 to 2020.
DOUBLES = float(np.log(2.0))


def drawn(spread: float, draws: int = 400) -> Posterior:
    """Return draws in which every city has deals, founders and exits in one ratio to the benchmark's."""
    values = {BENCHMARK: (500.0, 500.0, 500.0, 1.0, 100.0)} | {
        city: (*3 * (500.0 * ratio,), schools, 100.0) for city, (ratio, schools) in HAVE.items()
    }
    logs = small.logs_of(values, draws)
    logs[..., :3] += np.random.default_rng(70).normal(0, spread, logs[..., :3].shape)
    return small.posterior([*values], logs, growth=DOUBLES)


def rows_of(result: Result) -> dict[tuple[str, str], dict[str, object]]:
    return {(row["measure"], row["city"]): row for row in distance.distance(result).iter_rows(named=True)}


@cache
def distances(spread: float) -> dict[tuple[str, str], dict[str, object]]:
    return rows_of(Result.of(small.inputs(drawn(spread))))


def test_distance_by_hand() -> None:
    rows = distances(1e-6)
    near, far, ahead = (rows["Readiness", city] for city in ("Near", "Far", "Ahead"))
    assert near["times_less"] == pytest.approx(2**1.5, rel=1e-3)
    assert (near["years_behind"], near["record_from"], near["how"]) == (pytest.approx(7.5, abs=0.01), 2000, distance.WITHIN)
    assert (far["years_behind"], far["years_high"], far["how"]) == (None, None, distance.BEYOND)
    assert far["times_less"] == pytest.approx(2**7, rel=1e-3)
    assert (ahead["years_behind"], ahead["times_less"]) == (0, pytest.approx(0.5, rel=1e-3))
    assert ahead["how"] == distance.LEVEL_WITH
    assert {measure for measure, _ in rows} == {"Readiness", "Realised", "P2", "P6"}, "the benchmark has no P1"
    assert BENCHMARK not in {city for _, city in rows}


def test_what_the_benchmark_has_not_brings_no_city_nearer() -> None:
    rows = distances(1e-6)
    for city in ("Same", "Taught"):
        assert rows["Readiness", city]["times_less"] == pytest.approx(1, abs=1e-3)
        assert rows["Readiness", city]["times_less_high"] == pytest.approx(1, abs=1e-3)
    of = scores.scores(Result.of(small.inputs(drawn(1e-6))))
    score = {
        row["city"]: row["score"] for row in of.iter_rows(named=True) if (row["measure"], row["year"]) == ("Readiness", 2020)
    }
    assert score["Taught"] > score["Same"] + 10, "their own schools count in their scores"


def test_part_of_a_pillar_that_both_have_weighs_as_it_does_in_the_score() -> None:
    """A third of schools is exits, of which "Taught" has half as much: it weighs a third of what the pillar weighs."""
    halved = drawn(1e-6)
    latent = halved.values["latent"].copy()
    exits = halved.layout.columns.quantity_of == 2
    latent[:, halved.layout.cities.index("Taught")] -= DOUBLES * exits
    table = small.indicators((("taught", "P1", "Readiness", "exits", None, "benchmark", 0.5), *small.INDICATORS))
    of = Result.of(small.inputs(replace(halved, values=halved.values | {"latent": latent}), table))
    weight = of.effective("Readiness")
    part = weight[of.definitions.names.index("taught")]
    assert part == pytest.approx(weight[of.definitions.pillar_of == 0].sum() / 3)
    rows = rows_of(of)
    assert np.log2(rows["Readiness", "Taught"]["times_less"]) == pytest.approx(
        part / (1 - weight[of.definitions.names.index("schools")]), abs=1e-3
    )
    assert ("P1", "Taught") not in rows, "a part of a pillar would bear its name"


def test_indicator_that_a_city_has_not_is_left_out_for_both() -> None:
    of = Result.of(small.inputs(small.uncounted(drawn(1e-6), ["Far"], "deals", "exits")))
    kept = {city: indicators for cities, indicators in comparison.alike(of, "Readiness") for city in cities}
    assert [of.definitions.names[place] for place in kept[of.cities.index("Far")]] == ["founder_density"]
    assert [of.definitions.names[place] for place in kept[of.cities.index("Near")]] == ["deals", "founder_density"]
    rows = rows_of(of)
    assert ("Realised", "Far") not in rows
    assert ("Realised", "Near") in rows


def test_what_no_list_counts_in_a_city_is_said_to_be_inferred() -> None:
    """Lists count the deals of other cities of its group, and none those of "Deep": they are compared nonetheless."""
    rows = rows_of(Result.of(small.inputs(small.uncounted(drawn(1e-6), ["Deep"], "deals", is_group=False))))
    of = {key: (row["n_compared"], row["n_inferred"]) for key, row in rows.items()}
    assert of["Readiness", "Deep"] == of["P2", "Deep"] == (2, 1)
    assert of["Realised", "Deep"] == (1, 0)
    assert of["Readiness", "Near"] == (2, 0)


def test_city_that_may_be_level_is_no_number_of_years_behind() -> None:
    near = distances(0.8)["Realised", "Near"]
    assert near["times_less_low"] < 1 < near["times_less"] < near["times_less_high"]
    assert (near["years_behind"], near["how"]) == (None, distance.MAYBE_LEVEL)
    for row in distances(0.8).values():
        assert (row["how"] == distance.MAYBE_LEVEL) == (row["times_less_low"] < 1 < row["times_less_high"])
        assert (row["years_behind"] is None) == (row["how"] in (distance.MAYBE_LEVEL, distance.BEYOND))


def test_every_draw_has_its_own_distance() -> None:
    """Two logs that err by .1 each: 1.65 · .1 · √2 = .23 either side, or 3.4 points, at two points a year."""
    near = distances(0.1)["Realised", "Near"]
    assert near["times_less_low"] == pytest.approx(2**1.5 * np.exp(-0.23), rel=0.05)
    assert near["times_less_high"] == pytest.approx(2**1.5 * np.exp(0.23), rel=0.05)
    assert near["years_low"] == pytest.approx(7.5 - 1.7, abs=0.3)


def test_distance_follows_from_the_published_scores_of_what_both_have() -> None:
    of = Result.of(small.inputs(drawn(0.3)))
    published = {
        (row["measure"], row["city"]): row["score"] for row in scores.scores(of).iter_rows(named=True) if row["year"] == 2020
    }
    for measure in ("P2", "P6", "Realised"):
        gap = published[measure, BENCHMARK] - published[measure, "Deep"]
        assert np.log2(distances(0.3)[measure, "Deep"]["times_less"]) == pytest.approx(gap / 10, abs=1e-4)


def test_interval_may_reach_beyond_the_record() -> None:
    deep = distances(0.3)["Realised", "Deep"]
    assert deep["years_behind"] == pytest.approx(17, abs=0.5)
    assert deep["years_low"] is not None
    assert (deep["years_high"], deep["how"]) == (None, distance.WITHIN)
