"""Say why the index and a ranking of others put a city on different ranks.

The index is computed again under every combination of six choices, each as ours or as theirs. A choice's part is its Shapley
value, so the parts and what is not explained add up to the difference.

- scope: a ranking of the world has cities that we do not rank. Our order of the cities that both rank is put in their places:
  whoever is k-th of them here has the rank that the k-th of them has there. For a ranking of one country in an index of the
  world, our other countries are left out.
- boundary: cities that they rank as one area are one here too.
- indicators, weights: the indicators that stand for what they count, per resident where they count so, with their weights; else
  equal ones.
- data: their rank, as far as the lists leave it open: the nearest one in the 90% interval of the rank. A rank that several
  cities share stands for all the ranks that they take up.
- year: the year that their data speak of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import draws
from pipelines.index.choices import known_mean
from pipelines.index.compute import Result
from pipelines.index.definitions import SCORES
from pipelines.index.published.shapley import shapley, subsets
from pipelines.index.table import CITY, IndexTable
from pipelines.index.values import Values
from pipelines.resolve.scope import WORLD

SCOPE, BOUNDARY, INDICATORS, WEIGHTS, DATA, YEAR = "scope", "boundary", "indicators", "weights", "data", "year"
SWITCHES = (SCOPE, BOUNDARY, INDICATORS, WEIGHTS, DATA, YEAR)
NOT_EXPLAINED = "not explained"

#: Digits of a part that are more than noise of the sums.
DIGITS = 9

#: Every how many draws one is ranked for an interval.
THIN = 4

#: Choices as theirs → rank and both ends of its interval, (3, city).
Ranks = dict[frozenset[str], np.ndarray]
Pairs = tuple[tuple[str, str], ...]

#: What of a choice the points of indicators depend on: year, areas and denominators.
_data = itemgetter(0, 1, 2)


def _part(holds: str) -> dy.Float64:
    return dy.Float64(description=f"Ranks of the difference that are due to {holds}.")


class Differs(IndexTable):
    """One row per published ranking, edition and ranked city: their rank less ours, split over what makes it."""

    table = "index.differs"

    ranking = dy.String(primary_key=True, description="Ranking of others.")
    edition = dy.String(primary_key=True, description="Edition.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    our_rank = dy.Int64(min=1, description="Rank by Readiness in the headline year.")
    their_rank = dy.Int64(min=1, description="Rank as they print it.")
    difference = dy.Int64(description="Their rank less ours; above 0: they put the city further back.")
    by_scope = _part("cities that they rank and we do not, or to ours from elsewhere that they leave out")
    by_boundary = _part("where the city ends: they rank an area of several cities as one")
    by_indicators = _part("what they count: the indicators that stand for it, per resident or not (index.ranking_contents)")
    by_weights = _part("weights: theirs where published, else equal, instead of reliabilities")
    by_data = _part("the data: how far towards theirs the lists leave the rank open at 90%")
    by_year = _part("the year that their data speak of")
    not_explained = dy.Float64(description="What is left: the parts and this add up to the difference.")
    mainly = dy.String(nullable=True, description="The largest part; null where the ranks are the same.")


def differs(result: Result) -> pl.DataFrame:
    """Return ``Differs``."""
    ours, editions = Ours(result), dict[tuple[object, ...], Theirs]()
    for edition, rows in result.inputs.rankings.group_by("ranking", "edition", maintain_order=True):
        contents = result.inputs.contents.filter(ranking=edition[0])
        shown = rows.filter(pl.col("city").is_in([*ours.place_of]))
        if not shown.is_empty():
            editions[edition] = Theirs.of(rows, shown, contents)
    ranks = ours.ranks([*editions.values()])
    parts = [_explained(edition, theirs, own) for (edition, theirs), own in zip(editions.items(), ranks, strict=True)]
    return pl.concat([Differs.empty(), *parts])


@dataclass(frozen=True)
class Theirs:
    """One edition of a ranking: ``cities`` of ours that it ranks, and its choices.

    ``last`` is the last rank that those who share a rank take up. ``per`` names the quantity by which an indicator is divided.
    """

    cities: list[str]
    ranks: np.ndarray
    last: np.ndarray
    areas: dict[str, str]
    weights: dict[str, float]
    per: dict[str, str]
    year: int
    scope: str

    @classmethod
    def of(cls, rows: pl.DataFrame, shown: pl.DataFrame, contents: pl.DataFrame) -> "Theirs":
        """Return a ranking from the rows of its edition, those of the cities that we rank, and what it counts."""
        areas = dict(rows.drop_nulls("area").select("city", "area").iter_rows())
        sharing = rows.group_by("rank").agg(pl.coalesce("area", "city").n_unique().cast(pl.Int64).alias("places"))
        last = shown.join(sharing, on="rank", how="left", maintain_order="left")["places"] + shown["rank"] - 1
        weights = dict(contents.select("indicator", "weight").iter_rows())
        per = dict(contents.drop_nulls("per").select("indicator", "per").iter_rows())
        cities, ranks = shown["city"].to_list(), shown["rank"].to_numpy()
        return cls(cities, ranks, last.to_numpy(), areas, weights, per, int(rows["year"][0]), rows["scope"][0])

    def nearest(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Return the rank from ``low`` to ``high`` that is nearest to theirs; theirs where one that they take up is there."""
        is_open = (self.ranks <= high) & (self.last >= low)
        return np.asarray(np.where(is_open, self.ranks, np.clip(self.ranks, low, high)))

    def places(self, ranks: np.ndarray) -> np.ndarray:
        """Return the rank there of whoever is k-th of ``cities``; an area of several of them has one place."""
        by_area = {self.areas.get(city, city): float(rank) for city, rank in zip(self.cities, self.ranks, strict=True)}
        printed = sorted(by_area.values())
        return np.interp(ranks, np.arange(1.0, len(printed) + 1), printed)


