"""The index from end to end: evidence and definitions in, frames of values, scores and intervals out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import polars as pl

from pipelines.index import (
    BASE_YEAR,
    BENCHMARK,
    FIRST_YEAR,
    LAST_YEAR,
    boundaries,
    cells,
    coherence,
    compose,
    robustness,
    sensitivity,
    uncertainty,
)
from pipelines.index.coverage import Coverage, estimate
from pipelines.index.definitions import PILLARS, SCORES, Definitions
from pipelines.index.hierarchy import Hierarchy
from pipelines.index.rules import WINDOWS, Measured, Rules, Variant, Worlds
from pipelines.index.survey import Survey, grid

#: Sets of resampled companies; draws of companies, rules and choices together in each year, and in the headline year.
BOOTSTRAPS = 500
DRAWS = 1000
HEADLINE_DRAWS = 4000

#: Base sample of the sensitivity indices: the index is made (groups of factors + 2) times as often.
SOBOL = 1024

SEED, SOBOL_SEED = 20_000, 24_000

#: A year is covered if its three-year window holds at least this share of the fullest window's deals.
LEAST_COVERED = 0.50

#: Years whose ranked cities tell whether the indicators belong together.
COHERENCE_YEARS = 10

#: What ``Result.tables`` holds.
TABLES = (
    "index.coherence",
    "index.rank_probabilities",
    "index.leave_one_out",
    "index.weight_flips",
    "index.sensitivity",
    "index.boundaries",
    "index.boundary_values",
)


@dataclass(frozen=True)
class Inputs:
    """What the index is computed from.

    ``evidence`` has the columns measure, city, company, year, year_to, value; ``table_of`` tells the table
    of each measure; ``indicators`` is the indicator table; ``cities`` has city and country, ``companies``
    company and city; ``recorded`` city, measure, recorded and held (``coverage.estimate``); ``country`` is the scope;
    ``boundaries`` has preset, city and merged_into.
    """

    evidence: pl.DataFrame
    table_of: dict[str, str]
    indicators: pl.DataFrame
    cities: pl.DataFrame
    companies: pl.DataFrame
    recorded: pl.DataFrame
    country: str
    boundaries: pl.DataFrame = field(default_factory=lambda: boundaries.EMPTY)


@dataclass(frozen=True)
class Result:
    """Frames ready to be written, and the arrays the claims need.

    ``draws`` holds the total-uncertainty draws (draw, year, city) of each score, ``pillar_draws`` the same
    per pillar; ``realised_counts`` the resampled values of the Realised indicators, a half added so that they have
    ratios (draw, year, city, indicator); ``company_draws`` the scores and pillars with companies resampled and the share
    held drawn, choices as published (draw, year, city); ``held`` is the share held of ``held_cities``; ``cities`` names
    the city axis, the benchmark included. ``tables`` holds what is written and nothing else (``TABLES``).
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
    held: Coverage
    held_cities: list[str]
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def latest_covered_year(evidence: pl.DataFrame, cities: set[str]) -> int:
    """The last year whose three-year window still holds enough deals of ``cities``: later ones are thin, not quiet."""
    deals = evidence.filter((pl.col("measure") == "deals_received") & pl.col("city").is_in(sorted(cities)))
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    when = deals["year"].to_numpy()
    in_window = np.array([((when > year - 3) & (when <= year)).sum() for year in years])
    return int(years[in_window >= LEAST_COVERED * in_window.max()][-1])


