"""Distance to the benchmark, by hand."""

import numpy as np
import pytest

from pipelines.index import BENCHMARK
from pipelines.index.diagnostics import distance
from tests.support.claims import index_of

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


#: The benchmark in 2009–2013, and the others in 2013.
RECORD, LEVELS = (50.0, 60.0, 70.0, 80.0, 90.0), {"Near": 75.0, "Far": 20.0, "Ahead": 95.0}


def distances(spread: float, unknown: float = 0.0) -> dict[tuple[str, str], dict[str, object]]:
    cities = ("Near", BENCHMARK, "Far", "Ahead")
    of = index_of(np.tile([LEVELS.get(city, 0.0) for city in cities], (400, 1)), ("P1",), cities)
    rng = np.random.default_rng(70)
    for drawn in (*of.draws.values(), *of.pillar_draws.values(), *of.posterior_draws.values()):
        drawn[:, :, 1] = RECORD
    every = {name: drawn + rng.normal(0, spread, (400, 1, 4)) for name, drawn in {**of.draws, **of.pillar_draws}.items()}
    every["Realised"][0, :, 2] += unknown
    of.draws.update({name: every[name] for name in of.draws})
    of.pillar_draws.update({"P1": np.where(np.arange(4) == 1, np.nan, every["P1"])})
    return {(row["measure"], row["city"]): row for row in distance.distance(of).iter_rows(named=True)}


def test_distance_by_hand() -> None:
    rows = distances(0.0)
    near, far, ahead = (rows["Readiness", city] for city in ("Near", "Far", "Ahead"))
    assert near["times_less"] == pytest.approx(2**1.5)
    assert (near["years_behind"], near["record_from"], near["how"]) == (1.5, 2009, distance.WITHIN)
    assert (far["years_behind"], far["years_high"], far["how"]) == (None, None, distance.BEYOND)
    assert far["times_less"] == pytest.approx(2**7)
    assert (ahead["years_behind"], ahead["times_less"], ahead["how"]) == (0, pytest.approx(2**-0.5), distance.LEVEL_WITH)
    assert {measure for measure, _ in rows} == {"Readiness", "Realised"}, "the benchmark has no P1"
    assert BENCHMARK not in {city for _, city in rows}


def test_what_some_draws_know_nothing_of_has_no_distance() -> None:
    rows = distances(0.0, unknown=np.nan)
    assert ("Realised", "Far") not in rows
    assert ("Readiness", "Far") in rows


def test_every_draw_has_its_own_distance() -> None:
    """Two scores that err by .5 each: 1.65 · .5 · √2 = 1.16 points either side of 15."""
    near = distances(0.5)["Readiness", "Near"]
    assert near["times_less_low"] == pytest.approx(2 ** (1.5 - 0.116), rel=0.02)
    assert near["times_less_high"] == pytest.approx(2 ** (1.5 + 0.116), rel=0.02)
    assert near["years_low"] == pytest.approx(1.5 - 0.116, abs=0.02)


def test_distance_follows_from_the_published_scores_and_its_interval_from_all_draws() -> None:
    LEVELS["Near"] = 75.0
    near = distances(8.0)["Readiness", "Near"]
    assert near["times_less"] == pytest.approx(2**1.5), "the scores with the choices as published do not scatter here"
    assert near["times_less_low"] < 2 ** (1.5 - 1) < 2 ** (1.5 + 1) < near["times_less_high"]


def test_interval_may_reach_beyond_the_record() -> None:
    LEVELS["Far"] = 51.0
    far = distances(2.0)["Readiness", "Far"]
    LEVELS["Far"] = 20.0
    assert far["years_behind"] == pytest.approx(3.9, abs=0.1)
    assert far["years_low"] is not None
    assert far["years_high"] is None
