"""Tables of scores and ranks: one interval each, all uncertainty together."""

from collections.abc import Iterator

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import draws, rank_sets
from pipelines.index.compute import Result
from pipelines.index.definitions import SCORES
from pipelines.index.table import CITY, IndexTable, fraction
from pipelines.schema import one_of


class Scores(IndexTable):
    """One row per score or pillar, year and city of the scope, and the benchmark; intervals are 90%."""

    table = "index.scores"

    measure = dy.String(primary_key=True, description="Readiness, Realised, or a pillar.")
    year = dy.Int64(
        primary_key=True,
        description="Year. Periods of two to five years are measured: between their middles years are interpolated, before the "
        "first and after the last middle they repeat.",
    )
    city = dy.String(primary_key=True, metadata=CITY, description="City; the benchmark has scores but no rank.")
    score = dy.Float64(
        min=0,
        description="Score: 100 is the benchmark of the base year, ten points less is half as much, 0 is a thousandth or less.",
    )
    score_low = dy.Float64(min=0, description="Lower end of its interval: what lists leave open, and the choices of the index.")
    score_high = dy.Float64(min=0, description="Upper end of that interval.")
    rank = dy.Int64(
        nullable=True,
        min=1,
        description="Rank among the ranked cities; null for the others. Cities that tie share a rank and the next follows "
        "without a gap: all that score 0 have the last one, whatever their number.",
    )
    rank_low = dy.Int64(nullable=True, min=1, description="Best rank of its interval.")
    rank_high = dy.Int64(nullable=True, min=1, description="Worst rank of its interval.")
    p_first = fraction("Probability of the first rank, given the published choices of the index.", nullable=True)
    p_first_low = fraction("Least such probability over other ways to make the score. Headline year only.", nullable=True)
    p_first_high = fraction("Greatest such probability. Headline year only.", nullable=True)
    p_top3 = fraction("Share of all draws in which it is among the first three.", nullable=True)
    rank_set_low = dy.Int64(
        nullable=True,
        min=1,
        description="Best rank of its 90% confidence set; the sets of all ranked cities hold at once (Mogstad et al. 2024), with "
        "the choices as published and as if the scale did not end at 0. Headline year only.",
    )
    rank_set_high = dy.Int64(nullable=True, min=1, description="Worst rank of that set.")
    is_ranked = dy.Bool(description="Whether the interval of its Readiness is narrow enough for a rank.")


class Pairwise(IndexTable):
    """One row per score and ordered pair of ranked cities in the headline year."""

    table = "index.pairwise"

    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    year = dy.Int64(description="Headline year.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    other = dy.String(primary_key=True, metadata=CITY, description="The other city.")
    p_above = fraction("Share of all draws in which the first scores above the second; ties count half.")


def scores(result: Result) -> pl.DataFrame:
    """Return ``Scores``."""
    every = pl.concat(frame for measure in result.draws for frame in _years(result, measure))
    # The benchmark has no score of a pillar whose goalposts are other cities.
    return every.filter(pl.col("score").is_not_nan())


def _years(result: Result, measure: str) -> Iterator[pl.DataFrame]:
    """Yield the rows of a score or pillar, year by year."""
    drawn, frame = result.draws[measure], Scores.empty()
    for place, year in enumerate(result.years.tolist()):
        is_alike = place > 0 and drawn[place] is drawn[place - 1] and result.place not in (place - 1, place)
        frame = frame.with_columns(year=pl.lit(year, pl.Int64)) if is_alike else _of_year(result, measure, place)
        yield frame


def _of_year(result: Result, measure: str, place: int) -> pl.DataFrame:
    centre, (low, high) = draws.median(result.posterior_draws[measure][place]), draws.interval(result.draws[measure][place])
    members = np.flatnonzero(result.ranked[place])
    # All that not every city has is of the ranked ones alone.
    of_ranked = {name: np.full(len(centre), np.nan) for name, column in Scores.columns().items() if column.nullable}
    for name, values in _standing(result, measure, place, members, centre).items():
        of_ranked[name][members] = values
    return Scores.frame(
        measure=measure,
        year=int(result.years[place]),
        city=result.cities,
        is_ranked=result.ranked[place],
        score=centre,
        score_low=np.minimum(low, centre),
        score_high=np.maximum(high, centre),
        **of_ranked,
    )


def _standing(result: Result, measure: str, place: int, members: np.ndarray, centre: np.ndarray) -> dict[str, np.ndarray]:
    """Return what compares the ranked cities of a year, (member,) each."""
    if not len(members):
        return {}
    ranked = draws.ranks(result.draws[measure][place][:, members])
    low, high = draws.interval(ranked)
    rank = draws.ranks(centre[None, members])[0]
    columns = {
        "rank": rank,
        "rank_low": np.minimum(np.floor(low), rank),
        "rank_high": np.maximum(np.ceil(high), rank),
        "p_first": draws.first(result.posterior_draws[measure][place][:, members]),
        "p_top3": (ranked <= 3).mean(0),
    }
    if place == result.place and measure in SCORES:
        best, worst = rank_set(result, measure)
        # Low scores are in another order where the scale ends, at which indicators stop one by one.
        columns["rank_set_low"], columns["rank_set_high"] = np.minimum(best, rank), np.maximum(worst, rank)
    if place == result.place and measure == "Readiness":
        shares = np.stack([columns["p_first"], *result.first_by.values()])
        columns["p_first_low"], columns["p_first_high"] = shares.min(0), shares.max(0)
    return columns


def rank_set(result: Result, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and worst rank of each ranked city, (member,) each, in sets that hold for all of them at once."""
    drawn = result.unbounded[measure][:, result.members].astype(float)
    return rank_sets.simultaneous(draws.median(drawn), drawn)


def pairwise(result: Result) -> pl.DataFrame:
    """Return ``Pairwise``."""
    members, names = result.members, np.array(result.ranked_cities)
    first, second = np.nonzero(~np.eye(len(members), dtype=bool))
    parts = []
    for measure in SCORES:
        wins = draws.wins(result.draws[measure][result.place][:, members])[first, second]
        parts.append(Pairwise.frame(measure=measure, year=result.headline, city=names[first], other=names[second], p_above=wins))
    return pl.concat(parts)
