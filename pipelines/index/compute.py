"""The index from end to end: evidence and definitions in, frames of values, scores and intervals out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import BASE_YEAR, BENCHMARK, FIRST_YEAR, LAST_YEAR
from pipelines.index import draws as uncertainty
from pipelines.index.diagnostics import tables as diagnostics
from pipelines.index.evidence import boundaries
from pipelines.index.intervals import Frame, Layer
from pipelines.index.measure import cells
from pipelines.index.measure.coverage import DetectionRates, estimate
from pipelines.index.measure.rules import WINDOWS, Rules, Variant, Worlds
from pipelines.index.ranking import Survey
from pipelines.index.specification import SCORES, Definitions
from pipelines.index.table import INDICATOR, IndexTable

#: Sets of resampled companies; draws of companies, rules and choices together in each year, and in the headline year.
BOOTSTRAPS = 500
DRAWS = 1000
HEADLINE_DRAWS = 4000

#: Base sample of the sensitivity indices: the index is made (groups of factors + 2) times as often.
SOBOL = 1024

SEED, SOBOL_SEED = 20_000, 24_000

#: A year is covered if its three-year window holds at least this share of the fullest window's deals.
LEAST_COVERED = 0.50


class Goalposts(IndexTable):
    """One row per indicator: the values that score 0 and 100."""

    table = "index.goalposts"

    indicator = dy.String(primary_key=True, metadata=INDICATOR, description="Indicator.")
    pillar = dy.String(description="Pillar.")
    floor = dy.Float64(description="Value that scores 0.")
    ceiling = dy.Float64(description="Value that scores 100.")
    base_year = dy.Int32(description="Year in which the benchmark sets the ceiling.")
    benchmark = dy.String(description="City that sets it.")


@dataclass(frozen=True)
class Inputs:
    """What the index is computed from.

    ``evidence`` has the columns indicator, city, company, year, year_to and value; ``indicators`` is the indicator table;
    ``cities`` has city and country, ``companies`` company and city, ``recorded`` city, measure, recorded and detected
    (``coverage.estimate``), ``boundaries`` preset, city and merged_into; ``country`` is the scope; ``years`` are the first
    and the last year with scores, ``base_year`` is the year in which the benchmark sets the goalposts.
    """

    evidence: pl.DataFrame
    indicators: pl.DataFrame
    cities: pl.DataFrame
    companies: pl.DataFrame
    recorded: pl.DataFrame
    country: str
    boundaries: pl.DataFrame = field(default_factory=lambda: boundaries.EMPTY)
    years: tuple[int, int] = (FIRST_YEAR, LAST_YEAR)
    base_year: int = BASE_YEAR

    @property
    def at_home(self) -> set[str]:
        """Cities of the scope."""
        return set(self.cities.filter(pl.col("country") == self.country)["city"])


@dataclass(frozen=True)
class Result:
    """Frames ready to be written, and the arrays the claims need.

    ``draws`` holds the total-uncertainty draws (draw, year, city) of each score, ``pillar_draws`` the same per pillar, and
    ``company_draws`` the scores and pillars with companies resampled, detection rates drawn and choices as published.
    ``realised_counts`` are the resampled values of the Realised indicators (draw, year, city, indicator), plus a half so
    that they have ratios. ``detection_rates`` are those of ``detection_cities``. ``cities`` names the city axis, the
    benchmark included. ``tables`` holds what is written and nothing else.
    """

    indicator_values: pl.DataFrame
    goalposts: pl.DataFrame
    scores: pl.DataFrame
    pairwise: pl.DataFrame
    years: np.ndarray
    cities: list[str]
    ranked: np.ndarray
    headline: int
    draws: dict[str, np.ndarray]
    pillar_draws: dict[str, np.ndarray]
    realised_counts: np.ndarray
    company_draws: dict[str, np.ndarray]
    detection_rates: DetectionRates
    detection_cities: list[str]
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def latest_covered_year(evidence: pl.DataFrame, cities: set[str]) -> int:
    """The last year whose three-year window still holds enough deals of ``cities``: later ones are thin, not quiet.

    ``evidence`` holds at least one deal of them; no year after the last is covered.
    """
    deals = evidence.filter((pl.col("indicator") == "deals_received") & pl.col("city").is_in(sorted(cities)))
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    when = deals["year"].to_numpy()
    in_window = np.array([((when > year - 3) & (when <= year)).sum() for year in years])
    is_covered = (in_window >= LEAST_COVERED * in_window.max()) & (years <= when.max())
    return int(years[is_covered][-1])


def compute(inputs: Inputs) -> Result:
    """Values for every city of the scope and the benchmark; scores and intervals for those with enough data."""
    years = np.arange(inputs.years[0], inputs.years[1] + 1)
    at_home = inputs.at_home
    definitions = Definitions.of(inputs.indicators, inputs.base_year)
    presets = boundaries.presets(inputs.boundaries, at_home)
    detection = _Detection.of(inputs, at_home.union(*presets.values()))
    scale = detection.scale(detection.rates.rate[None])
    surveys = {name: Survey.of(inputs.evidence, definitions, scale, at_home, areas, years) for name, areas in presets.items()}
    published = surveys[boundaries.PUBLISHED]
    headline = latest_covered_year(inputs.evidence, at_home)
    at = headline - inputs.years[0]
    # Only cities that are ever ranked, and the benchmark, are scored; the others have too little data for that.
    kept = np.flatnonzero(published.ranked.any(0) | (np.array(published.areas) == BENCHMARK))
    cities = [published.areas[one] for one in kept]
    frame = Frame(years, cities, published.enough[:, kept], published.ranked[:, kept])
    now = frame.in_year(at)

    rng = np.random.default_rng(SEED)
    worlds = _worlds(inputs, definitions, detection, frame, presets, published.ceiling, rng)
    as_published = published.measured.of(kept)
    point = Layer.of(as_published, definitions.published(1), definitions)
    # Whether the indicators belong together is looked at before any uncertainty.
    tables = {"index.coherence": diagnostics.belonging(frame, at, as_published, point, definitions)}

    resampled = worlds.measure(replace(Rules.published(BOOTSTRAPS, definitions.count), sample=1 + np.arange(BOOTSTRAPS)))
    companies = Layer.of(resampled, definitions.published(BOOTSTRAPS), definitions)
    drawn_rules = Rules.at(
        rng.random((HEADLINE_DRAWS, len(Rules.factors(definitions.has_other)))), BOOTSTRAPS, definitions.has_other, len(presets)
    )
    drawn = {name: definitions.choices_at(rng.random((HEADLINE_DRAWS, len(definitions.factors(name)))), name) for name in SCORES}
    few_rules, few = drawn_rules.first(DRAWS), {name: choices.first(DRAWS) for name, choices in drawn.items()}
    every_year = {
        "companies": companies,
        "choices": Layer.of(worlds.measure(few_rules.as_observed()), few, definitions),
        "total": Layer.of(worlds.measure(few_rules), few, definitions),
    }
    worlds = worlds.in_year(at)
    ruled = worlds.measure(drawn_rules.as_observed())
    in_headline = {
        "companies": companies.in_year(at),
        "rules": Layer.of(ruled, definitions.published(HEADLINE_DRAWS), definitions),
        "index": Layer.of(as_published.in_year(at), drawn, definitions),
        "choices": Layer.of(ruled, drawn, definitions),
        "total": Layer.of(worlds.measure(drawn_rules), drawn, definitions),
    }
    # The headline year has more draws than the others, and every layer apart.
    scores = pl.concat(
        [
            now.scores(point.in_year(at), in_headline),
            frame.scores(point, every_year).filter(pl.col("year") != headline),
        ],
        how="diagonal",
    )
    order = {measure: place for place, measure in enumerate(point.scores)}
    tables |= {
        "index.rank_probabilities": now.rank_probabilities(in_headline["total"]),
        "index.leave_one_out": diagnostics.leave_one_out(now, as_published.in_year(at), definitions),
        "index.weight_flips": diagnostics.weight_flips(now, as_published.in_year(at), point.in_year(at), definitions),
        "index.sensitivity": diagnostics.variance_shares(now, point.in_year(at), worlds, definitions, SOBOL, SOBOL_SEED),
        "index.boundaries": pl.concat([one.standings(name, at, definitions) for name, one in surveys.items()]),
        "index.boundary_values": pl.concat([one.values(name, at, definitions) for name, one in surveys.items()]),
    }
    return Result(
        indicator_values=published.table(definitions),
        goalposts=definitions.table.select("indicator", "pillar", "floor").with_columns(
            pl.Series("ceiling", published.ceiling),
            pl.lit(inputs.base_year).alias("base_year"),
            pl.lit(BENCHMARK).alias("benchmark"),
        ),
        scores=scores.sort(pl.col("measure").replace_strict(order, return_dtype=pl.Int64), "year", maintain_order=True),
        pairwise=now.pairwise(in_headline["total"]),
        years=years,
        cities=cities,
        ranked=frame.ranked,
        headline=headline,
        draws={name: every_year["total"].scores[name] for name in SCORES},
        pillar_draws={name: every_year["total"].scores[name] for name in definitions.pillars},
        realised_counts=resampled.values[..., definitions.members("Realised") & definitions.is_count] + 0.5,
        company_draws=companies.scores,
        detection_rates=detection.rates,
        detection_cities=detection.cities,
        tables=tables,
    )


@dataclass(frozen=True)
class _Detection:
    """The detection rate of each city with companies, and the place (company,) of each company's city among ``cities``."""

    rates: DetectionRates
    cities: list[str]
    place: np.ndarray

    @classmethod
    def of(cls, inputs: Inputs, in_scope: set[str]) -> Self:
        """Cities of the scope, and those that a boundary merges with them, share a prior."""
        city_of = dict(inputs.companies.select("company", "city").iter_rows())
        companies = sorted(inputs.evidence["company"].drop_nulls().unique())
        places = sorted({city_of[one] for one in companies})
        at = {city: place for place, city in enumerate(places)}
        rates = estimate(places, np.array([city in in_scope for city in places]), inputs.recorded)
        return cls(rates, places, np.array([at[city_of[one]] for one in companies]))

    def scale(self, rates: np.ndarray) -> np.ndarray:
        """Return how many companies each stands for, (draw, company), from ``rates`` (draw, city)."""
        return (1 / rates)[:, self.place]


