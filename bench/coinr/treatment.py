"""Outliers: winsorise while skew and kurtosis say so, else transform. Axes end in (unit, indicator), NaN is missing.

The rule of COINr's ``Treat`` (Becker et al. 2022, J. Open Source Software 7, 4567), for all columns at once.
"""

import numpy as np

from bench.coinr.normalisers import extremes

#: A column has outliers if it exceeds both (OECD & JRC 2008, Handbook; Groeneveld & Meeden 1984).
MOST_SKEW, MOST_KURTOSIS = 2.0, 3.5


def log_shifted(values: np.ndarray) -> np.ndarray:
    """Return log(x − min + range / 100); COINr's ``log_CT``."""
    least, most = extremes(values)
    return np.log(values - least + 0.01 * (most - least))


def skew_kurtosis(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sample skewness G₁ and excess kurtosis G₂ of each column (…, 1, indicator); Joanes & Gill (1998).

    NaN, or infinite, with fewer than four values or none that differ.
    """
    n = (~np.isnan(values)).sum(-2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviations = np.nan_to_num(values - np.nansum(values, axis=-2, keepdims=True) / n)
        squares = deviations**2
        second = squares.sum(-2, keepdims=True)
        third = (squares * deviations).sum(-2, keepdims=True)
        fourth = (squares**2).sum(-2, keepdims=True)
        skew = n * np.sqrt(n - 1) / (n - 2) * third / second**1.5
        kurtosis = ((n + 1) * (n * fourth / second**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return skew, kurtosis


def winsorise(values: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Set the furthest values of each column with outliers to the next one until it passes.

    ``most`` values at most are moved in a column; it broadcasts against (…, 1, indicator). Values that tie at the
    end move together and count each. Which end is that of the skew.
    """
    moved = np.array(np.broadcast_to(values, np.broadcast_shapes(values.shape, np.shape(most))))
    skew, fails = _outliers(moved)
    above, below = np.zeros(fails.shape, int), np.zeros(fails.shape, int)
    while (fails := fails & (above + below < most)).any():
        at_top = skew >= 0
        least, greatest = extremes(moved)
        at_end = moved == np.where(at_top, greatest, least)
        inner = np.where(at_end, np.nan, moved)
        least, greatest = extremes(inner)
        moved = np.where(fails & at_end, np.where(at_top, greatest, least), moved)
        count = at_end.sum(-2, keepdims=True)
        above, below = np.where(fails & at_top, count, above), np.where(fails & ~at_top, count, below)
        skew, still = _outliers(moved)
        fails &= still
    return moved


def treat(values: np.ndarray, most: np.ndarray | int = 5) -> np.ndarray:
    """Winsorise (up to ``most`` values a column); a column that still has outliers is transformed instead, from the start."""
    moved = winsorise(values, np.asarray(most))
    fails = _outliers(moved)[1]
    if not fails.any():
        return moved
    columns = fails.any(tuple(range(fails.ndim - 1)))
    changed = np.array(np.broadcast_to(values, moved.shape))
    changed[..., columns] = log_shifted(values[..., columns])
    return np.where(fails, changed, moved)


def _outliers(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    skew, kurtosis = skew_kurtosis(values)
    enough = (~np.isnan(values)).sum(-2, keepdims=True) > 3
    return skew, enough & (np.abs(skew) >= MOST_SKEW) & (kurtosis >= MOST_KURTOSIS)
