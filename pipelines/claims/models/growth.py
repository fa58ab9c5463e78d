"""Estimate whether a lead feeds itself, from the growth of each city's stock of backed companies.

    X[t] ~ Multinomial(N[t], p_c ∝ exp(η_c) (S[t, c] + a)^α),  η_c ~ Normal(0, σ²)

X are new companies, S the stock before them, η a city's own fitness. α < 1 is catching up, 1 proportional
growth, > 1 compounding. Regressing growth on size instead would show convergence in any noisy counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import scipy

#: Added to every stock, so that a city without companies can get its first.
START = 0.5

#: It and others that would do as well. Where most cities begin without companies α depends on which, and the counts hardly say.
STARTS = (START, 0.25, 1.0, 2.0)

#: Range searched for α, and for the spread σ of fitness, whose lower end is practically none.
_ALPHA = (-0.5, 3.0)
_SPREAD = (0.01, 3.0)

#: Points of the grids over α and σ from which parameters are drawn.
_GRID = 15

#: Points of the grid from which the highest likelihood is searched.
_COARSE = 8


@dataclass(frozen=True)
class Growth:
    """Estimate of α with its interval, spread σ of fitness, dispersion of the counts, number of new companies, what is added."""

    alpha: float
    low: float
    high: float
    spread: float
    dispersion: float
    n: int
    start: float = START


def growth(new: np.ndarray, stock: np.ndarray, level: float, start: float = START) -> Growth:
    """Fit α to ``new`` (year, city) given ``stock`` (year, city) at the start of each year, to which ``start`` is added.

    Maximum marginal likelihood over α and σ, fitness integrated out by Laplace's method; the interval is that of the profile
    likelihood of α (Cox & Snell 1989, Analysis of Binary Data, app. 1). Where counts vary more from year to year than a
    multinomial's, each is worth that much less (quasi-likelihood, dispersion by Pearson's X²; McCullagh & Nelder 1989,
    Generalized Linear Models, 4.5). At full worth, such noise looks like fitness that only catching up can explain.
    """
    size, dispersion = np.log(stock + start), 1.0
    # Twice, since the first fit may have taken some of the dispersion for fitness.
    for _ in range(2):
        alpha, spread, fitness = _top(new / dispersion, size)
        estimate = _dispersion(new, scipy.special.softmax(alpha * size + fitness, axis=1))
        if estimate <= 1 and dispersion == 1:
            break
        dispersion = estimate
    counts = new / dispersion
    alpha, spread, fitness = _top(counts, size)
    profile = _profile(counts, size, fitness)
    floor = profile(alpha)[0] - scipy.stats.chi2.ppf(level, 1) / 2
    ends = []
    for end in _ALPHA:
        inside = profile(end)[0] > floor
        ends.append(end if inside else scipy.optimize.brentq(lambda value: profile(value)[0] - floor, end, alpha, xtol=2e-3))
    return Growth(alpha, float(ends[0]), float(ends[1]), spread, dispersion, int(new.sum()), start)


def covering(fits: list[Growth]) -> Growth:
    """Return the first of several fits with an interval that covers those of all."""
    return replace(fits[0], low=min(fit.low for fit in fits), high=max(fit.high for fit in fits))


def _profile(counts: np.ndarray, size: np.ndarray, fitness: np.ndarray) -> Callable[[float], tuple[float, float]]:
    """Return the function of α that gives its highest log marginal likelihood over σ, and that σ; η stays in ``fitness``."""
    least, most = np.log(_SPREAD)

    def profile(alpha: float) -> tuple[float, float]:
        log_spread, value = _highest(lambda log: _laplace(alpha, float(np.exp(log)), counts, size, fitness)[0], least, most, 0.02)
        return value, float(np.exp(log_spread))

    return profile


def _top(counts: np.ndarray, size: np.ndarray) -> tuple[float, float, np.ndarray]:
    """Return the most likely α and σ, and η given them."""
    fitness = np.zeros(counts.shape[1])
    profile = _profile(counts, size, fitness)
    alpha, _ = _highest(lambda value: profile(value)[0], *_ALPHA, 1e-3)
    _, spread = profile(alpha)
    _laplace(alpha, spread, counts, size, fitness)
    return alpha, spread, fitness


def _dispersion(new: np.ndarray, shares: np.ndarray) -> float:
    """Return Pearson's X² of the counts over its degrees of freedom, at least 1."""
    expected = new.sum(1, keepdims=True) * shares
    freedom = (len(new) - 1) * (new.shape[1] - 1) - 1
    return max(float(((new - expected) ** 2 / expected).sum()) / max(freedom, 1), 1.0)


