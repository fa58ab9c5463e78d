"""Estimate whether a park adds anything where the rest is missing, from the age of a city's zone and its conditions.

    E(new companies) = exp(b₀ + b₁ K + b₂ A + b₃ A·K)

K are the conditions, 0 at their lower quartile and 1 at their upper one; A is the zone's age in decades. b₂ is what a
decade adds where conditions are low, b₂ + b₃ where they are high, b₃ the interaction.
"""

from dataclasses import dataclass

import numpy as np
import scipy


@dataclass(frozen=True)
class Effect:
    """An estimate on the log scale, with its interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Parks:
    """What a decade of zone age adds at low conditions, and how much more it adds at high ones."""

    at_low: Effect
    interaction: Effect


def interaction(companies: np.ndarray, age: np.ndarray, conditions: np.ndarray, level: float) -> Parks | None:
    """Fit the equation above to cities; every array is (city,), ``age`` in years.

    Poisson quasi-likelihood with the HC3 sandwich (MacKinnon & White 1985, J. Econometrics 29, 305–325), since counts
    of companies vary more than Poisson's, and Student's t. Return None if the cities do not tell the effects apart.
    """
    lower, upper = np.quantile(conditions, [0.25, 0.75])
    if upper <= lower:
        return None
    scaled, decades = (conditions - lower) / (upper - lower), age / 10
    design = np.column_stack([np.ones(len(age)), scaled, decades, decades * scaled])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    fitted = _poisson(design, companies)
    if fitted is None:
        return None
    coefficients, expected = fitted
    bread = np.linalg.inv(design.T @ (expected[:, None] * design))
    leverage = expected * np.einsum("ij,jk,ik->i", design, bread, design)
    residual = (companies - expected) / np.maximum(1 - leverage, 1e-3)
    covariance = bread @ (design.T @ (residual[:, None] ** 2 * design)) @ bread
    reach = scipy.stats.t.ppf(0.5 + level / 2, len(age) - design.shape[1]) * np.sqrt(np.maximum(np.diag(covariance), 0))
    at_low, more = (Effect(*(float(coefficients[term] + side * reach[term]) for side in (0, -1, 1))) for term in (2, 3))
    return Parks(at_low, more)


def _poisson(design: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Return coefficients and expected counts of a log-linear Poisson model by Newton's method; None if it has no maximum."""
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = np.log(counts.mean())
    value = -np.inf
    for _ in range(100):
        linear = np.clip(design @ coefficients, -30, 30)
        expected = np.exp(linear)
        step = np.linalg.solve(
            design.T @ (expected[:, None] * design) + 1e-9 * np.eye(len(coefficients)), design.T @ (counts - expected)
        )
        value = counts @ linear - expected.sum()
        # Far from the maximum a full Newton step can overshoot, so it is halved until the likelihood rises.
        while True:
            moved = np.clip(design @ (coefficients + step), -30, 30)
            if counts @ moved - np.exp(moved).sum() >= value - 1e-9 or np.abs(step).max() < 1e-12:
                break
            step = step / 2
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-8:
            return coefficients, np.exp(np.clip(design @ coefficients, -30, 30))
    return None
