"""Filling what is missing. Axes end in (unit, indicator), NaN is missing; what was observed is never touched.

To impute nothing is the default of the index: a mean leaves a missing indicator out with its weight
(``aggregators.power_mean``). Whoever imputes knows the cells by comparing before and after, and marks them.
"""

from collections.abc import Callable

import numpy as np


def by_group(values: np.ndarray, group: np.ndarray, middle: Callable[..., np.ndarray] = np.nanmean) -> np.ndarray:
    """Mean of the unit's group, or another ``middle`` such as ``np.nanmedian``; ``group`` is (unit,).

    A cell stays missing where its whole group is. With one group for all it is the indicator's mean.
    """
    filled = values.copy()
    for one in np.unique(group):
        members = group == one
        part = values[..., members, :]
        known = ~np.isnan(part).all(-2, keepdims=True)
        centre = middle(np.where(known, part, 0.0), axis=-2, keepdims=True)
        filled[..., members, :] = np.where(np.isnan(part) & known, centre, part)
    return filled


def panel(values: np.ndarray, longest: int) -> np.ndarray:
    """The unit's own last value, at most ``longest`` years old; ``values`` is (year, …), years consecutive."""
    years = np.arange(len(values)).reshape(-1, *[1] * (values.ndim - 1))
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, years), axis=0)
    carried = np.take_along_axis(values, np.maximum(last, 0), axis=0)
    return np.where((last >= 0) & (years - last <= longest), carried, np.nan)


def multiple(values: np.ndarray, draws: int, rng: np.random.Generator, rounds: int = 50) -> np.ndarray:
    """Draws of the missing cells of ``values`` (unit, indicator) given the others: (draw, unit, indicator).

    Data augmentation under a multivariate normal with a ridge prior on the correlations (Schafer 1997, Analysis
    of Incomplete Multivariate Data, ch. 5), each draw the end of its own chain of ``rounds``. Transform skewed
    indicators first; statistics of the draws are pooled by Rubin's rules.
    """
    units, indicators = values.shape
    holes = np.isnan(values)
    centre, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    observed = (values - centre) / scale
    patterns = np.unique(holes[holes.any(1)], axis=0)
    out = np.empty((draws, units, indicators))
    for draw in range(draws):
        filled = np.where(holes, 0.0, observed)
        for _ in range(rounds):
            mean, spread = _draw_normal(filled, rng)
            for gaps in patterns:
                rows = np.flatnonzero((holes == gaps).all(1))
                slope = np.linalg.solve(spread[np.ix_(~gaps, ~gaps)], spread[np.ix_(~gaps, gaps)])
                around = mean[gaps] + (filled[np.ix_(rows, ~gaps)] - mean[~gaps]) @ slope
                left = np.linalg.cholesky(spread[np.ix_(gaps, gaps)] - spread[np.ix_(gaps, ~gaps)] @ slope)
                filled[np.ix_(rows, gaps)] = around + rng.normal(size=around.shape) @ left.T
        out[draw] = np.where(holes, filled * scale + centre, values)
    return out


def _draw_normal(filled: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of standardised data from their posterior; the prior is worth as many units as indicators."""
    units, indicators = filled.shape
    mean = filled.mean(0)
    deviations = filled - mean
    freedom = units + indicators + 1
    root = np.linalg.cholesky(np.linalg.inv(deviations.T @ deviations + indicators * np.eye(indicators)))
    # Bartlett's decomposition of a Wishart draw of the precision.
    corner = np.tril(rng.normal(size=(indicators, indicators)), -1)
    corner[np.diag_indices(indicators)] = np.sqrt(rng.chisquare(freedom - np.arange(indicators)))
    half = root @ corner
    spread = np.linalg.inv(half @ half.T)
    return mean + np.linalg.cholesky(spread / units) @ rng.normal(size=indicators), spread
