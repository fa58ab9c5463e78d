"""Intervals and probabilities from draws."""

import numpy as np
import pytest

from pipelines.index import draws


def test_rank_probabilities_by_hand() -> None:
    ranks = np.array([[1, 2, 3], [1, 3, 2], [2, 1, 3], [1, 1, 3]])
    found = draws.rank_probabilities(ranks)
    assert found.tolist() == [[0.75, 0.25, 0.0], [0.5, 0.25, 0.25], [0.0, 0.25, 0.75]]


def test_pairwise_wins_sum_to_one() -> None:
    scores = np.random.default_rng(7).normal(size=(500, 4)).round(1)
    wins = draws.wins(scores)
    assert wins + wins.T == pytest.approx(np.ones((4, 4)))


def test_merged_cities_share_a_rank_and_take_one_place() -> None:
    assert draws.ranks(np.array([[5.0, 9.0, 9.0, 1.0, 7.0]])).tolist() == [[3, 1, 1, 4, 2]]


def test_interval_is_equal_tailed() -> None:
    low, high = draws.interval(np.arange(101.0)[:, None])
    assert (low[0], high[0]) == pytest.approx((5.0, 95.0))
    low, high = draws.interval(np.arange(101.0)[:, None], 0.5)
    assert (low[0], high[0]) == pytest.approx((25.0, 75.0))


def test_resampling_keeps_the_number_of_units() -> None:
    weights = draws.resample(2000, 5, np.random.default_rng(3))
    assert (weights.sum(1) == 5).all()
    assert weights.mean(0) == pytest.approx(np.ones(5), abs=0.06)
    assert weights.var(0) == pytest.approx(np.full(5, 0.8), abs=0.08)
