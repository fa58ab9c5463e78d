"""From evidence to values: windows, resampling, detection rates and shrinkage, by hand and in simulated worlds."""

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK
from pipelines.index.measure import cells, shrinkage
from pipelines.index.measure.coverage import estimate
from tests.support.evidence import evidence

YEARS = np.arange(2000, 2006)


def test_piece_counts_while_its_years_overlap_the_window() -> None:
    table = evidence(
        ("deals", "A", 2002, 2002, "x", 1.0), ("office", "A", 2001, 2003, None, 1.0), ("office", "A", 2004, None, None, 1.0)
    )
    laid = cells.panel(table, [("deals", 3), ("office", 1)], ["A"], YEARS)
    deals, office = laid.sums(laid.as_is)[0, :, :, 0]
    assert deals.tolist() == [0, 0, 1, 1, 1, 0]
    assert office.tolist() == [0, 1, 1, 1, 1, 1]


def test_resampling_changes_company_evidence_only() -> None:
    table = evidence(("m", "A", 2000, 2000, "x", 2.0), ("m", "A", 2000, 2000, "y", 5.0), ("m", "A", 2000, 2000, None, 1.0))
    laid = cells.panel(table, [("m", 1)], ["A"], YEARS)
    assert laid.companies == ["x", "y"]
    assert laid.sums(np.array([[3.0, 0.0]]))[0, 0, 0, 0] == 3 * 2 + 1


def test_draws_keep_the_missing_cells_of_the_data() -> None:
    indicators = pl.DataFrame(
        {
            "indicator": ["share"],
            "kind": ["share"],
            "denominator": ["of"],
            "window": [1],
            "denominator_window": [1],
            "min_n": [5],
        },
    )
    table = evidence(
        ("share", "A", 2000, 2000, "x", 3.0),
        ("of", "A", 2000, 2000, "x", 6.0),
        ("of", "B", 2000, 2000, "y", 4.0),
    )
    laid = cells.panel(table, [("share", 1), ("of", 1)], ["A", "B"], YEARS)
    both = np.array([True, True])
    value, above, below, _ = cells.values(laid, laid.as_is, laid.as_is, indicators, both)
    assert not np.isnan(value[0, 0, 0, 0])
    assert np.isnan(value[0, 0, 1, 0]), "B has 4 of 5 trials"
    assert (above[0, 0, 0, 0], below[0, 0, 0, 0]) == (3.0, 6.0)
    # A resample without A's company leaves its cell at the prior's mean instead of dropping the indicator.
    without = np.array([[0.0, 2.0]])
    drawn = cells.values(laid, without, without, indicators, both, ~np.isnan(value[0]))[0]
    assert not np.isnan(drawn[0, 0, 0, 0])
    assert np.isnan(drawn[0, 0, 1, 0])


def test_counts_and_rates_are_divided_by_the_detection_rate() -> None:
    indicators = pl.DataFrame(
        {
            "indicator": ["count", "share", "rate"],
            "kind": ["count", "share", "rate"],
            "denominator": [None, "of", "people"],
            "window": [1] * 3,
            "denominator_window": [None, 1, 1],
            "min_n": [0] * 3,
        }
    )
    names = ("count", "share", "of", "rate")
    table = evidence(
        *((name, city, 2000, 2000, company, 4.0) for name in names for city, company in (("A", "x"), ("B", "y"))),
        *(("people", city, 2000, 2000, None, 8.0) for city in "AB"),
    )
    laid = cells.panel(table, [(name, 1) for name in (*names, "people")], ["A", "B"], YEARS)
    everyone = np.array([True, True])
    plain = cells.values(laid, laid.as_is, laid.as_is, indicators, everyone)[0][0, 0]
    halved = cells.values(laid, laid.as_is, laid.as_is * 2, indicators, everyone)[0][0, 0]
    assert plain[:, 0].tolist() == [4, 4]
    assert halved == pytest.approx(plain * [2, 1, 2])