def _highest(value: Callable[[float], float], low: float, high: float, tolerance: float) -> tuple[float, float]:
    """Return where ``value`` is highest, and how high: the best of a coarse grid, refined, since there may be several peaks."""
    grid = np.linspace(low, high, _COARSE)
    best = int(np.argmax([value(point) for point in grid]))
    bounds = (grid[max(best - 1, 0)], grid[min(best + 1, _COARSE - 1)])
    top = scipy.optimize.minimize_scalar(
        lambda point: -value(point), bounds=bounds, method="bounded", options={"xatol": tolerance}
    )
    return float(top.x), -float(top.fun)


def simulate(
    new: np.ndarray, stock: np.ndarray, fit: Growth, years: int, draws: int, level: float, rng: np.random.Generator
) -> np.ndarray:
    """Simulate stocks (draw, year, city) of the next ``years`` years, each under its own parameters; ``fit`` is ``growth``'s.

    α and σ are drawn from their marginal likelihood on a grid, even in α and in log σ; η given them from Laplace's
    normal approximation. How many companies a year brings is drawn from the last ``years`` years of ``new``; where they go
    varies from year to year as it did, with shares from a Dirichlet distribution.
    """
    size = np.log(stock + fit.start)
    counts = new / fit.dispersion
    reach = 3 * (fit.high - fit.low) / (2 * scipy.stats.norm.ppf(0.5 + level / 2))
    alphas = np.linspace(max(fit.alpha - reach, _ALPHA[0]), min(fit.alpha + reach, _ALPHA[1]), _GRID)
    pairs = [(alpha, spread) for alpha in alphas for spread in np.geomspace(*_SPREAD, _GRID)]
    fitness, values, modes, roots = np.zeros(new.shape[1]), [], [], []
    for alpha, spread in pairs:
        value, curvature = _laplace(alpha, spread, counts, size, fitness)
        values.append(value)
        modes.append(fitness.copy())
        # With curvature = L · Lᵀ, Lᵀ⁻¹ z has the covariance wanted.
        roots.append(np.linalg.inv(np.linalg.cholesky(curvature)).T)
    chosen = rng.choice(len(pairs), size=draws, p=scipy.special.softmax(values))
    alpha = np.array([alpha for alpha, _ in pairs])[chosen]
    pull = rng.normal(size=(draws, new.shape[1]))
    # Pair by pair, since a root for every draw takes gigabytes where there are many cities.
    for pair in np.unique(chosen):
        pull[chosen == pair] = modes[pair] + pull[chosen == pair] @ roots[pair].T
    current = np.broadcast_to(stock[-1] + new[-1], pull.shape)
    stocks = []
    for _ in range(years):
        arrivals = rng.choice(new[-years:].sum(1).astype(int), size=draws)
        shares = scipy.special.softmax(pull + alpha[:, None] * np.log(current + fit.start), axis=1)
        if fit.dispersion > 1:
            # The concentration at which a Dirichlet–multinomial varies that much more.
            concentration = np.maximum(arrivals - fit.dispersion, 1) / (fit.dispersion - 1)
            shares = rng.standard_gamma(concentration[:, None] * shares)
            shares = shares / shares.sum(1, keepdims=True)
        current = current + rng.multinomial(arrivals, shares)
        stocks.append(current)
    return np.stack(stocks, axis=1)


def _laplace(alpha: float, spread: float, new: np.ndarray, size: np.ndarray, start: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the log marginal likelihood of α and σ, and the curvature at the top of η; Newton begins and ends at ``start``."""
    of_year, of_city = new.sum(1), new.sum(0)
    ridge = 1 / spread**2
    strength = alpha * size
    fixed = float((new * strength).sum())

    def joint(fitness: np.ndarray) -> tuple[float, np.ndarray]:
        raw = strength + fitness
        highest = raw.max(1)
        raw -= highest[:, None]
        shares = np.exp(raw, out=raw)
        sums = shares.sum(1)
        shares /= sums[:, None]
        value = fixed + of_city @ fitness - of_year @ (highest + np.log(sums)) - 0.5 * ridge * (fitness @ fitness)
        return float(value), shares

    fitness = start
    value, shares = joint(fitness)
    for _ in range(100):
        expected = of_year[:, None] * shares
        of_all = expected.sum(0)
        curvature = expected.T @ -shares
        np.einsum("ii->i", curvature)[:] += of_all + ridge
        step = np.linalg.solve(curvature, of_city - of_all - ridge * fitness)
        # Far from the top a full Newton step can overshoot; halve it until it climbs.
        while (trial := joint(fitness + step))[0] < value - 1e-9 and np.abs(step).max() > 1e-9:
            step = step / 2
        fitness, (value, shares) = fitness + step, trial
        if np.abs(step).max() < 1e-8:
            break
    start[:] = fitness
    _, log_determinant = np.linalg.slogdet(curvature)
    return float(value - len(fitness) * np.log(spread) - 0.5 * log_determinant), curvature
