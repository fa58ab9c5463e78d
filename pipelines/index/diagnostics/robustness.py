"""Measure how much must change before the leader does: one indicator less, or other weights. Nothing here is random."""

from collections.abc import Sequence

import dataframely as dy
import numpy as np
import polars as pl
from scipy import optimize

from pipelines.index.score import compose
from pipelines.index.table import CITY, INDICATOR, IndexTable
from pipelines.schema import one_of

#: Decimals of a weight that a local search finds; what follows is where it happened to stop.
FLIP_DIGITS = 6


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
        description="pillars: weights of pillars change, against every city (exact); indicators: effective weights of "
        "indicators change, against the second city (local search).",
    )
    city = dy.String(metadata=CITY, description="The leader.")
    other = dy.String(primary_key=True, metadata=CITY, description="The city behind it.")
    member = dy.String(primary_key=True, description="Pillar or indicator.")
    weight = dy.Float64(min=0, max=1, description="Its published weight in the score.")
    weight_at_flip = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="Its weight where the two draw level; null: no weights do that, or none were found.",
    )
    moved = dy.Float64(
        nullable=True, min=0, max=1, description="Share of the weight that moves from one member to another (total variation)."
    )


def leave_one_out(
    measure: str, year: int, cities: Sequence[str], indicators: Sequence[str], whole: np.ndarray, without: np.ndarray
) -> pl.DataFrame:
    """Return one row per indicator left out and city: score and rank without it, and their change.

    ``whole`` (city,) are the scores of the ranked cities, ``without`` (indicator, city) those without each indicator.
    """
    before, after = compose.ranks(whole), compose.ranks(without)
    first = [cities[place] for place in without.argmax(1)]
    count = len(cities)
    return pl.DataFrame(
        {
            "measure": measure,
            "year": year,
            "left_out": np.repeat(np.array(indicators, dtype=object), count),
            "leader": np.repeat(np.array(first, dtype=object), count),
            "city": np.tile(np.array(cities, dtype=object), len(indicators)),
            "score": without.ravel(),
            "score_change": (without - whole).ravel(),
            "rank": after.ravel().astype(int),
            "rank_change": (after - before).ravel().astype(int),
        },
        schema_overrides=LeaveOneOut.types(),
    )


def flip(weights: np.ndarray, advantage: np.ndarray) -> np.ndarray | None:
    """Return the weights closest to ``weights`` (both sum to one) at which two cities draw level, or None if there are none.

    ``advantage`` (member,) is how far the first is ahead of the second on each member, on the scale on which the index is a
    weighted mean. Closest in total variation, the share of weight that moves from one member to another: a linear programme
    over what each member gains and loses.
    """
    count = len(weights)
    ones = np.ones(count)
    solution = optimize.linprog(
        np.tile(ones, 2) / 2,
        A_eq=np.vstack([np.concatenate([advantage, -advantage]), np.concatenate([ones, -ones])]),
        b_eq=[-weights @ advantage, 0.0],
        bounds=[*[(0, None)] * count, *[(0, weight) for weight in weights]],
        method="highs",
    )
    return weights + solution.x[:count] - solution.x[count:] if solution.status == 0 else None


def flip_within(weights: np.ndarray, first: np.ndarray, second: np.ndarray, pillar_of: np.ndarray) -> np.ndarray | None:
    """Do as ``flip`` for effective weights of indicators (both sum to one) in a geometric mean of arithmetic means.

    ``first`` and ``second`` (indicator,) are the normalised values of the two cities, NaN missing. The lead is not linear in
    these weights: a local search (SLSQP) from the given weights and from halfway to each indicator the second is ahead on,
    the closest of what it finds, to ``FLIP_DIGITS``; None if it finds nothing.
    """
    count = len(weights)

    def lead(moves: np.ndarray) -> tuple[float, np.ndarray]:
        now = np.maximum(weights + moves[:count] - moves[count:], 0.0)
        (ahead, slope), (behind, other) = (_log_score(now, values, pillar_of) for values in (first, second))
        return ahead - behind, np.concatenate([slope - other, other - slope])

    def search(start: np.ndarray) -> optimize.OptimizeResult:
        change = start - weights
        return optimize.minimize(
            lambda moves: moves.sum() / 2,
            np.concatenate([np.maximum(change, 0), np.maximum(-change, 0)]),
            jac=lambda moves: np.full(2 * count, 0.5),
            bounds=[*[(0, 1)] * count, *[(0, weight) for weight in weights]],
            constraints=[
                {"type": "eq", "fun": lambda moves: lead(moves)[0], "jac": lambda moves: lead(moves)[1]},
                {"type": "eq", "fun": lambda moves: moves[:count].sum() - moves[count:].sum(), "jac": lambda _: signs},
            ],
            method="SLSQP",
            options={"maxiter": 200},
        )

    signs = np.repeat([1.0, -1.0], count)
    starts = [weights, *(0.5 * weights + 0.5 * np.eye(count)[place] for place in np.flatnonzero(second > first))]
    solutions = [result for result in map(search, starts) if result.success and abs(lead(result.x)[0]) < 1e-6]
    if not solutions:
        return None
    best = min(solutions, key=lambda result: round(float(result.fun), FLIP_DIGITS)).x
    return np.maximum(weights + best[:count] - best[count:], 0.0).round(FLIP_DIGITS)


def _log_score(weights: np.ndarray, values: np.ndarray, pillar_of: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the logarithm of a geometric mean of arithmetic means, and its slope in the effective weights."""
    score, slope = 0.0, np.zeros(len(weights))
    for pillar in np.unique(pillar_of):
        members = pillar_of == pillar
        known = members & ~np.isnan(values)
        total, present = weights[members].sum(), weights[known].sum()
        if not present > 0:
            continue
        mean = weights[known] @ values[known] / present
        floored = max(mean, compose.LEAST)
        score += total * np.log(floored)
        slope[members] += np.log(floored)
        if mean > compose.LEAST:
            slope[known] += total * (values[known] - mean) / (mean * present)
    return float(score), slope


def weight_flips(
    measure: str,
    year: int,
    level: str,
    cities: tuple[str, str],
    members: Sequence[str],
    weights: np.ndarray,
    flipped: np.ndarray | None,
) -> pl.DataFrame:
    """Return one row per member: its weight, and the one at which the two cities draw level, null if ``flipped`` is None."""
    moved = np.full(len(members), np.nan) if flipped is None else flipped
    return pl.DataFrame(
        {
            "measure": measure,
            "year": year,
            "level": level,
            "city": cities[0],
            "other": cities[1],
            "member": members,
            "weight": weights,
            "weight_at_flip": moved,
            "moved": np.abs(moved - weights).sum() / 2,
        },
        schema_overrides=WeightFlips.types(),
    ).with_columns(pl.selectors.float().fill_nan(None))
