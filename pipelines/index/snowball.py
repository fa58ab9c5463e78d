"""Does a lead feed itself? Growth of each city's stock of backed companies.

    X[t+1] ~ Multinomial(N, p_c ∝ exp(η_c) (S[t, c] + a)^α)

X are new companies, S the stock before, η a city's own fitness (ridge, its strength estimated). α < 1 is
catching up, 1 proportional growth, > 1 compounding. Regressing growth on size instead would "find"
convergence in any noisy counts.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

#: Added to every stock, so that a city without companies can get its first.
START = 0.5

#: Candidate standard deviations of fitness, from none to large.
_SPREADS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


@dataclass(frozen=True)
class Growth:
    """Estimate of α with its interval, the spread of fitness that fits best, and n new companies."""

    alpha: float
    low: float
    high: float
    spread: float
    fitness: np.ndarray
    n: int


def growth(new: np.ndarray, stock: np.ndarray, level: float) -> Growth:
    """Fit α to ``new`` (year, city) given ``stock`` (year, city) at the start of each year.

    Fitness is integrated out by Laplace's method at each candidate spread; the spread with the highest
    marginal likelihood is kept. The interval is Wald's from the joint curvature at that spread.
    """
    size = np.log(stock + START)
    cities = new.shape[1]
    best: tuple[float, float, np.ndarray, np.ndarray] | None = None
    start = np.concatenate([[1.0], np.zeros(cities)])
    for spread in _SPREADS:
        fit = optimize.minimize(_loss, start, args=(new, size, spread), jac=True, method="L-BFGS-B")
        curvature = _curvature(fit.x, new, size, spread)
        _, log_determinant = np.linalg.slogdet(curvature[1:, 1:])
        evidence = -fit.fun - cities * np.log(spread) - 0.5 * log_determinant
        if best is None or evidence > best[0]:
            best = (evidence, spread, fit.x, curvature)
        start = fit.x
    assert best is not None
    _, spread, parameters, curvature = best
    error = float(np.sqrt(np.linalg.inv(curvature)[0, 0]))
    reach = float(stats.norm.ppf(0.5 + level / 2)) * error
    alpha = float(parameters[0])
    return Growth(alpha, alpha - reach, alpha + reach, spread, parameters[1:], int(new.sum()))


def _probabilities(parameters: np.ndarray, size: np.ndarray) -> np.ndarray:
    strength = parameters[0] * size + parameters[1:]
    strength -= strength.max(1, keepdims=True)
    weight = np.exp(strength)
    return np.asarray(weight / weight.sum(1, keepdims=True))


def _loss(parameters: np.ndarray, new: np.ndarray, size: np.ndarray, spread: float) -> tuple[float, np.ndarray]:
    probability = _probabilities(parameters, size)
    fitness = parameters[1:]
    value = -(new * np.log(probability)).sum() + 0.5 * (fitness**2).sum() / spread**2
    surplus = new - new.sum(1, keepdims=True) * probability
    gradient = np.concatenate([[-(surplus * size).sum()], -surplus.sum(0) + fitness / spread**2])
    return float(value), gradient


def _curvature(parameters: np.ndarray, new: np.ndarray, size: np.ndarray, spread: float) -> np.ndarray:
    """Hessian of the loss: for each year N · Cov(features) under the multinomial, plus the ridge."""
    probability = _probabilities(parameters, size)
    cities = new.shape[1]
    hessian = np.diag(np.concatenate([[0.0], np.full(cities, 1 / spread**2)]))
    for year in range(len(new)):
        features = np.hstack([size[year][:, None], np.eye(cities)])
        average = probability[year] @ features
        spread_of = features.T @ (probability[year][:, None] * features) - np.outer(average, average)
        hessian += new[year].sum() * spread_of
    return hessian


def lead_trend(
    first: np.ndarray, second: np.ndarray, level: float, rng: np.random.Generator, draws: int = 999
) -> tuple[float, float, float]:
    """Yearly trend of ln(first / second) over years, with a moving-block bootstrap interval of residuals.

    ``first`` and ``second`` are yearly flows (year,); a half is added to each. Blocks have length
    ⌈n^(1/3)⌉ (Künsch 1989, Annals of Statistics 17, 1217–1241). Returns estimate, low, high.
    """
    ratio = np.log((first + 0.5) / (second + 0.5))
    years = np.arange(len(ratio), dtype=float)
    slope, intercept = np.polyfit(years, ratio, 1)
    residuals = ratio - (intercept + slope * years)
    length = int(np.ceil(len(ratio) ** (1 / 3)))
    starts = rng.integers(0, len(ratio) - length + 1, size=(draws, int(np.ceil(len(ratio) / length))))
    picked = (starts[:, :, None] + np.arange(length)).reshape(draws, -1)[:, : len(ratio)]
    again = intercept + slope * years + residuals[picked]
    slopes = np.polyfit(years, again.T, 1)[0]
    tail = (1 - level) / 2
    low, high = np.quantile(slopes, [tail, 1 - tail])
    return float(slope), float(low), float(high)