def compute(inputs: Inputs) -> Result:
    """Values for every city of the scope and the benchmark; scores and intervals for those with enough data."""
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    at_home = set(inputs.cities.filter(pl.col("country") == inputs.country)["city"])
    definitions = Definitions.of(inputs.indicators)
    presets = boundaries.presets(inputs.boundaries, at_home)
    held = _Held.of(inputs, at_home.union(*presets.values()))
    scale = held.scale(held.coverage.share[None])
    surveys = {
        name: Survey.of(inputs.evidence, inputs.table_of, definitions, scale, at_home, areas, years)
        for name, areas in presets.items()
    }
    published = surveys[boundaries.PUBLISHED]
    headline = latest_covered_year(inputs.evidence, at_home)
    at = headline - FIRST_YEAR
    # Only cities that are ever ranked, and the benchmark, are scored; the others have too little data for that.
    kept = np.flatnonzero(published.ranked.any(0) | (np.array(published.areas) == BENCHMARK))
    cities = [published.areas[one] for one in kept]
    frame = _Frame(years, cities, published.enough[:, kept], published.ranked[:, kept])
    now = frame.in_year(at)

    rng = np.random.default_rng(SEED)
    worlds = _worlds(inputs, definitions, held, frame, presets, published.ceiling, rng)
    as_published = published.measured.of(kept)
    point = _Layer.of(as_published, definitions.published(1), definitions)
    # Whether the indicators belong together is looked at before any uncertainty.
    tables = {"index.coherence": _coherence(frame, at, as_published, point, definitions)}

    resampled = worlds.measure(replace(Rules.published(BOOTSTRAPS, definitions.count), sample=1 + np.arange(BOOTSTRAPS)))
    companies = _Layer.of(resampled, definitions.published(BOOTSTRAPS), definitions)
    drawn_rules = Rules.at(
        rng.random((HEADLINE_DRAWS, len(Rules.factors(definitions.has_other)))), BOOTSTRAPS, definitions.has_other, len(presets)
    )
    drawn = {name: definitions.choices_at(rng.random((HEADLINE_DRAWS, len(definitions.factors(name)))), name) for name in SCORES}
    few_rules, few = drawn_rules.first(DRAWS), {name: choices.first(DRAWS) for name, choices in drawn.items()}
    every_year = {
        "companies": companies,
        "choices": _Layer.of(worlds.measure(few_rules.as_held()), few, definitions),
        "total": _Layer.of(worlds.measure(few_rules), few, definitions),
    }
    worlds = worlds.in_year(at)
    ruled = worlds.measure(drawn_rules.as_held())
    in_headline = {
        "companies": companies.in_year(at),
        "rules": _Layer.of(ruled, definitions.published(HEADLINE_DRAWS), definitions),
        "index": _Layer.of(as_published.in_year(at), drawn, definitions),
        "choices": _Layer.of(ruled, drawn, definitions),
        "total": _Layer.of(worlds.measure(drawn_rules), drawn, definitions),
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
        "index.leave_one_out": _leave_one_out(now, as_published.in_year(at), definitions),
        "index.weight_flips": _weight_flips(now, as_published.in_year(at), point.in_year(at), definitions),
        "index.sensitivity": _sensitivity(now, point.in_year(at), worlds, definitions),
        "index.boundaries": pl.concat([one.standings(name, at, definitions) for name, one in surveys.items()]),
        "index.boundary_values": pl.concat([one.values(name, at, definitions) for name, one in surveys.items()]),
    }
    return Result(
        indicator_values=published.table(definitions),
        goalposts=definitions.table.select("indicator", "pillar", "floor").with_columns(
            pl.Series("ceiling", published.ceiling), pl.lit(BASE_YEAR).alias("base_year"), pl.lit(BENCHMARK).alias("benchmark")
        ),
        scores=scores.sort(pl.col("measure").replace_strict(order, return_dtype=pl.Int64), "year", maintain_order=True),
        pairwise=now.pairwise(in_headline["total"]),
        years=years,
        cities=cities,
        ranked=frame.ranked,
        headline=headline,
        draws={name: every_year["total"].scores[name] for name in SCORES},
        pillar_draws={name: every_year["total"].scores[name] for name in PILLARS},
        realised_counts=resampled.values[..., definitions.members("Realised")] + 0.5,
        company_draws=companies.scores,
        held=held.coverage,
        held_cities=held.cities,
        tables=tables,
    )


@dataclass(frozen=True)
class _Held:
    """The share held of each city that has companies, and the place (company,) of each company's city among ``cities``."""

    coverage: Coverage
    cities: list[str]
    place: np.ndarray

    @classmethod
    def of(cls, inputs: Inputs, in_scope: set[str]) -> Self:
        """Cities of the scope, and those that a boundary merges with them, share a prior."""
        city_of = dict(inputs.companies.select("company", "city").iter_rows())
        companies = sorted(inputs.evidence["company"].drop_nulls().unique())
        places = sorted({city_of[one] for one in companies})
        at = {city: place for place, city in enumerate(places)}
        coverage = estimate(places, np.array([city in in_scope for city in places]), inputs.recorded)
        return cls(coverage, places, np.array([at[city_of[one]] for one in companies]))

    def scale(self, shares: np.ndarray) -> np.ndarray:
        """How many companies each stands for, (draw, company), from ``shares`` (draw, city)."""
        return (1 / shares)[:, self.place]


