"""The backtest in simulated worlds: it finds skill where there is some, none where there is none, and never looks ahead."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.index.compute import Inputs
from pipelines.index.diagnostics import backtest, permutation
from pipelines.index.diagnostics.backtest import History, cases, history, table
from pipelines.index.diagnostics.permutation import Panel, beyond_size, p_of, standardised
from tests.support import index as small

YEARS = np.arange(1990, 2021)
N_CITIES = 14


def walk(rng: np.random.Generator) -> np.ndarray:
    """Log strengths (year, city): large lasting differences and a random walk around them."""
    return rng.normal(0, 1, N_CITIES) + rng.normal(0, 0.2, (len(YEARS), N_CITIES)).cumsum(0)


def world(leads: bool, rng: np.random.Generator) -> History:
    """Readiness that outcomes follow after four years, or that wanders by itself; 300 events a year and target."""
    strength = walk(rng)
    pull = np.vstack([np.repeat(strength[:1], 4, axis=0), strength[:-4]]) if leads else walk(rng)
    chances = np.exp(pull) / np.exp(pull).sum(1, keepdims=True)
    events = np.stack([rng.multinomial(300, chance) for chance in chances]).astype(float)
    rows = np.full(strength.shape, 20.0)
    return History(YEARS, [f"C{i}" for i in range(N_CITIES)], 0.5 * strength, rows, {"deals, elsewhere": events})


def tried(leads: bool, worlds: int) -> pl.DataFrame:
    rng = np.random.default_rng(60 + leads)
    return pl.concat([table(world(leads, rng)) for _ in range(worlds)])


@pytest.mark.slow
def test_readiness_that_leads_outcomes_has_skill() -> None:
    seen = tried(True, 15)
    assert seen["skill"].median() > 0.3
    assert seen["gain"].median() > 0
    assert (seen["p"] <= 0.05).mean() > 0.8
    assert "was better than leaving shares as they were" in seen.sort("low")["finding"][-1]


@pytest.mark.slow
def test_readiness_that_does_not_lead_outcomes_has_none() -> None:
    seen = tried(False, 60)
    assert seen["skill"].median() < 0.05
    assert (seen["p"] <= 0.05).mean() <= 0.12, "a true null is rejected in 5% of worlds"


#: Ten years of 17 cities, 60 events each; the gains of the largest vary most, and it has most surplus.
SIZES = np.array([130, 80, 80, 30, 30, 30, 25, 20, 15, 15, 12, 10, 10, 10, 8, 6, 5]) / 516
SURPLUS = beyond_size(np.array([0.6, -0.3, -0.3, *np.tile([0.05, -0.05], 7)]), np.log(SIZES))
LARGEST = Panel(np.tile(60 * SIZES, (10, 1)), np.array([4]), SURPLUS[None])


def worlds_of(rng: np.random.Generator, effect: float) -> np.ndarray:
    """Events of the years of ``LARGEST`` in 1500 worlds, the last five by shares moved by ``effect``."""
    moved = SIZES * np.exp(effect * SURPLUS)
    return np.concatenate([rng.multinomial(60, each / each.sum(), (1500, 5)) for each in (SIZES, moved)], axis=1)


def found(worlds: np.ndarray) -> float:
    """Return the share of worlds in which the test finds something at 5%."""
    return float(np.mean([replace(LARGEST, events=events).p <= 0.05 for events in worlds]))


@pytest.mark.slow
def test_nothing_is_found_too_often_where_the_largest_city_has_most_surplus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutation, "PERMUTATIONS", 499)
    assert found(worlds_of(np.random.default_rng(7), 0.0)) == pytest.approx(0.05, abs=0.02)


@pytest.mark.slow
def test_power_is_how_often_a_true_effect_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutation, "PERMUTATIONS", 499)
    assert LARGEST.power == pytest.approx(found(worlds_of(np.random.default_rng(8), permutation.EFFECT)), abs=0.08)
    assert 0.3 < LARGEST.power < 0.9


def test_power_is_the_level_of_the_test_where_there_is_no_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutation, "EFFECT", 0.0)
    assert LARGEST.power == pytest.approx(0.05, abs=0.02)
    nothing = replace(LARGEST, surplus=np.zeros_like(LARGEST.surplus))
    assert (nothing.p, nothing.power) == (1, 0), "where surplus does not differ, nothing can be found"


def test_drift_is_what_samples_leave_unexplained() -> None:
    """Log shares that walk by .1 a year, in many events and in few."""
    rng = np.random.default_rng(9)
    for total in (100_000, 600):
        shares = np.exp(rng.normal(0, 0.1, (400, 10, 12)).cumsum(1))
        events = rng.multinomial(total, shares / shares.sum(-1, keepdims=True))
        _, drift = standardised(events, np.array([4]))
        assert drift.mean() == pytest.approx(0.01, rel=0.15)


def test_only_the_best_of_all_orders_is_rare() -> None:
    """Of the 24 orders of four cities, one agrees with the gains as closely as theirs."""
    orders = np.random.default_rng(0).random((4999, 4)).argsort(1)
    gains, surplus = np.array([[10.0, 20.0, 30.0, 40.0]]), np.array([[-3.0, -1.0, 1.0, 3.0]])
    assert p_of(surplus, gains, orders) == pytest.approx(1 / 24, abs=0.01)
    assert p_of(-surplus, gains, orders) == 1
    # Cities keep their gains together: at two origins with opposite surplus, every order does as well.
    assert p_of(np.vstack([surplus, -surplus]), np.vstack([gains, gains]), orders) == 1


@pytest.mark.slow
def test_log_trend_forecasts_shares_that_grow_steadily() -> None:
    growth = np.linspace(-0.08, 0.08, N_CITIES)
    pull = np.exp(growth * (YEARS - 1990)[:, None])
    events = 1e6 * pull / pull.sum(1, keepdims=True)
    steady = replace(world(False, np.random.default_rng(1)), readiness=np.full(pull.shape, 4.0), targets={"steady": events})
    (row,) = table(steady).iter_rows(named=True)
    assert row["trend_skill"] == pytest.approx(1.0, abs=0.01)
    # Readiness that is the same everywhere has no surplus to tell.
    assert row["skill"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.slow
def test_forecast_never_bets_against_readiness() -> None:
    """Gains go to cities with less Readiness: earlier origins teach a γ below 0, and the forecast leaves shares as they were."""
    known = world(True, np.random.default_rng(60))
    (against,) = table(replace(known, readiness=-known.readiness)).iter_rows(named=True)
    assert against["tilt_least"] <= against["tilt_most"] < 0
    assert (against["gain"], against["skill"], against["low"], against["high"]) == (0, 0, 0, 0)
    (bets,) = table(known).iter_rows(named=True)
    assert 0 < bets["tilt_least"] < bets["tilt_most"]
    assert bets["skill"] > 0


@pytest.mark.slow
def test_all_origins_tell_whether_readiness_and_gains_go_together() -> None:
    """Also the first ones, from which no forecast could learn yet: there more Readiness went with smaller gains."""
    known = world(True, np.random.default_rng(60))
    (plain,) = table(known).iter_rows(named=True)
    assert plain["n_origins"] == plain["n_learned"] + backtest.HORIZON
    is_early = plain["last_origin"] - plain["n_learned"] >= YEARS
    against = np.where(is_early[:, None], -9 * known.readiness, known.readiness)
    (mixed,) = table(replace(known, readiness=against)).iter_rows(named=True)
    assert plain["p"] < 0.01 < mixed["p"]


def test_surplus_has_nothing_to_do_with_size() -> None:
    known = world(True, np.random.default_rng(2))
    for case in cases(known, known.targets["deals, elsewhere"]):
        assert case.surplus @ case.log_share == pytest.approx(0, abs=1e-9)
        assert np.exp(case.forecast(0.7)).sum() == pytest.approx(1)


def test_no_row_without_events_or_without_cities() -> None:
    few = world(True, np.random.default_rng(63))
    assert table(replace(few, targets={"deals, elsewhere": few.targets["deals, elsewhere"] * 0})).is_empty()
    assert table(replace(few, rows=np.zeros_like(few.rows))).is_empty()
    assert "reaches far enough back" in backtest.in_one_sentence(backtest.Backtest.empty())


def test_no_forecast_runs_past_the_ends_of_a_list() -> None:
    known = world(True, np.random.default_rng(4))
    (events,) = known.targets.values()
    held = events * ((YEARS >= 1998) & (YEARS <= 2015))[:, None]
    assert [case.origin for case in cases(known, held)] == list(range(2002, 2011))
    held[YEARS < 2003] = held[YEARS < 2003] > 0
    held[YEARS < 2003, 1:] = 0
    assert [case.origin for case in cases(known, held)] == list(range(2003, 2011)), "five events are too few to know shares by"


def test_further_lists_are_counted_in_the_sentence() -> None:
    one = ROW | {"horizon": 5, "n_origins": 1, "n": 9, "gain": 0.1, "skill": 0.1, "low": -0.1, "high": 0.2, "p": 0.3}
    one |= dict.fromkeys(("trend_skill", "trend_low", "trend_high"), 0.0)
    rows = [one | {"finding": "Strong.", "power": 0.9}] + [
        one | {"target": str(p), "p": p, "finding": "Weak."} for p in (0.04, 0.2)
    ]
    sentence = backtest.in_one_sentence(pl.DataFrame(rows, backtest.Backtest.types()))
    assert sentence == "Strong. Readiness and gains go together on 1 of 2 further lists (p ≤ .05)."


ROW = {
    "first_origin": 2005, "last_origin": 2010, "n_origins": 6, "n_learned": 1, "n_cities": 9,
    "target": "deals, elsewhere", "power": 0.25,
    "tilt_least": 0.1, "tilt_most": 0.4,
}  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ({"p": 0.3, "low": -0.1, "high": 0.1}, "did not demonstrably tell which of 9 cities would gain"),
        ({"p": 0.01, "low": 0.1, "high": 0.3}, "and a forecast from it was better than leaving shares as they were"),
        ({"p": 0.01, "low": -0.1, "high": 0.1}, "but a forecast from it was not demonstrably better than leaving"),
        ({"p": 0.01, "low": -0.3, "high": -0.1}, "but a forecast from it was worse than leaving"),
        (
            {"p": 0.01, "low": 0.0, "high": 0.0, "tilt_most": -0.1},
            "next five years, but the skill of a forecast from it is exactly 0",
        ),
        (
            {"p": 0.3, "low": 0.0, "high": 0.0, "tilt_most": 0.0},
            "years, and the skill of a forecast from it is exactly 0: in earlier",
        ),
        ({"p": 0.01, "low": 0.0, "high": 0.0, "n_origins": 1}, "(deals, elsewhere; 1 origin, p 0.010)"),
        ({"p": 0.01, "low": 0.0, "high": 0.0}, "(deals, elsewhere; 6 origins, p 0.010)"),
    ],
)
def test_finding_says_what_was_seen_and_what_could_have_been(numbers: dict[str, float], says: str) -> None:
    sentence = backtest.finding(ROW | numbers)
    assert says in sentence
    assert sentence.endswith("a true effect of .5 would be found with probability 0.25.")


# From the counts of lists

QUANTITIES = ("deals", "founders", "exits")


def inputs(rows: list[dict[str, Any]]) -> Inputs:
    counts = pl.DataFrame(rows, small.COUNTS)
    cities = sorted(set(counts["city"]))
    return replace(small.inputs(small.posterior(cities, np.zeros((1, len(cities), 5)))), counts=counts)


def rows_of(rng: np.random.Generator, cities: list[str], years: range, name: str = "register") -> list[dict[str, Any]]:
    """Return about a dozen pieces of every quantity in every city and year."""
    return [
        {"quantity": quantity, "list": name, "dataset": name, "city": city, "year": year, "n": float(rng.integers(3, 20))}
        for quantity in QUANTITIES
        for city in cities
        for year in years
    ]


def test_every_list_of_the_register_is_known() -> None:
    rng, years = np.random.default_rng(3), range(2000, 2013)
    one, two = (rows_of(rng, ["Ada", "Bex"], years, name) for name in ("register", "register: companies founded"))
    both = one + [row | {"dataset": "register"} for row in two]
    assert (history(inputs(both), 2012).rows[-1] > history(inputs(one), 2012).rows[-1]).all()


def test_targets_are_the_lists_of_others() -> None:
    rng = np.random.default_rng(3)
    cities = [f"C{i}" for i in range(9)]
    of = inputs(rows_of(rng, cities, range(1995, 2006)) + rows_of(rng, cities, range(1995, 2006), "theirs"))
    known = history(of, 2005)
    assert list(known.targets) == ["exits, theirs", "founders, theirs"], "deals are no outcome of this index"
    assert history(replace(of, scope="world"), 2005).cities == cities, "of the world those of the country that the register has"


def test_no_future_row_changes_what_was_known() -> None:
    rng = np.random.default_rng(64)
    cities, until = [f"C{i}" for i in range(9)], 2008
    past = rows_of(rng, cities, range(1990, until + 1)) + rows_of(rng, cities, range(1990, until + 1), "theirs")
    boom = [row | {"n": row["n"] * 50} for row in rows_of(rng, ["A new one", "C3"], range(until + 1, 2016), "register")]
    for future in (rows_of(rng, cities, range(until + 1, 2016)), boom):
        plain, more = history(inputs(past), until), history(inputs(past + future), 2015)
        here = [more.cities.index(city) for city in plain.cities]
        upto = len(plain.years)
        np.testing.assert_allclose(plain.readiness, more.readiness[:upto, here])
        np.testing.assert_array_equal(plain.rows, more.rows[:upto, here])


def test_rows_without_a_year_do_not_count_in_the_past() -> None:
    rng = np.random.default_rng(65)
    rows = rows_of(rng, [f"C{i}" for i in range(9)], range(1995, 2006))
    undated = [{"quantity": "deals", "list": "register", "dataset": "register", "city": "C0", "year": None, "n": 500.0}]
    np.testing.assert_array_equal(history(inputs(rows), 2005).readiness, history(inputs(rows + undated), 2005).readiness)
