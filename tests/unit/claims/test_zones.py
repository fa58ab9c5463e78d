"""What a park adds, on cities drawn by code that shares nothing with the estimator."""

import numpy as np
import pytest

from pipelines.claims.models import zones

LEVEL = 0.90


def cities(at_low: float, more: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """160 cities: counts with negative-binomial noise, zones older where conditions are better, a quarter without one."""
    conditions = rng.gamma(4, 8, size=160)
    low, high = np.quantile(conditions, [0.25, 0.75])
    scaled = (conditions - low) / (high - low)
    age = np.where(rng.random(160) < 0.25, 0, np.clip(rng.normal(10 + 4 * scaled, 6), 0, 30).round())
    strength = np.exp(1.0 + 0.6 * scaled + (at_low + more * scaled) * age / 10)
    return rng.poisson(strength * rng.gamma(3, 1 / 3, size=160)).astype(float), age, conditions


@pytest.mark.parametrize(("at_low", "more"), [(0.0, 0.0), (0.0, 0.3), (0.4, 0.0)])
def test_effects_are_recovered_and_intervals_cover(at_low: float, more: float) -> None:
    rng = np.random.default_rng(90)
    fits = [fit for _ in range(200) if (fit := zones.interaction(*cities(at_low, more, rng), LEVEL)) is not None]
    assert len(fits) == 200
    for found, truth in (([fit.at_low for fit in fits], at_low), ([fit.interaction for fit in fits], more)):
        assert np.mean([one.estimate for one in found]) == pytest.approx(truth, abs=0.04)
        assert np.mean([one.low <= truth <= one.high for one in found]) >= 0.86, "nominal 0.90, less two standard errors"


def test_a_table_by_hand() -> None:
    """Two conditions by two ages, four cities each, no noise: 4 and 8 companies at low conditions, 10 and 40 at high."""
    conditions = np.repeat([0.0, 0.0, 1.0, 1.0], 4)
    age, companies = np.repeat([0.0, 10.0, 0.0, 10.0], 4), np.repeat([4.0, 8.0, 10.0, 40.0], 4)
    fit = zones.interaction(companies, age, conditions, LEVEL)
    assert fit is not None
    assert fit.at_low.estimate == pytest.approx(np.log(2))
    assert fit.interaction.estimate == pytest.approx(np.log(2))


def test_what_cannot_be_told_apart_is_nothing() -> None:
    rng = np.random.default_rng(91)
    companies, age, conditions = cities(0.0, 0.0, rng)
    assert zones.interaction(companies, age, np.ones(160), LEVEL) is None, "conditions alike"
    assert zones.interaction(companies, np.full(160, 20.0), conditions, LEVEL) is None, "zones of one age"