def _worlds(
    inputs: Inputs,
    definitions: Definitions,
    held: _Held,
    frame: "_Frame",
    presets: Mapping[str, dict[str, str]],
    ceiling: np.ndarray,
    rng: np.random.Generator,
) -> Worlds:
    """The evidence of the cities of ``frame`` under every boundary and window, as held and resampled."""
    shares = np.vstack([held.coverage.share, held.coverage.draw(BOOTSTRAPS, rng)])
    scale = held.scale(shares)
    weights = np.vstack([np.ones(len(held.place)), uncertainty.resample(BOOTSTRAPS, len(held.place), rng)])
    ever = frame.ranked.any(0)
    variants = []
    for areas in presets.values():
        merged = boundaries.merge(inputs.evidence, areas)
        named = [areas.get(city, city) for city in frame.cities]
        distinct = sorted(set(named))
        area_of = np.array([distinct.index(one) for one in named])
        is_in = area_of == np.arange(len(distinct))[:, None]
        # Of the ranked cities of an area, the first one counts.
        counted = frame.ranked & (np.cumsum(frame.ranked[:, None] & is_in, axis=-1)[:, area_of, range(len(named))] == 1)
        row = []
        for length in WINDOWS:
            table, alternatives = definitions.stretched(length)
            laid = cells.panel(merged, definitions.measures(inputs.table_of, length), distinct, frame.years)
            prior = (is_in & ever).any(1)
            found = cells.values(laid, laid.as_is, scale[:1], table, inputs.table_of, prior)[0][0]
            benchmark = found[BASE_YEAR - FIRST_YEAR, distinct.index(BENCHMARK)]
            present = ~np.isnan(found)[:, area_of]
            top = definitions.ceiling_else(benchmark, ceiling)
            row.append(Variant(laid, table, alternatives, prior, area_of, present, counted, top))
        variants.append(row)
    return Worlds(variants, weights, scale, inputs.table_of)


@dataclass(frozen=True)
class _Layer:
    """Scores and pillars by name, (draw, year, city) each, and who takes a rank, (draw or 1, year, city)."""

    scores: dict[str, np.ndarray]
    counted: np.ndarray

    @classmethod
    def of(cls, measured: Measured, choices: Mapping[str, uncertainty.Choices], definitions: Definitions) -> Self:
        scores = {}
        for name, members in SCORES.items():
            scores[name], parts = definitions.score(measured, choices[name], name)
            scores |= {pillar: parts[..., index] for index, pillar in enumerate(members)}
        return cls(scores, measured.counted)

    def in_year(self, at: int) -> Self:
        return type(self)({name: values[:, [at]] for name, values in self.scores.items()}, self.counted[:, [at]])


