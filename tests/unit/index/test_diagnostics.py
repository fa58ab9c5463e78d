"""Sensitivity, smallest changes that turn the ranking, and coherence: by hand and on functions with known answers."""

import numpy as np
import pytest

from pipelines.index.diagnostics import coherence, robustness, sensitivity
from pipelines.index.measure.rules import Rules
from pipelines.index.score import compose

NAN = np.nan


def ishigami(points: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_the_ishigami_function() -> None:
    """Ishigami & Homma (1990): first .3139, .4424, 0; total .5576, .4424, .2437."""
    found = sensitivity.sobol(ishigami, ["x", "y", "z"], 2048, seed=35, level=0.90)
    assert found.first == pytest.approx([0.3139, 0.4424, 0], abs=0.03)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    grouped = sensitivity.sobol(ishigami, ["xz", "y", "xz"], 2048, seed=35, level=0.90)
    assert grouped.names == ("xz", "y")
    assert grouped.first == pytest.approx([0.5576, 0.4424], abs=0.03)


def test_each_output_has_its_own_indices_and_constants_have_none() -> None:
    def model(points: np.ndarray) -> np.ndarray:
        return np.column_stack([points[:, 0], 3 * points[:, 1] + points[:, 0], np.ones(len(points))])

    found = sensitivity.sobol(model, ["a", "b"], 1024, seed=1, level=0.90)
    assert found.first[0] == pytest.approx([1, 0], abs=0.02)
    assert found.first[1] == pytest.approx([0.1, 0.9], abs=0.02)
    assert found.total[2].tolist() == [0, 0]


def test_outputs_of_a_ranking_by_hand() -> None:
    published = np.array([2.0, 1.0, 3.0])
    scores = np.array([[30.0, 60.0, 10.0], [80.0, 40.0, 20.0]])
    found = sensitivity.outputs(scores, compose.ranks(scores), published)
    assert found[0].tolist() == pytest.approx([0.0, 1.0, np.log(2)])
    assert found[1].tolist() == pytest.approx([2 / 3, 2.0, -np.log(2)])


def test_every_coordinate_changes_its_own_rule() -> None:
    has_other = np.array([False, True, False, True])
    groups = Rules.factors(has_other)
    assert groups == ["companies", "attribution", "attribution", "boundary", "window", "imputation"]
    low, high = (Rules.at(np.full((1, len(groups)), point), 10, has_other, 3) for point in (0.0, 0.999))
    assert (low.sample[0], low.boundary[0], low.window[0], low.fills[0], low.takes_other.any()) == (1, 0, 0, False, False)
    assert (high.sample[0], high.boundary[0], high.window[0], high.fills[0]) == (10, 2, 2, True)
    assert high.takes_other[0].tolist() == has_other.tolist()


def test_smallest_change_of_weights_by_hand() -> None:
    """Ahead by 2 on one member, behind by 1 on the other: level at a third of the weight on the first, a sixth moves."""
    found = robustness.flip(np.array([0.5, 0.5]), np.array([2.0, -1.0]))
    assert found is not None
    assert found.tolist() == pytest.approx([1 / 3, 2 / 3])
    assert robustness.flip(np.array([0.5, 0.5]), np.array([2.0, 1.0])) is None


def test_weight_moves_between_the_most_opposed_pillars() -> None:
    found = robustness.flip(np.full(4, 0.25), np.array([4.0, 1.0, -1.0, -3.0]))
    # The lead is 1/4; moving weight from 4 to −3 closes it by 7 for every unit: 1/28.
    assert found is not None
    assert found.tolist() == pytest.approx([0.25 - 1 / 28, 0.25, 0.25, 0.25 + 1 / 28])


def test_indicator_weights_flip_within_and_between_pillars() -> None:
    half, one_pillar = np.array([0.5, 0.5]), np.zeros(2, dtype=int)
    within = robustness.flip_within(half, np.array([80.0, 40.0]), np.array([40.0, 60.0]), one_pillar)
    assert within is not None
    assert within.tolist() == pytest.approx([1 / 3, 2 / 3], abs=1e-6)
    first, second = np.array([80.0, 30.0]), np.array([20.0, 60.0])
    between = robustness.flip_within(half, first, second, np.arange(2))
    exact = robustness.flip(half, np.log(first / second))
    assert between is not None and exact is not None
    assert between.tolist() == pytest.approx(exact.tolist(), abs=1e-6)
    assert robustness.flip_within(half, np.array([80.0, 40.0]), np.array([70.0, 30.0]), one_pillar) is None


def test_leaving_one_out_by_hand() -> None:
    whole, without = np.array([60.0, 50.0]), np.array([[55.0, 58.0], [70.0, 40.0]])
    found = robustness.leave_one_out("Readiness", 2020, ["A", "B"], ["x", "y"], whole, without)
    assert found["leader"].to_list() == ["B", "B", "A", "A"]
    assert found["rank_change"].to_list() == [1, -1, 0, 0]
    assert found["score_change"].to_list() == [-5.0, 8.0, 10.0, -10.0]


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


def test_common_growth_does_not_make_indicators_coherent() -> None:
    rng = np.random.default_rng(82)
    noise = rng.normal(size=(12, 8, 3))
    growth = 10.0 * np.arange(12)[:, None, None]
    still, growing = (coherence.within_years(one) for one in (noise, noise + growth))
    assert growing == pytest.approx(still)
    gap = noise.copy()
    gap[:, 0, 1] = np.nan
    assert len(coherence.within_years(gap)) == 12 * 7


def test_member_that_does_not_vary_is_left_out_of_its_group() -> None:
    rng = np.random.default_rng(83)
    values = np.column_stack([rng.normal(size=40), np.zeros(40), rng.normal(size=40)])
    values[:, 2] -= 5 * values[:, 0]
    found = coherence.table("P1", 2020, ["a", "b", "c"], values, np.full(3, 1 / 3))
    assert found["item_rest"].is_null().to_list() == [False, True, False]
    assert found["nearest"].to_list() == ["c", None, "a"]
    assert found["is_redundant"].to_list() == [True, None, True]
    assert found["alpha"].null_count() == 0
    assert coherence.table("P1", 2020, ["a", "b", "c"], values[:2], np.full(3, 1 / 3))["alpha"].null_count() == 3
