"""Weights of indicators, (indicator,) unless said otherwise. ``values`` are (unit, indicator), without missing cells.

Weights count relative to each other; a mean brings them to a sum of one. Given weights need no function.
"""

import numpy as np
from scipy import optimize


def principal(values: np.ndarray) -> np.ndarray:
    """Loadings of the first principal component of the standardised indicators, sign chosen so that they add up to > 0.

    Single loadings may be negative: look before use. Nicoletti, Scarpetta & Boylaud (2000), OECD WP 226.
    """
    standard = (values - values.mean(0)) / values.std(0, ddof=1)
    first = np.linalg.svd(standard, full_matrices=False)[2][0]
    return first if first.sum() > 0 else -first


def entropy(values: np.ndarray) -> np.ndarray:
    """Shannon's: indicators on which the units (≥ 0) differ more weigh more; sums to one. Zeleny (1982)."""
    share = values / values.sum(0)
    order = -np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0).sum(0) / np.log(len(values))
    return (1 - order) / (1 - order).sum()


def critic(values: np.ndarray) -> np.ndarray:
    """Spread × conflict with the others, on one scale; sums to one. Diakoulaki et al. (1995), Computers & OR 22, 763–770."""
    information = values.std(0, ddof=1) * (1 - np.corrcoef(values, rowvar=False)).sum(0)
    return information / information.sum()


def benefit_of_doubt(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each unit under the weights that suit it best: scores (unit,) and weights (unit, indicator).

    The best unit under any weights has score 1; each indicator's part of the unit's own score lies between ``low``
    and ``high`` (indicator,), shares of 1. ``values`` are ≥ 0. Cherchye et al. (2007), Social Indicators Research 82,
    111–145. Raises ValueError where no weights keep the bounds.
    """
    units, indicators = values.shape
    weights = np.empty((units, indicators))
    for unit, own in enumerate(values):
        parts = np.diag(own)
        bounds = np.vstack([low[:, None] * own - parts, parts - high[:, None] * own])
        best = optimize.linprog(
            -own, np.vstack([values, bounds]), np.concatenate([np.ones(units), np.zeros(2 * indicators)]), method="highs"
        )
        # All weights zero always keep the bounds; a score of zero says that nothing else does.
        if best.status != 0 or not best.fun < 0:
            raise ValueError(f"no weights keep the bounds for unit {unit}: widen them, or lift zeros off the floor")
        weights[unit] = best.x
    return (weights * values).sum(1), weights


def dirichlet(concentration: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Random weights around equal ones, (draw, count), each row averaging one.

    ``concentration`` (draw,) is that of each weight: at 1 anything goes, at 30 they are nearly equal.
    """
    gamma = rng.gamma(np.tile(concentration[:, None], (1, count)))
    return gamma / gamma.mean(-1, keepdims=True)
