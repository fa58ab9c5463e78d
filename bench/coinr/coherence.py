"""Check that the indicators belong together, before any uncertainty. ``values`` are (unit, indicator), NaN missing."""

import numpy as np
from scipy import stats


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
