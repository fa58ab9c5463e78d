"""Sum up draws: intervals, ranks, and how often one city is above another."""

import numpy as np

#: Two-sided level of every interval.
LEVEL = 0.90

#: Sets of resampled units.
BOOTSTRAPS = 500


def resample(draws: int, companies: int, rng: np.random.Generator) -> np.ndarray:
    """Bootstrap weights (draw, company): how often each company is drawn; Efron (1979)."""
    return rng.multinomial(companies, np.full(companies, 1 / companies), size=draws).astype(float)


def wins(scores: np.ndarray) -> np.ndarray:
    """Pairwise win matrix (city, city) of scores (draw, city): share of draws in which row beats column, ties half."""
    higher = (scores[:, :, None] > scores[:, None, :]).mean(0)
    equal = (scores[:, :, None] == scores[:, None, :]).mean(0)
    return higher + 0.5 * equal


def interval(draws: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Equal-tailed percentile interval over the first axis."""
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    return low, high


def ranks(scores: np.ndarray) -> np.ndarray:
    """Return ranks over the last axis (city): 1 is the highest; cities that an area merges share a rank, and the area has one."""
    order = np.argsort(-scores, axis=-1)
    ordered = np.take_along_axis(scores, order, axis=-1)
    lower = np.concatenate([np.zeros((*scores.shape[:-1], 1), dtype=int), (np.diff(ordered) < 0).astype(int)], axis=-1)
    result = np.empty(scores.shape, dtype=int)
    np.put_along_axis(result, order, 1 + np.cumsum(lower, axis=-1), axis=-1)
    return result


def rank_probabilities(ranks: np.ndarray) -> np.ndarray:
    """Share of draws in which each city has each rank, (city, rank − 1), from ``ranks`` (draw, city); each row sums to one."""
    places = np.arange(1, ranks.shape[1] + 1)
    return (ranks[:, :, None] == places).mean(0)
