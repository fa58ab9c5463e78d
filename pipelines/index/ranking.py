"""Every city of the scope under one boundary, the data as they are: who has how much, who has enough to be ranked."""

from dataclasses import dataclass
from typing import Self

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import BENCHMARK
from pipelines.index.evidence import boundaries
from pipelines.index.measure import cells
from pipelines.index.measure.rules import Measured
from pipelines.index.score import compose
from pipelines.index.score.screening import screen
from pipelines.index.specification import Definitions
from pipelines.index.table import CITY, INDICATOR, IndexTable

#: Share of indicators a city needs, overall and in each pillar, to be ranked.
LEAST_OVERALL, LEAST_PER_PILLAR = 0.65, 0.50


class IndicatorValues(IndexTable):
    """One row per city, year and indicator."""

    table = "marts.indicator_values"

    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    year = dy.Int64(primary_key=True, description="Year.")
    indicator = dy.String(primary_key=True, metadata=INDICATOR, description="Indicator.")
    value = dy.Float64(
        nullable=True,
        description="Value: counts and rates divided by the detection rate, shares and rates shrunk; null: too little data.",
    )
    numerator = dy.Float64(description="Sum of the evidence in the window, as the register holds it.")
    denominator = dy.Float64(nullable=True, description="Sum of what divides it; null for counts.")
    shrinkage_weight = dy.Float64(
        min=0,
        max=1,
        description="Weight of the city's own share or rate in the value; the rest is what the cities have in common.",
    )
    normalised = dy.Float64(nullable=True, min=0, max=100, description="Score between the goalposts, 0–100.")
    coverage = dy.Float64(min=0, max=1, description="Share of all indicators the city has a value for in that year.")


class Boundaries(IndexTable):
    """One row per preset, score or pillar, and city or merged area with enough data in the headline year."""

    table = "index.boundaries"

    preset = dy.String(
        primary_key=True,
        description="city: municipalities; metro: with municipalities of their planned metropolitan area; gba: Shenzhen, "
        "Guangzhou and Hong Kong as one, Hong Kong as far as the register knows it.",
    )
    measure = dy.String(primary_key=True, description="Readiness, Realised, or a pillar.")
    year = dy.Int64(description="Headline year.")
    city = dy.String(primary_key=True, description="City, or area that stands for several (core.boundaries).")
    score = dy.Float64(description="Score.")
    rank = dy.Int64(nullable=True, min=1, description="Rank within the preset; null for the benchmark.")


class BoundaryValues(IndexTable):
    """One row per preset, city or merged area with enough data in the headline year, and indicator."""

    table = "index.boundary_values"

    preset = dy.String(primary_key=True, description="city, metro or gba.")
    city = dy.String(primary_key=True, description="City or area.")
    indicator = dy.String(primary_key=True, metadata=INDICATOR, description="Indicator.")
    value = dy.Float64(
        nullable=True,
        description="Value, evidence of the merged cities summed before any ratio. A piece that compares cities keeps what it"
        " says: shares of local investors and spin-offs are lower bounds for an area.",
    )
    normalised = dy.Float64(nullable=True, min=0, max=100, description="Score between the goalposts, 0–100.")
    is_missing = dy.Bool(description="Is there too little data for a value; it is left out with its weight.")


def grid(years: np.ndarray, cities: list[str]) -> dict[str, np.ndarray]:
    """Columns year and city of a frame with one row for each pair, cities running fastest."""
    return {"year": np.repeat(years, len(cities)), "city": np.tile(np.array(cities, dtype=object), len(years))}


