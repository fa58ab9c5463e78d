"""The choices of an index: weights of pillars, one indicator left out, where a city ends; drawn, never optimised."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy

from pipelines.index.definitions import Definitions

#: Concentration of the Dirichlet distribution of weights, per member: the weight of one of five pillars varies by ± .08.
CONCENTRATION = 5.0

#: The factors of a draw, each uniform on [0, 1): what the sensitivity of a score is split over.
FACTORS = ("data", "pillar weights", "indicator weights", "indicator left out", "boundary")


def pick(points: np.ndarray, count: int) -> np.ndarray:
    """Return one of ``count`` equally likely alternatives for each point of [0, 1)."""
    return np.minimum((points * count).astype(int), count - 1)


@dataclass(frozen=True)
class Choices:
    """One specification per draw: ``weights`` (draw, indicator) within pillars, ``pillar_weights`` (draw, pillar) within scores,
    ``boundary`` (draw,) a place among the presets, and ``data`` (draw,) a draw of the posterior."""

    weights: np.ndarray
    pillar_weights: np.ndarray
    boundary: np.ndarray
    data: np.ndarray

    @classmethod
    def published(cls, definitions: Definitions, reliability: np.ndarray, draws: int) -> Self:
        """Return the specification as published, for every draw of the posterior."""
        return cls(
            np.tile(definitions.weight, (draws, 1)),
            np.tile(_within(definitions, reliability[None]), (draws, 1)),
            np.zeros(draws, dtype=int),
            np.arange(draws),
        )

    def effective(self, definitions: Definitions, measure: str) -> np.ndarray:
        """Return what each indicator weighs in a score or pillar, (draw, indicator): that in its pillar, times the pillar's."""
        of_pillar = np.arange(len(definitions.pillars))[:, None] == definitions.pillar_of
        within = self.weights / (self.weights @ of_pillar.T)[:, definitions.pillar_of]
        if measure not in definitions.scores:
            return within * of_pillar[definitions.pillars.index(measure)]
        members = definitions.places(measure)
        return np.asarray(within * (self.pillar_weights[:, members] @ of_pillar[members]))

    @staticmethod
    def groups(definitions: Definitions) -> list[str]:
        """Return the factor of each coordinate that ``at`` reads."""
        pillars, indicators = len(definitions.pillars), len(definitions.weight)
        counts = dict(zip(FACTORS, (1, pillars, indicators, len(definitions.scores), 1), strict=True))
        return [factor for factor, count in counts.items() for _ in range(count)]

    @classmethod
    def at(cls, points: np.ndarray, definitions: Definitions, reliability: np.ndarray, draws: int, boundaries: int) -> Self:
        """Return specifications at ``points`` (draw, coordinate) of the unit cube, around the published one.

        Dirichlet weights are gamma variables brought to a sum of one. Of each score at most one indicator is left out, and never
        the only one of a pillar; ``score`` keeps a city's only known one.
        """
        pillars, indicators = len(definitions.pillars), len(definitions.weight)
        data, rest = points[:, 0], points[:, 1:]
        gamma = scipy.special.gammaincinv(CONCENTRATION, np.clip(rest[:, : pillars + indicators], 1e-9, 1 - 1e-9))
        weights = definitions.weight * gamma[:, pillars:]
        is_alone = np.bincount(definitions.pillar_of)[definitions.pillar_of] == 1
        for place, measure in enumerate(definitions.scores):
            several = np.flatnonzero(np.isin(definitions.pillar_of, definitions.places(measure)) & ~is_alone)
            left_out = pick(rest[:, pillars + indicators + place], len(several) + 1) - 1
            some = np.flatnonzero(left_out >= 0)
            weights[some, several[left_out[some]]] = 0.0
        across = _within(definitions, reliability * gamma[:, :pillars])
        return cls(weights, across, pick(rest[:, -1], boundaries), pick(data, draws))


def _within(definitions: Definitions, weights: np.ndarray) -> np.ndarray:
    """Bring weights of pillars (draw, pillar) to a sum of one within each score."""
    given = np.array(weights, dtype=float)
    for score in definitions.scores:
        members = definitions.places(score)
        given[:, members] /= given[:, members].sum(1, keepdims=True)
    return given


@dataclass(frozen=True)
class Scores:
    """``pillars`` (draw, city, pillar) and, by name, ``totals`` (draw, city)."""

    pillars: np.ndarray
    totals: dict[str, np.ndarray]

    def every(self, definitions: Definitions) -> dict[str, np.ndarray]:
        """Return the scores and the pillars by name, (draw, city) each."""
        return self.totals | {name: self.pillars[..., place] for place, name in enumerate(definitions.pillars)}


def score(points: np.ndarray, choices: Choices, definitions: Definitions, only: np.ndarray | None = None) -> Scores:
    """Return the scores of ``points`` (draw, city, indicator): means of indicators within pillars, of pillars within scores.

    On this scale a mean of scores is the geometric mean of the ratios to the benchmark. ``only`` (city, indicator) is
    ``Values.only_known``: what a city keeps in draws that leave it out, since nothing else of its pillar is known there.
    """
    means = np.empty((len(definitions.pillars), *points.shape[:2]), dtype=points.dtype)
    for pillar, mean in enumerate(means):
        members = np.flatnonzero(definitions.pillar_of == pillar)
        weights = choices.weights[:, members].astype(points.dtype)
        weights /= weights.sum(1, keepdims=True)
        mean[:] = known_mean(points, members, weights[:, None])
        if only is not None:
            for member in members:
                mean[:, only[:, member]] = points[:, only[:, member], member]
    pillars, totals = np.moveaxis(means, 0, -1), {}
    for name in definitions.scores:
        members = definitions.places(name)
        totals[name] = known_mean(pillars, members, choices.pillar_weights[:, None, members].astype(points.dtype))
    return Scores(pillars, totals)


def known_mean(values: np.ndarray, places: Iterable[int], weights: np.ndarray) -> np.ndarray:
    """Return the mean of what is known at some places of the last axis, by their ``weights`` (…, place); NaN is left out with its
    weight."""
    # One after another, since each stands on its own in memory.
    parts = [(values[..., place], weights[..., among]) for among, place in enumerate(places)]
    mean = _total(value * weight for value, weight in parts)
    if not np.isnan(mean).any():
        return mean
    known = [~np.isnan(value) for value, _ in parts]
    present = _total(np.where(is_known, weight, 0) for is_known, (_, weight) in zip(known, parts, strict=True))
    given = _total(np.where(is_known, value * weight, 0) for is_known, (value, weight) in zip(known, parts, strict=True))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(given / present)


def _total(parts: Iterable[np.ndarray]) -> np.ndarray:
    """Return the sum of arrays, in the memory of the first."""
    each = iter(parts)
    total = next(each)
    for part in each:
        total += part
    return total


#: Other ways to make one score of the pillars' (draw, city, pillar) with weights (draw, pillar), each as defensible.
Aggregator = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _mean(pillars: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.asarray((pillars * weights[:, None]).sum(-1))


ALTERNATIVES: dict[str, Aggregator] = {
    "mean of scores": _mean,
    "geometric mean of scores": lambda pillars, weights: _mean(np.log(np.maximum(pillars, 1.0)), weights),
    "mean of ratios": lambda pillars, weights: _mean(2.0 ** (pillars / 10.0 - 10.0), weights),
    "mean of ranks": lambda pillars, weights: _mean(pillars.argsort(1).argsort(1).astype(float), weights),
    "weakest pillar": lambda pillars, weights: np.where(weights[:, None] > 0, pillars, np.inf).min(-1),
}
