"""Does a lead feed itself? Growth of each city's stock of backed companies.

    X[t] ~ Multinomial(N[t], p_c ∝ exp(η_c) (S[t, c] + a)^α),  η_c ~ Normal(0, σ²)

X are new companies, S the stock before them, η a city's own fitness. α < 1 is catching up, 1 proportional
growth, > 1 compounding. Regressing growth on size instead would "find" convergence in any noisy counts.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats
from scipy.special import log_softmax, softmax

#: Added to every stock, so that a city without companies can get its first.
START = 0.5

#: Range searched for α, and for the spread σ of fitness; its lower end is as good as none.
_ALPHA = (-0.5, 3.0)
_SPREAD = (0.01, 3.0)

#: Points of the grids over α and σ from which parameters are drawn.
_GRID = 15


@dataclass(frozen=True)
class Growth:
    """Estimate of α with its interval, the spread σ of fitness beside it, and n new companies."""

    alpha: float
    low: float
    high: float
    spread: float
    n: int


def growth(new: np.ndarray, stock: np.ndarray, level: float) -> Growth:
    """Fit α to ``new`` (year, city) given ``stock`` (year, city) at the start of each year.

    Maximum marginal likelihood over α and σ, fitness integrated out by Laplace's method; the interval is
    that of the profile likelihood of α (Cox & Snell 1989, Analysis of Binary Data, app. 1).
    """
    size = np.log(stock + START)
    fitness = np.zeros(new.shape[1])

    def profile(alpha: float) -> tuple[float, float]:
        def loss(log_spread: float) -> float:
            return -_marginal(alpha, float(np.exp(log_spread)), new, size, fitness)

        best = optimize.minimize_scalar(loss, bounds=np.log(_SPREAD), method="bounded", options={"xatol": 0.02})
        return -float(best.fun), float(np.exp(best.x))

    fit = optimize.minimize_scalar(lambda alpha: -profile(alpha)[0], bounds=_ALPHA, method="bounded", options={"xatol": 1e-3})
    alpha = float(fit.x)
    top, spread = profile(alpha)
    floor = top - stats.chi2.ppf(level, 1) / 2
    ends = []
    for end in _ALPHA:
        inside = profile(end)[0] > floor
        ends.append(end if inside else optimize.brentq(lambda at: profile(at)[0] - floor, end, alpha, xtol=2e-3))
    return Growth(alpha, float(ends[0]), float(ends[1]), spread, int(new.sum()))


def simulate(new: np.ndarray, stock: np.ndarray, years: int, draws: int, level: float, rng: np.random.Generator) -> np.ndarray:
    """Stocks (draw, year, city) of the next ``years`` years, each draw under parameters of its own.

    α and σ are drawn from their marginal likelihood on a grid, even in α and in log σ; η given them from Laplace's
    normal approximation. How many companies a year brings is drawn from the last ``years`` years of ``new``.
    """
    size = np.log(stock + START)
    fit = growth(new, stock, level)
    reach = 3 * (fit.high - fit.low) / (2 * stats.norm.ppf(0.5 + level / 2))
    alphas = np.linspace(max(fit.alpha - reach, _ALPHA[0]), min(fit.alpha + reach, _ALPHA[1]), _GRID)
    pairs = [(alpha, spread) for alpha in alphas for spread in np.geomspace(*_SPREAD, _GRID)]
    fitness, values, modes, roots = np.zeros(new.shape[1]), [], [], []
    for alpha, spread in pairs:
        value, curvature = _laplace(alpha, spread, new, size, fitness)
        values.append(value)
        modes.append(fitness.copy())
        # With curvature = L · Lᵀ, Lᵀ⁻¹ z has the covariance wanted.
        roots.append(np.linalg.inv(np.linalg.cholesky(curvature)).T)
    chosen = rng.choice(len(pairs), size=draws, p=softmax(values))
    alpha = np.array([one for one, _ in pairs])[chosen]
    wobble = np.einsum("dij,dj->di", np.array(roots)[chosen], rng.normal(size=(draws, new.shape[1])))
    pull = np.array(modes)[chosen] + wobble
    now = np.broadcast_to(stock[-1] + new[-1], pull.shape)
    stocks = []
    for _ in range(years):
        arrivals = rng.choice(new[-years:].sum(1).astype(int), size=draws)
        now = now + rng.multinomial(arrivals, softmax(pull + alpha[:, None] * np.log(now + START), axis=1))
        stocks.append(now)
    return np.stack(stocks, axis=1)


def _marginal(alpha: float, spread: float, new: np.ndarray, size: np.ndarray, start: np.ndarray) -> float:
    return _laplace(alpha, spread, new, size, start)[0]


def _laplace(alpha: float, spread: float, new: np.ndarray, size: np.ndarray, start: np.ndarray) -> tuple[float, np.ndarray]:
    """Log marginal likelihood of α and σ, and the curvature at the top of η; ``start`` is where Newton begins, and ends."""
    totals = new.sum(1, keepdims=True)
    ridge = 1 / spread**2
    strength = alpha * size

    def joint(fitness: np.ndarray) -> tuple[float, np.ndarray]:
        logs = log_softmax(strength + fitness, axis=1)
        return float((new * logs).sum() - 0.5 * ridge * (fitness**2).sum()), logs

    fitness = start
    value, logs = joint(fitness)
    for _ in range(100):
        expected = totals * np.exp(logs)
        gradient = (new - expected).sum(0) - ridge * fitness
        curvature = np.diag(expected.sum(0) + ridge) - expected.T @ np.exp(logs)
        step = np.linalg.solve(curvature, gradient)
        # Far from the top a full Newton step can overshoot; halve it until it climbs.
        while (trial := joint(fitness + step))[0] < value - 1e-9 and np.abs(step).max() > 1e-9:
            step = step / 2
        fitness, (value, logs) = fitness + step, trial
        if np.abs(step).max() < 1e-8:
            break
    start[:] = fitness
    _, log_determinant = np.linalg.slogdet(curvature)
    return float(value - len(fitness) * np.log(spread) - 0.5 * log_determinant), curvature


def lead_trend(
    first: np.ndarray, second: np.ndarray, level: float, rng: np.random.Generator, draws: int = 999
) -> tuple[float, float, float]:
    """Yearly trend of ln(first / second) over years, with a stationary block bootstrap interval.

    ``first`` and ``second`` are yearly flows (year,); a half is added to each. Residuals of the trend are
    resampled in blocks of mean length ⌈n^(1/3)⌉ (Politis & Romano 1994, JASA 89, 1303–1313), scaled up for the
    two parameters fitted, and the trend's error is scaled by Student's t. Returns estimate, low, high.
    """
    ratio = np.log((first + 0.5) / (second + 0.5))
    count = len(ratio)
    years = np.arange(count, dtype=float)
    slope, intercept = np.polyfit(years, ratio, 1)
    residuals = (ratio - (intercept + slope * years)) * np.sqrt(count / (count - 2))
    restart = rng.random((draws, count)) < 1 / np.ceil(count ** (1 / 3))
    restart[:, 0] = True
    begins = rng.integers(0, count, size=(draws, count))
    since = np.arange(count) - np.maximum.accumulate(np.where(restart, np.arange(count), 0), axis=1)
    origin = np.take_along_axis(begins, np.maximum.accumulate(np.where(restart, np.arange(count), 0), axis=1), axis=1)
    again = residuals[(origin + since) % count]
    error = np.polyfit(years, again.T, 1)[0].std(ddof=1)
    reach = float(stats.t.ppf(0.5 + level / 2, count - 2)) * error
    return float(slope), float(slope - reach), float(slope + reach)
