"""Compute the index from end to end: evidence and definitions in, frames of values, scores and intervals out."""

from dataclasses import dataclass, replace
from typing import Self

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.index import BENCHMARK
from pipelines.index.diagnostics import tables as diagnostics
from pipelines.index.draws import Choices
from pipelines.index.evidence import boundaries
from pipelines.index.evidence.availability import latest_covered_year
from pipelines.index.inputs import Inputs
from pipelines.index.intervals import Frame, Layer
from pipelines.index.measure.rules import Measured, Rules, Worlds
from pipelines.index.ranking import Survey
from pipelines.index.result import Result
from pipelines.index.specification import SCORES, Definitions
from pipelines.index.table import INDICATOR, IndexTable
from pipelines.index.worlds import Detection, worlds

#: Sets of resampled companies; draws of companies, rules and choices together in each year, and in the headline year.
BOOTSTRAPS = 500
DRAWS = 1000
HEADLINE_DRAWS = 4000

#: Base sample of the sensitivity indices: the index is computed (groups of factors + 2) times as often.
SOBOL = 1024

SEED, SOBOL_SEED = 20_000, 24_000


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
class _Setting:
    """What every draw shares: definitions, the cities under every boundary, the evidence laid out, and the published values.

    ``place`` is that of the headline year; ``point`` has one draw.
    """

    inputs: Inputs
    definitions: Definitions
    detection: Detection
    surveys: dict[str, Survey]
    headline: int
    place: int
    frame: Frame
    worlds: Worlds
    measured: Measured
    point: Layer

    @classmethod
    def of(cls, inputs: Inputs, rng: np.random.Generator) -> Self:
        years = np.arange(inputs.years[0], inputs.years[1] + 1)
        definitions = Definitions.of(inputs.indicators, inputs.base_year)
        presets = boundaries.presets(inputs.boundaries, inputs.at_home)
        detection = Detection.of(inputs, inputs.at_home.union(*presets.values()))
        scale = detection.scale(detection.rates.rate[None])
        surveys = {
            name: Survey.of(inputs.evidence, definitions, scale, inputs.at_home, areas, years) for name, areas in presets.items()
        }
        published = surveys[boundaries.PUBLISHED]
        headline = latest_covered_year(inputs.evidence, inputs.at_home)
        # Only cities that are ever ranked, and the benchmark, are scored; the others have too little data for that.
        kept = np.flatnonzero(published.ranked.any(0) | (np.array(published.areas) == BENCHMARK))
        cities = [published.areas[place] for place in kept]
        frame = Frame(years, cities, published.enough[:, kept], published.ranked[:, kept])
        laid = worlds(inputs, definitions, detection, frame, presets, published.ceiling, BOOTSTRAPS, rng)
        measured = published.measured.of(kept)
        point = Layer.of(measured, definitions.published(1), definitions)
        place = headline - inputs.years[0]
        return cls(inputs, definitions, detection, surveys, headline, place, frame, laid, measured, point)

    @property
    def published(self) -> Survey:
        """Return the cities under the published boundary."""
        return self.surveys[boundaries.PUBLISHED]


@dataclass(frozen=True)
class _Draws:
    """The layers of uncertainty in every year and, with more draws and each layer on its own, in the headline year.

    ``worlds`` are those of the headline year; ``resampled`` the values with companies resampled.
    """

    resampled: Measured
    every_year: dict[str, Layer]
    in_headline: dict[str, Layer]
    worlds: Worlds

    @classmethod
    def of(cls, setting: _Setting, rng: np.random.Generator) -> Self:
        definitions, laid = setting.definitions, setting.worlds
        sample = 1 + np.arange(BOOTSTRAPS)
        resampled = laid.measure(replace(Rules.published(BOOTSTRAPS, definitions.count), sample=sample))
        companies = Layer.of(resampled, definitions.published(BOOTSTRAPS), definitions)
        points = rng.random((HEADLINE_DRAWS, len(Rules.factors(definitions.has_other))))
        rules = Rules.at(points, BOOTSTRAPS, definitions.has_other, len(setting.surveys))
        choices = {name: _choices(definitions, name, rng) for name in SCORES}
        few_rules, few = rules.first(DRAWS), {name: drawn.first(DRAWS) for name, drawn in choices.items()}
        every_year = {
            "companies": companies,
            "choices": Layer.of(laid.measure(few_rules.as_observed()), few, definitions),
            "total": Layer.of(laid.measure(few_rules), few, definitions),
        }
        now = laid.in_year(setting.place)
        ruled = now.measure(rules.as_observed())
        in_headline = {
            "companies": companies.in_year(setting.place),
            "rules": Layer.of(ruled, definitions.published(HEADLINE_DRAWS), definitions),
            "index": Layer.of(setting.measured.in_year(setting.place), choices, definitions),
            "choices": Layer.of(ruled, choices, definitions),
            "total": Layer.of(now.measure(rules), choices, definitions),
        }
        return cls(resampled, every_year, in_headline, now)