@dataclass(frozen=True)
class _Frame:
    """The axes (year, city) every score has, and who has enough data and a rank on them."""

    years: np.ndarray
    cities: list[str]
    enough: np.ndarray
    ranked: np.ndarray

    def in_year(self, at: int) -> Self:
        return replace(self, years=self.years[[at]], enough=self.enough[[at]], ranked=self.ranked[[at]])

    @property
    def members(self) -> np.ndarray:
        """Places of the cities ranked in the only year."""
        return np.flatnonzero(self.ranked[0])

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [self.cities[one] for one in self.members]

    def ranks(self, scores: np.ndarray, counted: np.ndarray) -> np.ndarray:
        """Ranks among the ranked cities only; the axes are (…, year, city)."""
        return compose.ranks(np.where(self.ranked, scores, np.nan), counted)

    def scores(self, point: _Layer, layers: Mapping[str, _Layer]) -> pl.DataFrame:
        """One row per score or pillar, year and city: score, rank and their intervals by layer of uncertainty."""
        return pl.concat([self._scores(measure, point, layers) for measure in point.scores])

    def _scores(self, measure: str, point: _Layer, layers: Mapping[str, _Layer]) -> pl.DataFrame:
        score = point.scores[measure][0]
        ranks = {layer: self.ranks(one.scores[measure], one.counted) for layer, one in layers.items()}
        rank = self.ranks(score, point.counted[0])
        is_first = ranks["total"] == 1
        # Cities that tie for the first place, as those that a boundary merges, share it, so that the column adds up to one.
        share = is_first / np.maximum(is_first.sum(-1, keepdims=True), 1)
        columns: dict[str, np.ndarray] = {"measure": np.full(score.size, measure, dtype=object)}
        columns |= grid(self.years, self.cities)
        columns |= {
            "score": np.where(self.enough, score, np.nan).ravel(),
            "rank": rank.ravel(),
            "p_first": np.where(self.ranked, share.mean(0), np.nan).ravel(),
            "p_top3": np.where(self.ranked, (ranks["total"] <= 3).mean(0), np.nan).ravel(),
        }
        for layer, one in layers.items():
            for what, drawn, sampled, centre, shown in (
                ("score", one.scores[measure], layers["companies"].scores[measure], score, self.enough),
                ("rank", ranks[layer], ranks["companies"], rank, self.ranked),
            ):
                low, high = uncertainty.interval(np.where(shown, drawn, 0.0))
                if layer in ("companies", "total"):
                    least, most = uncertainty.bias_corrected(np.where(shown, sampled, 0.0), np.where(shown, centre, 0.0))
                    # All uncertainty together is never less than that of the sample alone.
                    low, high = (least, most) if layer == "companies" else (np.minimum(low, least), np.maximum(high, most))
                if what == "rank":
                    low, high = np.floor(low), np.ceil(high)
                columns |= {
                    f"{what}_low_{layer}": np.where(shown, low, np.nan).ravel(),
                    f"{what}_high_{layer}": np.where(shown, high, np.nan).ravel(),
                }
        if len(self.years) == 1:
            best, worst = np.full((2, len(self.cities)), np.nan)
            here = self.members
            best[here], worst[here] = uncertainty.rank_sets(score[0, here], layers["companies"].scores[measure][:, 0, here])
            columns |= {"rank_set_low": best, "rank_set_high": worst}
        columns["is_enough_data"] = self.enough.ravel()
        return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))

    def pairwise(self, layer: _Layer) -> pl.DataFrame:
        """How often each ranked city scores above each other one in the only year."""
        parts = []
        for measure in SCORES:
            matrix = uncertainty.wins(layer.scores[measure][:, 0, self.members])
            rows = [
                {"measure": measure, "year": int(self.years[0]), "city": city, "other": other, "p_above": matrix[i, j]}
                for i, city in enumerate(self.names)
                for j, other in enumerate(self.names)
                if i != j
            ]
            text = pl.String
            schema = {"measure": text, "year": pl.Int64, "city": text, "other": text, "p_above": pl.Float64}
            parts.append(pl.DataFrame(rows, schema))
        return pl.concat(parts)

    def rank_probabilities(self, layer: _Layer) -> pl.DataFrame:
        """Share of draws in which each ranked city has each rank in the only year, by score and pillar."""
        here, count = self.members, len(self.members)
        parts = []
        for measure, scores in layer.scores.items():
            found = uncertainty.rank_probabilities(self.ranks(scores, layer.counted)[:, 0, here])
            parts.append(
                pl.DataFrame(
                    {
                        "measure": measure,
                        "year": int(self.years[0]),
                        "city": np.repeat(np.array(self.names, dtype=object), count),
                        "rank": np.tile(np.arange(1, count + 1), count),
                        "probability": found.ravel(),
                    },
                    schema_overrides={"year": pl.Int64},
                )
            )
        return pl.concat(parts)


def _coherence(frame: _Frame, last: int, measured: Measured, point: _Layer, definitions: Definitions) -> pl.DataFrame:
    """Every pillar over its indicators, every score over its pillars: ranked cities of the ten years up to place ``last``."""
    years = np.arange(max(last - COHERENCE_YEARS + 1, 0), last + 1)
    ranked, year = frame.ranked[years], int(frame.years[last])
    normalised = definitions.normalised(measured)[0, years]
    parts = []
    for name, members in SCORES.items():
        chosen = np.flatnonzero(definitions.members(name) & (definitions.weight > 0))
        codes, parents = (definitions.table[column].gather(chosen).to_list() for column in ("indicator", "pillar"))
        leaves = zip(codes, parents, definitions.weight[chosen], strict=True)
        tree = Hierarchy.of([*leaves, *((pillar, name, 1.0) for pillar in members), (name, None, 1.0)])
        weight_of = dict(zip(sum(tree.codes, ()), np.concatenate(tree.effective_weights()), strict=True))
        groups = {pillar: ([one for one, parent in zip(codes, parents, strict=True) if parent == pillar]) for pillar in members}
        values = {code: normalised[..., place] for code, place in zip(codes, chosen, strict=True)}
        if len(members) > 1:
            groups = {name: list(members)} | groups
            values |= {pillar: point.scores[pillar][0, years] for pillar in members}
        for group, within in groups.items():
            table = np.stack([np.where(ranked, values[code], np.nan) for code in within], axis=-1)
            weights = np.array([weight_of[code] for code in within])
            parts.append(coherence.table(group, year, within, coherence.within_years(table), weights))
    return pl.concat(parts)


