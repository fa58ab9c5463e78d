"""Test whether founders come from the same school and year more often than chance; the result is consistent with peers, no more.

Shuffling founders over the years in which any are known leaves every cell of school × entry year as full as it was, and
shuffling the time from entry to founding spreads the years out, so that founders seem clustered where they are not.
Instead each founder is placed anew in any year of the same school and the same few years, which keeps what changes slowly:
how many study there, and how many are known (interval jitter: Amarasingham, Harrison, Hatsopoulos & Geman 2012, J.
Neurophysiology 107, 517–531). Two things change fast, and both would look like peers. No class entered from 1966 to 1976, so
blocks of years begin in 1977, when the entrance examination resumed. And some years have more founders at every school, because
more studied or because others are too young to have founded: so a year is as likely as it is among founders of other schools.

A single event in the history of one school looks the same as peers; so would schools that one source follows closely. Cohorts
ten years apart are the placebo; for them whole cells are shuffled over the years of their block, since founders who do cluster
move together, and single ones would make the placebo look real.
"""

from dataclasses import dataclass

import numpy as np
import scipy

from pipelines.index import draws

#: The year in which the entrance examination resumed: founders who entered before it are left out.
RESUMED = 1977

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
    since = entered >= RESUMED
    school, entered, company = school[since], entered[since] - RESUMED, company[since]
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
    chance = _chance(school, entered)
    place = _shuffled if apart else _placed
    null = np.empty(DRAWS)
    for draw in range(DRAWS):
        # Founders of blocks a multiple of the block apart are a pair where they fall on the same year of the block.
        within = place(chance, block, entered % BLOCK, rng)
        null[draw] = (within[first] == within[second]).sum()
    expected = float(null.mean())
    if not expected:
        return None
    _, cluster = np.unique(np.minimum(block[first], block[second]), return_inverse=True)
    observed, possible = np.bincount(cluster, is_pair), np.bincount(cluster).astype(float)
    weights = draws.resample(DRAWS, len(possible), rng)
    rate = expected / len(first)
    # A few blocks hold most pairs, so percentiles would be too narrow; Student's t takes as many blocks as they are worth.
    worth = possible.sum() ** 2 / (possible**2).sum()
    error = max(((weights @ observed) / (weights @ possible) / rate).std(ddof=1), null.std(ddof=1) / expected)
    reach = scipy.stats.t.ppf(0.5 + draws.LEVEL / 2, max(worth - 1, 1)) * error
    ratio, p = is_pair.sum() / expected, (1 + (null >= is_pair.sum()).sum()) / (1 + DRAWS)
    return Clustering(float(ratio), float(max(ratio - reach, 0)), float(ratio + reach), float(p), int(is_pair.sum()), expected)


def _chance(school: np.ndarray, entered: np.ndarray) -> np.ndarray:
    """Return how likely each year of their block is for each founder, (founder, year of the block).

    In proportion to the founders of other schools who entered in it, drawn towards an even block by as much of their variation as
    is that of small numbers (Poisson). Years before the first known entry and after the last are not observed.
    """
    _, code = np.unique(school, return_inverse=True)
    years = np.arange((entered.max() // BLOCK + 1) * BLOCK)
    table = np.zeros((code.max() + 1, len(years)))
    np.add.at(table, (code, entered), 1.0)
    is_observed = ((years >= entered.min()) & (years <= entered.max())).reshape(-1, BLOCK)
    others = (table.sum(0) - table).reshape(len(table), -1, BLOCK)
    length = np.maximum(is_observed.sum(1, keepdims=True), 1)
    even = others.sum(2, keepdims=True) / length
    spread = (((others - even) ** 2) * is_observed).sum((1, 2), keepdims=True)
    by_chance = (even * (length - 1)).sum((1, 2), keepdims=True)
    # The root, because years drawn together too far would look like peers, and too little only costs power.
    kept = np.sqrt(np.clip(1 - by_chance / np.maximum(spread, 1e-12), 0, 1))
    # A school that is alone with a block has no others to follow: its years are alike.
    strength = np.where(even > 0, even + kept * (others - even), 1.0) * is_observed
    return np.asarray((strength / strength.sum(2, keepdims=True).clip(1e-12))[code, entered // BLOCK])


def _placed(chance: np.ndarray, block: np.ndarray, within: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Place every founder in a year of the block by itself."""
    steps = chance.cumsum(1)
    return np.asarray((rng.random((len(chance), 1)) * steps[:, -1:] >= steps).sum(1))


def _shuffled(chance: np.ndarray, block: np.ndarray, within: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Move all founders of one year of a block to another year of it."""
    count = block.max() + 1
    of_block = np.zeros((count, BLOCK))
    of_block[block] = chance
    with np.errstate(divide="ignore"):
        # Years in a random order in which likely ones come first (Plackett–Luce), given to the occupied years in random order.
        years = (-np.log(of_block) - rng.gumbel(size=of_block.shape)).argsort(1)
    occupied = np.zeros((count, BLOCK), dtype=bool)
    occupied[block, within] = True
    order = np.where(occupied, rng.random(occupied.shape), 2.0).argsort(1).argsort(1)
    return np.asarray(years[block, order[block, within]])
