"""The index as pure functions: hand-worked values, invariances, synthetic worlds with a known truth.

The worlds are drawn by code that shares nothing with the estimators; every seed is fixed.
"""

import numpy as np
import polars as pl
import pytest

from pipelines.claims.models import growth
from pipelines.index import draws as uncertainty
from pipelines.index.measure import cells, shrinkage
from pipelines.index.measure.coverage import estimate
from pipelines.index.score import compose
from pipelines.publish.wording import headline

YEARS = np.arange(2000, 2006)


def evidence(*rows: tuple[str, str, int, int | None, str | None, float]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={
            "indicator": pl.String,
            "city": pl.String,
            "year": pl.Int64,
            "year_to": pl.Int64,
            "company": pl.String,
            "value": pl.Float64,
        },
        orient="row",
    )


# Cells


def test_a_piece_counts_while_its_years_overlap_the_window() -> None:
    table = evidence(
        ("deals", "A", 2002, 2002, "x", 1.0), ("office", "A", 2001, 2003, None, 1.0), ("office", "A", 2004, None, None, 1.0)
    )
    laid = cells.panel(table, [("deals", 3), ("office", 1)], ["A"], YEARS)
    deals, office = laid.sums(laid.as_is)[0, :, :, 0]
    assert deals.tolist() == [0, 0, 1, 1, 1, 0]
    assert office.tolist() == [0, 1, 1, 1, 1, 1]


def test_resampling_moves_company_evidence_and_nothing_else() -> None:
    table = evidence(("m", "A", 2000, 2000, "x", 2.0), ("m", "A", 2000, 2000, "y", 5.0), ("m", "A", 2000, 2000, None, 1.0))
    laid = cells.panel(table, [("m", 1)], ["A"], YEARS)
    assert laid.companies == ["x", "y"]
    assert laid.sums(np.array([[3.0, 0.0]]))[0, 0, 0, 0] == 3 * 2 + 1


def test_values_mark_what_is_too_thin_and_draws_keep_the_pattern() -> None:
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


def test_recordings_that_disagree_widen_the_share() -> None:
    cities, scope = list("ABCD"), np.array([True] * 4)
    agree = {f"{list_}__{city}": (60, 100) for list_ in ("unicorns", "deals") for city in cities}
    differ = agree | {"deals__A": (90, 100), "deals__B": (20, 100), "deals__C": (85, 100), "deals__D": (25, 100)}
    spread = [
        np.log(estimate(cities, scope, listings(**one)).draw(4000, np.random.default_rng(22))).std(0).mean()
        for one in (agree, differ)
    ]
    assert spread[1] > 2 * spread[0]


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


# Shrinkage


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


def test_equal_shares_shrink_to_the_common_one() -> None:
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


def test_no_trials_is_the_prior() -> None:
    for shrunk in (shrinkage.beta_binomial, shrinkage.gamma_poisson):
        value, own = shrunk(np.array([1.0, 0.0]), np.array([2.0, 0.0]), np.ones(2, dtype=bool))
        assert (value[1], own[1]) == (pytest.approx(0.5), 0.0)


def test_rates_are_shrunk_on_what_was_seen() -> None:
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


# Composing


def one(values: list[list[float]]) -> np.ndarray:
    return np.array(values)[None, None]


UP = np.array([1.0])


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("goalposts", [0.0, 50.0, 100.0]),
        ("goalposts_uncapped", [0.0, 50.0, 300.0]),
        ("min_max", [0.0, 100 / 6, 100.0]),
        ("fraction_of_max", [0.0, 100 / 6, 100.0]),
        ("mid_percentile", [100 / 6, 50.0, 500 / 6]),
    ],
)
def test_normalisers_by_hand(how: str, expected: list[float]) -> None:
    values = one([[0.0], [5.0], [30.0]])
    found = compose.normalise(values, how, UP, np.array([0.0]), np.array([10.0]), np.array([True] * 3))
    assert found[0, 0, :, 0] == pytest.approx(expected)


def test_less_is_more_turns_the_scale() -> None:
    values = one([[0.0], [5.0], [10.0]])
    for how in ("goalposts", "min_max"):
        found = compose.normalise(values, how, -UP, np.array([0.0]), np.array([10.0]), np.array([True] * 3))
        assert found[0, 0, :, 0] == pytest.approx([100, 50, 0])


def test_unranked_cities_do_not_move_the_scale_of_the_others() -> None:
    ranked = np.array([True, True, False])
    wide = compose.normalise(one([[1.0], [3.0], [99.0]]), "min_max", UP, UP, UP, ranked)
    narrow = compose.normalise(one([[1.0], [3.0], [2.0]]), "min_max", UP, UP, UP, ranked)
    assert wide[0, 0, :2] == pytest.approx(narrow[0, 0, :2])


