"""Scores as drawn, layer by layer of uncertainty, and the tables that sum them up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import draws, rank_sets
from pipelines.index.measure.rules import Measured
from pipelines.index.ranking import grid
from pipelines.index.score import compose
from pipelines.index.specification import SCORES, Definitions
from pipelines.index.table import CITY, IndexTable
from pipelines.schema import one_of

#: Layer of uncertainty → what its intervals are made of.
LAYERS = {
    "companies": "companies resampled and detection rates drawn",
    "rules": "rules of measurement drawn: attribution, boundary, window, missing cells; headline year only",
    "index": "choices of index drawn: normaliser, weights, aggregator, one indicator dropped; headline year only",
    "choices": "rules of measurement and choices of index drawn together",
    "total": "companies, rules and choices together",
}


def _end(quantity: str, side: str, layer: str) -> dy.Float64:
    """Declare the column of one end of an interval of ``index.scores``."""
    end = "Lower" if side == "low" else "Upper"
    return dy.Float64(nullable=True, description=f"{end} end of the {quantity}'s interval, {LAYERS[layer]}.")


class Scores(IndexTable):
    """One row per score or pillar, city and year, with 90% intervals by layer of uncertainty: 500 resamples of the companies; for
    choices and total 1,000 draws, in the headline year 4,000."""

    table = "index.scores"

    measure = dy.String(primary_key=True, description="Readiness, Realised, or a pillar of Readiness.")
    year = dy.Int64(primary_key=True, description="Year.")
    city = dy.String(primary_key=True, metadata=CITY, description="City; the benchmark has scores but no rank.")
    score = dy.Float64(
        nullable=True, description="Score; 100 is the upper goalpost on every indicator. Null where there is not enough data."
    )
    rank = dy.Float64(nullable=True, min=1, description="Rank among the ranked cities of the scope.")
    p_first = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="Share of all draws in which the city is first; cities that a boundary merges share the first place.",
    )
    p_top3 = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="Share of all draws in which it, or the area it is part of, is among the first three.",
    )
    score_low_companies = _end("score", "low", "companies")
    score_high_companies = _end("score", "high", "companies")
    rank_low_companies = _end("rank", "low", "companies")
    rank_high_companies = _end("rank", "high", "companies")
    score_low_rules = _end("score", "low", "rules")
    score_high_rules = _end("score", "high", "rules")
    rank_low_rules = _end("rank", "low", "rules")
    rank_high_rules = _end("rank", "high", "rules")
    score_low_index = _end("score", "low", "index")
    score_high_index = _end("score", "high", "index")
    rank_low_index = _end("rank", "low", "index")
    rank_high_index = _end("rank", "high", "index")
    score_low_choices = _end("score", "low", "choices")
    score_high_choices = _end("score", "high", "choices")
    rank_low_choices = _end("rank", "low", "choices")
    rank_high_choices = _end("rank", "high", "choices")
    score_low_total = _end("score", "low", "total")
    score_high_total = _end("score", "high", "total")
    rank_low_total = _end("rank", "low", "total")
    rank_high_total = _end("rank", "high", "total")
    rank_set_low = dy.Float64(
        nullable=True,
        min=1,
        description="Best rank of its 90% confidence set, which hold for all cities at once; companies resampled and the "
        "detection rates drawn (Mogstad et al. 2024). Headline year only.",
    )
    rank_set_high = dy.Float64(nullable=True, min=1, description="Worst rank of that set.")
    is_enough_data = dy.Bool(description="Does the city have enough indicators, overall and in each pillar.")


class Pairwise(IndexTable):
    """One row per score and ordered pair of ranked cities in the headline year."""

    table = "index.pairwise"

    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    year = dy.Int64(description="Headline year.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    other = dy.String(primary_key=True, metadata=CITY, description="The other city.")
    p_above = dy.Float64(
        min=0,
        max=1,
        description="Share of all draws in which the first scores above the second; ties count half, as where a boundary "
        "merges the two.",
    )


class RankProbabilities(IndexTable):
    """One row per score or pillar, ranked city and rank in the headline year."""

    table = "index.rank_probabilities"

    measure = dy.String(primary_key=True, description="Readiness, Realised, or a pillar.")
    year = dy.Int64(description="Headline year.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    rank = dy.Int64(primary_key=True, min=1, description="Rank; cities level in a draw all have the better one.")
    probability = dy.Float64(
        min=0, max=1, description="Share of all draws in which the city, or the area a boundary makes it part of, has the rank."
    )


@dataclass(frozen=True)
class Layer:
    """Scores and pillars by name, (draw, year, city) each, and who takes a rank, (draw or 1, year, city)."""

    scores: dict[str, np.ndarray]
    counted: np.ndarray

    @classmethod
    def of(cls, measured: Measured, choices: Mapping[str, draws.Choices], definitions: Definitions) -> Self:
        """Return every score for its specifications, and the pillars they are made of."""
        scores = {}
        for name, members in definitions.scores.items():
            scores[name], parts = definitions.score(measured, choices[name], name)
            scores |= {pillar: parts[..., index] for index, pillar in enumerate(members)}
        return cls(scores, measured.counted)

    def in_year(self, place: int) -> Self:
        """Return the year at ``place`` only."""
        return type(self)({name: values[:, [place]] for name, values in self.scores.items()}, self.counted[:, [place]])


@dataclass(frozen=True)
class Frame:
    """The axes (year, city) every score has, and who has enough data and a rank on them."""

    years: np.ndarray
    cities: list[str]
    enough: np.ndarray
    ranked: np.ndarray

    def in_year(self, place: int) -> Self:
        """Return the year at ``place`` only."""
        return replace(self, years=self.years[[place]], enough=self.enough[[place]], ranked=self.ranked[[place]])

    @property
    def members(self) -> np.ndarray:
        """Return the places of the cities ranked in the only year."""
        return np.flatnonzero(self.ranked[0])

    @property
    def names(self) -> list[str]:
        """Return the names of the cities ranked in the only year."""
        return [self.cities[place] for place in self.members]

    def ranks(self, scores: np.ndarray, counted: np.ndarray) -> np.ndarray:
        """Return ranks among the ranked cities only; the axes are (…, year, city)."""
        return compose.ranks(np.where(self.ranked, scores, np.nan), counted)

    def scores(self, point: Layer, layers: Mapping[str, Layer]) -> pl.DataFrame:
        """Return one row per score or pillar, year and city: score, rank and their intervals by layer of uncertainty."""
        return pl.concat([self._scores(measure, point, layers) for measure in point.scores])

    def _scores(self, measure: str, point: Layer, layers: Mapping[str, Layer]) -> pl.DataFrame:
        score = point.scores[measure][0]
        ranks = {name: self.ranks(layer.scores[measure], layer.counted) for name, layer in layers.items()}
        rank = self.ranks(score, point.counted[0])
        is_first = ranks["total"] == 1
        # Cities that tie for first place, such as those a boundary merges, share it, so that the column sums to one.
        share = is_first / np.maximum(is_first.sum(-1, keepdims=True), 1)
        columns: dict[str, np.ndarray] = {"measure": np.full(score.size, measure, dtype=object)}
        columns |= grid(self.years, self.cities)
        columns |= {
            "score": np.where(self.enough, score, np.nan).ravel(),
            "rank": rank.ravel(),
            "p_first": np.where(self.ranked, share.mean(0), np.nan).ravel(),
            "p_top3": np.where(self.ranked, (ranks["total"] <= 3).mean(0), np.nan).ravel(),
        }
        for name, layer in layers.items():
            for what, drawn, sampled, centre, shown in (
                ("score", layer.scores[measure], layers["companies"].scores[measure], score, self.enough),
                ("rank", ranks[name], ranks["companies"], rank, self.ranked),
            ):
                low, high = draws.interval(np.where(shown, drawn, 0.0))
                if name in ("companies", "total"):
                    least, most = draws.bias_corrected(np.where(shown, sampled, 0.0), np.where(shown, centre, 0.0))
                    # Total uncertainty is never less than that of the sample alone.
                    low, high = (least, most) if name == "companies" else (np.minimum(low, least), np.maximum(high, most))
                if what == "rank":
                    low, high = np.floor(low), np.ceil(high)
                columns |= {
                    f"{what}_low_{name}": np.where(shown, low, np.nan).ravel(),
                    f"{what}_high_{name}": np.where(shown, high, np.nan).ravel(),
                }
        if len(self.years) == 1:
            best, worst = np.full((2, len(self.cities)), np.nan)
            here = self.members
            best[here], worst[here] = rank_sets.simultaneous(score[0, here], layers["companies"].scores[measure][:, 0, here])
            columns |= {"rank_set_low": best, "rank_set_high": worst}
        columns["is_enough_data"] = self.enough.ravel()
        return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))

    def pairwise(self, layer: Layer) -> pl.DataFrame:
        """Return how often each ranked city scores above each other city in the only year."""
        parts = []
        for measure in SCORES:
            matrix = draws.wins(layer.scores[measure][:, 0, self.members])
            rows = [
                {"measure": measure, "year": int(self.years[0]), "city": city, "other": other, "p_above": matrix[i, j]}
                for i, city in enumerate(self.names)
                for j, other in enumerate(self.names)
                if i != j
            ]
            parts.append(pl.DataFrame(rows, Pairwise.types()))
        return pl.concat(parts)

    def rank_probabilities(self, layer: Layer) -> pl.DataFrame:
        """Return the share of draws in which each ranked city has each rank in the only year, by score and pillar."""
        here, count = self.members, len(self.members)
        parts = []
        for measure, scores in layer.scores.items():
            shares = draws.rank_probabilities(self.ranks(scores, layer.counted)[:, 0, here])
            parts.append(
                pl.DataFrame(
                    {
                        "measure": measure,
                        "year": int(self.years[0]),
                        "city": np.repeat(np.array(self.names, dtype=object), count),
                        "rank": np.tile(np.arange(1, count + 1), count),
                        "probability": shares.ravel(),
                    },
                    schema_overrides=RankProbabilities.types(),
                )
            )
        return pl.concat(parts)
