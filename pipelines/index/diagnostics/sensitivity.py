"""Split the variance of a score over what it comes from: the data, and each choice of the index.

First-order and total shares by pick-freeze (Saltelli et al. 2010, Computer Physics Communications 181, 259–270; Jansen 1999).
"""

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index.choices import FACTORS, Choices
from pipelines.index.compute import Result, scores_at
from pipelines.index.definitions import SCORES
from pipelines.index.table import CITY, IndexTable
from pipelines.schema import one_of

#: Base sample; the scores are computed so often for each factor.
SAMPLE, SEED = 1000, 24_000


class Sensitivity(IndexTable):
    """One row per score, ranked city and factor in the headline year: its share of the variance of the score."""

    table = "index.sensitivity"

    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    year = dy.Int64(description="Headline year.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    factor = dy.String(primary_key=True, check=one_of(*FACTORS), description="What varies: data, or a choice of the index.")
    first_order = dy.Float64(description="Share of the variance due to it alone; below 0 by chance.")
    total = dy.Float64(min=0, description="Share due to it alone and together with others.")


def sensitivity(result: Result) -> pl.DataFrame:
    """Return ``Sensitivity``; scores are against the mean of the scope, since what moves all cities changes no rank."""
    groups = np.array(Choices.groups(result.definitions))
    rng = np.random.default_rng(SEED)
    first, second = rng.random((2, SAMPLE, len(groups)))
    only = result.values.only_known[result.kept]
    under = [result.values.points(result.headline, areas, result.kept) for areas in result.ends]

    def at(points: np.ndarray) -> dict[str, np.ndarray]:
        chosen = Choices.at(points, result.definitions, result.reliability, result.inputs.posterior.count, len(under))
        totals = scores_at(under, chosen, result.definitions, only).totals
        return {
            name: drawn[:, result.members].astype(float) - drawn[:, result.is_scope].mean(1, keepdims=True)
            for name, drawn in totals.items()
        }

    base, other = at(first), at(second)
    cities = result.ranked_cities
    parts = []
    for factor in FACTORS:
        mixed = at(np.where(groups == factor, second, first))
        for measure in SCORES:
            both = np.concatenate([base[measure], other[measure]])
            # What is far from zero would drown the product in noise.
            variance, apart = both.var(0), other[measure] - both.mean(0)
            parts.append(
                pl.DataFrame(
                    {
                        "measure": measure,
                        "year": result.headline,
                        "city": cities,
                        "factor": factor,
                        "first_order": _share((apart * (mixed[measure] - base[measure])).mean(0), variance),
                        "total": _share(0.5 * ((base[measure] - mixed[measure]) ** 2).mean(0), variance),
                    },
                    schema_overrides=Sensitivity.types(),
                )
            )
    return pl.concat(parts)


def _share(part: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return parts of variances; what never varies owes nothing to any factor."""
    varies = variance > 1e-9
    return np.where(varies, part / np.where(varies, variance, 1.0), 0.0)
