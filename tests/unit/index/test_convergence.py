"""Split R̂ and effective size against chains whose answer is known."""

import numpy as np
import pytest

from pipelines.index.measurement.convergence import effective_size, split_r_hat


def autoregressive(coefficient: float, length: int, unknowns: int) -> np.ndarray:
    """Return four stationary chains (chain, draw, unknown) with x' = ρ x + noise: n draws are worth n (1 − ρ) / (1 + ρ)."""
    rng = np.random.default_rng(50)
    draws = np.empty((4, length, unknowns))
    draws[:, 0] = rng.normal(0, 1 / np.sqrt(1 - coefficient**2), (4, unknowns))
    for turn in range(1, length):
        draws[:, turn] = coefficient * draws[:, turn - 1] + rng.normal(size=(4, unknowns))
    return draws


@pytest.mark.parametrize("coefficient", [0.0, 0.5, 0.9, -0.5])
def test_effective_size_of_autoregressive_chains(coefficient: float) -> None:
    found = effective_size(autoregressive(coefficient, 3000, 40)).mean()
    assert found == pytest.approx(12_000 * (1 - coefficient) / (1 + coefficient), rel=0.12)


def test_draws_of_chains_that_differ_are_worth_little() -> None:
    apart = autoregressive(0.0, 500, 20) + 3 * np.arange(4)[:, None, None]
    assert effective_size(apart).max() < 20
    assert split_r_hat(apart).min() > 2


def test_r_hat_by_hand() -> None:
    """Halves 0, 2 and 3, 5: within 2, between 2 · 4.5; √((1 + 4.5) / 2)."""
    assert split_r_hat(np.array([[0.0, 2.0, 3.0, 5.0]])) == pytest.approx(np.sqrt((0.5 * 2 + 4.5) / 2))


def test_r_hat_sees_a_drift_within_a_chain_and_is_one_without() -> None:
    steady = autoregressive(0.3, 2000, 30)
    assert split_r_hat(steady) == pytest.approx(np.ones(30), abs=0.01)
    drifting = steady + np.linspace(0, 3, 2000)[:, None]
    assert split_r_hat(drifting).min() > 1.15


def test_what_is_fixed_has_converged() -> None:
    fixed = np.full((4, 100, 2), 7.0)
    assert split_r_hat(fixed).tolist() == [1.0, 1.0]
    assert effective_size(fixed).tolist() == [400.0, 400.0]