def _worlds(
    inputs: Inputs,
    definitions: Definitions,
    detection: _Detection,
    frame: Frame,
    presets: Mapping[str, dict[str, str]],
    ceiling: np.ndarray,
    rng: np.random.Generator,
) -> Worlds:
    """The evidence of the cities of ``frame`` under every boundary and window, as observed and resampled."""
    scale = detection.scale(np.vstack([detection.rates.rate, detection.rates.draw(BOOTSTRAPS, rng)]))
    companies = len(detection.place)
    weights = np.vstack([np.ones(companies), uncertainty.resample(BOOTSTRAPS, companies, rng)])
    ever = frame.ranked.any(0)
    variants = []
    for areas in presets.values():
        merged = boundaries.merge(inputs.evidence, areas)
        named = [areas.get(city, city) for city in frame.cities]
        distinct = sorted(set(named))
        area_of = np.array([distinct.index(one) for one in named])
        # The benchmark of another country is not of the kind of its cities: what is common to those says nothing of it.
        apart = ~np.isin(distinct, [areas.get(city, city) for city in inputs.at_home])
        is_in = area_of == np.arange(len(distinct))[:, None]
        # Of the ranked cities of an area, the first one counts.
        counted = frame.ranked & (np.cumsum(frame.ranked[:, None] & is_in, axis=-1)[:, area_of, range(len(named))] == 1)
        row = []
        for length in WINDOWS:
            table, alternatives = definitions.stretched(length)
            laid = cells.panel(merged, definitions.parts(length), distinct, frame.years)
            prior = (is_in & ever).any(1)
            found = cells.values(laid, laid.as_is, scale[:1], table, prior, apart=apart)[0][0]
            benchmark = found[inputs.base_year - inputs.years[0], distinct.index(BENCHMARK)]
            present = ~np.isnan(found)[:, area_of]
            top = definitions.ceiling_else(benchmark, ceiling)
            row.append(Variant(laid, table, alternatives, prior, apart, area_of, present, counted, top))
        variants.append(row)
    return Worlds(variants, weights, scale)
