"""Location quotients and proportions: intervals cover, on tables drawn by code that shares nothing with the estimator."""

import numpy as np
import pytest
from scipy import stats

from pipelines.claims.finding import wilson
from pipelines.claims.models import quotients


@pytest.fixture(autouse=True)
def short_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough for the ends of an interval, and many worlds are wanted."""
    monkeypatch.setattr(quotients, "_SWEEPS", 500)


def world(kind: str, cities: int, sectors: int, most: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Counts and their true quotients; a quotient is relative to the margins, and so is its truth."""
    match kind:
        case "mild":
            theta = rng.gamma(4, 1 / 4, size=(cities, sectors))
        case "strong":
            theta = rng.gamma(1, 1, size=(cities, sectors))
        case "lognormal":
            theta = np.exp(rng.normal(0, 0.6, size=(cities, sectors)))
        case _:
            theta = np.where(rng.random((cities, sectors)) < 0.1, 3.0, 1.0)
    rate = theta * rng.uniform(most / 5, most, size=(cities, 1)) * np.exp(rng.normal(0, 0.7, size=(1, sectors)))
    counts = rng.poisson(rate)
    if not counts.sum(0).all() or not counts.sum(1).all():
        return world(kind, cities, sectors, most, rng)
    return counts, rate * rate.sum() / (rate.sum(1, keepdims=True) * rate.sum(0, keepdims=True))


def fit(counts: np.ndarray, rng: np.random.Generator) -> quotients.Quotients:
    return quotients.quotients(counts, [[sector] for sector in range(counts.shape[1])], rng)


def covered(found: quotients.Quotients, truth: np.ndarray) -> float:
    low, high = np.quantile(found.draws, [0.05, 0.95], axis=0)
    return float(((low <= truth) & (truth <= high)).mean())


@pytest.mark.slow
def test_intervals_cover_where_counts_are_small() -> None:
    rng, found = np.random.default_rng(10), {}
    for kind in ("mild", "strong", "lognormal", "few"):
        worlds = [world(kind, 10, 6, 4.0, rng) for _ in range(20)]
        found[kind] = np.mean([covered(fit(counts, rng), truth) for counts, truth in worlds])
    assert np.mean(list(found.values())) >= 0.895, "nominal 0.90, less the error of 80 worlds"
    assert min(found.values()) >= 0.87, "no kind of world falls through: 0.88, less the error of 20 worlds"


@pytest.mark.slow
def test_intervals_cover_in_large_tables() -> None:
    rng = np.random.default_rng(11)
    worlds = [world("mild", 15, 15, 10.0, rng) for _ in range(10)]
    assert np.mean([covered(fit(counts, rng), truth) for counts, truth in worlds]) >= 0.88


@pytest.mark.slow
def test_the_planted_specialisation_is_found_and_no_other() -> None:
    rng = np.random.default_rng(15)
    found, false, low = [], 0, 0
    for _ in range(30):
        theta = rng.gamma(4, 1 / 4, size=(12, 12))
        theta[0, 0] = 4.0
        rate = theta * rng.uniform(2, 10, size=(12, 1))
        truth = rate * rate.sum() / (rate.sum(1, keepdims=True) * rate.sum(0, keepdims=True))
        one = fit(rng.poisson(rate), rng)
        found.append(one.columns()["is_specialised"][0, 0])
        is_low = truth < 0.9
        false += int(((one.draws > 1).mean(0)[is_low] >= 0.95).sum())
        low += int(is_low.sum())
    assert np.mean(found) >= 0.8
    assert false / low <= 0.02


@pytest.mark.slow
def test_intervals_of_a_group_cover_where_its_sectors_go_together() -> None:
    """Twelve sectors, the first six of which are as strong in a city as one another; with a θ of each, 80% would be covered."""
    rng, inside = np.random.default_rng(17), []
    for _ in range(40):
        theta = np.exp(rng.normal(0, 0.6, size=(12, 7)))[:, [0] * 6 + [*range(1, 7)]]
        rate = theta * rng.uniform(3, 10, size=(12, 1)) * np.exp(rng.normal(0, 0.5, size=(1, 12)))
        counts = rng.poisson(rate)
        present = np.flatnonzero(counts.sum(0))
        found = quotients.quotients(counts[:, present], [[place for place, sector in enumerate(present) if sector < 6]], rng)
        group = rate[:, :6].sum(1)
        truth = group * rate.sum() / (rate.sum(1) * group.sum())
        inside.append(covered(found, truth[:, None]))
    assert np.mean(inside) >= 0.86, "nominal 0.90, less two standard errors"


def test_a_group_is_the_sum_of_its_sectors_and_five_are_needed() -> None:
    counts = np.array([[4, 0, 30], [0, 1, 60], [1, 1, 90]])
    pair = quotients.quotients(counts, [[0, 1]], np.random.default_rng(16))
    assert pair.observed[:, 0].tolist() == [4, 1, 2]
    assert pair.expected[0, 0] == pytest.approx(34 * 7 / 187)
    columns = pair.columns()
    assert columns["p_above_one"][0, 0] > 0.95
    assert not columns["is_specialised"][0, 0], "four companies are none"


def test_wilson_matches_a_published_value_and_covers() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 95% interval .2553 to .3662."""
    bounds = stats.binomtest(81, 263).proportion_ci(0.95, method="wilson")
    assert (round(bounds.low, 4), round(bounds.high, 4)) == (0.2553, 0.3662)
    coverage = []
    for n in (5, 10, 20, 50):
        ends = np.array([wilson(k, n) for k in range(n + 1)])
        for p in np.linspace(0.02, 0.98, 49):
            inside = (ends[:, 0] <= p) & (p <= ends[:, 1])
            coverage.append(stats.binom.pmf(np.arange(n + 1), n, p)[inside].sum())
    assert np.mean(coverage) >= 0.90