class Choice(NamedTuple):
    """What a score is made of: the year, areas and denominators of the indicators, and their weights, None for the published."""

    year: int
    areas: Pairs
    per: Pairs
    weights: tuple[float, ...] | None


@dataclass(frozen=True)
class Ours:
    """The index, computed again with choices of others."""

    result: Result

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Return the place of each ranked city among them."""
        return {city: place for place, city in enumerate(self.result.ranked_cities)}

    @cached_property
    def country_of(self) -> dict[str, str]:
        """Return the country of every city."""
        return dict(self.result.inputs.cities.select("city", "country").iter_rows())

    def ranks(self, editions: Sequence[Theirs]) -> list[Ranks]:
        """Return, of each edition and all choices that may be as there, rank and both ends of its 90% interval, (3, city).

        One choice at a time, since the scores of all draws are large.
        """
        asked: dict[Choice, list[tuple[int, frozenset[str]]]] = {}
        for place, theirs in enumerate(editions):
            for on in subsets([switch for switch in SWITCHES if switch != DATA]):
                asked.setdefault(self._choice(theirs, on), []).append((place, on))
        ranks: list[Ranks] = [{} for _ in editions]
        for (year, areas, per), choices in groupby(sorted(asked, key=_data), _data):
            points = self._values(dict(per)).points(year, dict(areas), self.result.kept[self.result.members])
            for choice in choices:
                totals, among = self._totals(points, choice.weights), dict[tuple[str, ...], np.ndarray]()
                for place, on in asked[choice]:
                    ranks[place][on] = self._ranks(totals, editions[place], on, among)
            del points, totals  # before the next are computed
        return ranks

    def _choice(self, theirs: Theirs, on: frozenset[str]) -> Choice:
        weights = self._weights(theirs.weights, on)
        return Choice(
            theirs.year if YEAR in on else self.result.headline,
            tuple(sorted(theirs.areas.items())) if BOUNDARY in on else (),
            tuple(sorted(theirs.per.items())) if INDICATORS in on else (),
            None if weights is None else tuple(weights),
        )

    def _values(self, per: Mapping[str, str]) -> Values:
        """Return what the cities have, with the indicators named in ``per`` divided by the quantity that it gives."""
        if not per:
            return self.result.values
        divided = pl.coalesce(pl.col("indicator").replace_strict(per, default=None, return_dtype=pl.String), "per")
        definitions = self.result.definitions
        return Values(self.result.values.posterior, replace(definitions, table=definitions.table.with_columns(per=divided)))

    def _totals(self, points: np.ndarray, weights: tuple[float, ...] | None) -> np.ndarray:
        """Return the score of the ranked cities (draw, city) from those of their indicators (draw, city, indicator)."""
        if weights is None:
            return self.result.scored(points).totals["Readiness"]
        used = np.flatnonzero(weights)
        return known_mean(points, used, np.array(weights)[used].astype(points.dtype))

    def _weights(self, theirs: Mapping[str, float], on: frozenset[str]) -> np.ndarray | None:
        """Return the weight of every indicator; None for the published ones of Readiness."""
        readiness, realised = map(self.result.effective, SCORES)
        stand_in = np.array([theirs.get(name, 0.0) for name in self.result.definitions.names])
        if INDICATORS not in on or not stand_in.any():
            return (readiness > 0).astype(float) if WEIGHTS in on and stand_in.any() else None
        return stand_in if WEIGHTS in on else np.where(stand_in > 0, readiness + realised, 0.0)

    def _ranks(
        self, totals: np.ndarray, theirs: Theirs, on: frozenset[str], among: dict[tuple[str, ...], np.ndarray]
    ) -> np.ndarray:
        """Return rank and both ends of its interval, (3, city), of the cities of ``theirs``; ``among`` remembers those of all."""
        if SCOPE in on and theirs.scope == WORLD:
            cities = tuple(theirs.cities)
        elif SCOPE not in on or theirs.scope == self.result.inputs.scope:
            cities = tuple(self.place_of)
        else:
            cities = tuple(name for name in self.place_of if self.country_of[name] == theirs.scope)
        if cities not in among:
            among[cities] = _with_interval(totals[:, [self.place_of[city] for city in cities]])
        place_of = {city: place for place, city in enumerate(cities)}
        ranks = among[cities][:, [place_of[city] for city in theirs.cities]]
        return theirs.places(ranks) if SCOPE in on and theirs.scope == WORLD else ranks


def _with_interval(totals: np.ndarray) -> np.ndarray:
    """Return the ranks of scores (draw, city) and both ends of their 90% intervals, (3, city)."""
    centre = draws.ranks(draws.median(totals)[None])[0]
    low, high = draws.interval(draws.ranks(totals[::THIN]))
    return np.stack([centre, np.minimum(np.floor(low), centre), np.maximum(np.ceil(high), centre)]).astype(float)


def rounded(part: np.ndarray) -> np.ndarray:
    """Return a part without its noise, nor the sign that noise below 0 leaves to a zero."""
    return part.round(DIGITS) + 0.0


def _explained(edition: tuple[object, ...], theirs: Theirs, ranks: Ranks) -> pl.DataFrame:
    def value(on: frozenset[str]) -> np.ndarray:
        rank, low, high = ranks[on - {DATA}]
        return theirs.nearest(low, high) if DATA in on else rank

    exact = shapley(SWITCHES, value)
    before = value(frozenset())
    difference = theirs.ranks - before
    # Of the parts as rounded, thirds and sixths would leave a billionth.
    rest = rounded(difference - sum(exact.values()))
    parts = {name: rounded(part) for name, part in exact.items()}
    every = np.stack([*parts.values(), rest])
    largest = np.abs(every).argmax(0)
    mainly = [(*SWITCHES, NOT_EXPLAINED)[place] if apart else None for place, apart in zip(largest, difference, strict=True)]
    return Differs.frame(
        ranking=edition[0],
        edition=edition[1],
        city=theirs.cities,
        our_rank=before,
        their_rank=theirs.ranks,
        difference=difference,
        not_explained=rest,
        mainly=mainly,
        **{f"by_{name}": part for name, part in parts.items()},
    )
