"""Draw estimates of which only mean and covariance are known."""

import numpy as np

SEED = 16_000


def normal_draws(estimate: np.ndarray, covariance: np.ndarray, count: int = 50_000) -> np.ndarray:
    """Return normal draws (draw, city) of which mean and covariance are not about but exactly those given.

    A simulation of so many comparisons would otherwise need many more draws for the same sets.
    """
    standard = np.random.default_rng(SEED).normal(size=(count, len(estimate)))
    standard -= standard.mean(0)
    white = np.linalg.solve(np.linalg.cholesky(np.cov(standard, rowvar=False)), standard.T)
    values, vectors = np.linalg.eigh(covariance)
    return estimate + (vectors * np.sqrt(np.maximum(values, 0.0)) @ white).T
