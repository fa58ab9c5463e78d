"""Normalisers of COINr that the city index does not use. Axes and arguments as in ``pipelines.index.score.normalisers``."""

from typing import Literal

import numpy as np

from pipelines.index.score.normalisers import min_max, reference, standing


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
