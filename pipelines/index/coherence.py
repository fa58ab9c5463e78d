"""Do the indicators belong together? Looked at before uncertainty. ``values`` are (unit, indicator), NaN missing.

Effective weights are ``hierarchy.Hierarchy.effective_weights``.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

#: Pillars that correlate this much say the same thing twice.
MOST_BETWEEN = 0.92


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
    """Report on normalised ``values`` of at least two indicators, over the units without gaps."""
    whole = values[~np.isnan(values).any(1)]
    rest = (whole.sum(1, keepdims=True) - whole) / (whole.shape[1] - 1)
    item_rest = np.array([_r(own, others) for own, others in zip(whole.T, rest.T, strict=True)])
    spectrum = np.linalg.eigvalsh(np.corrcoef(whole, rowvar=False))
    return Coherence(cronbach(whole), float(spectrum[-1] / spectrum.sum()), item_rest, len(whole))


def cronbach(values: np.ndarray) -> float:
    """Cronbach's α of ``values`` without gaps; Cronbach (1951), Psychometrika 16, 297–334."""
    covariance = np.cov(values, rowvar=False)
    count = len(covariance)
    return float(count / (count - 1) * (1 - np.trace(covariance) / covariance.sum()))


def correlations(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pearson's r between columns over the units that have both, and its two-sided p: two arrays (indicator, indicator)."""
    count = values.shape[1]
    r, p = np.eye(count), np.zeros((count, count))
    for one in range(count):
        for other in range(one):
            both = ~np.isnan(values[:, [one, other]]).any(1)
            found = stats.pearsonr(values[both, one], values[both, other])
            r[one, other] = r[other, one] = found.statistic
            p[one, other] = p[other, one] = found.pvalue
    return r, p


def redundant(pillars: np.ndarray) -> list[tuple[int, int, float]]:
    """Pairs of columns of ``pillars`` (unit, pillar) with |r| ≥ ``MOST_BETWEEN``, and their r."""
    r, _ = correlations(pillars)
    pairs = zip(*np.triu_indices(len(r), 1), strict=True)
    return [(int(one), int(other), float(r[one, other])) for one, other in pairs if abs(r[one, other]) >= MOST_BETWEEN]


def _r(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])
