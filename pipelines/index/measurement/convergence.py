"""Check that the chains agree: split R̂ and effective sample size (Vehtari et al. 2021, Bayesian Analysis 16, 667–718)."""

import numpy as np


def split_r_hat(draws: np.ndarray) -> np.ndarray:
    """Return R̂ of each unknown from ``draws`` (chain, draw, …), each chain split in halves; 1 where an unknown is fixed."""
    half = draws.shape[1] // 2
    parts = np.concatenate([draws[:, :half], draws[:, half : 2 * half]]).astype(float)
    within = parts.var(1, ddof=1).mean(0)
    between = half * parts.mean(1).var(0, ddof=1)
    ratio = ((half - 1) / half * within + between / half) / np.where(within > 0, within, 1.0)
    return np.where(within > 0, np.sqrt(ratio), 1.0)


def effective_size(draws: np.ndarray) -> np.ndarray:
    """Return how many independent draws (chain, draw, …) are worth, by Geyer's initial positive sequence."""
    chains, length = draws.shape[:2]
    centred = (draws - draws.mean(1, keepdims=True)).astype(float)
    spectrum = np.fft.rfft(centred, 2 * length, axis=1)
    covariance = np.fft.irfft(spectrum * np.conj(spectrum), axis=1)[:, :length].mean(0) / length
    within = covariance[0] * length / (length - 1)
    pooled = within * (length - 1) / length + draws.mean(1).var(0, ddof=1 if chains > 1 else 0)
    correlation = 1 - (within - covariance) / np.where(pooled > 0, pooled, 1.0)
    pairs = correlation[: length // 2 * 2].reshape(length // 2, 2, *correlation.shape[1:]).sum(1)
    positive = np.cumprod(pairs > 0, axis=0)
    time = np.maximum(2 * (pairs * positive).sum(0) - 1, 1 / np.log10(chains * length))
    return np.where(pooled > 0, chains * length / time, chains * length)
