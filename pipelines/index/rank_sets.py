"""Confidence sets for ranks.

Ranks are compared pair by pair, by studentised differences, with one critical value for all pairs, and once more with those
pairs left out that are already apart, until no further pair parts: Mogstad, Romano, Shaikh & Wilhelm (2024), Inference for
Ranks, Review of Economic Studies 91, 476–518.

``estimate`` is (city,) and ``draws`` (draw, city): posterior draws, resamples, or normal draws where only standard errors
are known. Sets from posterior draws of counts hold for a few companies in each city; those from resamples need about a hundred
companies in all, since a city with hardly any has resamples that are hardly different.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy

from pipelines.index.draws import LEVEL

#: Draws that are compared at a time, so that the differences of a city from all others stay within the processor's cache.
_BLOCK = 512

#: Relative difference below which numbers count as equal: single precision, and draws of counts take few values.
_EQUAL = 1e-5


@dataclass(frozen=True)
class _Pairs:
    """Cities compared pair by pair: row above column.

    ``deviation`` (city, draw) is what the draws differ from the estimate. ``error`` and ``statistic``, both (city, city), are
    the standard error of a difference, and the difference divided by it.
    """

    deviation: np.ndarray
    error: np.ndarray
    statistic: np.ndarray

    @classmethod
    def of(cls, estimate: np.ndarray, draws: np.ndarray) -> Self:
        """Compare all cities; raise ValueError if a draw is not finite.

        A city whose draws do not vary, as one without any company to resample, is taken to be as uncertain as the most uncertain
        of the others. If no draw varies, values are compared as they stand.
        """
        if not np.isfinite(draws).all():
            raise ValueError("a draw is not finite: leave out cities without a score before comparing ranks")
        covariance = np.cov(draws, rowvar=False).reshape(len(estimate), len(estimate))
        variance = covariance.diagonal()
        varies = np.ptp(draws, axis=0) > 0
        variance = np.where(varies, variance, variance[varies].max(initial=0.0))
        total = variance[:, None] + variance
        square = total - 2 * covariance
        error = np.sqrt(np.where(square > _EQUAL * total, square, 0.0))
        np.fill_diagonal(error, 0.0)
        difference = estimate[:, None] - estimate
        without_error = np.where(difference > 0, np.inf, 0.0)
        statistic = np.divide(difference, error, out=without_error, where=error > 0)
        return cls(np.ascontiguousarray((draws - estimate).T, dtype=np.float32), error, statistic)

    def apart(self, level: float) -> np.ndarray:
        """Return (city, city): row is above column. All these statements hold together at this level."""
        above, remaining = np.isinf(self.statistic), self.error > 0
        while remaining.any():
            critical = _quantile(self._largest(remaining), level)
            parted = remaining & (self.statistic > critical * (1 + _EQUAL))
            if not parted.any():
                break
            above |= parted
            remaining &= ~parted
        return above

    def _largest(self, remaining: np.ndarray) -> np.ndarray:
        """Return the largest studentised deviation of each draw over the statements that remain."""
        largest = np.zeros(self.deviation.shape[1], dtype=np.float32)
        plans = [self._plan(city, remaining) for city in range(len(remaining))]
        for start in range(0, len(largest), _BLOCK):
            block, highest = self.deviation[:, start : start + _BLOCK], largest[start : start + _BLOCK]
            for city, others, scale, both in plans:
                studentised = block[city] - block[others]
                studentised *= scale
                np.abs(studentised[:both], out=studentised[:both])
                np.maximum(highest, studentised.max(0, initial=0.0), out=highest)
        return largest

    def _plan(self, city: int, remaining: np.ndarray) -> tuple[int, np.ndarray, np.ndarray, int]:
        """Return the city, the later ones of which a statement remains, what to multiply the differences by, and ``both``.

        Of the first ``both`` others, "above" and "below" remain. Of the rest one of them remains, and its sign is in the factor.
        """
        others = np.arange(city + 1, len(remaining))
        forward, backward = remaining[city, others], remaining[others, city]
        both, either = others[forward & backward], others[forward != backward]
        order = np.concatenate([both, either])
        sign = np.where(remaining[city, order], 1.0, -1.0)
        return city, order, (sign / self.error[city, order])[:, None].astype(np.float32), len(both)


def _quantile(values: np.ndarray, level: float) -> float:
    """Return the upper end of the quantile's own 95% interval, so that the luck of the draws makes no set too narrow."""
    margin = scipy.special.ndtri(0.95) * np.sqrt(level * (1 - level) / len(values))
    return float(np.quantile(values, min(level + margin, 1.0)))


def simultaneous(estimate: np.ndarray, draws: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and the worst rank of each city (city,); all true ranks lie within them together at this level."""
    above = _Pairs.of(estimate, draws).apart(level)
    return 1 + above.sum(0), len(estimate) - above.sum(1)