def test_means_by_hand_and_in_order() -> None:
    values, weights = np.array([4.0, 16.0]), np.array([1.0, 1.0])
    found = {how: float(compose.mean(values, weights, how)) for how in compose.AGGREGATORS}
    assert found == pytest.approx({"arithmetic": 10.0, "geometric": 8.0, "harmonic": 6.4})


def test_missing_indicators_leave_with_their_weight() -> None:
    values = np.array([np.nan, 10.0, 30.0])
    assert compose.mean(values, np.array([5.0, 1.0, 3.0]), "arithmetic") == pytest.approx(25.0)
    assert np.isnan(compose.mean(np.array([np.nan]), np.array([1.0]), "arithmetic"))


def test_an_empty_pillar_is_not_compensated() -> None:
    empty, even = np.array([100.0, 0.0]), np.array([30.0, 30.0])
    weights = np.array([1.0, 1.0])
    assert compose.mean(empty, weights, "geometric") < compose.mean(even, weights, "geometric")
    assert compose.mean(empty, weights, "arithmetic") > compose.mean(even, weights, "arithmetic")


def test_ties_share_the_better_rank_and_nothing_has_no_rank() -> None:
    assert compose.ranks(np.array([5.0, 7.0, 7.0, np.nan, 1.0])).tolist()[:3] == [3, 1, 1]
    assert np.isnan(compose.ranks(np.array([5.0, np.nan]))[1])


def recipe(indicators: int, cities: int) -> uncertainty.Recipe:
    return uncertainty.Recipe(
        is_log=np.zeros(indicators, dtype=bool),
        direction=np.ones(indicators),
        floor=np.zeros(indicators),
        ceiling=np.full(indicators, 10.0),
        pillar_of=np.arange(indicators) % 2,
        n_pillars=2,
        counted=np.ones((1, cities), dtype=bool),
    )


def draws_of(values: np.ndarray, seed: int = 3) -> tuple[np.ndarray, uncertainty.Choices]:
    indicators, cities = values.shape[-1], values.shape[-2]
    points = np.random.default_rng(seed).random((200, len(uncertainty.Choices.factors(indicators, 2))))
    choices = uncertainty.Choices.at(points, np.ones(indicators), np.arange(indicators) % 2)
    return uncertainty.score(values, choices, recipe(indicators, cities))[0][:, 0], choices


def test_relabelling_cities_only_relabels_scores() -> None:
    values = np.random.default_rng(4).uniform(0, 10, size=(1, 1, 6, 4))
    order = np.array([3, 1, 5, 0, 2, 4])
    plain, _ = draws_of(values)
    moved, _ = draws_of(values[:, :, order])
    assert moved == pytest.approx(plain[:, order])


def test_units_do_not_matter() -> None:
    values = np.random.default_rng(5).uniform(0, 10, size=(1, 1, 6, 4))
    scaled = uncertainty.Recipe(**(vars(recipe(4, 6)) | {"ceiling": np.full(4, 10_000.0)}))
    plain, choices = draws_of(values)
    assert uncertainty.score(values * 1000, choices, scaled)[0][:, 0] == pytest.approx(plain)


def test_a_city_above_on_everything_is_first_under_every_choice() -> None:
    values = np.random.default_rng(6).uniform(1, 8, size=(1, 1, 5, 4))
    values[:, :, 2] = 9.5
    scores, _ = draws_of(values)
    assert (scores.argmax(1) == 2).all()


def test_weights_are_drawn_around_equal_and_one_indicator_may_be_left_out() -> None:
    _, choices = draws_of(np.ones((1, 1, 3, 4)))
    assert choices.pillar_weights.sum(1) == pytest.approx(np.ones(200))
    assert choices.pillar_weights.mean(0) == pytest.approx([0.5, 0.5], abs=0.05)
    left_out = (choices.indicator_weights == 0).sum(1)
    assert set(left_out) == {0, 1}


# Uncertainty


def test_bias_corrected_intervals_cover_what_percentiles_miss() -> None:
    """The log of a mean of skewed counts: resamples sit below the estimate, as scores do."""
    rng = np.random.default_rng(24)
    plain, corrected = [], []
    for _ in range(300):
        sample = rng.exponential(1.0, size=25)
        draws = np.log(sample[rng.integers(0, 25, size=(400, 25))].mean(1))[:, None]
        estimate = np.array([np.log(sample.mean())])
        plain.append(uncertainty.interval(draws))
        corrected.append(uncertainty.bias_corrected(draws, estimate))
    covered = [np.mean([low[0] <= 0 <= high[0] for low, high in one]) for one in (plain, corrected)]
    assert covered[1] >= covered[0]
    assert covered[1] >= 0.84


