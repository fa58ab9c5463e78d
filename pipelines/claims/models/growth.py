"""Estimate whether a lead feeds itself, from the growth of each city's stock of backed companies.

    X[t] ~ Multinomial(N[t], p_c ∝ exp(η_c) (S[t, c] + a)^α),  η_c ~ Normal(0, σ²)

X are new companies, S the stock before them, η a city's own fitness. α < 1 is catching up, 1 proportional
growth, > 1 compounding. Regressing growth on size instead would show convergence in any noisy counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import scipy

from pipelines.index.draws import LEVEL

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


def growth(new: np.ndarray, stock: np.ndarray, start: float = START) -> Growth:
    """Fit α to ``new`` (year, city) given ``stock`` (year, city) at the start of each year, to which ``start`` is added.

    Maximum marginal likelihood over α and σ, fitness integrated out by Laplace's method; the interval is that of the profile
    likelihood of α (Cox & Snell 1989, Analysis of Binary Data, app. 1). Where counts vary more from year to year than a
    multinomial's, each is worth that much less (quasi-likelihood, dispersion by Pearson's X²; McCullagh & Nelder 1989,
    Generalized Linear Models, 4.5). At full worth, such noise looks like fitness that only catching up can explain.
    """
    size, dispersion = np.log(stock + start), 1.0
    # Twice, since the first fit may have taken some of the dispersion for fitness.
    for _ in range(2):
        counts = new / dispersion
        alpha, spread, fitness, highest = _top(counts, size)
        estimate = _dispersion(new, scipy.special.softmax(alpha * size + fitness, axis=1))
        if estimate <= 1 and dispersion == 1:
            break
        dispersion = estimate
    else:
        counts = new / dispersion
        alpha, spread, _, highest = _top(counts, size)
    floor = highest - scipy.stats.chi2.ppf(LEVEL, 1) / 2
    above = _above(floor, counts, size)
    ends = [end if above(end) > 0 else scipy.optimize.brentq(above, end, alpha, xtol=2e-3) for end in _ALPHA]
    return Growth(alpha, float(ends[0]), float(ends[1]), spread, dispersion, int(new.sum()), start)


def covering(fits: list[Growth]) -> Growth:
    """Return the first of several fits with an interval that covers those of all."""
    return replace(fits[0], low=min(fit.low for fit in fits), high=max(fit.high for fit in fits))


def _above(floor: float, counts: np.ndarray, size: np.ndarray) -> Callable[[float], float]:
    """Return the function of α that says how far its highest log marginal likelihood over σ is above ``floor``."""
    spreads = np.log(np.geomspace(*_SPREAD, _COARSE))
    starts = np.zeros((_COARSE, counts.shape[1]))

    def above(alpha: float) -> float:
        values, _ = _laplace(np.full(_COARSE, alpha), np.exp(spreads), counts, size, starts)
        best = int(np.argmax(values))
        fitness = starts[[best]]
        # The best of a coarse grid, refined, since there may be several peaks.
        top = scipy.optimize.minimize_scalar(
            lambda log: -_laplace(np.array([alpha]), np.exp([log]), counts, size, fitness)[0][0],
            bounds=(spreads[max(best - 1, 0)], spreads[min(best + 1, _COARSE - 1)]),
            method="bounded",
            options={"xatol": 0.02},
        )
        return -float(top.fun) - floor

    return above


def _top(counts: np.ndarray, size: np.ndarray) -> tuple[float, float, np.ndarray, float]:
    """Return the most likely α and σ, η (city,) given them, and their log marginal likelihood.

    The best of a coarse grid, refined by the simplex of Nelder & Mead, since there may be several peaks.
    """
    bounds = np.array([_ALPHA, np.log(_SPREAD)])
    alphas, spreads = np.linspace(bounds[:, 0], bounds[:, 1], _COARSE).T
    values, modes = _surface(alphas, np.exp(spreads), counts, size)
    best = np.unravel_index(np.argmax(values), values.shape)
    corner, fitness = np.array([alphas[best[0]], spreads[best[1]]]), modes[best][None]
    inward = np.where(corner > bounds.mean(1), -0.5, 0.5) * np.ptp(bounds, axis=1) / _COARSE
    top = scipy.optimize.minimize(
        lambda point: -_laplace(point[:1], np.exp(point[1:]), counts, size, fitness)[0][0],
        corner,
        bounds=bounds,
        method="Nelder-Mead",
        options={"initial_simplex": corner + inward * np.eye(3, 2, -1), "xatol": 1e-3, "fatol": 1e-6},
    )
    highest, _ = _laplace(top.x[:1], np.exp(top.x[1:]), counts, size, fitness)
    return float(top.x[0]), float(np.exp(top.x[1])), fitness[0], float(highest[0])


def _dispersion(new: np.ndarray, shares: np.ndarray) -> float:
    """Return Pearson's X² of the counts over its degrees of freedom, at least 1."""
    expected = new.sum(1, keepdims=True) * shares
    freedom = (len(new) - 1) * (new.shape[1] - 1) - 1
    return max(float(((new - expected) ** 2 / expected).sum()) / max(freedom, 1), 1.0)


