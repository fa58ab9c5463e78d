"""Screening, normalising, means and coherence: values worked by hand, and known truths."""

import numpy as np
import pytest

from pipelines.index.diagnostics import coherence
from pipelines.index.diagnostics.sensitivity import sobol
from pipelines.index.score import aggregators, normalisers
from pipelines.index.score.screening import screen

NAN = np.nan


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_screening_asks_for_enough_overall_and_in_each_group() -> None:
    present = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1]], dtype=bool)
    share, enough = screen(present, np.array([0, 0, 1, 1]), overall=0.5, per_group=0.5)
    assert share.tolist() == [1, 0.75, 0.5, 0.25]
    assert enough.tolist() == [True, True, False, False]


def test_indicator_that_does_not_vary_still_has_a_score() -> None:
    np.testing.assert_array_equal(normalisers.min_max(column(3.0, 3.0, NAN))[:, 0], [100, 100, NAN])


def test_units_outside_the_reference_do_not_set_the_scale() -> None:
    values, among = column(1.0, 3.0, 9.0), np.array([True, True, False])
    assert normalisers.fraction_of_max(values, among)[:, 0] == pytest.approx([1 / 3, 1, 3])


def test_power_means_by_hand_and_in_order() -> None:
    values, weights = np.array([1.0, 7.0]), np.array([1.0, 1.0])
    assert aggregators.power_mean(values, weights, 2) == pytest.approx(5)
    means = [float(aggregators.power_mean(values, weights, power)) for power in (-2, -1, -0.5, 0, 0.5, 1, 2)]
    assert means == sorted(means)


@pytest.mark.parametrize("power", [0, -1, 0.5])
def test_means_that_need_positive_values_say_so(power: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        aggregators.power_mean(np.array([0.0, 5.0]), np.ones(2), power)


def test_coherence_of_indicators_that_share_one_factor() -> None:
    """Loadings √.6 on one factor: r = .6 throughout, α = 3 · .6 / (1 + 2 · .6), first component (1 + 2 · .6) / 3."""
    rng = np.random.default_rng(34)
    values = np.sqrt(0.6) * rng.normal(size=(40_000, 1)) + np.sqrt(0.4) * rng.normal(size=(40_000, 3))
    values[0, 0] = NAN
    found = coherence.coherence(values)
    assert found.n == 39_999
    assert found.alpha == pytest.approx(1.8 / 2.2, abs=0.01)
    assert found.first_share == pytest.approx(2.2 / 3, abs=0.01)
    assert found.item_rest == pytest.approx(np.full(3, 0.6 / np.sqrt(0.8)), abs=0.01)


def test_correlations_use_the_units_that_have_both() -> None:
    r, p = coherence.correlations(np.array([[1.0, 2.0], [2.0, 4.1], [3.0, 5.9], [4.0, NAN], [5.0, 10.0]]))
    assert r[0, 1] == r[1, 0] == pytest.approx(0.9998, abs=2e-4)
    assert p[0, 1] < 0.01


def test_pillars_that_say_the_same_are_named() -> None:
    rng = np.random.default_rng(36)
    pillars = rng.normal(size=(200, 3))
    pillars[:, 2] = 0.1 * pillars[:, 1] - pillars[:, 0]
    ((one, other, r),) = coherence.redundant(pillars)
    assert (one, other) == (0, 2)
    assert r < -0.92


def ishigami(points: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_the_ishigami_function() -> None:
    """Ishigami & Homma (1990): first .3139, .4424, 0; total .5576, .4424, .2437."""
    found = sobol(ishigami, ["x", "y", "z"], 2048, seed=35, level=0.90)
    assert found.first == pytest.approx([0.3139, 0.4424, 0], abs=0.03)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    grouped = sobol(ishigami, ["xz", "y", "xz"], 2048, seed=35, level=0.90)
    assert grouped.names == ("xz", "y")
    assert grouped.first == pytest.approx([0.5576, 0.4424], abs=0.03)
