"""Location quotients with the uncertainty that small counts deserve."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats
from scipy.special import gammainc, logsumexp

#: Fewer observed companies than this are never called a specialisation.
LEAST_OBSERVED = 5

#: Spreads (standard deviations of θ around 1) over which the prior is averaged.
_SPREADS = np.geomspace(0.05, 3.0, 40)


@dataclass(frozen=True)
class Quotients:
    """Posterior of the location quotient θ per cell (city, sector), a mixture over the prior's spread.

    ``weights`` has the shape (spread,), ``precision`` 1/spread², and the posterior of a cell given a spread
    is Gamma(precision + observed, precision + expected).
    """

    observed: np.ndarray
    expected: np.ndarray
    precision: np.ndarray
    weights: np.ndarray

    def mean(self, city: int, sector: int) -> float:
        shape, rate = self._posterior(city, sector)
        return float(self.weights @ (shape / rate))

    def above_one(self, city: int, sector: int) -> float:
        """P(θ > 1)."""
        return 1 - self._below(1.0, city, sector)

    def interval(self, city: int, sector: int, level: float) -> tuple[float, float]:
        """Equal-tailed interval; by root finding, since the mixture has no closed form."""
        tail = (1 - level) / 2

        def quantile(probability: float) -> float:
            return float(optimize.brentq(lambda theta: self._below(theta, city, sector) - probability, 0.0, 1e3))

        return quantile(tail), quantile(1 - tail)

    def _posterior(self, city: int, sector: int) -> tuple[np.ndarray, np.ndarray]:
        return self.precision + self.observed[city, sector], self.precision + self.expected[city, sector]

    def _below(self, theta: float, city: int, sector: int) -> float:
        shape, rate = self._posterior(city, sector)
        return float(self.weights @ gammainc(shape, rate * theta))


def quotients(counts: np.ndarray) -> Quotients:
    """Gamma–Poisson location quotients of a table of counts (city, sector).

    O ~ Poisson(θE) with E from the margins and θ ~ Gamma with mean 1 (Clayton & Kaldor 1987, Biometrics 43,
    671–681). The prior's spread is not set to its best value but averaged over its marginal likelihood under
    a half-Cauchy(1) prior: with few companies the best value alone makes intervals too short.
    """
    counts = np.asarray(counts, dtype=float)
    expected = counts.sum(1, keepdims=True) * counts.sum(0, keepdims=True) / counts.sum()
    seen, awaited = counts[expected > 0], expected[expected > 0]
    precision = 1 / _SPREADS**2
    k = precision[:, None]
    likelihood = stats.nbinom.logpmf(seen, k, k / (k + awaited)).sum(1)
    # The grid is even in log spread, so the half-Cauchy density is multiplied by the spread.
    prior = np.log(_SPREADS) + stats.halfcauchy.logpdf(_SPREADS)
    weights = np.exp(likelihood + prior - logsumexp(likelihood + prior))
    return Quotients(counts, expected, precision, weights)