def _leave_one_out(now: _Frame, measured: Measured, definitions: Definitions) -> pl.DataFrame:
    """Every counted indicator of each score left out, one at a time, where that leaves others."""
    parts = []
    for name, members in SCORES.items():
        weights = definitions.weight[definitions.members(name)]
        counted = np.flatnonzero(weights > 0) if (weights > 0).sum() > 1 else np.empty(0, dtype=int)
        choices = uncertainty.Choices.default(weights, len(members), 1 + len(counted))
        choices.indicator_weights[1 + np.arange(len(counted)), counted] = 0.0
        found = definitions.score(measured, choices, name)[0][:, 0, now.members]
        codes = definitions.table.filter(definitions.members(name))["indicator"].gather(counted).to_list()
        parts.append(robustness.leave_one_out(name, int(now.years[0]), now.names, codes, found[0], found[1:]))
    return pl.concat(parts)


def _weight_flips(now: _Frame, measured: Measured, point: _Layer, definitions: Definitions) -> pl.DataFrame:
    """For the leader of each score and every city behind it: weights of pillars; for the second, weights of indicators too."""
    parts, year = [], int(now.years[0])
    for name, members in SCORES.items():
        order = now.members[np.argsort(-point.scores[name][0, 0, now.members], kind="stable")]
        first, *behind = ((now.cities[one], one) for one in order)
        if len(members) > 1:
            # The published mean is geometric: arithmetic on the logarithms.
            logs = np.log(np.maximum(np.stack([point.scores[one][0, 0] for one in members], axis=-1), compose.LEAST))
            even = np.full(len(members), 1 / len(members))
            for city, at in behind:
                ahead = logs[first[1]] - logs[at]
                flipped = robustness.flip(even, ahead)
                parts.append(robustness.weight_flips(name, year, "pillars", (first[0], city), members, even, flipped))
        chosen = np.flatnonzero(definitions.members(name) & (definitions.weight > 0))
        values, pillar_of = definitions.normalised(measured)[0, 0][:, chosen], definitions.pillar_of[chosen]
        weights = definitions.weight[chosen] / np.bincount(pillar_of, definitions.weight[chosen])[pillar_of] / len(members)
        codes = definitions.table["indicator"].gather(chosen).to_list()
        for city, at in behind[:1]:
            flipped = robustness.flip_within(weights, values[first[1]], values[at], pillar_of)
            parts.append(robustness.weight_flips(name, year, "indicators", (first[0], city), codes, weights, flipped))
    return pl.concat(parts)


def _sensitivity(now: _Frame, point: _Layer, worlds: Worlds, definitions: Definitions) -> pl.DataFrame:
    """What moves each score's ranking in the headline year: companies, rules of measurement, choices of index."""
    about_rules = Rules.factors(definitions.has_other)
    parts = []
    for name in SCORES:
        published = now.ranks(point.scores[name][0], point.counted[0])[0, now.members]
        groups = about_rules + definitions.factors(name)

        def runs(points: np.ndarray, name: str = name, published: np.ndarray = published) -> np.ndarray:
            measured = worlds.measure(
                Rules.at(points[:, : len(about_rules)], BOOTSTRAPS, definitions.has_other, len(worlds.variants))
            )
            choices = definitions.choices_at(points[:, len(about_rules) :], name)
            scores = definitions.score(measured, choices, name)[0]
            ranks = now.ranks(scores, measured.counted)
            return sensitivity.outputs(scores[:, 0, now.members], ranks[:, 0, now.members], published)

        factors = [f"{group} {place}" for place, group in enumerate(groups)]
        found = sensitivity.sobol(runs, factors, SOBOL, SOBOL_SEED, uncertainty.LEVEL, groups)
        parts.append(sensitivity.table(name, int(now.years[0]), found))
    return pl.concat(parts)