def simulate(new: np.ndarray, stock: np.ndarray, fit: Growth, years: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Simulate stocks (draw, year, city) of the next ``years`` years, each under its own parameters; ``fit`` is ``growth``'s.

    α and σ are drawn from their marginal likelihood on a grid, even in α and in log σ; η given them from Laplace's
    normal approximation. How many companies a year brings is drawn from the last ``years`` years of ``new``; where they go
    varies from year to year as it did, with shares from a Dirichlet distribution.
    """
    size = np.log(stock + fit.start)
    counts = new / fit.dispersion
    reach = 3 * (fit.high - fit.low) / (2 * scipy.stats.norm.ppf(0.5 + LEVEL / 2))
    alphas = np.linspace(max(fit.alpha - reach, _ALPHA[0]), min(fit.alpha + reach, _ALPHA[1]), _GRID)
    spreads = np.geomspace(*_SPREAD, _GRID)
    values, modes = _surface(alphas, spreads, counts, size)
    chosen = rng.choice(values.size, size=draws, p=scipy.special.softmax(values.ravel()))
    alpha = alphas[chosen // _GRID]
    pull = rng.normal(size=(draws, new.shape[1]))
    # Pair by pair, since a root for every draw takes gigabytes where there are many cities.
    for pair in np.unique(chosen):
        row, column = divmod(pair, _GRID)
        mode = modes[row, column : column + 1]
        _, curvature = _laplace(alphas[[row]], spreads[[column]], counts, size, mode)
        # With curvature = L · Lᵀ, Lᵀ⁻¹ z has the covariance wanted.
        pull[chosen == pair] = mode + pull[chosen == pair] @ np.linalg.inv(np.linalg.cholesky(curvature[0]))
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


def _surface(alphas: np.ndarray, spreads: np.ndarray, counts: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the log marginal likelihood of all pairs of α and σ, (α, σ), and the top of η given each, (α, σ, city)."""
    values, modes = np.empty((len(alphas), len(spreads))), np.zeros((len(alphas), len(spreads), counts.shape[1]))
    # One α at a time, since the curvatures of all pairs take gigabytes where there are many cities.
    for place, alpha in enumerate(alphas):
        values[place], _ = _laplace(np.full(len(spreads), alpha), spreads, counts, size, modes[place])
    return values, modes


def _laplace(
    alpha: np.ndarray, spread: np.ndarray, new: np.ndarray, size: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the log marginal likelihood of pairs of α and σ, (pair,), and the curvature at the top of η, (pair, city, city).

    Newton begins and ends at ``start`` (pair, city).
    """
    of_year, of_city = new.sum(1), new.sum(0)
    ridge = spread[:, None] ** -2
    strength = alpha[:, None, None] * size
    fixed = (new * strength).sum((1, 2))

    def joint(fitness: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        raw = strength + fitness[:, None]
        highest = raw.max(2, keepdims=True)
        shares = np.exp(raw - highest)
        sums = shares.sum(2, keepdims=True)
        shares /= sums
        value = fixed + fitness @ of_city - (highest + np.log(sums))[..., 0] @ of_year - 0.5 * (ridge * fitness**2).sum(1)
        return value, shares

    fitness = start
    value, shares = joint(fitness)
    for _ in range(100):
        expected = of_year[:, None] * shares
        of_all = expected.sum(1)
        curvature = expected.transpose(0, 2, 1) @ -shares
        np.einsum("pii->pi", curvature)[:] += of_all + ridge
        step = np.linalg.solve(curvature, (of_city - of_all - ridge * fitness)[..., None])[..., 0]
        # Far from the top a full Newton step can overshoot; halve it until it climbs.
        while (overshoots := ((trial := joint(fitness + step))[0] < value - 1e-9) & (np.abs(step).max(1) > 1e-9)).any():
            step[overshoots] /= 2
        fitness, (value, shares) = fitness + step, trial
        if np.abs(step).max() < 1e-8:
            break
    start[:] = fitness
    _, log_determinant = np.linalg.slogdet(curvature)
    return value - fitness.shape[1] * np.log(spread) - 0.5 * log_determinant, curvature
