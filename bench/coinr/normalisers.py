"""Bring indicators to one scale. Axes end in (unit, indicator), NaN stays NaN.

More is better: multiply an indicator by its direction first.

Methods: OECD & JRC (2008), Handbook on Constructing Composite Indicators, ch. 5.
"""

from typing import Literal

import numpy as np


def min_max(values: np.ndarray, low: float = 0.0, high: float = 100.0) -> np.ndarray:
    """Map linearly, from ``low`` at the least to ``high`` at the greatest; an indicator that does not vary is at ``high``."""
    least, most = extremes(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.where(most > least, (values - least) / (most - least), np.where(np.isnan(values), np.nan, 1.0))
    return low + (high - low) * place


def fraction_of_max(values: np.ndarray) -> np.ndarray:
    """Return x / max, which means something only where 0 does; infinite or NaN where the greatest is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return values / extremes(values)[1]


def scaled(values: np.ndarray, low: np.ndarray | float, high: np.ndarray | float) -> np.ndarray:
    """Return 100 (x − low) / (high − low), past the ends too."""
    return 100 * ((values - low) / (high - low))


def extremes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest of each indicator, (…, 1, indicator); infinite where all are missing."""
    missing = np.isnan(values)
    least = np.where(missing, np.inf, values).min(-2, keepdims=True)
    return least, np.where(missing, -np.inf, values).max(-2, keepdims=True)


def standing(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of the units are below each, and how many level with it, itself included; NaN where the value is."""
    below, level = np.zeros_like(values, dtype=float), np.zeros_like(values, dtype=float)
    for unit in range(values.shape[-2]):
        other = values[..., unit : unit + 1, :]
        below += other < values
        level += other == values
    missing = np.isnan(values)
    return np.where(missing, np.nan, below), np.where(missing, np.nan, level)


def distance_to_max(values: np.ndarray) -> np.ndarray:
    """Return 1 − (max − x) / (max − min): 1 at the greatest, 0 at the least."""
    return min_max(values, 0.0, 1.0)


def z_score(values: np.ndarray, mean: float = 0.0, sd: float = 1.0) -> np.ndarray:
    """Return values of mean ``mean`` and sample standard deviation ``sd``; an indicator that does not vary is at ``mean``."""
    count = (~np.isnan(values)).sum(-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.nansum(values, axis=-2, keepdims=True) / count
        spread = np.sqrt(np.nansum((values - centre) ** 2, axis=-2, keepdims=True) / (count - 1))
        return mean + sd * np.where(spread > 0, (values - centre) / spread, values - centre)


def rank(values: np.ndarray, ties: Literal["mean", "least"] = "mean") -> np.ndarray:
    """Rank from 1, the lowest; units that tie share the mean or the least of their ranks."""
    below, level = standing(values)
    return below + 1 if ties == "least" else below + 0.5 * (level + 1)


def borda(values: np.ndarray) -> np.ndarray:
    """Return how many are below."""
    return standing(values)[0]


def percentile_rank(values: np.ndarray) -> np.ndarray:
    """Return the share of the other units below, 0–1."""
    count = (~np.isnan(values)).sum(-2, keepdims=True)
    return borda(values) / (count - 1)
