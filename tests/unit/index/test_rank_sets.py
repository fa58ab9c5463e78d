"""Rank sets by hand, against published ones, and in simulated worlds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.index import rank_sets
from tests.support.normal import normal_draws

World = Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def pisa(recordings: Path) -> pl.DataFrame:
    """Return mathematics scores of 37 jurisdictions and their standard errors (OECD, PISA 2018)."""
    return pl.read_csv(recordings.parent / "golden" / "rank_sets" / "pisa2018_math.csv")


@pytest.fixture(scope="module")
def draws(pisa: pl.DataFrame) -> np.ndarray:
    return normal_draws(pisa["math_score"].to_numpy(), np.diag(pisa["math_se"].to_numpy() ** 2))


@pytest.fixture(scope="module")
def published(pisa: pl.DataFrame, draws: np.ndarray) -> dict[float, pl.DataFrame]:
    """Return simultaneous sets at three levels: name, best and worst."""
    sets = {level: rank_sets.simultaneous(pisa["math_score"].to_numpy(), draws, level) for level in (0.95, 0.90, 0.75)}
    return {
        level: pisa.select(pl.col("jurisdiction").alias("name"), pl.Series("best", best), pl.Series("worst", worst))
        for level, (best, worst) in sets.items()
    }


def test_step_down_gives_the_published_mean_width(published: dict[float, pl.DataFrame]) -> None:
    width = published[0.95].select((pl.col("worst") - pl.col("best") + 1).mean()).item()
    assert width == pytest.approx(12.243, abs=0.02)


def test_published_jurisdictions_can_be_among_the_first_five(published: dict[float, pl.DataFrame]) -> None:
    strict, loose = (set(published[level].filter(pl.col("best") <= 5)["name"]) for level in (0.95, 0.90))
    assert (len(strict), len(loose), strict - loose) == (12, 11, {"Sweden"})


def test_published_sets_overlap_and_part(published: dict[float, pl.DataFrame]) -> None:
    wide, narrow = ({name: ends for name, *ends in published[level].iter_rows()} for level in (0.95, 0.75))
    last = ("Chile", "Mexico", "Colombia")
    assert wide["Korea"][1] >= 7 >= wide["Germany"][0]
    assert (narrow["Korea"], narrow["Germany"]) == ([1, 6], [8, 24])
    assert min(wide[name][0] for name in last) == 35
    assert max(worst for name, (_, worst) in wide.items() if name not in last) == 34


def test_distant_cities_are_apart() -> None:
    draws = np.random.default_rng(9).normal([0, 10, 20], 0.1, size=(300, 3))
    best, worst = rank_sets.simultaneous(np.array([0.0, 10.0, 20.0]), draws)
    assert (best.tolist(), worst.tolist()) == ([3, 2, 1], [3, 2, 1])


def test_sets_do_not_depend_on_the_unit() -> None:
    estimate = np.array([0.0, 1.0, 4.0, 9.0])
    draws = estimate + np.random.default_rng(20).normal(size=(500, 4))
    sets = rank_sets.simultaneous(estimate, draws)
    assert np.array_equal(rank_sets.simultaneous(estimate / 1024, draws / 1024), sets)
    assert {*(sets[0] == sets[1]).tolist()} == {True, False}, "some are apart, some are not"


def test_values_that_do_not_vary_are_compared_as_they_stand() -> None:
    estimate = np.array([2.0, 1.0, 2.0])
    best, worst = rank_sets.simultaneous(estimate, np.tile(estimate, (100, 1)))
    assert (best.tolist(), worst.tolist()) == ([1, 3, 1], [2, 3, 2])


def test_city_without_a_company_is_not_certain() -> None:
    """Resamples of no companies are no companies; the city is as uncertain as the most uncertain one."""
    rng = np.random.default_rng(3)
    counts = np.array([0, 3, 12])
    best, worst = rank_sets.simultaneous(counts * 1.0, rng.multinomial(15, counts / 15, size=2000) * 1.0)
    assert (best[0], worst[2]) == (2, 1)


def test_cities_that_vary_together_are_told_apart() -> None:
    common = np.random.default_rng(4).normal(size=(2000, 1)) * 10
    estimate = np.array([0.0, 0.5])
    draws = estimate + common + np.random.default_rng(5).normal(size=(2000, 2)) * 0.05
    best, _ = rank_sets.simultaneous(estimate, draws)
    assert best.tolist() == [2, 1]


def test_normal_draws_have_the_covariance_asked_for() -> None:
    covariance = np.array([[2.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    draws = normal_draws(np.array([1.0, 2.0, 3.0]), covariance, count=50)
    assert np.cov(draws, rowvar=False) == pytest.approx(covariance, abs=1e-9)
    assert draws.mean(0) == pytest.approx([1.0, 2.0, 3.0])


def test_draw_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="leave out cities without a score"):
        rank_sets.simultaneous(np.array([1.0, 2.0]), np.array([[1.0, np.nan], [2.0, 1.0]]))


def covered(world: World, truth: np.ndarray, worlds: int) -> float:
    """Return the share of worlds in which all sets contain all true ranks, ties included."""
    rng = np.random.default_rng(80)
    best_true, worst_true = 1 + (truth > truth[:, None]).sum(1), len(truth) - (truth < truth[:, None]).sum(1)
    hits = 0
    for _ in range(worlds):
        best, worst = rank_sets.simultaneous(*world(rng))
        hits += bool(((best <= best_true) & (worst >= worst_true)).all())
    return hits / worlds


def level_companies(count: int, transform: Callable[[np.ndarray], np.ndarray]) -> World:
    """Return a world of companies that fall on eight cities at random, and posterior draws of what each city has."""

    def world(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        companies = rng.multinomial(count, np.full(8, 1 / 8))
        draws = transform(rng.gamma(companies + 0.5, size=(500, 8)))
        return draws.mean(0), draws

    return world


def normal_values(truth: np.ndarray) -> World:
    def world(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        estimate = truth + rng.normal(size=len(truth))
        return estimate, estimate + rng.normal(size=(1000, len(truth)))

    return world


def resampled_means(truth: np.ndarray) -> World:
    """Return a world of 120 companies with a value for each city, resampled 300 times."""

    def world(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        values = truth + rng.normal(size=(120, len(truth)))
        return values.mean(0), rng.multinomial(120, np.full(120, 1 / 120), size=300) @ values / 120

    return world


@pytest.mark.parametrize(
    "transform", [pytest.param(np.log, id="log", marks=pytest.mark.slow), pytest.param(np.positive, id="count")]
)
def test_forty_companies_of_level_cities_are_covered(transform: Callable[[np.ndarray], np.ndarray]) -> None:
    assert covered(level_companies(40, transform), np.zeros(8), worlds=200) >= 0.90


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0.0, 0.3, 2.0])
def test_sets_cover_ties_and_near_ties_at_nominal(gap: float) -> None:
    """2,000 worlds: four standard errors of the simulation below 90% would be a fault."""
    truth = np.arange(6) // 2 * gap
    assert covered(normal_values(truth), truth, worlds=2000) >= 0.90 - 4 * np.sqrt(0.09 / 2000)


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0.0, 0.05, 0.2, 1.0])
def test_sets_from_resamples_cover_at_nominal(gap: float) -> None:
    truth = np.arange(6) * gap
    assert covered(resampled_means(truth), truth, worlds=300) >= 0.90


@pytest.mark.slow
def test_sets_of_level_cities_are_hardly_wider_than_they_must_be() -> None:
    assert covered(normal_values(np.zeros(6)), np.zeros(6), worlds=2000) < 0.94


def test_quantile_is_the_upper_end_of_its_own_interval() -> None:
    """Of 10,000 draws, 90% lie below a rank that is uncertain by √(.9 · .1 / 10,000) = .003; 1.645 times that come on top."""
    values = np.arange(10_001.0)
    assert rank_sets._quantile(values, 0.9) == pytest.approx(10_000 * (0.9 + 1.644854 * 0.003), rel=1e-5)
    assert rank_sets._quantile(values[:10], 0.9) == 9.0, "not beyond the largest"
