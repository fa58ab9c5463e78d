"""Turn indicator values into scores by the choices of a specification. Axes are (draw, year, city, indicator)."""

import numpy as np

from pipelines.index.score import normalisers
from pipelines.index.score.aggregators import power_mean

NORMALISERS = ("goalposts", "goalposts_uncapped", "min_max", "mid_percentile", "fraction_of_max")
AGGREGATORS = ("geometric", "arithmetic", "harmonic")

#: Scores run from 0 to 100. Means that multiply or divide see no score below this, so that one empty pillar
#: pulls a city far down without erasing what the others say.
LEAST = 1.0


def normalise(
    values: np.ndarray, how: str, direction: np.ndarray, floor: np.ndarray, ceiling: np.ndarray, ranked: np.ndarray
) -> np.ndarray:
    """Bring transformed ``values`` to 0–100; NaN stays NaN.

    Args:
        how: one of ``NORMALISERS``; all but goalposts over the cities marked in ``ranked``.
        direction: 1 or −1 per indicator.
        floor, ceiling: goalposts per indicator, on the transformed scale; they broadcast against ``values``.
    """
    values = values * direction
    low, high = np.where(direction > 0, floor, -ceiling), np.where(direction > 0, ceiling, -floor)
    match how:
        case "goalposts":
            return normalisers.goalposts(values, low, high)
        case "goalposts_uncapped":
            return np.maximum(normalisers.scaled(values, low, high), 0)
        case "min_max":
            return normalisers.min_max(values, ranked)
        case "fraction_of_max":
            # If no ranked city is above zero, every city is at zero.
            share = normalisers.fraction_of_max(np.maximum(values, 0), ranked)
            return 100 * np.where(np.isfinite(share) | np.isnan(values), share, 0.0)
        case "mid_percentile":
            return 100 * normalisers.mid_percentile(values, ranked)
    raise ValueError(f"unknown normaliser {how!r}")


def mean(values: np.ndarray, weights: np.ndarray, how: str) -> np.ndarray:
    """Return the weighted mean over the last axis without missing values; NaN if all are missing.

    ``weights`` broadcasts against ``values``; ``how`` is one of ``AGGREGATORS``.
    """
    match how:
        case "arithmetic":
            return power_mean(values, weights, 1)
        case "geometric":
            return power_mean(np.maximum(values, LEAST), weights, 0)
        case "harmonic":
            return power_mean(np.maximum(values, LEAST), weights, -1)
    raise ValueError(f"unknown aggregator {how!r}")


def ranks(scores: np.ndarray, counted: np.ndarray | None = None) -> np.ndarray:
    """Return ranks over the last axis (city): 1 is the highest, ties share the better rank, NaN stays NaN.

    ``counted`` (…, city) marks the cities that take a rank of their own, all if None; of merged cities, one does.
    """
    others = scores if counted is None else np.where(counted, scores, np.nan)
    above = (others[..., None, :] > scores[..., :, None]).sum(-1)
    return np.where(np.isnan(scores), np.nan, 1 + above)
