"""Bring indicators to one scale. Axes end in (unit, indicator), NaN stays NaN.

More is better: multiply an indicator by its direction first.

``among`` (…, unit) marks the units that set the scale, all if None; the others are placed on it.
Methods: OECD & JRC (2008), Handbook on Constructing Composite Indicators, ch. 5.
"""

from typing import Literal

import numpy as np


def min_max(values: np.ndarray, among: np.ndarray | None = None, low: float = 0.0, high: float = 100.0) -> np.ndarray:
    """Map linearly, from ``low`` at the least to ``high`` at the greatest; an indicator that does not vary is at ``high``."""
    least, most = extremes(values, among)
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.where(most > least, (values - least) / (most - least), np.where(np.isnan(values), np.nan, 1.0))
    return low + (high - low) * place


def fraction_of_max(values: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """Return x / max, which means something only where 0 does; infinite or NaN where the greatest is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return values / extremes(values, among)[1]


def scaled(values: np.ndarray, low: np.ndarray | float, high: np.ndarray | float) -> np.ndarray:
    """Return 100 (x − low) / (high − low), past the ends too."""
    return 100 * ((values - low) / (high - low))


def extremes(values: np.ndarray, among: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest of each indicator, (…, 1, indicator); infinite where all are missing."""
    scale = reference(values, among)
    missing = np.isnan(scale)
    least = np.where(missing, np.inf, scale).min(-2, keepdims=True)
    return least, np.where(missing, -np.inf, scale).max(-2, keepdims=True)


def reference(values: np.ndarray, among: np.ndarray | None) -> np.ndarray:
    """Return the values that set the scale; those of other units are NaN."""
    return values if among is None else np.where(among[..., None], values, np.nan)


def standing(values: np.ndarray, among: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of the units are below each, and how many level with it, itself included; NaN where the value is."""
    scale = reference(values, among)
    below, level = np.zeros_like(values, dtype=float), np.zeros_like(values, dtype=float)
    for unit in range(values.shape[-2]):
        other = scale[..., unit : unit + 1, :]
        below += other < values
        level += other == values
    missing = np.isnan(values)
    return np.where(missing, np.nan, below), np.where(missing, np.nan, level)


def distance_to_max(values: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """1 − (max − x) / (max − min): 1 at the greatest, 0 at the least."""
    return min_max(values, among, 0.0, 1.0)


def z_score(values: np.ndarray, among: np.ndarray | None = None, mean: float = 0.0, sd: float = 1.0) -> np.ndarray:
    """Mean ``mean`` and sample standard deviation ``sd``; an indicator that does not vary is at ``mean``."""
    scale = reference(values, among)
    count = (~np.isnan(scale)).sum(-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.nansum(scale, axis=-2, keepdims=True) / count
        spread = np.sqrt(np.nansum((scale - centre) ** 2, axis=-2, keepdims=True) / (count - 1))
        return mean + sd * np.where(spread > 0, (values - centre) / spread, values - centre)


def rank(values: np.ndarray, among: np.ndarray | None = None, ties: Literal["mean", "least"] = "mean") -> np.ndarray:
    """Rank from 1, the lowest; units that tie share the mean or the least of their ranks."""
    below, level = standing(values, among)
    return below + 1 if ties == "least" else below + 0.5 * (level + 1)


def borda(values: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """How many are below."""
    return standing(values, among)[0]


def percentile_rank(values: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """Share of the other units below, 0–1."""
    count = (~np.isnan(reference(values, among))).sum(-2, keepdims=True)
    return borda(values, among) / (count - 1)
