"""How sure we are: resampled companies (L1), rules of measurement (L2, ``rules``), choices of index (L3), and all together.

Companies are resampled with their deals and founders, and detection rates are drawn with them; universities,
offices and populations are not a sample and stay. Choices are drawn, never optimised: normaliser, weights,
aggregator, one indicator left out.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import special, stats

from pipelines.index.measure.rules import pick
from pipelines.index.score import compose
from pipelines.index.score.aggregators import arithmetic, up
from pipelines.index.score.normalisers import log1p

#: Dirichlet concentrations of the weights: from anything goes (1) to nearly equal (30).
CONCENTRATIONS = np.array([1.0, 7.0, 30.0])

#: Two-sided level of every interval.
LEVEL = 0.90


def resample(draws: int, companies: int, rng: np.random.Generator) -> np.ndarray:
    """Bootstrap weights (draw, company): how often each company is drawn; Efron (1979)."""
    return rng.multinomial(companies, np.full(companies, 1 / companies), size=draws).astype(float)


@dataclass(frozen=True)
class Choices:
    """One index specification per draw: names of normaliser and aggregator, and the two levels of weights."""

    normaliser: np.ndarray
    aggregator: np.ndarray
    indicator_weights: np.ndarray
    pillar_weights: np.ndarray

    @classmethod
    def default(cls, weights: np.ndarray, n_pillars: int, draws: int = 1) -> Self:
        """Goalposts, geometric mean across pillars, the weights of the indicator table, equal pillars."""
        return cls(
            np.full(draws, "goalposts", dtype=object),
            np.full(draws, "geometric", dtype=object),
            np.tile(weights, (draws, 1)),
            np.full((draws, n_pillars), 1 / n_pillars),
        )

    @staticmethod
    def factors(indicators: int, n_pillars: int) -> list[str]:
        """The group of each coordinate that ``at`` reads."""
        return ["normaliser", "aggregator", "dropped indicator", *["weights"] * (1 + indicators + n_pillars)]

    @classmethod
    def at(cls, points: np.ndarray, weights: np.ndarray, pillar_of: np.ndarray) -> Self:
        """Specifications at ``points`` (draw, factor) of the unit cube.

        An indicator of weight 0 keeps it; the only one of a pillar is never dropped. Weights are Dirichlet within each pillar
        and across pillars, as gamma variables that a mean brings to a sum of one.
        """
        normaliser, aggregator, dropped, concentration = points[:, :4].T
        shape = CONCENTRATIONS[pick(concentration, len(CONCENTRATIONS)), None]
        gamma = np.maximum(special.gammaincinv(shape, points[:, 4:]), 1e-12)
        given, across = weights * gamma[:, : len(weights)], gamma[:, len(weights) :]
        counted = np.flatnonzero((weights > 0) & (np.bincount(pillar_of, weights > 0)[pillar_of] > 1))
        left_out = pick(dropped, len(counted) + 1) - 1
        some = np.flatnonzero(left_out >= 0)
        given[some, counted[left_out[some]]] = 0.0
        return cls(
            np.array(compose.NORMALISERS, dtype=object)[pick(normaliser, len(compose.NORMALISERS))],
            np.array(compose.AGGREGATORS, dtype=object)[pick(aggregator, len(compose.AGGREGATORS))],
            given,
            across / across.sum(1, keepdims=True),
        )

    def first(self, count: int) -> Self:
        """The first draws."""
        return type(self)(
            self.normaliser[:count], self.aggregator[:count], self.indicator_weights[:count], self.pillar_weights[:count]
        )


@dataclass(frozen=True)
class Recipe:
    """What specifications share, or have one each: per-indicator facts, goalposts (transformed), and who sets the scale.

    ``ceiling`` is (indicator,) or (draw, 1, 1, indicator), ``counted`` (year, city) or (draw, year, city).
    """

    is_log: np.ndarray
    direction: np.ndarray
    floor: np.ndarray
    ceiling: np.ndarray
    pillar_of: np.ndarray
    n_pillars: int
    counted: np.ndarray


def score(values: np.ndarray, choices: Choices, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """Scores and pillar scores for each draw.

    ``values`` has one draw for each specification, or one draw that all of them share.
    Returns (draw, year, city) and (draw, year, city, pillar).
    """
    draws = len(choices.normaliser)
    moved = log1p(values, recipe.is_log)
    shape = (draws, *moved.shape[1:3])
    total, parts = np.empty(shape), np.empty((*shape, recipe.n_pillars))
    for normaliser in set(choices.normaliser):
        chosen = np.flatnonzero(choices.normaliser == normaliser)
        given, ceiling, counted = (
            array[chosen] if array.ndim == axes and len(array) > 1 else array
            for array, axes in ((moved, 4), (recipe.ceiling, 4), (recipe.counted, 3))
        )
        scaled = compose.normalise(given, normaliser, recipe.direction, recipe.floor, ceiling, counted)
        scaled = np.broadcast_to(scaled, (len(chosen), *scaled.shape[1:]))
        parts[chosen] = up(scaled, choices.indicator_weights[chosen][:, None, None, :], recipe.pillar_of, arithmetic)
    for aggregator in set(choices.aggregator):
        chosen = np.flatnonzero(choices.aggregator == aggregator)
        weights = choices.pillar_weights[chosen][:, None, None, :]
        total[chosen] = compose.mean(parts[chosen], np.broadcast_to(weights, parts[chosen].shape), aggregator)
    return total, parts


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


def bias_corrected(draws: np.ndarray, estimate: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Bias-corrected percentile interval over the first axis (Efron 1981, Canadian J. Statistics 9, 139–172).

    Resamples of shrunk and logged values sit below their estimate on average; plain percentiles would too.
    """
    below = (draws < estimate).mean(0) + 0.5 * (draws == estimate).mean(0)
    count = len(draws)
    shift = 2 * stats.norm.ppf(np.clip(below, 0.5 / count, 1 - 0.5 / count))
    reach = stats.norm.ppf(0.5 + level / 2)
    ordered = np.sort(draws, axis=0)
    ends = []
    for side in (-reach, reach):
        place = np.rint(stats.norm.cdf(shift + side) * (count - 1)).astype(int)
        ends.append(np.take_along_axis(ordered, place[None], axis=0)[0])
    return ends[0], ends[1]


def rank_probabilities(ranks: np.ndarray) -> np.ndarray:
    """Share of draws in which each city has each rank, (city, rank − 1), from ``ranks`` (draw, city); each row sums to one."""
    places = np.arange(1, ranks.shape[1] + 1)
    return (ranks[:, :, None] == places).mean(0)