def compute(inputs: Inputs) -> Result:
    """Return values of every city of the scope and the benchmark, and scores and intervals of those with enough data."""
    rng = np.random.default_rng(SEED)
    setting = _Setting.of(inputs, rng)
    drawn = _Draws.of(setting, rng)
    definitions, published = setting.definitions, setting.published
    return Result(
        indicator_values=published.table(definitions),
        goalposts=definitions.table.select("indicator", "pillar", "floor").with_columns(
            pl.Series("ceiling", published.ceiling),
            pl.lit(inputs.base_year).alias("base_year"),
            pl.lit(BENCHMARK).alias("benchmark"),
        ),
        scores=_scores(setting, drawn),
        pairwise=setting.frame.in_year(setting.place).pairwise(drawn.in_headline["total"]),
        years=setting.frame.years,
        cities=setting.frame.cities,
        ranked=setting.frame.ranked,
        headline=setting.headline,
        draws={name: drawn.every_year["total"].scores[name] for name in SCORES},
        pillar_draws={name: drawn.every_year["total"].scores[name] for name in definitions.pillars},
        realised_counts=drawn.resampled.values[..., definitions.members("Realised") & definitions.is_count] + 0.5,
        company_draws=drawn.every_year["companies"].scores,
        detection_rates=setting.detection.rates,
        detection_cities=setting.detection.cities,
        tables=_tables(setting, drawn),
    )


def _choices(definitions: Definitions, score: str, rng: np.random.Generator) -> Choices:
    return definitions.choices_at(rng.random((HEADLINE_DRAWS, len(definitions.factors(score)))), score)


def _scores(setting: _Setting, drawn: _Draws) -> pl.DataFrame:
    """Return the scores of the headline year, with every layer, and of the other years."""
    now = setting.frame.in_year(setting.place)
    scores = pl.concat(
        [
            now.scores(setting.point.in_year(setting.place), drawn.in_headline),
            setting.frame.scores(setting.point, drawn.every_year).filter(pl.col("year") != setting.headline),
        ],
        how="diagonal",
    )
    order = {measure: place for place, measure in enumerate(setting.point.scores)}
    return scores.sort(pl.col("measure").replace_strict(order, return_dtype=pl.Int64), "year", maintain_order=True)


def _tables(setting: _Setting, drawn: _Draws) -> dict[str, pl.DataFrame]:
    """Return what explains the ranking of the headline year."""
    definitions, place, frame = setting.definitions, setting.place, setting.frame
    now, measured, point = frame.in_year(place), setting.measured.in_year(place), setting.point.in_year(place)
    surveys = setting.surveys.items()
    return {
        "index.coherence": diagnostics.belonging(frame, place, setting.measured, setting.point, definitions),
        "index.rank_probabilities": now.rank_probabilities(drawn.in_headline["total"]),
        "index.leave_one_out": diagnostics.leave_one_out(now, measured, definitions),
        "index.weight_flips": diagnostics.weight_flips(now, measured, point, definitions),
        "index.sensitivity": diagnostics.variance_shares(now, point, drawn.worlds, definitions, SOBOL, SOBOL_SEED),
        "index.boundaries": pl.concat([survey.standings(name, place, definitions) for name, survey in surveys]),
        "index.boundary_values": pl.concat([survey.values(name, place, definitions) for name, survey in surveys]),
    }


def check_ranked(result: Result, country: str) -> None:
    """Raise InputError where no city of ``country`` has enough data to be ranked."""
    if not result.ranked[list(result.years).index(result.headline)].any():
        problem = f"no city of {country} has enough data to be ranked in {result.headline}"
        raise InputError("SCOPE", [Problem(country, problem, "Load more sources, or name another country")])
