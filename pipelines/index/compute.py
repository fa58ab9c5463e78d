"""Compute the index from end to end: draws of the measurement model in, scores, ranks and intervals out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl

from pipelines.index import BENCHMARK, FIRST_YEAR, LAST_YEAR, scale
from pipelines.index.boundaries import ends, presets
from pipelines.index.choices import ALTERNATIVES, Choices, Scores, score
from pipelines.index.definitions import Definitions
from pipelines.index.draws import first, interval, median
from pipelines.index.measurement.layout import CENTRES
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.values import Values
from pipelines.index.yardsticks import Yardsticks

#: Draws of posterior and choices together, in each year: of the posterior as many, each once.
DRAWS = 1_000

#: A city is ranked if the 90% interval of its Readiness, against the mean of its scope, is no wider than this: it is known up to
#: a factor of four either way. The interval is computed as if the scale did not end at 0, where all small cities look alike.
WIDEST = 40.0

SEED = 20_000

#: Draws of every year, (draw, city) each; years that are alike have the same array.
Drawn = list[np.ndarray]


@dataclass(frozen=True)
class Inputs:
    """What the index is computed from.

    ``indicators`` is ``core.indicators``; ``cities`` has city and country; ``scope`` is an ISO code, or ``world``;
    ``boundaries`` has preset, city and merged_into; ``counts`` is ``marts.list_counts`` by year; ``rankings`` and ``contents``
    are ``index.published_rankings`` and ``index.ranking_contents``; ``headline`` is the year of the ranking.
    """

    posterior: Posterior
    indicators: pl.DataFrame
    cities: pl.DataFrame
    boundaries: pl.DataFrame
    counts: pl.DataFrame
    rankings: pl.DataFrame
    contents: pl.DataFrame
    scope: str
    headline: int

    @cached_property
    def in_scope(self) -> np.ndarray:
        """Return which measured cities are of the scope, (city,)."""
        country = dict(self.cities.select("city", "country").iter_rows())
        return np.array([self.scope in ("world", country[city]) for city in self.posterior.layout.cities])

    @cached_property
    def areas(self) -> dict[str, dict[str, str]]:
        """Return city → area of every boundary, the published one first."""
        return presets(self.boundaries, set(np.array(self.posterior.layout.cities)[self.in_scope].tolist()))


@dataclass(frozen=True)
class Result:
    """What one computation gives, over the cities of the scope and the benchmark.

    ``kept`` are their places among the measured cities. ``draws`` holds draws of scores and pillars, all uncertainty
    together; ``posterior_draws`` those with the choices as published. ``unbounded`` holds the scores of the
    headline year with these choices as if the scale did not end, (draw, city). ``points`` (draw, city, indicator) are indicator
    scores of the headline year; ``ranked`` (year, city).
    """

    inputs: Inputs
    definitions: Definitions
    values: Values
    years: np.ndarray
    kept: np.ndarray
    cities: list[str]
    reliability: np.ndarray
    is_scope: np.ndarray
    points: np.ndarray
    draws: dict[str, Drawn]
    posterior_draws: dict[str, Drawn]
    unbounded: dict[str, np.ndarray]
    ranked: np.ndarray

    @property
    def headline(self) -> int:
        """Return the year of the ranking."""
        return self.inputs.headline

    @property
    def place(self) -> int:
        """Return the place of the headline year among ``years``."""
        return list(self.years).index(self.headline)

    @property
    def members(self) -> np.ndarray:
        """Return the places of the cities ranked in the headline year."""
        return np.flatnonzero(self.ranked[self.place])

    @property
    def ranked_cities(self) -> list[str]:
        """Return the cities ranked in the headline year."""
        return [self.cities[member] for member in self.members]

    @property
    def benchmark(self) -> int:
        """Return the place of the benchmark among ``cities``."""
        return self.cities.index(BENCHMARK)

    @cached_property
    def yardsticks(self) -> Yardsticks:
        """Return the units in which values are printed."""
        return Yardsticks(self.inputs.posterior, self.kept)

    @cached_property
    def first_by(self) -> dict[str, np.ndarray]:
        """Return how often each ranked city is first under every way to make one score of the pillars, (city,) each."""
        points, places = self.points[:, self.members], self.definitions.places("Readiness")
        pillars, weights = self.scored(points).pillars[..., places], self.published(len(points)).pillar_weights[:, places]
        ways = {"by reliability": weights, "equal weights": np.full_like(weights, 1 / weights.shape[1])}
        return {
            f"{name}, {how}": first(aggregate(pillars, given))
            for name, aggregate in ALTERNATIVES.items()
            for how, given in ways.items()
        }

    def medians(self, score: str) -> np.ndarray:
        """Return the score or pillar of each ranked city in the headline year as it is published."""
        return median(self.posterior_draws[score][self.place][:, self.members])

    def published(self, draws: int) -> Choices:
        """Return the published choices of the index, for so many draws."""
        return Choices.published(self.definitions, self.reliability, draws)

    def scored(self, points: np.ndarray) -> Scores:
        """Return the scores by these choices of ``points`` (draw, city, indicator)."""
        return score(points, self.published(len(points)), self.definitions)

    def effective(self, measure: str) -> np.ndarray:
        """Return the effective weight of every indicator in a score, (indicator,)."""
        return self.published(1).effective(self.definitions, measure)[0]

    @classmethod
    def of(cls, inputs: Inputs) -> Self:
        """Compute every score of every year."""
        definitions = Definitions.of(inputs.indicators, inputs.posterior.layout.columns.quantities)
        values = Values(inputs.posterior, definitions)
        kept = np.flatnonzero(inputs.in_scope | (np.array(values.cities) == BENCHMARK))
        cities = [values.cities[place] for place in kept]
        is_scope = inputs.in_scope[kept]
        without_end = values.unbounded(inputs.headline, {}, kept)
        points, reliability = scale.floored(without_end), reliability_of(without_end[:, is_scope], definitions)
        published = Choices.published(definitions, reliability, len(points))
        unbounded = score(without_end, published, definitions).totals
        areas, years = ends(inputs.areas), np.arange(FIRST_YEAR, LAST_YEAR + 1)
        chosen = drawn_choices(definitions, reliability, len(points), len(areas))
        draws, posterior_draws, ranked = _drawn(values, kept, is_scope, areas, chosen, published, years)
        held = points, draws, posterior_draws, unbounded, ranked
        return cls(inputs, definitions, values, years, kept, cities, reliability, is_scope, *held)


def reliability_of(points: np.ndarray, definitions: Definitions) -> np.ndarray:
    """Return, per pillar, the share of the variance between cities that is settled: 1 if all, 0 if none.

    Lists settle it, or inference from what else the cities have: where no list looks, most of it still is.

    ``points`` (draw, city, indicator) are scores of the scope's cities, as if the scale did not end: at its
    end, all cities with hardly anything would have the same score, and seem known. Shifts that all cities of a draw share do not
    count as differences. A pillar weighs in a score by its reliability.
    """
    one = Choices.published(definitions, np.ones(len(definitions.pillars)), len(points))
    # In one order in memory, on which the last digits of a sum depend.
    pillars = np.ascontiguousarray(score(points, one, definitions).pillars)
    # Of a pillar that no list counts in the scope, no two cities differ.
    pillars[..., np.isnan(pillars).all((0, 1))] = 0.0
    # The benchmark has no score of a pillar whose goalposts are other cities.
    apart = pillars - np.nanmean(pillars, axis=1, keepdims=True)
    between, within = np.nanvar(apart.mean(0), axis=0), np.nanmean(apart.var(0), axis=0)
    # Where no two cities differ, as with one city, nothing is unknown of their differences.
    differs = between + within > 1e-9
    return np.where(differs, between / np.where(differs, between + within, 1.0), 1.0).astype(float)


def _drawn(
    values: Values,
    kept: np.ndarray,
    is_scope: np.ndarray,
    areas: list[dict[str, str]],
    chosen: Choices,
    published: Choices,
    years: np.ndarray,
) -> tuple[dict[str, Drawn], dict[str, Drawn], np.ndarray]:
    """Return draws of scores and pillars with choices as ``chosen`` and as ``published``, and who is ranked (year, city)."""
    definitions = values.definitions

    def of_year(year: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:
        under = [values.unbounded(year, area, kept) for area in areas]
        ranked = _ranked(score(under[0], published, definitions).totals["Readiness"], is_scope)
        under = [scale.floored(points, out=points) for points in under]
        drawn = score(points_at(under, chosen), chosen, definitions, values.only_known[kept]).every(definitions)
        plain = score(under[0], published, definitions).every(definitions)
        # What some choices leave the benchmark without, a pillar whose other goalposts are other cities, has no score.
        plain |= {name: np.where(np.isnan(drawn[name]).any(0), np.nan, plain[name]) for name in definitions.pillars}
        return _in_one_piece(drawn), _in_one_piece(plain), ranked

    # Years before the middle of the first period are alike, and those after that of the last.
    measured = np.clip(years, CENTRES[0], CENTRES[-1]).astype(int).tolist()
    with side_by_side() as pool:
        distinct = sorted(set(measured))
        by_year = dict(zip(distinct, pool.map(of_year, distinct), strict=True))
    drawn, plain = (
        {name: [by_year[year][part][name] for year in measured] for name in (*definitions.scores, *definitions.pillars)}
        for part in (0, 1)
    )
    return drawn, plain, np.stack([by_year[year][2] for year in measured])


def _in_one_piece(drawn: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return draws in single precision, each in one piece of memory."""
    return {name: np.ascontiguousarray(values, dtype=np.float32) for name, values in drawn.items()}


