"""Empirical Bayes for small groups, vectorised: the last axis is the city.

Both estimators fit their prior by moments on the cities marked in ``prior`` and apply it to all, and return two arrays of
shape (..., city): the posterior mean, and the weight in it of the city's own data, 0–1; the rest is the prior's mean.
"""

import numpy as np

#: Strongest prior that is ever used: worth so many observations.
_MAX_PRECISION = 1e4


def beta_binomial(k: np.ndarray, n: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean of each city's proportion, and the weight of its own.

    Args:
        k, n: successes and trials, shape (..., city); a city with n = 0 gets the prior's mean.
        prior: boolean, shape (city,): the cities that set the prior.

    Mean and intra-class correlation ρ are Kleinman's moment estimators with weights n (1973, JASA 68, 46–54);
    the prior is worth 1/ρ − 1 observations.
    """
    kp, np_ = k[..., prior], n[..., prior]
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np_.sum(-1, keepdims=True)
        groups = (np_ > 0).sum(-1, keepdims=True)
        mean = kp.sum(-1, keepdims=True) / total
        spread = np.where(np_ > 0, np_ * (kp / np_ - mean) ** 2, 0.0).sum(-1, keepdims=True)
        within = mean * (1 - mean)
        effective = total - (np_**2).sum(-1, keepdims=True) / total
        rho = (spread - within * (groups - 1)) / (within * (effective - (groups - 1)))
        rho = np.clip(np.nan_to_num(rho, nan=0.0, posinf=0.0, neginf=0.0), 1 / (1 + _MAX_PRECISION), 1 - 1e-9)
        weight = 1 / rho - 1
        return (k + weight * mean) / (n + weight), n / (n + weight)


def gamma_poisson(k: np.ndarray, exposure: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean of each city's rate k / exposure, and the weight of its own; the common rate where the exposure is 0.

    Global empirical Bayes of Marshall (1991), Applied Statistics 40, 283–294.
    """
    kp, ep = k[..., prior], exposure[..., prior]
    with np.errstate(divide="ignore", invalid="ignore"):
        total = ep.sum(-1, keepdims=True)
        mean = kp.sum(-1, keepdims=True) / total
        squares = np.where(ep > 0, ep * (kp / ep - mean) ** 2, 0.0).sum(-1, keepdims=True) / total
        groups = (ep > 0).sum(-1, keepdims=True)
        between = np.maximum(squares - mean * groups / total, 0.0)
        own = between / (between + mean / exposure)
        shrunk = mean + own * (k / exposure - mean)
        is_seen = (mean > 0) & (exposure > 0)
        return np.where(mean > 0, np.where(exposure > 0, shrunk, mean), 0.0), np.where(is_seen, own, 0.0)
