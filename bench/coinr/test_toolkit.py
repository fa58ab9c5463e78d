"""Parts of the toolkit where COINr has no published result: values worked by hand, and known truths."""

import numpy as np
import pytest

from bench.coinr import aggregators, imputation, normalisers, treatment
from bench.coinr.aggregators import arithmetic
from bench.coinr.denominate import denominate
from bench.coinr.hierarchy import Hierarchy
from bench.coinr.screening import screen

NAN = np.nan


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_denominator_of_zero_or_none_gives_no_value() -> None:
    found = denominate(np.array([[6.0, 6.0], [6.0, 6.0]]), np.array([[3.0, 1.0], [0.0, NAN]]))
    np.testing.assert_array_equal(found, [[2, 6], [NAN, NAN]])


# Imputation


def test_the_middle_of_the_group_fills_its_gaps() -> None:
    values = np.array([[1.0, NAN], [NAN, NAN], [2.0, NAN], [9.0, NAN], [50.0, 7.0], [NAN, NAN]])
    group = np.array(["a", "a", "a", "a", "b", "b"])
    assert imputation.by_group(values, group)[[1, 5], 0].tolist() == [4, 50]
    np.testing.assert_array_equal(imputation.by_group(values, group)[:, 1], [NAN] * 4 + [7, 7])


# Treatment


def test_winsorising_treats_the_skewed_end_up_to_the_limit() -> None:
    plain = [*range(1, 21)]
    high = treatment.winsorise(column(*plain, 200.0), np.array(5))[:, 0]
    assert high.tolist() == [*plain, 20]
    low = treatment.winsorise(column(*(-x for x in plain), -200.0), np.array(5))[:, 0]
    assert low.tolist() == [*(-x for x in plain), -20]
    two = column(*plain, 150.0, 200.0)
    each = treatment.winsorise(two, np.array([0, 1, 5])[:, None, None])[..., 0]
    assert each[:, -2:].tolist() == [[150, 200], [150, 150], [20, 20]]


def test_columns_that_winsorising_cannot_treat_are_transformed() -> None:
    values = column(*np.exp(np.linspace(0, 12, 40)))
    found = treatment.treat(values, 1)
    np.testing.assert_array_equal(found, treatment.log_shifted(values))


def test_columns_without_outliers_are_left_alone() -> None:
    values = np.array([[1.0, 5.0, NAN], [2.0, 5.0, NAN], [3.0, 5.0, 1.0], [4.0, 5.0, 9.0], [5.0, 5.0, 900.0]])
    np.testing.assert_array_equal(treatment.treat(values), values)


def test_transform_by_hand() -> None:
    values = column(2.0, 4.0, 12.0)
    assert treatment.log_shifted(values)[:, 0] == pytest.approx(np.log([0.1, 2.1, 10.1]))


# Normalisers


def test_z_score_of_an_indicator_that_does_not_vary_is_the_mean() -> None:
    flat = column(3.0, 3.0, NAN)
    np.testing.assert_array_equal(normalisers.z_score(flat, mean=10, sd=2)[:, 0], [10, 10, NAN])


# Aggregators


def test_copeland_counts_pairs_and_ties_are_level() -> None:
    values = np.array([[3.0, 1.0, 2.0], [2.0, 2.0, 1.0], [1.0, 3.0, 0.0]])
    assert aggregators.copeland(values, np.ones(3)).tolist() == [2, 0, -2]
    assert aggregators.copeland(values, np.array([1.0, 1.0, 0.0])).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="impute or drop"):
        aggregators.copeland(np.array([[NAN], [1.0]]), np.ones(1))


# Hierarchy

TREE = [("a", "P", 1.0), ("b", "P", 3.0), ("c", "Q", 1.0), ("P", "I", 2.0), ("Q", "I", 1.0), ("I", None, 1.0)]


def test_each_level_has_its_own_mean() -> None:
    tree = Hierarchy.of(TREE)
    levels = tree.aggregate(np.array([[4.0, 8.0, 56.0]]), [arithmetic, aggregators.geometric])
    assert [level.tolist() for level in levels[:2]] == [[[4, 8, 56]], [[7, 56]]]
    assert levels[2] == pytest.approx(np.array([[14.0]])), "7^(2/3) · 56^(1/3)"
    assert [level.tolist() for level in tree.effective_weights()] == [
        pytest.approx([1 / 6, 1 / 2, 1 / 3]),
        pytest.approx([2 / 3, 1 / 3]),
        [1],
    ]


def test_the_order_of_the_rows_does_not_matter() -> None:
    tree = Hierarchy.of(TREE[::-1])
    assert tree.codes == (("c", "b", "a"), ("Q", "P"), ("I",))
    assert tree.aggregate(np.array([[56.0, 8.0, 4.0]]), [arithmetic] * 2)[1].tolist() == [[56, 7]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([*TREE, ("d", "I", 1.0)], "differ in length"),
        ([*TREE, ("d", "R", 1.0)], r"without a row of their own: \['R'\]"),
    ],
)
def test_a_crooked_tree_is_refused(rows: list[tuple[str, str | None, float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Hierarchy.of(rows)


# Screening, scales and means


def test_screening_asks_for_enough_overall_and_in_each_group() -> None:
    present = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1]], dtype=bool)
    share, enough = screen(present, np.array([0, 0, 1, 1]), overall=0.5, per_group=0.5)
    assert share.tolist() == [1, 0.75, 0.5, 0.25]
    assert enough.tolist() == [True, True, False, False]


def test_indicator_that_does_not_vary_still_has_a_score() -> None:
    np.testing.assert_array_equal(normalisers.min_max(column(3.0, 3.0, NAN))[:, 0], [100, 100, NAN])


def test_power_means_rise_with_the_power() -> None:
    values, weights = np.array([1.0, 7.0]), np.array([1.0, 1.0])
    assert aggregators.power_mean(values, weights, 2) == pytest.approx(5)
    means = [float(aggregators.power_mean(values, weights, power)) for power in (-2, -1, -0.5, 0, 0.5, 1, 2)]
    assert means == sorted(means)


@pytest.mark.parametrize("power", [0, -1, 0.5])
def test_means_that_need_positive_values_refuse_others(power: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        aggregators.power_mean(np.array([0.0, 5.0]), np.ones(2), power)