def test_levels_and_ratios_are_not_divided_by_the_detection_rate() -> None:
    table = pl.DataFrame(
        {
            "indicator": ["level", "ratio"],
            "kind": ["level", "ratio"],
            "denominator": ["n", "chance"],
            "window": [1, 1],
            "denominator_window": [1, 1],
            "min_n": [5, 0],
        }
    )
    rows = [("level", "A", 2000, 2000, None, 7.0), ("level", "B", 2000, 2000, None, 9.0)]
    rows += [("n", "A", 2000, 2000, None, 5.0), ("n", "B", 2000, 2000, None, 4.0)]
    rows += [(name, city, 2000, 2000, city, 4.0 if name == "chance" else 8.0) for name in ("ratio", "chance") for city in "AB"]
    laid = cells.panel(evidence(*rows), [(one, 1) for one in ("level", "n", "ratio", "chance")], ["A", "B"], np.array([2000]))
    found = cells.values(laid, laid.as_is, laid.as_is * 3, table, np.array([True, True]))
    value = found[0][0, 0]
    assert value[0].tolist() == [7.0, 2.0]
    assert np.isnan(value[1, 0]), "four of the five it takes"


def listings(**counts: tuple[int, int]) -> pl.DataFrame:
    """``measure__city=(detected, recorded)`` rows."""
    keys = [key.split("__") for key in counts]
    return pl.DataFrame(
        {
            "city": [city for _, city in keys],
            "measure": [measure for measure, _ in keys],
            "recorded": [recorded for _, recorded in counts.values()],
            "detected": [detected for detected, _ in counts.values()],
        }
    )


def test_detection_rate_is_pooled_and_is_one_without_recordings() -> None:
    cities, scope = ["A", "B", "C", "D"], np.array([True, True, True, False])
    recorded = listings(unicorns__A=(90, 180), unicorns__B=(10, 20), unicorns__D=(5, 500))
    fit = estimate(cities, scope, recorded)
    assert fit.rate[:3] == pytest.approx([0.5, 0.5, 0.5], abs=0.03)
    assert 0.005 < fit.rate[3] < 0.02, "the benchmark keeps its own"
    drawn = np.log(fit.draw(4000, np.random.default_rng(20)))
    assert drawn[:, 0].std() < drawn[:, 2].std()
    assert estimate(cities, scope, recorded.clear()).rate.tolist() == [1, 1, 1, 1]


def test_recordings_that_disagree_widen_the_interval() -> None:
    cities, scope = list("ABCD"), np.array([True] * 4)
    agree = {f"{list_}__{city}": (60, 100) for list_ in ("unicorns", "deals") for city in cities}
    differ = agree | {"deals__A": (90, 100), "deals__B": (20, 100), "deals__C": (85, 100), "deals__D": (25, 100)}
    spread = [
        np.log(estimate(cities, scope, listings(**one)).draw(4000, np.random.default_rng(22))).std(0).mean()
        for one in (agree, differ)
    ]
    assert spread[1] > 2 * spread[0]


@pytest.mark.slow
def test_dividing_by_the_detection_rate_recovers_true_ratios() -> None:
    """Six cities with 300 companies each, known unevenly. Their differences are the curators', not their own."""
    rng = np.random.default_rng(21)
    known = np.array([0.6, 0.5, 0.4, 0.3, 0.2, 0.15])
    cities, scope = list("ABCDEF"), np.array([True] * 6)
    raw, corrected, covered = [], [], []
    for _ in range(100):
        held, listed = rng.binomial(300, known), rng.binomial(80, known, size=(3, 6))
        lists = {
            f"{name}__{city}": (n, 80)
            for name, row in zip(("unicorns", "deals", "rounds"), listed, strict=True)
            for city, n in zip(cities, row, strict=True)
        }
        counts = held / estimate(cities, scope, listings(**lists)).draw(400, rng)
        raw.append(held[0] / held[5])
        corrected.append(np.median(counts[:, 0] / counts[:, 5]))
        ratios = counts[:, :, None] / counts[:, None, :]
        low, high = np.quantile(ratios, [0.05, 0.95], axis=0)
        covered.append(((low <= 1) & (high >= 1))[np.triu_indices(6, 1)].mean())
    assert np.mean(raw) == pytest.approx(4, rel=0.1)
    assert np.median(corrected) == pytest.approx(1, abs=0.2)
    assert np.mean(covered) >= 0.87, "nominal 0.90 over all pairs, less the error of 100 worlds"


