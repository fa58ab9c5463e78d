"""From normalised indicators to scores: weighted means over the last axis, and outranking.

NaN is missing. Means take ``weights`` that broadcast against ``values`` (…, indicator) and leave a missing indicator out
with its weight.
"""

from collections.abc import Callable

import numpy as np

Aggregator = Callable[[np.ndarray, np.ndarray], np.ndarray]


def power_mean(values: np.ndarray, weights: np.ndarray, power: float) -> np.ndarray:
    """Return the generalised mean: power 1 arithmetic, 0 geometric, −1 harmonic; NaN if every value is missing.

    The lower the power, the less a high value makes up for a low one. Raises ValueError for values ≤ 0 with a power
    other than 1.
    """
    missing = np.isnan(values)
    weights = np.where(missing, 0.0, weights)
    total = weights.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = weights / np.where(total > 0, total, np.nan)[..., None]
    present = np.where(missing, 1.0, values)
    if power == 1:
        return (weights * present).sum(-1)
    if (present <= 0).any():
        raise ValueError(f"a mean of power {power} needs values above 0: normalise to a scale that starts higher")
    match power:
        case 0:
            return np.exp((weights * np.log(present)).sum(-1))
        case -1:
            return 1 / (weights / present).sum(-1)
        case _:
            return (weights * present**power).sum(-1) ** (1 / power)


def arithmetic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted arithmetic mean, which compensates fully."""
    return power_mean(values, weights, 1)


def up(values: np.ndarray, weights: np.ndarray, parent: np.ndarray, aggregator: Aggregator) -> np.ndarray:
    """Aggregate one level of a hierarchy, (…, member) to (…, parent); ``parent`` is each member's place in the next level."""
    weights = np.broadcast_to(weights, values.shape)
    groups = [parent == group for group in range(parent.max() + 1)]
    return np.stack([aggregator(values[..., members], weights[..., members]) for members in groups], axis=-1)


def geometric(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted geometric mean: what is low pulls down."""
    return power_mean(values, weights, 0)


def harmonic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted harmonic mean: what is low pulls down hard."""
    return power_mean(values, weights, -1)


def outranking(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Share of the weight on which row beats column, (…, unit, unit), ties half; ``values`` (…, unit, indicator).

    Raises ValueError for missing values, which beat nobody and lose to nobody.
    """
    if np.isnan(values).any():
        raise ValueError("outranking compares every pair on every indicator: impute or drop what is missing")
    share = weights / weights.sum(-1, keepdims=True)
    row, column = values[..., :, None, :], values[..., None, :, :]
    return ((row > column) * share).sum(-1) + 0.5 * ((row == column) * share).sum(-1)


def copeland(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Pairs won less pairs lost, (…, unit); Munda & Nardo (2009), Applied Economics 41, 1513–1523.

    A pair is level if neither has more than half of the weight, rounding errors aside.
    """
    lead = outranking(values, weights) - 0.5
    return np.where(np.abs(lead) < 1e-9, 0, np.sign(lead)).sum(-1)
