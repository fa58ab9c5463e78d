"""Intervals, rank sets and probabilities from draws."""

import numpy as np
import pytest

from pipelines.index import draws as uncertainty


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0.0, 0.05, 0.2, 1.0])
def test_rank_sets_cover_simultaneously(gap: float) -> None:
    """300 worlds of six means, ties and near ties included: all true ranks inside all sets in 90% of them or more."""
    rng = np.random.default_rng(80)
    truth = np.arange(6) * gap
    best_true = 1 + (truth > truth[:, None]).sum(1)
    worst_true = 6 - (truth < truth[:, None]).sum(1)
    covered = 0
    for _ in range(300):
        sample = truth + rng.normal(size=(120, 6))
        resampled = rng.multinomial(120, np.full(120, 1 / 120), size=300) @ sample / 120
        best, worst = uncertainty.rank_sets(sample.mean(0), resampled)
        covered += bool(((best <= best_true) & (worst >= worst_true)).all())
    assert covered / 300 >= 0.90


def test_rank_sets_separate_distant_cities() -> None:
    draws = np.random.default_rng(9).normal([0, 10, 20], 0.1, size=(300, 3))
    best, worst = uncertainty.rank_sets(np.array([0.0, 10.0, 20.0]), draws)
    assert (best.tolist(), worst.tolist()) == ([3, 2, 1], [3, 2, 1])


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
