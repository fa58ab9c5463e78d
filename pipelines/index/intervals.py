"""Scores as drawn, layer by layer of uncertainty, and the tables that sum them up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import polars as pl

from pipelines.index import draws
from pipelines.index.measure.rules import Measured
from pipelines.index.ranking import grid
from pipelines.index.score import compose
from pipelines.index.specification import SCORES, Definitions


@dataclass(frozen=True)
class Layer:
    """Scores and pillars by name, (draw, year, city) each, and who takes a rank, (draw or 1, year, city)."""

    scores: dict[str, np.ndarray]
    counted: np.ndarray

    @classmethod
    def of(cls, measured: Measured, choices: Mapping[str, draws.Choices], definitions: Definitions) -> Self:
        """Every score for its specifications, and the pillars they are made of."""
        scores = {}
        for name, members in definitions.scores.items():
            scores[name], parts = definitions.score(measured, choices[name], name)
            scores |= {pillar: parts[..., index] for index, pillar in enumerate(members)}
        return cls(scores, measured.counted)

    def in_year(self, at: int) -> Self:
        """The year at place ``at`` only."""
        return type(self)({name: values[:, [at]] for name, values in self.scores.items()}, self.counted[:, [at]])


@dataclass(frozen=True)
class Frame:
    """The axes (year, city) every score has, and who has enough data and a rank on them."""

    years: np.ndarray
    cities: list[str]
    enough: np.ndarray
    ranked: np.ndarray

    def in_year(self, at: int) -> Self:
        """The year at place ``at`` only."""
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

    def scores(self, point: Layer, layers: Mapping[str, Layer]) -> pl.DataFrame:
        """One row per score or pillar, year and city: score, rank and their intervals by layer of uncertainty."""
        return pl.concat([self._scores(measure, point, layers) for measure in point.scores])

    def _scores(self, measure: str, point: Layer, layers: Mapping[str, Layer]) -> pl.DataFrame:
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
                low, high = draws.interval(np.where(shown, drawn, 0.0))
                if layer in ("companies", "total"):
                    least, most = draws.bias_corrected(np.where(shown, sampled, 0.0), np.where(shown, centre, 0.0))
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
            best[here], worst[here] = draws.rank_sets(score[0, here], layers["companies"].scores[measure][:, 0, here])
            columns |= {"rank_set_low": best, "rank_set_high": worst}
        columns["is_enough_data"] = self.enough.ravel()
        return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))

    def pairwise(self, layer: Layer) -> pl.DataFrame:
        """How often each ranked city scores above each other one in the only year."""
        parts = []
        for measure in SCORES:
            matrix = draws.wins(layer.scores[measure][:, 0, self.members])
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

    def rank_probabilities(self, layer: Layer) -> pl.DataFrame:
        """Share of draws in which each ranked city has each rank in the only year, by score and pillar."""
        here, count = self.members, len(self.members)
        parts = []
        for measure, scores in layer.scores.items():
            found = draws.rank_probabilities(self.ranks(scores, layer.counted)[:, 0, here])
            parts.append(
                pl.DataFrame(
                    {
                        "measure": measure,
                        "year": int(self.years[0]),
                        "city": np.repeat(np.array(self.names, dtype=object), count),
                        "rank": np.tile(np.arange(1, count + 1), count),
                        "probability": found.ravel(),
                    },
                    schema_overrides={"year": pl.Int64, "city": pl.String},
                )
            )
        return pl.concat(parts)
