"""Bring indicators to one scale. Axes end in (unit, indicator), NaN stays NaN.

More is better: multiply an indicator by its direction first.

``among`` (…, unit) marks the units that set the scale, all if None; the others are placed on it.
Methods: OECD & JRC (2008), Handbook on Constructing Composite Indicators, ch. 5.
"""

import numpy as np


def log1p(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Return log(1 + x) of the indicators marked in ``where`` (indicator,), the rest unchanged."""
    return np.where(where, np.log1p(np.where(where, values, 0.0)), values)


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


def goalposts(values: np.ndarray, low: np.ndarray | float, high: np.ndarray | float) -> np.ndarray:
    """Return ``scaled`` clipped to 0–100, as in the Human Development Index (UNDP 2010)."""
    return 100 * np.clip((values - low) / (high - low), 0, 1)


def mid_percentile(values: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """Return the share of all units below, itself and ties counted half, 0–1; Hazen (1914)."""
    below, level = standing(values, among)
    count = (~np.isnan(reference(values, among))).sum(-2, keepdims=True)
    return (below + 0.5 * level) / np.maximum(count, 1)


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