@dataclass(frozen=True)
class Survey:
    """Cities or areas of one boundary.

    ``measured`` has one draw; ``numerator``, ``denominator`` and ``shrinkage_weight`` are (year, area, indicator), ``coverage``,
    ``enough`` and ``ranked`` (year, area).
    """

    years: np.ndarray
    areas: list[str]
    measured: Measured
    numerator: np.ndarray
    denominator: np.ndarray
    shrinkage_weight: np.ndarray
    coverage: np.ndarray
    enough: np.ndarray
    ranked: np.ndarray

    @classmethod
    def of(
        cls,
        evidence: pl.DataFrame,
        definitions: Definitions,
        scale: np.ndarray,
        at_home: set[str],
        areas: dict[str, str],
        years: np.ndarray,
    ) -> Self:
        """Values of all areas of the scope (``at_home``, cities) and the benchmark; ``scale`` (1, company) as in ``cells``."""
        scope = {areas.get(city, city) for city in at_home}
        everyone = sorted({*scope, BENCHMARK})
        laid = cells.panel(boundaries.merge(evidence, areas), definitions.parts(), everyone, years)
        is_scope = np.array([area in scope for area in everyone])
        as_is = (laid, laid.as_is, scale, definitions.table)
        # Whether there is enough data does not depend on the prior, so the prior can rest on the ranked cities.
        present = ~np.isnan(cells.values(*as_is, prior=is_scope, apart=~is_scope)[0][0])
        counts = definitions.weight > 0
        coverage, enough = screen(present[..., counts], definitions.pillar_of[counts], LEAST_OVERALL, LEAST_PER_PILLAR)
        ranked = enough & is_scope
        values, above, below, own = cells.values(*as_is, prior=ranked.any(0), present=present, apart=~is_scope)
        ceiling = definitions.ceiling(values[0, list(years).index(definitions.base_year), everyone.index(BENCHMARK)])
        measured = Measured(values, ceiling[None, None, None], ranked[None])
        return cls(years, everyone, measured, above[0], below[0], own[0], coverage, enough, ranked)

    @property
    def ceiling(self) -> np.ndarray:
        """Upper goalposts (indicator,)."""
        return self.measured.ceiling[0, 0, 0]

    def table(self, definitions: Definitions) -> pl.DataFrame:
        """One row per area, year and indicator: the number, what it is made of, and where it stands on the goalposts."""
        count = definitions.count
        axes = grid(self.years, self.areas)
        return pl.DataFrame(
            {
                "city": np.repeat(axes["city"], count),
                "year": np.repeat(axes["year"], count),
                "indicator": np.tile(definitions.table["indicator"].to_numpy(), len(axes["city"])),
                "value": self.measured.values.ravel(),
                "numerator": self.numerator.ravel(),
                "denominator": self.denominator.ravel(),
                "shrinkage_weight": self.shrinkage_weight.ravel(),
                "normalised": definitions.normalised(self.measured).ravel(),
                "coverage": np.repeat(self.coverage.ravel(), count),
            }
        ).with_columns(pl.selectors.float().fill_nan(None))

    def standings(self, preset: str, at: int, definitions: Definitions) -> pl.DataFrame:
        """Score and rank of every area with enough data in the year at place ``at``, by score and pillar."""
        now, shown = self.measured.in_year(at), np.flatnonzero(self.enough[at])
        parts = []
        for name, choices in definitions.published(1).items():
            total, pillars = definitions.score(now, choices, name)
            for measure, values in zip((name, *definitions.scores[name]), (total[0, 0], *pillars[0, 0].T), strict=True):
                ranks = compose.ranks(np.where(self.ranked[at], values, np.nan))
                parts.append(
                    pl.DataFrame(
                        {
                            "preset": preset,
                            "measure": measure,
                            "year": int(self.years[at]),
                            "city": [self.areas[one] for one in shown],
                            "score": values[shown],
                            "rank": ranks[shown],
                        },
                        schema_overrides={"year": pl.Int64, "city": pl.String},
                    )
                )
        return pl.concat(parts).with_columns(pl.col("rank").fill_nan(None).cast(pl.Int64))

    def values(self, preset: str, at: int, definitions: Definitions) -> pl.DataFrame:
        """One row per area with enough data in the year at place ``at`` and indicator."""
        shown = pl.Series([self.areas[one] for one in np.flatnonzero(self.enough[at])], dtype=pl.String)
        return (
            self.table(definitions)
            .filter((pl.col("year") == int(self.years[at])) & pl.col("city").is_in(shown.to_list()))
            .select(
                pl.lit(preset).alias("preset"),
                "city",
                "indicator",
                "value",
                "normalised",
                pl.col("value").is_null().alias("is_missing"),
            )
        )