def test_beta_binomial_beats_raw_shares_and_recovers_the_prior() -> None:
    rng = np.random.default_rng(1)
    truth = rng.beta(6, 14, size=(400, 30))
    n = rng.integers(2, 60, size=truth.shape)
    k = rng.binomial(n, truth)
    shrunk, own = shrinkage.beta_binomial(k.astype(float), n.astype(float), np.ones(30, dtype=bool))
    best = (6 + k) / (20 + n)
    raw_error, shrunk_error, best_error = (((x - truth) ** 2).mean() for x in (k / n, shrunk, best))
    assert shrunk_error < 0.5 * raw_error
    assert shrunk_error < 1.1 * best_error
    assert np.median(own - n / (20 + n)) == pytest.approx(0, abs=0.03), "the prior is worth the 20 observations it was drawn as"


def test_equal_shares_shrink_to_their_mean() -> None:
    k, n = np.array([1.0, 10.0, 100.0]), np.array([4.0, 40.0, 400.0])
    assert shrinkage.beta_binomial(k, n, np.ones(3, dtype=bool))[0] == pytest.approx(np.full(3, 0.25), abs=1e-9)


def test_gamma_poisson_beats_raw_rates() -> None:
    rng = np.random.default_rng(2)
    truth = rng.gamma(4, 0.5, size=(400, 30))
    exposure = rng.uniform(0.2, 5, size=truth.shape)
    k = rng.poisson(truth * exposure).astype(float)
    shrunk, own = shrinkage.gamma_poisson(k, exposure, np.ones(30, dtype=bool))
    assert ((shrunk - truth) ** 2).mean() < 0.7 * ((k / exposure - truth) ** 2).mean()
    assert np.median(own - exposure / (exposure + 2)) == pytest.approx(0, abs=0.05), "a gamma of rate 2 is worth an exposure of 2"


def test_city_without_trials_gets_the_prior_mean() -> None:
    for shrunk in (shrinkage.beta_binomial, shrinkage.gamma_poisson):
        value, own = shrunk(np.array([1.0, 0.0]), np.array([2.0, 0.0]), np.ones(2, dtype=bool))
        assert (value[1], own[1]) == (pytest.approx(0.5), 0.0)


def test_rates_are_shrunk_before_they_are_scaled() -> None:
    """Equal true rates, two fifths of the companies held: shrinking before scaling errs less than after."""
    rng = np.random.default_rng(23)
    indicators = pl.DataFrame(
        {"indicator": ["k"], "kind": ["rate"], "denominator": ["e"], "window": [1], "denominator_window": [1], "min_n": [0]}
    )
    cities, everyone = [f"C{i}" for i in range(12)], np.ones(12, dtype=bool)
    ours, naive = [], []
    for _ in range(40):
        exposure, held = rng.uniform(5, 20, 12), 0.4
        seen = rng.poisson(exposure * 1.0 * held)
        rows = [("k", city, 2000, 2000, city, float(n)) for city, n in zip(cities, seen, strict=True)]
        rows += [("e", city, 2000, 2000, None, float(x)) for city, x in zip(cities, exposure, strict=True)]
        laid = cells.panel(evidence(*rows), [("k", 1), ("e", 1)], cities, YEARS)
        ours.append(cells.values(laid, laid.as_is, laid.as_is / held, indicators, everyone)[0][0, 0, :, 0])
        naive.append(shrinkage.gamma_poisson(seen / held, exposure, everyone)[0])
    assert ((np.array(ours) - 1) ** 2).mean() < 0.6 * ((np.array(naive) - 1) ** 2).mean()


def test_benchmark_keeps_its_own_share_and_sets_no_prior() -> None:
    """Five cities at 60% and a benchmark at 20%: what is common to the five says nothing of it."""
    table = pl.DataFrame(
        {"indicator": ["share"], "kind": ["share"], "denominator": ["of"], "window": [1], "denominator_window": [1], "min_n": [3]}
    )
    cities = [*"ABCDE", BENCHMARK]
    rows = [("of", city, 2000, 2000, city, 10.0) for city in cities]
    rows += [("share", city, 2000, 2000, city, 2.0 if city == BENCHMARK else 6.0) for city in cities]
    laid = cells.panel(evidence(*rows), [("share", 1), ("of", 1)], cities, np.array([2000]))
    at_home = np.array([city != BENCHMARK for city in cities])
    arguments = (laid, laid.as_is, laid.as_is, table, at_home)
    shrunk = cells.values(*arguments)[0][0, 0, :, 0]
    kept = cells.values(*arguments, apart=~at_home)[0][0, 0, :, 0]
    assert shrunk[-1] > 0.5
    assert kept.tolist() == [*shrunk[:-1].tolist(), 0.2]
