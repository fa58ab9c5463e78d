"""The backtest in simulated worlds: it finds skill where there is some, none where there is none, and never looks ahead."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.index.compute import Inputs
from pipelines.index.diagnostics import backtest
from pipelines.index.diagnostics.backtest import History, forecasts, history, table
from tests.support import index as small

YEARS = np.arange(1990, 2021)
N_CITIES = 12


def walk(rng: np.random.Generator) -> np.ndarray:
    """Log strengths (year, city): large lasting differences and a random walk around them."""
    return rng.normal(0, 1, N_CITIES) + rng.normal(0, 0.2, (len(YEARS), N_CITIES)).cumsum(0)


def world(leads: bool, rng: np.random.Generator) -> History:
    """Readiness that outcomes follow after four years, or that wanders by itself; 300 events a year and target."""
    strength = walk(rng)
    pull = np.vstack([np.repeat(strength[:1], 4, axis=0), strength[:-4]]) if leads else walk(rng)
    chances = np.exp(pull) / np.exp(pull).sum(1, keepdims=True)
    events = np.stack([np.array([rng.multinomial(300, chance) for chance in chances]) for _ in backtest.TARGETS]).astype(float)
    readiness = 0.5 * strength
    readiness[: backtest.TREND] = np.nan
    return History(YEARS, [f"C{i}" for i in range(N_CITIES)], readiness, events)


def skills(leads: bool, worlds: int) -> pl.DataFrame:
    rng = np.random.default_rng(60 + leads)
    return pl.concat([table(known, forecasts(known)) for known in [world(leads, rng) for _ in range(worlds)]])


@pytest.mark.slow
def test_readiness_that_leads_outcomes_has_skill() -> None:
    found = skills(True, 15)
    assert found["skill"].median() > 0.3
    assert (found["low"] > 0).mean() > 0.8


@pytest.mark.slow
def test_readiness_that_does_not_lead_outcomes_has_none() -> None:
    found = skills(False, 15)
    assert -0.5 < found["skill"].median() < 0.05
    assert (found["low"] > 0).mean() <= 0.12, "the lower end of a 90% interval is above the truth in 5% of worlds"


def test_forecasts_are_shares_and_begin_with_the_first_check() -> None:
    every = forecasts(world(True, np.random.default_rng(62)))
    # The first origin with a score is 2000; what was forecast then is over in 2005.
    assert min(forecast.origin for forecast in every) == 2005
    for forecast in every:
        for shares in (forecast.persistence, forecast.trend, forecast.readiness):
            assert shares.sum() == pytest.approx(1)


def test_log_trend_forecasts_shares_that_grow_steadily() -> None:
    growth = np.linspace(-0.08, 0.08, N_CITIES)
    pull = np.exp(growth * (YEARS - 1990)[:, None])
    events = np.repeat((1e6 * pull / pull.sum(1, keepdims=True))[None], len(backtest.TARGETS), axis=0)
    readiness = np.full(pull.shape, 50.0)
    readiness[: backtest.TREND] = np.nan
    steady = History(YEARS, [f"C{i}" for i in range(N_CITIES)], readiness, events)
    found = table(steady, forecasts(steady))
    assert found["trend_skill"].to_list() == pytest.approx([1.0] * 3, abs=0.01)
    # Readiness that is the same everywhere has no surplus to tell.
    assert found["skill"].to_list() == pytest.approx([0.0] * 3, abs=1e-6)


def test_too_few_events_give_null_skill_and_not_zero() -> None:
    few = world(True, np.random.default_rng(63))
    found = table(few, forecasts(History(few.years, few.cities, few.readiness, few.events * 0)))
    assert found["n"].to_list() == [0, 0, 0]
    assert found["skill"].null_count() == 3


# From the register's counts

SCHEMA = {"quantity": pl.String, "list": pl.String, "city": pl.String, "year": pl.Int64, "n": pl.Float64}
QUANTITIES = ("deals", "founders", "exits", "deals_received", "unicorns")


def inputs(rows: list[dict[str, Any]]) -> Inputs:
    counts = pl.DataFrame(rows, SCHEMA)
    cities = sorted(set(counts["city"]))
    return replace(small.inputs(small.posterior(cities, np.zeros((1, len(cities), 5)))), counts=counts)


def rows_of(rng: np.random.Generator, cities: list[str], years: range, name: str = "register") -> list[dict[str, Any]]:
    """Return about a dozen pieces of every quantity in every city and year."""
    return [
        {"quantity": quantity, "list": name, "city": city, "year": year, "n": float(rng.integers(3, 20))}
        for quantity in QUANTITIES
        for city in cities
        for year in years
    ]


def shares_of(every: list[backtest.Forecast], cities: list[str], until: int) -> dict[tuple[int, int, str], tuple[float, ...]]:
    return {
        (forecast.target, forecast.origin, cities[member]): (
            forecast.persistence[place],
            forecast.trend[place],
            forecast.readiness[place],
        )
        for forecast in every
        if forecast.origin <= until
        for place, member in enumerate(forecast.members)
    }


@pytest.mark.slow
def test_no_future_row_changes_a_forecast() -> None:
    rng = np.random.default_rng(64)
    cities, until = [f"C{i}" for i in range(6)], 2008
    past = rows_of(rng, cities, range(1990, until + 1))
    futures = [
        [],
        rows_of(rng, cities, range(until + 1, 2016)),
        # A boom in cities without any earlier row.
        [row | {"n": row["n"] * 50} for row in rows_of(rng, ["A new one", "D"], range(until + 1, 2016))],
    ]
    found = []
    for future in futures:
        known = history(inputs(past + future), 2015)
        found.append(shares_of(forecasts(known), known.cities, until))
    assert len(found[0]) == 3 * len(cities) * (until - 2005 + 1)
    assert found[0] == found[1] == found[2]


def test_rows_without_a_year_and_other_lists_do_not_count_in_the_past() -> None:
    rng = np.random.default_rng(65)
    cities = [f"C{i}" for i in range(5)]
    rows = rows_of(rng, cities, range(1995, 2006))
    plain = history(inputs(rows), 2005)
    undated = [{"quantity": "deals", "list": "register", "city": "C0", "year": None, "n": 500.0}]
    others = rows_of(rng, cities, range(1995, 2006), "another list")
    more = history(inputs(rows + undated + others), 2005)
    np.testing.assert_array_equal(plain.readiness, more.readiness)
    np.testing.assert_array_equal(plain.events, more.events)


def test_city_with_too_few_rows_in_a_year_has_no_score() -> None:
    rng = np.random.default_rng(66)
    cities = [f"C{i}" for i in range(6)]
    late = [row for row in rows_of(rng, cities, range(1995, 2006)) if row["city"] != "C5" or row["year"] > 2003]
    known = history(inputs(late), 2005)
    by_year = dict(zip(known.years.tolist(), np.isnan(known.readiness).tolist(), strict=True))
    assert by_year[2003] == [False] * 5 + [True]
    assert not any(by_year[2005])
    few = history(inputs([row for row in late if row["city"] in ("C0", "C1", "C2")]), 2005)
    assert np.isnan(few.readiness).all(), "three cities are too few to compare"
