"""Location quotients with the uncertainty that small counts deserve."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

#: Fewer observed companies than this are never called a specialisation.
LEAST_OBSERVED = 5


@dataclass(frozen=True)
class Quotients:
    """Posterior of the location quotient θ per cell (city, sector)."""

    observed: np.ndarray
    expected: np.ndarray
    shape: np.ndarray
    rate: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        return self.shape / self.rate

    @property
    def above_one(self) -> np.ndarray:
        """P(θ > 1)."""
        return stats.gamma.sf(1.0, self.shape, scale=1 / self.rate)

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        tail = (1 - level) / 2
        low, high = (stats.gamma.ppf(point, self.shape, scale=1 / self.rate) for point in (tail, 1 - tail))
        return low, high


def quotients(counts: np.ndarray) -> Quotients:
    """Gamma–Poisson location quotients of a table of counts (city, sector).

    O ~ Poisson(θE) with E from the margins and θ ~ Gamma(α, β), both fitted by marginal likelihood over all
    cells with E > 0 (Clayton & Kaldor 1987, Biometrics 43, 671–681).
    """
    counts = np.asarray(counts, dtype=float)
    expected = counts.sum(1, keepdims=True) * counts.sum(0, keepdims=True) / counts.sum()
    seen, awaited = counts[expected > 0], expected[expected > 0]

    def loss(parameters: np.ndarray) -> float:
        alpha, beta = np.exp(parameters)
        return -float(stats.nbinom.logpmf(seen, alpha, beta / (beta + awaited)).sum())

    fit = optimize.minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-5, 7)] * 2)
    alpha, beta = np.exp(fit.x)
    return Quotients(counts, expected, alpha + counts, beta + expected)
