"""Test whether founders come from the same school and year more often than chance; the result is consistent with peers, no more.

Shuffling founders over the years in which any are known leaves every cell of school × entry year as full as it was, and
shuffling the time from entry to founding spreads the years out, so that founders seem clustered where they are not.
Instead each founder is placed anew in any year of the same school and the same few years, which keeps what changes slowly:
how many study there, and how many are known. That is exact where chances are equal within a block (interval jitter:
Amarasingham, Harrison, Hatsopoulos & Geman 2012, J. Neurophysiology 107, 517–531).

A single event in a school's history, such as the entrance examination of 1977, looks the same as peers; so would
schools that one source follows closely. Cohorts ten years apart are the placebo; for them whole cells are shuffled over
the years of their block, since founders who do cluster move together, and single ones would make the placebo look real.
"""

from dataclasses import dataclass

import numpy as np
import scipy

from pipelines.index import draws

#: Years of a block, and years between placebo cohorts: two blocks.
BLOCK = 5
PLACEBO = 2 * BLOCK

DRAWS = 1999


@dataclass(frozen=True)
class Clustering:
    """Pairs of founders some years apart over their number by chance, with interval and one-sided p value."""

    ratio: float
    low: float
    high: float
    p: float
    observed: int
    expected: float


def clustering(
    school: np.ndarray, entered: np.ndarray, company: np.ndarray, apart: int, rng: np.random.Generator
) -> Clustering | None:
    """Count the pairs of founders of one school and different companies who entered ``apart`` years apart: 0 or ``PLACEBO``.

    All arrays have one element per company, school and entry year: classmates who founded one company together count
    once. The interval resamples the blocks of years of each school. None if no pair could be that far apart.
    """
    first, second = np.triu_indices(len(school), 1)
    number = entered // BLOCK
    can = (
        (school[first] == school[second])
        & (company[first] != company[second])
        & (np.abs(number[first] - number[second]) == apart // BLOCK)
    )
    first, second = first[can], second[can]
    if not len(first):
        return None
    _, block = np.unique(np.array([f"{name} {years}" for name, years in zip(school, number, strict=True)]), return_inverse=True)
    is_pair = np.abs(entered[first] - entered[second]) == apart
    years = np.tile(np.arange(BLOCK), (block.max() + 1, 1))
    null = np.empty(DRAWS)
    for draw in range(DRAWS):
        # Founders of blocks a multiple of the block apart are a pair where they fall on the same year of the block.
        within = rng.permuted(years, axis=1)[block, entered % BLOCK] if apart else rng.integers(0, BLOCK, size=len(school))
        null[draw] = (within[first] == within[second]).sum()
    _, cluster = np.unique(np.minimum(block[first], block[second]), return_inverse=True)
    observed, possible = np.bincount(cluster, is_pair), np.bincount(cluster).astype(float)
    weights = draws.resample(DRAWS, len(possible), rng)
    expected = len(first) / BLOCK
    ratio = is_pair.sum() / expected
    # A few blocks hold most pairs, so percentiles would be too narrow; Student's t takes as many blocks as they are worth.
    worth = possible.sum() ** 2 / (possible**2).sum()
    error = max((BLOCK * (weights @ observed) / (weights @ possible)).std(ddof=1), null.std(ddof=1) / expected)
    reach = scipy.stats.t.ppf(0.5 + draws.LEVEL / 2, max(worth - 1, 1)) * error
    p = (1 + (null >= is_pair.sum()).sum()) / (1 + DRAWS)
    return Clustering(float(ratio), float(max(ratio - reach, 0)), float(ratio + reach), float(p), int(is_pair.sum()), expected)
