"""Intervals and probabilities from draws."""

import numpy as np
import pytest

from pipelines.index import draws as uncertainty


def test_rank_probabilities_by_hand() -> None:
    ranks = np.array([[1, 2, 3], [1, 3, 2], [2, 1, 3], [1, 1, 3]])
    found = uncertainty.rank_probabilities(ranks)
    assert found.tolist() == [[0.75, 0.25, 0.0], [0.5, 0.25, 0.25], [0.0, 0.25, 0.75]]


def test_bias_corrected_intervals_cover_what_percentiles_miss() -> None:
    """The log of a mean of skewed counts: resamples sit below the estimate, as scores do."""
    rng = np.random.default_rng(24)
    plain, corrected = [], []
    for _ in range(300):
        sample = rng.exponential(1.0, size=25)
        draws = np.log(sample[rng.integers(0, 25, size=(400, 25))].mean(1))[:, None]
        estimate = np.array([np.log(sample.mean())])
        plain.append(uncertainty.interval(draws))
        corrected.append(uncertainty.bias_corrected(draws, estimate))
    covered = [np.mean([low[0] <= 0 <= high[0] for low, high in one]) for one in (plain, corrected)]
    assert covered[1] >= covered[0]
    assert covered[1] >= 0.84


def test_pairwise_wins_sum_to_one() -> None:
    scores = np.random.default_rng(7).normal(size=(500, 4)).round(1)
    wins = uncertainty.wins(scores)
    assert wins + wins.T == pytest.approx(np.ones((4, 4)))
