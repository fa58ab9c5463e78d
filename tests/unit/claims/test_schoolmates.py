"""Clustering of founders by school and year, on schools drawn by code that shares nothing with the estimator."""

from typing import Any

import numpy as np
import pytest

from pipelines.claims.models import schoolmates

Units = tuple[np.ndarray, np.ndarray, np.ndarray]


def schools(rng: np.random.Generator, shock: float = 0.0, cycle: float = 0.0) -> Units:
    """Ten schools, entry years 1975–2009; founders grow in number over the decades and differ by school.

    ``shock`` is the coefficient of variation of each cohort's own strength, ``cycle`` that of a school's rhythm of ten years.
    """
    school, entered = [], []
    for index in range(10):
        size, growth = rng.gamma(2, 0.25), rng.uniform(0.0, 0.06)
        for year in range(1975, 2010):
            own = rng.gamma(1 / shock**2, shock**2) if shock else 1.0
            rhythm = np.exp(cycle * (year % 10 == index))
            founders = rng.poisson(size * np.exp(growth * (year - 1992)) * own * rhythm)
            school += [f"S{index}"] * founders
            entered += [year] * founders
    return np.array(school), np.array(entered), np.array([f"company {one}" for one in range(len(school))])


def both(units: Units, rng: np.random.Generator) -> list[Any]:
    """Return the pairs of one cohort, and those of the placebo."""
    return [schoolmates.clustering(*units, apart, rng) for apart in (0, schoolmates.PLACEBO)]


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw a fifth as often by chance: enough to tell p values of 0.01 in many worlds."""
    monkeypatch.setattr(schoolmates, "DRAWS", 399)


@pytest.mark.slow
@pytest.mark.usefixtures("few_draws")
def test_no_clustering_is_found_where_none_was_planted() -> None:
    rng = np.random.default_rng(80)
    found = [both(schools(rng), rng) for _ in range(80)]
    for which in (0, 1):
        p = np.array([one[which].p for one in found])
        assert (p < 0.05).mean() <= 0.12, "nominal 0.05, plus three standard errors of 80 worlds"
        assert np.mean([one[which].ratio for one in found]) == pytest.approx(1, abs=0.06)
        assert np.mean([one[which].low <= 1 <= one[which].high for one in found]) >= 0.84, (
            "nominal 0.90, less two standard errors"
        )


@pytest.mark.slow
@pytest.mark.usefixtures("few_draws")
def test_planted_peers_are_found_and_the_placebo_is_not() -> None:
    rng = np.random.default_rng(81)
    found = [both(schools(rng, shock=1.0), rng) for _ in range(30)]
    assert np.mean([cohort.p < 0.01 for cohort, _ in found]) >= 0.7
    assert np.mean([placebo.p < 0.05 for _, placebo in found]) <= 0.13, "nominal 0.05, plus two standard errors of 30 worlds"
    assert np.mean([cohort.ratio for cohort, _ in found]) > 1.3 > 1.2 > np.mean([placebo.ratio for _, placebo in found])


@pytest.mark.slow
@pytest.mark.usefixtures("few_draws")
def test_a_rhythm_of_ten_years_is_caught_by_the_placebo() -> None:
    rng = np.random.default_rng(82)
    found = [both(schools(rng, cycle=2.0), rng) for _ in range(10)]
    assert all(placebo.p < 0.01 for _, placebo in found)


def test_pairs_by_hand() -> None:
    """Blocks of years begin in 1977: 1987 to 1991 is one, 1997 to 2001 that ten years on. No other school has any of theirs."""
    school = np.array(["A", "A", "A", "A", "A", "B", "B"])
    entered = np.array([1987, 1987, 1989, 1997, 1975, 1978, 1980])
    company = np.array(["p", "q", "q", "r", "u", "s", "s"])
    rng = np.random.default_rng(83)
    cohort = schoolmates.clustering(school, entered, company, 0, rng)
    # A: p with either q, of which one is of the same year; two founders of one company are no pair, nor are two schools.
    assert (cohort.observed, cohort.expected) == (1, pytest.approx(2 / 5, abs=0.05))
    assert (cohort.low, cohort.ratio) == (0, pytest.approx(cohort.observed / cohort.expected)), "one pair proves nothing"
    assert cohort.high > cohort.ratio
    placebo = schoolmates.clustering(school, entered, company, schoolmates.PLACEBO, rng)
    # The block of 1997 has been observed for its first year only: each of three founders is one of five to be in that year.
    assert (placebo.observed, placebo.expected) == (2, pytest.approx(3 / 5, abs=0.07))
    assert schoolmates.clustering(school[4:6], entered[4:6], company[4:6], 0, rng) is None


def test_a_year_is_as_likely_as_at_other_schools() -> None:
    """Everybody else entered in 1988, so two of one school who did are no news."""
    school = np.array(["A", "A", *(f"B{number}" for number in range(98))])
    entered = np.array([1988, 1988, *[1988] * 98])
    found = schoolmates.clustering(school, entered, np.arange(100), 0, np.random.default_rng(86))
    assert (found.observed, found.p) == (1, 1.0)


def resumed(rng: np.random.Generator) -> Units:
    """Real cohorts: from 1977, the first three crowded, growing, half as many again from 1999, the youngest not founders yet."""
    years = np.arange(1977, 2006)
    strength = np.exp(0.04 * (years - 1977) - 0.5 * ((years - 1993) / 8) ** 2) * np.where(years >= 1999, 1.5, 1.0)
    strength = strength * np.where(years <= 1979, 1.8, 1.0)
    size = 1 / np.arange(1, 41)
    counts = rng.poisson(250 * np.outer(size / size.sum(), strength / strength.sum()))
    school, year = (np.repeat(index, counts.ravel()) for index in np.indices(counts.shape).reshape(2, -1))
    return school, years[year], np.arange(len(school))


@pytest.mark.slow
@pytest.mark.usefixtures("few_draws")
def test_false_positives_with_cohorts_from_1977_are_nominal() -> None:
    rng = np.random.default_rng(85)
    found = [both(resumed(rng), rng) for _ in range(100)]
    for which in (0, 1):
        p = np.array([pair[which].p for pair in found])
        assert (p < 0.01).mean() <= 0.01
        assert (p < 0.05).mean() <= 0.05 + 0.03, "nominal, plus about a standard error of 100 worlds"


def register_like(rng: np.random.Generator, shock: float) -> Units:
    """Of the register's shape: a hundred schools, a few of them with most founders, entry years 1980–2009, about 300 known."""
    size = 1 / np.arange(1, 101)
    school, entered = [], []
    for index, share in enumerate(size / size.sum()):
        for year in range(1980, 2010):
            own = rng.gamma(1 / shock**2, shock**2) if shock else 1.0
            founders = rng.poisson(300 * share / 30 * own)
            school += [f"S{index}"] * founders
            entered += [year] * founders
    return np.array(school), np.array(entered), np.array([f"company {one}" for one in range(len(school))])


@pytest.mark.slow
@pytest.mark.usefixtures("few_draws")
def test_schools_of_the_registers_shape() -> None:
    rng = np.random.default_rng(84)
    planted = [both(register_like(rng, 1.0), rng) for _ in range(15)]
    assert np.mean([cohort.p < 0.01 for cohort, _ in planted]) >= 0.8
    assert np.mean([placebo.p < 0.05 for _, placebo in planted]) <= 0.17, "nominal 0.05, plus two standard errors of 15 worlds"
    nothing: list[Any] = [schoolmates.clustering(*register_like(rng, 0.0), 0, rng) for _ in range(40)]
    assert np.mean([cohort.p < 0.05 for cohort in nothing]) <= 0.12, "nominal 0.05, plus two standard errors of 40 worlds"
    assert np.mean([cohort.low <= 1 <= cohort.high for cohort in nothing]) >= 0.80, "nominal 0.90, less two standard errors"
