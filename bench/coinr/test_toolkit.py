"""Parts of the toolkit where COINr has no published result: values worked by hand, and known truths."""

from itertools import permutations

import numpy as np
import pytest

from bench.coinr import aggregators, imputation, normalisers, treatment, weighting
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
    assert imputation.by_group(values, group, np.nanmedian)[1, 0] == 2
    np.testing.assert_array_equal(imputation.by_group(values, group)[:, 1], [NAN] * 4 + [7, 7])


def test_a_panel_carries_the_last_value_a_while() -> None:
    values = np.array([NAN, 3.0, NAN, NAN, NAN, 5.0]).reshape(6, 1, 1)
    assert imputation.panel(values, 2)[:, 0, 0] == pytest.approx([NAN, 3, 3, 3, NAN, 5], nan_ok=True)


def test_multiple_imputation_recovers_what_a_mean_would_flatten() -> None:
    """Two indicators, r = .8, the second missing where the first is high: its mean and spread are known."""
    rng = np.random.default_rng(30)
    whole = rng.multivariate_normal([10, 20], [[4, 4.8], [4.8, 9]], size=600)
    gappy = whole.copy()
    gappy[whole[:, 0] > 11, 1] = NAN
    draws = imputation.multiple(gappy, 10, rng)
    known = ~np.isnan(gappy)
    assert (draws[:, known] == gappy[known]).all()
    assert np.nanmean(gappy[:, 1]) < 19, "what is left is too low"
    assert draws[..., 1].mean() == pytest.approx(20, abs=0.4)
    assert draws[..., 1].std(1).mean() == pytest.approx(3, rel=0.1)
    assert draws[:, ~known].std(0).min() > 0.5, "draws of a missing cell differ"


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
    np.testing.assert_array_equal(
        treatment.treat(values, 1, treatment.log_from_one), np.log(values - 1 + 1), "the transform is a choice"
    )


def test_columns_without_outliers_are_left_alone() -> None:
    values = np.array([[1.0, 5.0, NAN], [2.0, 5.0, NAN], [3.0, 5.0, 1.0], [4.0, 5.0, 9.0], [5.0, 5.0, 900.0]])
    np.testing.assert_array_equal(treatment.treat(values), values)


def test_transforms_by_hand() -> None:
    values = column(2.0, 4.0, 12.0)
    assert treatment.log_shifted(values)[:, 0] == pytest.approx(np.log([0.1, 2.1, 10.1]))
    assert treatment.log_from_one(values)[:, 0] == pytest.approx(np.log([1, 3, 11]))
    assert treatment.log_gii(values)[:, 0] == pytest.approx(np.log([1, 3.2, 12]))
    assert treatment.box_cox(values, 2)[:, 0] == pytest.approx([0, 4, 60])
    assert treatment.box_cox(values, 1e-9)[:, 0] == pytest.approx(treatment.box_cox(values, 0)[:, 0], abs=1e-6)


# Normalisers


def test_z_scores_of_units_that_do_not_set_the_scale() -> None:
    flat = column(3.0, 3.0, NAN)
    np.testing.assert_array_equal(normalisers.z_score(flat, mean=10, sd=2)[:, 0], [10, 10, NAN])
    values, among = column(1.0, 3.0, 9.0), np.array([True, True, False])
    assert normalisers.z_score(values, among)[:, 0] == pytest.approx(np.array([-1, 1, 7]) / np.sqrt(2))
    assert normalisers.rank(values, among)[:2, 0].tolist() == [1, 2]


# Weights


def test_entropy_by_hand() -> None:
    values = np.array([[1.0, 1.0], [1.0, 3.0]])
    assert weighting.entropy(values).tolist() == [0, 1], "an indicator on which all are equal tells nothing"
    values = np.array([[1.0, 1.0], [2.0, 3.0]])
    spread = [1 + sum(p * np.log2(p) for p in column) for column in ([1 / 3, 2 / 3], [1 / 4, 3 / 4])]
    assert weighting.entropy(values) == pytest.approx(np.array(spread) / sum(spread))


def test_critic_favours_what_the_others_do_not_say() -> None:
    """Columns one and two are the same; r of the third with both is 0: conflict 1, 1 and 2, spreads equal."""
    values = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
    assert weighting.critic(values) == pytest.approx([0.25, 0.25, 0.5])


