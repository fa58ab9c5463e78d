"""Split the variance of a score over what it comes from: the data, and each choice of the index.

First-order and total shares by pick-freeze (Saltelli et al. 2010, Computer Physics Communications 181, 259–270; Jansen 1999), at
quasi-random points.
"""

import dataframely as dy
import numpy as np
import polars as pl
import scipy

from pipelines.index.boundaries import ends
from pipelines.index.choices import FACTORS, Choices, score
from pipelines.index.compute import Result, points_at
from pipelines.index.definitions import SCORES
from pipelines.index.table import CITY, IndexTable
from pipelines.schema import one_of

#: Base sample, a power of two; the scores are computed so often for each factor.
SAMPLE, SEED = 2048, 24_000


class Sensitivity(IndexTable):
    """One row per score, ranked city and factor in the headline year: its share of the variance of the score."""

    table = "index.sensitivity"

    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    year = dy.Int64(description="Headline year.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    factor = dy.String(primary_key=True, check=one_of(*FACTORS), description="What varies: data, or a choice of the index.")
    first_order = dy.Float64(
        description="Share of the variance due to it alone. Its Monte Carlo standard error is .02 at most and .004 on average, "
        "so it may be below 0 by chance."
    )
    total = dy.Float64(
        min=0, description="Share due to it alone and together with others, as exact as first_order; it may be above 1 by chance."
    )


def sensitivity(result: Result) -> pl.DataFrame:
    """Return ``Sensitivity``; scores are against the mean of the scope, since what moves all cities changes no rank."""
    groups = np.array(Choices.groups(result.definitions))
    first, second = np.split(scipy.stats.qmc.Sobol(2 * len(groups), rng=SEED).random(SAMPLE), 2, axis=1)
    only = result.values.only_known[result.kept]
    under = [result.values.points(result.headline, areas, result.kept) for areas in ends(result.inputs.areas)]

    def at(points: np.ndarray) -> dict[str, np.ndarray]:
        chosen = Choices.at(points, result.definitions, result.reliability, result.inputs.posterior.count, len(under))
        totals = score(points_at(under, chosen), chosen, result.definitions, only).totals
        return {
            name: drawn[:, result.members].astype(float) - drawn[:, result.is_scope].mean(1, keepdims=True)
            for name, drawn in totals.items()
        }

    base, other = at(first), at(second)
    fixed = {"year": result.headline, "city": result.ranked_cities}
    parts = []
    for factor in FACTORS:
        mixed = at(np.where(groups == factor, second, first))
        for measure in SCORES:
            first_order, total = shares(base[measure], other[measure], mixed[measure])
            parts.append(Sensitivity.frame(measure=measure, factor=factor, first_order=first_order, total=total, **fixed))
    return pl.concat(parts)


def shares(base: np.ndarray, other: np.ndarray, mixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first-order and total share, (city,) each, of the factor that ``mixed`` has from ``other``, and the rest from
    ``base``.

    Both are told by how ``mixed`` differs from the run that it is nearer to: of a factor that has most of the variance, best by
    what it leaves. What never varies owes nothing to any factor.
    """
    both = np.concatenate([base, other])
    # What is far from zero would drown a product in noise.
    variance, mean = both.var(0), both.mean(0)
    of_rest, of_factor = other - mixed, mixed - base
    is_large = (of_rest**2).mean(0) < (of_factor**2).mean(0)
    first_order = np.where(is_large, variance - 0.5 * (of_rest**2).mean(0), ((other - mean) * of_factor).mean(0))
    total = np.where(is_large, variance + ((base - mean) * of_rest).mean(0), 0.5 * (of_factor**2).mean(0))
    varies = variance > 1e-9
    divisor = np.where(varies, variance, 1.0)
    return np.where(varies, first_order / divisor, 0.0), np.where(varies, total / divisor, 0.0)
