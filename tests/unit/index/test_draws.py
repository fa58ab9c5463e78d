"""Intervals and probabilities from draws."""

import numpy as np
import pytest

from pipelines.index import draws


def test_pairwise_wins_sum_to_one() -> None:
    scores = np.random.default_rng(7).normal(size=(500, 4)).round(1)
    wins = draws.wins(scores)
    assert wins + wins.T == pytest.approx(np.ones((4, 4)))


def test_merged_cities_share_a_rank_and_take_one_place() -> None:
    assert draws.ranks(np.array([[5.0, 9.0, 9.0, 1.0, 7.0]])).tolist() == [[3, 1, 1, 4, 2]]


def test_interval_is_equal_tailed() -> None:
    low, high = draws.interval(np.arange(101.0)[:, None])
    assert (low[0], high[0]) == pytest.approx((5.0, 95.0))


@pytest.mark.parametrize("count", [1, 2, 99, 500])
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64])
def test_median_and_interval_are_those_of_numpy_to_the_last_digit(count: int, kind: type) -> None:
    drawn = (50 * np.random.default_rng(11).normal(size=(count, 5, 3))).astype(kind)
    if kind is not np.int64:
        drawn[count // 2, 0, 0] = np.nan
    tail = (1 - draws.LEVEL) / 2
    expected = [np.median(drawn, axis=0), *np.quantile(drawn, [tail, 1 - tail], axis=0)]
    for value, known in zip(draws.summary(drawn), expected, strict=True):
        np.testing.assert_array_equal(value, known)
        assert value.dtype == known.dtype
    np.testing.assert_array_equal(draws.median(drawn), expected[0])


def test_who_is_first_has_rank_one_and_what_is_unknown_is_not_first() -> None:
    scores = np.array([[5.0, 9.0, 9.0], [7.0, 2.0, 1.0]])
    is_first = draws.ranks(scores) == 1
    assert draws.first(scores).tolist() == (is_first / is_first.sum(1, keepdims=True)).mean(0).tolist() == [0.5, 0.25, 0.25]
    assert draws.first(np.array([[5.0, np.nan, 4.0]])).tolist() == [1, 0, 0]


def test_resampling_keeps_the_number_of_units() -> None:
    weights = draws.resample(2000, 5, np.random.default_rng(3))
    assert (weights.sum(1) == 5).all()
    assert weights.mean(0) == pytest.approx(np.ones(5), abs=0.06)
    assert weights.var(0) == pytest.approx(np.full(5, 0.8), abs=0.08)
