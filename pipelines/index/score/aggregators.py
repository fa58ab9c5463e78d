"""From normalised indicators to scores: weighted means over the last axis.

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
