"""The scale of the scores: every doubling is worth ten points, and the benchmark of the base year has a hundred."""

import math

import numpy as np

POINTS_PER_DOUBLING = 10.0

#: The scale ends at 0: one part in a thousand (2¹⁰) of the benchmark.
LEAST = 0.0


def unbounded(log_ratio: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return scores from logs of ratios to the benchmark, as if the scale did not end; in the memory of ``out`` if given."""
    # By a number of Python's, which leaves single precision as it is.
    scores = np.asarray(np.multiply(log_ratio, POINTS_PER_DOUBLING / math.log(2.0), out=out))
    scores += 100.0
    return scores


def points(log_ratio: np.ndarray) -> np.ndarray:
    """Return scores from logs of ratios to the benchmark."""
    scores = unbounded(log_ratio)
    return floored(scores, out=scores)


def floored(scores: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return ``scores`` that may lie below the end of the scale, those that do at its end; in the memory of ``out`` if given."""
    return np.maximum(scores, LEAST, out=out)


def times_less(score: np.ndarray) -> np.ndarray:
    """Return how many times less than the benchmark a score stands for; below 1 where it is more."""
    return 2.0 ** ((100.0 - score) / POINTS_PER_DOUBLING)