def test_benefit_of_the_doubt_between_freedom_and_fixed_shares() -> None:
    values = np.array([[1.0, 4.0], [4.0, 1.0], [2.0, 2.0]])
    free, _ = weighting.benefit_of_doubt(values, np.zeros(2), np.ones(2))
    assert free == pytest.approx([1, 1, 0.8]), "the third stands at 2/2.5 of the line between the other two"
    scores, weights = weighting.benefit_of_doubt(values, np.full(2, 0.4), np.full(2, 0.6))
    parts = weights * values / scores[:, None]
    assert parts.sum(1) == pytest.approx(np.ones(3))
    assert (parts >= 0.4 - 1e-9).all()
    assert (parts <= 0.6 + 1e-9).all()
    assert (scores <= free + 1e-9).all()
    with pytest.raises(ValueError, match="widen"):
        weighting.benefit_of_doubt(values, np.full(2, 0.1), np.full(2, 0.2))


def test_dirichlet_weights_average_one_and_tighten() -> None:
    rng = np.random.default_rng(31)
    loose, tight = (weighting.dirichlet(np.full(4000, c), 5, rng) for c in (1.0, 30.0))
    assert loose.mean(1) == pytest.approx(np.ones(4000))
    assert loose.mean(0) == pytest.approx(np.ones(5), abs=0.06)
    # Var of a share is (1/n)(1 − 1/n) / (n c + 1); times n².
    assert loose.var(0) == pytest.approx(np.full(5, 4 / 6), rel=0.15)
    assert tight.var(0) == pytest.approx(np.full(5, 4 / 151), rel=0.15)


# Aggregators


def test_mazziotta_pareto_marks_down_uneven_profiles() -> None:
    """Mean 100, standard deviation 10: 100 − 100 · 0.1²."""
    found = aggregators.mazziotta_pareto(np.array([[100.0, 100.0], [90.0, 110.0]]), np.ones(2))
    assert found == pytest.approx([100, 99])


def test_copeland_counts_pairs_and_ties_are_level() -> None:
    values = np.array([[3.0, 1.0, 2.0], [2.0, 2.0, 1.0], [1.0, 3.0, 0.0]])
    assert aggregators.copeland(values, np.ones(3)).tolist() == [2, 0, -2]
    assert aggregators.copeland(values, np.array([1.0, 1.0, 0.0])).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="impute or drop"):
        aggregators.copeland(np.array([[NAN], [1.0]]), np.ones(1))


def test_kemeny_agrees_with_trying_every_order() -> None:
    rng = np.random.default_rng(32)
    for _ in range(20):
        values, weights = rng.integers(0, 5, size=(6, 4)).astype(float), rng.uniform(0.5, 2, 4)
        won = aggregators.outranking(values, weights)

        def agreement(order: tuple[int, ...], won: np.ndarray = won) -> float:
            return sum(won[a, b] for i, a in enumerate(order) for b in order[i + 1 :])

        ranks = aggregators.kemeny(values, weights)
        assert sorted(ranks) == [1, 2, 3, 4, 5, 6]
        found = agreement(tuple(np.argsort(ranks)))
        assert found == pytest.approx(max(agreement(order) for order in permutations(range(6))))


def test_kemeny_is_exact_or_refuses() -> None:
    values = np.random.default_rng(33).normal(size=(16, 5))
    values[7] = 9
    assert aggregators.kemeny(values, np.ones(5))[7] == 1
    assert aggregators.kemeny(np.ones((3, 2)), np.ones(2)).tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="at most 16"):
        aggregators.kemeny(np.ones((17, 2)), np.ones(2))


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


def test_units_outside_the_reference_do_not_set_the_scale() -> None:
    values, among = column(1.0, 3.0, 9.0), np.array([True, True, False])
    assert normalisers.fraction_of_max(values, among)[:, 0] == pytest.approx([1 / 3, 1, 3])


def test_power_means_rise_with_the_power() -> None:
    values, weights = np.array([1.0, 7.0]), np.array([1.0, 1.0])
    assert aggregators.power_mean(values, weights, 2) == pytest.approx(5)
    means = [float(aggregators.power_mean(values, weights, power)) for power in (-2, -1, -0.5, 0, 0.5, 1, 2)]
    assert means == sorted(means)


@pytest.mark.parametrize("power", [0, -1, 0.5])
def test_means_that_need_positive_values_refuse_others(power: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        aggregators.power_mean(np.array([0.0, 5.0]), np.ones(2), power)
