"""Check that the indicators belong together, before any uncertainty. ``values`` are (unit, indicator), NaN missing.

Effective weights are ``hierarchy.Hierarchy.effective_weights``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl
from scipy import stats

from pipelines.index.table import IndexTable

#: Pillars that correlate this much say the same thing twice.
MOST_BETWEEN = 0.92

#: Units without gaps below which nothing is said.
LEAST_UNITS = 3


class CoherenceTable(IndexTable):
    """One row per score and pillar, or pillar and indicator: do they belong together. Ranked cities of the ten years up to the
    headline year, each less its year's mean."""

    table = "index.coherence"

    measure = dy.String(primary_key=True, description="Score or pillar.")
    year = dy.Int64(description="Headline year.")
    member = dy.String(primary_key=True, description="Pillar of the score, or indicator of the pillar.")
    effective_weight = dy.Float64(min=0, max=1, description="Its weight in the whole score.")
    item_rest = dy.Float64(
        nullable=True,
        min=-1,
        max=1,
        description="Correlation with the mean of the other members; null if it does not vary between the goalposts.",
    )
    nearest = dy.String(nullable=True, description="Member it correlates with most, either way.")
    r_nearest = dy.Float64(nullable=True, min=-1, max=1, description="That correlation.")
    is_redundant = dy.Bool(nullable=True, description="Is it .92 or more, either way: they say the same twice.")
    alpha = dy.Float64(nullable=True, description="Cronbach's alpha of the measure.")
    first_share = dy.Float64(nullable=True, min=0, max=1, description="Share of the first principal component in its variance.")
    n = dy.Int64(min=0, description="City-years without gaps.")


@dataclass(frozen=True)
class Coherence:
    """Of one group of indicators, or of pillars.

    ``alpha`` is Cronbach's, ``first_share`` the share of the first principal component in the variance, ``item_rest``
    (indicator,) the correlation of each with the mean of the others, ``n`` the number of units without gaps.
    """

    alpha: float
    first_share: float
    item_rest: np.ndarray
    n: int


def coherence(values: np.ndarray) -> Coherence:
    """Return the coherence of normalised ``values`` of at least two indicators, over the units without gaps."""
    whole = values[~np.isnan(values).any(1)]
    rest = (whole.sum(1, keepdims=True) - whole) / (whole.shape[1] - 1)
    item_rest = np.array([_r(own, others) for own, others in zip(whole.T, rest.T, strict=True)])
    spectrum = np.linalg.eigvalsh(np.corrcoef(whole, rowvar=False))
    return Coherence(cronbach(whole), float(spectrum[-1] / spectrum.sum()), item_rest, len(whole))


def within_years(values: np.ndarray) -> np.ndarray:
    """Return units (unit, indicator) from ``values`` (year, city, indicator): cities without gaps, less their year's mean.

    Several years tell more than one about which indicators go together; that all of them grow must not count.
    """
    whole = [year[~np.isnan(year).any(1)] for year in values]
    return np.concatenate(
        [year - year.mean(0) for year in whole if len(year) >= LEAST_UNITS] or [np.empty((0, values.shape[-1]))]
    )


def cronbach(values: np.ndarray) -> float:
    """Return Cronbach's α of ``values`` without gaps; Cronbach (1951), Psychometrika 16, 297–334."""
    covariance = np.cov(values, rowvar=False)
    count = len(covariance)
    return float(count / (count - 1) * (1 - np.trace(covariance) / covariance.sum()))


def correlations(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Pearson's r between columns over the units that have both, and its two-sided p, each (indicator, indicator)."""
    count = values.shape[1]
    r, p = np.eye(count), np.zeros((count, count))
    for row in range(count):
        for column in range(row):
            both = ~np.isnan(values[:, [row, column]]).any(1)
            result = stats.pearsonr(values[both, row], values[both, column])
            r[row, column] = r[column, row] = result.statistic
            p[row, column] = p[column, row] = result.pvalue
    return r, p


def table(measure: str, year: int, members: Sequence[str], values: np.ndarray, weights: np.ndarray) -> pl.DataFrame:
    """Return one row per member of a score or pillar, with the figures of the whole group repeated.

    ``values`` (unit, member) are normalised and without gaps, ``weights`` (member,) the effective ones in the score. A member
    that does not vary is left out; null where fewer than two are left, or three units.
    """
    varies = np.flatnonzero(np.ptp(values, axis=0) > 1e-9) if len(values) >= LEAST_UNITS else np.empty(0, dtype=int)
    item_rest, most = np.full((2, len(members)), np.nan)
    nearest: list[str | None] = [None] * len(members)
    alpha = first_share = np.nan
    if len(varies) > 1:
        group = coherence(values[:, varies])
        alpha, first_share, item_rest[varies] = group.alpha, group.first_share, group.item_rest
        r = correlations(values[:, varies])[0] - np.eye(len(varies))
        for place, row in zip(varies, r, strict=True):
            other = int(np.abs(row).argmax())
            most[place], nearest[place] = row[other], members[varies[other]]
    return pl.DataFrame(
        {
            "measure": measure,
            "year": year,
            "member": members,
            "effective_weight": weights,
            "item_rest": item_rest,
            "nearest": nearest,
            "r_nearest": most,
            "is_redundant": [
                None if name is None else bool(abs(r) >= MOST_BETWEEN) for name, r in zip(nearest, most, strict=True)
            ],
            "alpha": alpha,
            "first_share": first_share,
            "n": len(values),
        },
        schema_overrides=CoherenceTable.types(),
    ).with_columns(pl.selectors.float().fill_nan(None))


def _r(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.corrcoef(first, second)[0, 1])