def side_by_side() -> ThreadPoolExecutor:
    """Return a pool for work that NumPy does, which lets other threads compute meanwhile."""
    return ThreadPoolExecutor(2)


def drawn_choices(definitions: Definitions, reliability: np.ndarray, count: int, boundaries: int) -> Choices:
    """Return the choices of every draw, each with another of ``count`` draws of the posterior."""
    rng = np.random.default_rng(SEED)
    points = rng.random((DRAWS, len(Choices.groups(definitions))))
    points[:, 0] = (rng.permutation(DRAWS) + points[:, 0]) / DRAWS
    return Choices.at(points, definitions, reliability, count, boundaries)


def points_at(under: list[np.ndarray], choices: Choices) -> np.ndarray:
    """Return scores of indicators where each draw has its own data and boundary; ``under`` has them under each boundary."""
    shape = (under[0].shape[2], len(choices.data), under[0].shape[1])
    planes = np.empty(shape, dtype=under[0].dtype)
    for boundary, points in enumerate(under):
        some = np.flatnonzero(choices.boundary == boundary)
        planes[:, some] = np.take(np.moveaxis(points, -1, 0), choices.data[some], axis=1)
    return np.moveaxis(planes, 0, -1)


def _ranked(readiness: np.ndarray, is_scope: np.ndarray) -> np.ndarray:
    """Return who is ranked, (city,): cities of the scope whose Readiness (draw, city), against the scope's mean, is known well
    enough."""
    apart = readiness - readiness[:, is_scope].mean(1, keepdims=True)
    low, high = interval(apart)
    return is_scope & (high - low <= WIDEST)
