"""The indicator table as arrays over the indicator axis, and the recipes that scores are made by."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.index import BASE_YEAR, BENCHMARK
from pipelines.index import draws as uncertainty
from pipelines.index.measure import cells, rules
from pipelines.index.score import compose
from pipelines.index.score.normalisers import log1p

#: The scores; which pillars make up each is a column of the indicator table.
SCORES = ("Readiness", "Realised")


@dataclass(frozen=True)
class Definitions:
    """The indicator table sorted by pillar, the same with every alternative measure, and its columns as arrays.

    ``scores`` holds the pillars of each score that have an indicator that counts; ``base_year`` is the year in which the
    benchmark sets the goalposts.
    """

    scores: dict[str, tuple[str, ...]]
    base_year: int
    table: pl.DataFrame
    alternatives: pl.DataFrame
    pillar_of: np.ndarray
    has_other: np.ndarray
    is_log: np.ndarray
    direction: np.ndarray
    floor: np.ndarray
    given_ceiling: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, indicators: pl.DataFrame, base_year: int = BASE_YEAR) -> Self:
        """From the indicator table as landed, or the rows of it that there is evidence for."""
        table = indicators.sort("pillar", maintain_order=True)
        counted = table.filter(pl.col("weight") > 0)
        scores = {name: tuple(counted.filter(pl.col("measure") == name)["pillar"].unique().sort()) for name in SCORES}
        pillars = [pillar for members in scores.values() for pillar in members]
        return cls(
            scores=scores,
            base_year=base_year,
            table=table,
            alternatives=table.with_columns(pl.coalesce("alternative", "indicator").alias("indicator")),
            pillar_of=np.array([pillars.index(pillar) for pillar in table["pillar"]]),
            has_other=table["alternative"].is_not_null().to_numpy(),
            is_log=(table["transform"] == "log1p").to_numpy(),
            direction=table["direction"].to_numpy(),
            floor=table["floor"].to_numpy(),
            given_ceiling=table["ceiling"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
            weight=table["weight"].to_numpy(),
        )

    @property
    def pillars(self) -> list[str]:
        """Every pillar, in the order that ``pillar_of`` counts."""
        return [pillar for members in self.scores.values() for pillar in members]

    def _first(self, score: str) -> int:
        return self.pillars.index(self.scores[score][0])

    @property
    def count(self) -> int:
        """How many indicators."""
        return self.table.height

    def stretched(self, length: float) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Both tables with windows of flows ``length`` times as long, in whole years; a window of one year is a stock."""
        window = pl.col("window", "denominator_window")
        changed = pl.when(window > 1).then((window * length).round().cast(pl.Int64)).otherwise(window)
        return self.table.with_columns(changed), self.alternatives.with_columns(changed)

    def members(self, score: str) -> np.ndarray:
        """Boolean (indicator,): those of a score."""
        return np.isin(self.pillar_of, [self.pillars.index(pillar) for pillar in self.scores[score]])

    def pillar_shares(self, chosen: np.ndarray) -> np.ndarray:
        """Return the weight of each indicator at the places ``chosen`` as a share of its pillar's."""
        weight, pillar = self.weight[chosen], self.pillar_of[chosen]
        return weight / np.bincount(pillar, weight)[pillar]

    def ceiling(self, benchmark: np.ndarray) -> np.ndarray:
        """Upper goalposts: as given, else the benchmark's value; raises InputError where that is no goalpost."""
        ceiling = np.where(np.isnan(self.given_ceiling), benchmark, self.given_ceiling)
        problems = [
            Problem(
                "data/reference/indicators.csv",
                f"{name!r} has no upper goalpost above its floor: {BENCHMARK} has {value} in {self.base_year}",
                "Give it a ceiling, or add the benchmark's rows to the register",
                column="ceiling",
            )
            for name, value, top, bottom in zip(self.table["indicator"], benchmark, ceiling, self.floor, strict=True)
            if not top > bottom
        ]
        if problems:
            raise InputError("index", problems)
        return ceiling

    def ceiling_else(self, benchmark: np.ndarray, published: np.ndarray) -> np.ndarray:
        """Upper goalposts under another rule of measurement: as published where the benchmark has none by that rule."""
        own = np.isnan(self.given_ceiling) & (benchmark > self.floor)
        return np.where(own, benchmark, published)

    def normalised(self, measured: rules.Measured) -> np.ndarray:
        """Values on the published goalposts, 0–100."""
        floor, ceiling = log1p(self.floor, self.is_log), log1p(measured.ceiling, self.is_log)
        moved = log1p(measured.values, self.is_log)
        return compose.normalise(moved, "goalposts", self.direction, floor, ceiling, measured.counted)

    def published(self, draws: int) -> dict[str, uncertainty.Choices]:
        """The published specification of each score, repeated."""
        return {
            name: uncertainty.Choices.default(self.weight[self.members(name)], len(of), draws) for name, of in self.scores.items()
        }

    def factors(self, score: str) -> list[str]:
        """The group of each coordinate that ``choices_at`` reads."""
        return uncertainty.Choices.factors(int(self.members(score).sum()), len(self.scores[score]))

    def choices_at(self, points: np.ndarray, score: str) -> uncertainty.Choices:
        """Specifications of a score at ``points`` of the unit cube."""
        members = self.members(score)
        return uncertainty.Choices.at(points, self.weight[members], self.pillar_of[members] - self._first(score))

    def score(self, measured: rules.Measured, choices: uncertainty.Choices, score: str) -> tuple[np.ndarray, np.ndarray]:
        """A score (draw, year, city) and its pillars (draw, year, city, pillar) for each specification."""
        chosen = self.members(score)
        log = self.is_log[chosen]
        recipe = uncertainty.Recipe(
            is_log=log,
            direction=self.direction[chosen],
            floor=log1p(self.floor[chosen], log),
            ceiling=log1p(measured.ceiling[..., chosen], log),
            pillar_of=self.pillar_of[chosen] - self._first(score),
            n_pillars=len(self.scores[score]),
            counted=measured.counted,
        )
        return uncertainty.score(measured.values[..., chosen], choices, recipe)

    @property
    def is_count(self) -> np.ndarray:
        """Boolean (indicator,): counts that weigh."""
        return (self.table["kind"] == "count").to_numpy() & (self.weight > 0)

    def parts(self, length: float = 1.0) -> list[tuple[str, int]]:
        """Return every (name, window) that ``cells.panel`` has to lay out."""
        return cells.needed(*self.stretched(length))