def test_pairwise_wins_add_up() -> None:
    scores = np.random.default_rng(7).normal(size=(500, 4)).round(1)
    wins = uncertainty.wins(scores)
    assert wins + wins.T == pytest.approx(np.ones((4, 4)))


# Snowball


def grow(alpha: float, fitness: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """25 years of an urn from which 80 companies a year choose their city: new and stock (year, city)."""
    stock = np.array([30.0, 20.0, 12.0, 8.0, 5.0, 3.0, 2.0, 1.0])
    new, before = [], []
    for _ in range(25):
        pull = np.exp(fitness) * (stock + growth.START) ** alpha
        arrivals = np.bincount(rng.choice(8, size=80, p=pull / pull.sum()), minlength=8).astype(float)
        before.append(stock.copy())
        new.append(arrivals)
        stock += arrivals
    return np.array(new), np.array(before)


@pytest.mark.parametrize("alpha", [0.8, 1.0, 1.2])
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_growth_exponent_is_recovered(alpha: float, spread: float) -> None:
    rng = np.random.default_rng(11)
    fits = [growth.growth(*grow(alpha, rng.normal(0, spread, 8), rng), 0.90) for _ in range(30)]
    assert np.mean([fit.alpha for fit in fits]) == pytest.approx(alpha, abs=0.05)
    covered = np.mean([fit.low <= alpha <= fit.high for fit in fits])
    assert covered >= 0.79, "nominal 0.90, less two standard errors of 30 worlds"


def test_growth_interval_allows_for_counts_that_vary_more_than_a_multinomial() -> None:
    """Proportional growth in which each year favours cities of its own."""
    rng = np.random.default_rng(16)
    covered = []
    for _ in range(25):
        stock, new, before = np.array([30.0, 20.0, 12.0, 8.0, 5.0, 3.0]), [], []
        for _ in range(20):
            pull = stock * rng.gamma(8, 1 / 8, size=6)
            arrivals = np.bincount(rng.choice(6, size=80, p=pull / pull.sum()), minlength=6).astype(float)
            before.append(stock.copy())
            new.append(arrivals)
            stock += arrivals
        fit = growth.growth(np.array(new), np.array(before), 0.90)
        covered.append(fit.low <= 1 <= fit.high)
    assert np.mean(covered) >= 0.78, "nominal 0.90, less two standard errors of 25 worlds"


def test_simulated_futures_cover_what_comes() -> None:
    """Twenty years are seen, the next five are simulated: intervals of each city's stock, and who is ahead."""
    rng = np.random.default_rng(13)
    inside, said, happened = [], [], []
    for _ in range(50):
        new, stock = grow(float(rng.uniform(0.8, 1.2)), rng.normal(0, 0.3, 8), rng)
        ahead = growth.simulate(new[:20], stock[:20], growth.growth(new[:20], stock[:20], 0.90), 5, 300, 0.90, rng)
        later = stock[20:] + new[20:]
        low, high = np.quantile(ahead[:, -1], [0.05, 0.95], axis=0)
        inside.append((low <= later[-1]) & (later[-1] <= high))
        first, second = (stock[19] + new[19]).argsort()[::-1][:2]
        said.append((ahead[:, :, second] > ahead[:, :, first]).any(1).mean())
        happened.append((later[:, second] > later[:, first]).any())
    assert np.mean(inside) >= 0.86, "nominal 0.90, less the error of 50 worlds"
    assert np.mean(said) == pytest.approx(np.mean(happened), abs=0.08)


def test_simulated_stocks_only_grow_and_by_as_many_as_the_years_before() -> None:
    rng = np.random.default_rng(14)
    new, stock = grow(1.0, np.zeros(8), rng)
    ahead = growth.simulate(new, stock, growth.growth(new, stock, 0.90), 5, 100, 0.90, rng)
    assert ahead.shape == (100, 5, 8)
    yearly = np.diff(np.concatenate([np.broadcast_to(stock[-1] + new[-1], (100, 1, 8)), ahead], axis=1), axis=1)
    assert (yearly >= 0).all()
    assert set(yearly.sum(-1).ravel()) == {80.0}


# Words


def ranking(p_above: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    table = pl.DataFrame({"rank": [1, 2], "city": ["A", "B"], "p_first": [p_above, 1 - p_above]})
    return table, pl.DataFrame({"city": ["A", "B"], "other": ["B", "A"], "p_above": [p_above, 1 - p_above]})


def test_leads_is_said_only_of_what_is_separable() -> None:
    assert headline(*ranking(0.96)).startswith("A leads")
    assert headline(*ranking(0.94)) == "A has the best shot (first in 94% of all draws) but is not separable from B."
