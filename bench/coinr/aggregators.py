"""From normalised indicators to scores: weighted means over the last axis, and outranking.

NaN is missing. Means take ``weights`` that broadcast against ``values`` (…, indicator) and leave a missing indicator out
with its weight.
"""

from collections.abc import Callable

import numpy as np

Aggregator = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _shares(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weights of what is not missing, which add up to one."""
    known = np.where(np.isnan(values), 0.0, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        return known / known.sum(-1, keepdims=True)


def arithmetic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted arithmetic mean, which compensates fully."""
    return (_shares(values, weights) * np.nan_to_num(values)).sum(-1)


def up(values: np.ndarray, weights: np.ndarray, parent: np.ndarray, aggregator: Aggregator) -> np.ndarray:
    """Aggregate one level of a hierarchy, (…, member) to (…, parent); ``parent`` is each member's place in the next level."""
    weights = np.broadcast_to(weights, values.shape)
    groups = [parent == group for group in range(parent.max() + 1)]
    return np.stack([aggregator(values[..., members], weights[..., members]) for members in groups], axis=-1)


def geometric(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted geometric mean: what is low pulls down."""
    return np.exp((_shares(values, weights) * np.log(np.where(np.isnan(values), 1.0, values))).sum(-1))


def harmonic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted harmonic mean: what is low pulls down hard."""
    return 1 / (_shares(values, weights) / np.where(np.isnan(values), 1.0, values)).sum(-1)


def outranking(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the share of the weight on which row beats column, (…, unit, unit), ties half; ``values`` (…, unit, indicator)."""
    share = weights / weights.sum(-1, keepdims=True)
    row, column = values[..., :, None, :], values[..., None, :, :]
    return ((row > column) * share).sum(-1) + 0.5 * ((row == column) * share).sum(-1)


def copeland(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return pairs won less pairs lost, (…, unit); Munda & Nardo (2009), Applied Economics 41, 1513–1523.

    A pair is level if neither has more than half of the weight, rounding errors aside.
    """
    lead = outranking(values, weights) - 0.5
    return np.where(np.abs(lead) < 1e-9, 0, np.sign(lead)).sum(-1)
