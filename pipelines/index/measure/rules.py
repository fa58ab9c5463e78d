"""What a value rests on beside its definition: which companies the sources contain (L1), and rules of measurement (L2).

Rules that are as defensible as the published one: the alternative measure of an indicator (an investor's home, or its offices),
the boundary of a city, windows a third shorter or longer, and a missing cell left out with its weight or set to what shrinkage
makes of the little there is. Goalposts follow the window: the benchmark is measured by the same rule.

Cities that a boundary merges have the values of their area, each; ``counted`` marks one of them, so that the area sets scales
and takes a rank once.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import polars as pl

from pipelines.index.measure import cells

#: Length of the window of a flow against the published one, which comes first. A window of one year is a stock and stays.
WINDOWS = (1.0, 2 / 3, 4 / 3)


def pick(points: np.ndarray, count: int) -> np.ndarray:
    """Points of [0, 1) to one of ``count`` alternatives each, equally likely."""
    return np.minimum((points * count).astype(int), count - 1)


@dataclass(frozen=True)
class Rules:
    """One set of companies and rules per draw.

    ``sample`` (draw,) is a row of the resampled companies, 0 the data as they are; ``takes_other`` (draw, indicator) the
    alternative measure; ``boundary`` and ``window`` (draw,) places among the presets and ``WINDOWS``; ``fills`` (draw,) whether
    missing cells are filled.
    """

    sample: np.ndarray
    takes_other: np.ndarray
    boundary: np.ndarray
    window: np.ndarray
    fills: np.ndarray

    @staticmethod
    def factors(has_other: np.ndarray) -> list[str]:
        """The group of each coordinate that ``at`` reads."""
        return ["companies", *["attribution"] * int(has_other.sum()), "boundary", "window", "imputation"]

    @classmethod
    def at(cls, points: np.ndarray, samples: int, has_other: np.ndarray, boundaries: int) -> Self:
        """Rules at ``points`` (draw, factor) of the unit cube; ``has_other`` (indicator,) marks those with an alternative."""
        takes_other = np.zeros((len(points), len(has_other)), dtype=bool)
        takes_other[:, has_other] = points[:, 1:-3] >= 0.5
        boundary, window, fills = points[:, -3:].T
        return cls(
            1 + pick(points[:, 0], samples), takes_other, pick(boundary, boundaries), pick(window, len(WINDOWS)), fills >= 0.5
        )

    @classmethod
    def published(cls, draws: int, indicators: int) -> Self:
        """The data as they are, measured as published."""
        nothing = np.zeros(draws, dtype=int)
        return cls(nothing, np.zeros((draws, indicators), dtype=bool), nothing, nothing, nothing.astype(bool))

    def first(self, count: int) -> Self:
        """The first draws."""
        return type(self)(
            self.sample[:count], self.takes_other[:count], self.boundary[:count], self.window[:count], self.fills[:count]
        )

    def as_observed(self) -> Self:
        """The same rules for the data as they are."""
        return replace(self, sample=np.zeros_like(self.sample))


@dataclass(frozen=True)
class Measured:
    """Values (draw, year, city, indicator), their upper goalposts (draw, 1, 1, indicator), and who counts (draw, year, city)."""

    values: np.ndarray
    ceiling: np.ndarray
    counted: np.ndarray

    def in_year(self, place: int) -> Self:
        """Return the year at ``place`` only."""
        return replace(self, values=self.values[:, [place]], counted=self.counted[:, [place]])

    def of(self, cities: np.ndarray) -> Self:
        """The cities at places ``cities`` only."""
        return replace(self, values=self.values[:, :, cities], counted=self.counted[:, :, cities])


@dataclass(frozen=True)
class Variant:
    """Evidence laid out under one boundary and one length of windows.

    ``prior`` and ``apart`` (area,) as in ``cells.values``; ``area_of`` (city,) the place of each city's area; ``present`` (year,
    city, indicator), ``counted`` (year, city) and ``ceiling`` (indicator,) as in ``Measured``.
    """

    laid: cells.Panel
    indicators: pl.DataFrame
    alternatives: pl.DataFrame
    prior: np.ndarray
    apart: np.ndarray
    area_of: np.ndarray
    present: np.ndarray
    counted: np.ndarray
    ceiling: np.ndarray

    def in_year(self, place: int) -> Self:
        """Return the year at ``place`` only."""
        laid = self.laid
        shape = len(laid.parts), len(laid.years), len(laid.cities)
        columns = np.arange(laid.matrix.shape[1]).reshape(shape)[:, place].ravel()
        laid = replace(laid, years=laid.years[[place]], matrix=laid.matrix[:, columns])
        return replace(self, laid=laid, present=self.present[[place]], counted=self.counted[[place]])


@dataclass(frozen=True)
class Worlds:
    """The evidence under every boundary and window, and the companies as observed (row 0) and resampled.

    ``variants`` by boundary and window; ``weights`` and ``scale`` (row, company) as in ``cells.values``.
    """

    variants: list[list[Variant]]
    weights: np.ndarray
    scale: np.ndarray

    @property
    def samples(self) -> int:
        """How many sets of resampled companies."""
        return len(self.weights) - 1

    def in_year(self, place: int) -> Self:
        """Return the year at ``place`` only."""
        return replace(self, variants=[[variant.in_year(place) for variant in row] for row in self.variants])

    def measure(self, rules: Rules) -> Measured:
        """Indicator values for every draw of ``rules``; each row of companies is worked out once per variant."""
        draws, indicators = rules.takes_other.shape
        first = self.variants[0][0]
        years, cities = first.counted.shape
        values = np.empty((draws, years, cities, indicators))
        ceiling, counted = np.empty((draws, 1, 1, indicators)), np.empty((draws, years, cities), dtype=bool)
        for boundary, row in enumerate(self.variants):
            for window, variant in enumerate(row):
                chosen = np.flatnonzero((rules.boundary == boundary) & (rules.window == window))
                if not chosen.size:
                    continue
                rows, back = np.unique(rules.sample[chosen], return_inverse=True)
                taken = self._values(variant, variant.indicators, rows)[back]
                others = rules.takes_other[chosen]
                if others.any():
                    other = self._values(variant, variant.alternatives, rows)[back]
                    taken = np.where(others[:, None, None], other, taken)
                values[chosen] = np.where(variant.present | rules.fills[chosen, None, None, None], taken, np.nan)
                ceiling[chosen], counted[chosen] = variant.ceiling, variant.counted
        return Measured(values, ceiling, counted)

    def _values(self, variant: Variant, indicators: pl.DataFrame, rows: np.ndarray) -> np.ndarray:
        """Values of ``indicators`` for rows of companies, (row, year, city, indicator); thin cells are shrunk, not missing."""
        everywhere = np.ones((len(variant.laid.years), len(variant.laid.cities), indicators.height), dtype=bool)
        weights, scale = self.weights[rows], self.scale[rows]
        found = cells.values(variant.laid, weights, scale, indicators, variant.prior, everywhere, variant.apart)[0]
        return found[:, :, variant.area_of]
