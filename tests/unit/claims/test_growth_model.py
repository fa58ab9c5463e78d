"""The growth model in simulated worlds: exponents are recovered, and intervals cover."""

from itertools import pairwise, product

import numpy as np
import pytest

from pipelines.claims.models import growth


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


@pytest.mark.slow
def test_growth_exponent_is_recovered() -> None:
    """Ten worlds of each exponent, with and without fitness; the mean of all is known to about 0.01."""
    rng = np.random.default_rng(11)
    apart, covered = [], []
    for alpha, spread in product((0.8, 1.0, 1.2), (0.0, 0.3)):
        fits = [growth.growth(*grow(alpha, rng.normal(0, spread, 8), rng)) for _ in range(10)]
        apart.append(np.mean([fit.alpha for fit in fits]) - alpha)
        covered += [fit.low <= alpha <= fit.high for fit in fits]
    assert np.mean(apart) == pytest.approx(0, abs=0.02)
    assert apart == pytest.approx([0.0] * len(apart), abs=0.1)
    assert 0.82 <= np.mean(covered) < 1, "nominal 0.90, less two standard errors of 60 worlds"


@pytest.mark.slow
def test_exponent_depends_on_what_is_added_to_stocks_where_most_cities_begin_without_companies() -> None:
    """Twenty years in which five of forty cities have a stock, and the others get a company now and then."""
    rng, stock, new, before = np.random.default_rng(17), np.array([20.0, 9, 5, 3, 2] + [0.0] * 35), [], []
    for _ in range(20):
        pull = stock + 0.3
        arrivals = rng.multinomial(12, pull / pull.sum()).astype(float)
        before.append(stock.copy())
        new.append(arrivals)
        stock += arrivals
    fits = [growth.growth(np.array(new), np.array(before), start) for start in growth.STARTS]
    assert [fit.start for fit in fits] == [growth.START, 0.25, 1.0, 2.0]
    assert max(fit.alpha for fit in fits) - min(fit.alpha for fit in fits) > fits[0].high - fits[0].low
    ahead = [growth.simulate(np.array(new), np.array(before), fit, 5, 50, np.random.default_rng(1)) for fit in fits]
    assert not np.array_equal(ahead[0], ahead[1]), "futures run on by the same number"


@pytest.mark.slow
def test_growth_interval_covers_overdispersed_counts() -> None:
    """Proportional growth in which each year favours cities of its own."""
    rng = np.random.default_rng(16)
    covered, widths, found = [], [], []
    for _ in range(25):
        stock, new, before = np.array([30.0, 20.0, 12.0, 8.0, 5.0, 3.0]), [], []
        for _ in range(20):
            pull = stock * rng.gamma(8, 1 / 8, size=6)
            arrivals = np.bincount(rng.choice(6, size=80, p=pull / pull.sum()), minlength=6).astype(float)
            before.append(stock.copy())
            new.append(arrivals)
            stock += arrivals
        fit = growth.growth(np.array(new), np.array(before))
        covered.append(fit.low <= 1 <= fit.high)
        widths.append(fit.high - fit.low)
        found.append(fit.alpha)
    assert np.mean(covered) >= 0.78, "nominal 0.90, less two standard errors of 25 worlds"
    # 1.645 on either side; two standard errors of a deviation from 25 worlds are 28%.
    assert np.median(widths) <= 1.28 * 2 * 1.645 * np.std(found, ddof=1), "no wider than the estimates vary"


@pytest.mark.slow
def test_simulated_futures_cover_what_follows() -> None:
    """Twenty years are seen, the next five are simulated: intervals of each city's stock, and who is ahead."""
    rng = np.random.default_rng(13)
    inside, said, happened = [], [], []
    for _ in range(25):
        new, stock = grow(float(rng.uniform(0.8, 1.2)), rng.normal(0, 0.3, 8), rng)
        ahead = growth.simulate(new[:20], stock[:20], growth.growth(new[:20], stock[:20]), 5, 300, rng)
        later = stock[20:] + new[20:]
        low, high = np.quantile(ahead[:, -1], [0.05, 0.95], axis=0)
        inside.append((low <= later[-1]) & (later[-1] <= high))
        # Each city and the next smaller one.
        for first, second in pairwise((stock[19] + new[19]).argsort()[::-1]):
            said.append((ahead[:, :, second] > ahead[:, :, first]).any(1).mean())
            happened.append((later[:, second] > later[:, first]).any())
    assert np.mean(inside) >= 0.86, "nominal 0.90, less the error of 25 worlds"
    assert np.mean(said) == pytest.approx(np.mean(happened), abs=0.08)


def test_simulated_stocks_grow_by_as_many_as_before() -> None:
    rng = np.random.default_rng(14)
    new, stock = grow(1.0, np.zeros(8), rng)
    ahead = growth.simulate(new, stock, growth.growth(new, stock), 5, 100, rng)
    assert ahead.shape == (100, 5, 8)
    yearly = np.diff(np.concatenate([np.broadcast_to(stock[-1] + new[-1], (100, 1, 8)), ahead], axis=1), axis=1)
    assert (yearly >= 0).all()
    assert set(yearly.sum(-1).ravel()) == {80.0}


def test_futures_run_on_by_the_number_that_was_added() -> None:
    """With a million added to both cities, each gets half of the new companies, although one has all those before."""
    new, stock = np.full((20, 2), 40.0), np.tile([10_000.0, 0.0], (20, 1))
    fit = growth.Growth(1.0, 1.0, 1.0, 0.1, 1.0, int(new.sum()), start=1e6)
    ahead = growth.simulate(new, stock, fit, 1, 50, np.random.default_rng(15))
    assert (ahead[:, 0] - stock[-1] - new[-1]).mean(0) == pytest.approx([40.0, 40.0], abs=3)
