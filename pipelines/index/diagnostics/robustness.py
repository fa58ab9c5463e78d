"""Measure how much must change before the leader does: one indicator less, or other weights. Nothing here is random."""

import dataframely as dy
import numpy as np
import polars as pl
import scipy

from pipelines.index import draws
from pipelines.index.compute import Result
from pipelines.index.definitions import SCORES
from pipelines.index.table import CITY, INDICATOR, IndexTable, fraction
from pipelines.schema import one_of


class LeaveOneOut(IndexTable):
    """One row per score, indicator left out and ranked city in the headline year, all else as published."""

    table = "index.leave_one_out"

    measure = dy.String(primary_key=True, description="Readiness or Realised.")
    year = dy.Int64(description="Headline year.")
    left_out = dy.String(primary_key=True, metadata=INDICATOR, description="Indicator left out.")
    leader = dy.String(metadata=CITY, description="City that is first without it.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    score = dy.Float64(description="Its score without the indicator.")
    score_change = dy.Float64(description="Change of the score.")
    rank = dy.Int64(min=1, description="Its rank without the indicator.")
    rank_change = dy.Int64(description="Change of the rank; above 0 is worse.")


class WeightFlips(IndexTable):
    """One row per score, city behind the leader and member: the smallest change of weights at which the two draw level."""

    table = "index.weight_flips"

    measure = dy.String(primary_key=True, description="Readiness or Realised.")
    year = dy.Int64(description="Headline year.")
    level = dy.String(
        primary_key=True,
        check=one_of("pillars", "indicators"),
        description="pillars: weights of pillars change; indicators: effective weights of indicators change.",
    )
    city = dy.String(metadata=CITY, description="The leader.")
    other = dy.String(primary_key=True, metadata=CITY, description="The city behind it.")
    member = dy.String(primary_key=True, description="Pillar or indicator.")
    weight = fraction("Its published weight in the score.")
    weight_at_flip = fraction("Its weight where the two draw level; null: no weights do that.", nullable=True)
    moved = fraction("Share of the weight that moves from one member to another (total variation).", nullable=True)


class Alternatives(IndexTable):
    """One row per way to make Readiness of the pillars and ranked city: the probability of the first rank, if it is above 0."""

    table = "index.alternatives"

    way = dy.String(primary_key=True, description="How pillars are put together, and what they weigh.")
    is_published = dy.Bool(description="Whether it is the published way.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    p_first = fraction("Probability that it is first.")


def _points(result: Result) -> np.ndarray:
    """Return draws of the score of every indicator of the ranked cities, (draw, city, indicator).

    What a city has no score of, as the benchmark of indicators with another goalpost, counts as the weighted mean of its pillar's
    others, or of the score's if it has none of the pillar, which is to leave it out with its weight.
    """
    definitions, points = result.definitions, result.points[:, result.members].astype(float)
    missing = np.isnan(points[0])
    for measure in SCORES:
        is_of_score = np.isin(definitions.pillar_of, definitions.places(measure))
        for city, place in np.argwhere(missing & is_of_score):
            known = ~missing[city]
            alike = known & (definitions.pillar_of == definitions.pillar_of[place])
            weights = definitions.weight * alike if alike.any() else result.effective(measure) * known
            points[:, city, place] = points[:, city, known] @ weights[known] / weights.sum()
    return points


def leave_one_out(result: Result) -> pl.DataFrame:
    """Return ``LeaveOneOut``, from medians of the scores' draws; the only indicator of a pillar takes the pillar with it."""
    # Each indicator in one piece of memory, since sums take one after another.
    definitions, points = result.definitions, np.ascontiguousarray(np.moveaxis(_points(result), -1, 0))
    parts = [LeaveOneOut.empty()]
    for measure in SCORES:
        weights = result.effective(measure)
        places = np.flatnonzero(weights)
        if len(places) < 2:
            # Without its only indicator there is no score.
            continue
        rest = [_without(weights, definitions.pillar_of, int(place)) for place in places]
        whole, *without = (draws.median(np.tensordot(each, points, 1)) for each in (weights, *rest))
        before, fixed = draws.ranks(whole[None])[0], {"measure": measure, "year": result.headline, "city": result.ranked_cities}
        for place, score in zip(places, without, strict=True):
            rank = draws.ranks(score[None])[0]
            lacks = {"left_out": definitions.names[place], "leader": result.ranked_cities[score.argmax()]}
            changes = {"score": score, "score_change": score - whole, "rank": rank, "rank_change": rank - before}
            parts.append(LeaveOneOut.frame(**fixed, **lacks, **changes))
    return pl.concat(parts)


def _without(weights: np.ndarray, pillar_of: np.ndarray, place: int) -> np.ndarray:
    """Return the weights without an indicator; the others of its pillar take its weight."""
    rest = weights.copy()
    rest[place] = 0.0
    same = pillar_of == pillar_of[place]
    if rest[same].any():
        rest[same] *= weights[same].sum() / rest[same].sum()
    return np.asarray(rest / rest.sum())


def flip(weights: np.ndarray, advantage: np.ndarray) -> np.ndarray:
    """Return the weights closest to ``weights`` (both sum to one) at which two cities draw level, NaN if there are none.

    ``advantage`` (member,) is how far the first is ahead of the second on each member, on the scale on which the index is a
    weighted mean. Closest in total variation, the share of weight that moves from one member to another: a linear programme
    over what each member gains and loses.
    """
    count = len(weights)
    ones = np.ones(count)
    solution = scipy.optimize.linprog(
        np.tile(ones, 2) / 2,
        A_eq=np.vstack([np.concatenate([advantage, -advantage]), np.concatenate([ones, -ones])]),
        b_eq=[-weights @ advantage, 0.0],
        bounds=[*[(0, None)] * count, *[(0, weight) for weight in weights]],
        method="highs",
    )
    if solution.status != 0:
        return np.full(count, np.nan)
    # Rounding leaves a weight a hair below 0 or above 1.
    return np.clip(weights + solution.x[:count] - solution.x[count:], 0.0, 1.0)


#: Cities behind the leader that are asked what would put them level.
BEHIND = 10


def weight_flips(result: Result) -> pl.DataFrame:
    """Return ``WeightFlips`` of the leader against the next ``BEHIND`` cities, from median scores of indicators."""
    definitions, centre = result.definitions, draws.median(_points(result))
    cities = result.ranked_cities
    parts = []
    for measure in SCORES:
        effective = result.effective(measure)
        used = np.flatnonzero(effective)
        pillars = definitions.places(measure)
        within = effective * (pillars[:, None] == definitions.pillar_of)
        shares = within.sum(1)
        of_pillar = centre @ within.T / shares
        order = np.argsort(-(centre @ effective))
        levels = {
            "pillars": ([definitions.pillars[pillar] for pillar in pillars], shares, of_pillar),
            "indicators": ([definitions.names[place] for place in used], effective[used], centre[:, used]),
        }
        for level, (members, weights, values) in levels.items():
            for other in order[1 : 1 + BEHIND]:
                flipped = flip(weights, values[order[0]] - values[other])
                fixed = {"measure": measure, "year": result.headline, "level": level, "city": cities[order[0]]}
                moved = {"weight": weights, "weight_at_flip": flipped, "moved": np.abs(flipped - weights).sum() / 2}
                parts.append(WeightFlips.frame(other=cities[other], member=members, **fixed, **moved))
    return pl.concat([WeightFlips.empty(), *parts])


def alternatives(result: Result) -> pl.DataFrame:
    """Return ``Alternatives``."""
    parts = [
        Alternatives.frame(way=way, is_published=place == 0, city=result.ranked_cities, p_first=shares)
        for place, (way, shares) in enumerate(result.first_by.items())
    ]
    return pl.concat(parts).filter(pl.col("p_first") > 0)
