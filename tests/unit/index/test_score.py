"""From values to scores: screening, normalising, means, ranks and drawn specifications, by hand and by invariance."""

import numpy as np
import pytest

from pipelines.index import draws as uncertainty
from pipelines.index.score import aggregators, compose, normalisers
from pipelines.index.score.screening import screen

NAN = np.nan
UP = np.array([1.0])


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


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


def single(values: list[list[float]]) -> np.ndarray:
    return np.array(values)[None, None]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("goalposts", [0.0, 50.0, 100.0]),
        ("goalposts_uncapped", [0.0, 50.0, 300.0]),
        ("min_max", [0.0, 100 / 6, 100.0]),
        ("fraction_of_max", [0.0, 100 / 6, 100.0]),
        ("mid_percentile", [100 / 6, 50.0, 500 / 6]),
    ],
)
def test_normalisers_by_hand(how: str, expected: list[float]) -> None:
    values = single([[0.0], [5.0], [30.0]])
    found = compose.normalise(values, how, UP, np.array([0.0]), np.array([10.0]), np.array([True] * 3))
    assert found[0, 0, :, 0] == pytest.approx(expected)


def test_negative_direction_turns_the_scale() -> None:
    values = single([[0.0], [5.0], [10.0]])
    for how in ("goalposts", "min_max"):
        found = compose.normalise(values, how, -UP, np.array([0.0]), np.array([10.0]), np.array([True] * 3))
        assert found[0, 0, :, 0] == pytest.approx([100, 50, 0])


def test_unranked_cities_do_not_set_the_scale() -> None:
    ranked = np.array([True, True, False])
    wide = compose.normalise(single([[1.0], [3.0], [99.0]]), "min_max", UP, UP, UP, ranked)
    narrow = compose.normalise(single([[1.0], [3.0], [2.0]]), "min_max", UP, UP, UP, ranked)
    assert wide[0, 0, :2] == pytest.approx(narrow[0, 0, :2])


def test_means_by_hand() -> None:
    values, weights = np.array([4.0, 16.0]), np.array([1.0, 1.0])
    found = {how: float(compose.mean(values, weights, how)) for how in compose.AGGREGATORS}
    assert found == pytest.approx({"arithmetic": 10.0, "geometric": 8.0, "harmonic": 6.4})


def test_missing_indicators_leave_with_their_weight() -> None:
    values = np.array([np.nan, 10.0, 30.0])
    assert compose.mean(values, np.array([5.0, 1.0, 3.0]), "arithmetic") == pytest.approx(25.0)
    assert np.isnan(compose.mean(np.array([np.nan]), np.array([1.0]), "arithmetic"))


def test_empty_pillar_is_not_compensated() -> None:
    empty, even = np.array([100.0, 0.0]), np.array([30.0, 30.0])
    weights = np.array([1.0, 1.0])
    assert compose.mean(empty, weights, "geometric") < compose.mean(even, weights, "geometric")
    assert compose.mean(empty, weights, "arithmetic") > compose.mean(even, weights, "arithmetic")


def test_ties_share_the_better_rank() -> None:
    assert compose.ranks(np.array([5.0, 7.0, 7.0, np.nan, 1.0])).tolist()[:3] == [3, 1, 1]
    assert np.isnan(compose.ranks(np.array([5.0, np.nan]))[1])


def recipe(indicators: int, cities: int) -> uncertainty.Recipe:
    return uncertainty.Recipe(
        is_log=np.zeros(indicators, dtype=bool),
        direction=np.ones(indicators),
        floor=np.zeros(indicators),
        ceiling=np.full(indicators, 10.0),
        pillar_of=np.arange(indicators) % 2,
        n_pillars=2,
        counted=np.ones((1, cities), dtype=bool),
    )


def draws_of(values: np.ndarray, seed: int = 3) -> tuple[np.ndarray, uncertainty.Choices]:
    indicators, cities = values.shape[-1], values.shape[-2]
    points = np.random.default_rng(seed).random((200, len(uncertainty.Choices.factors(indicators, 2))))
    choices = uncertainty.Choices.at(points, np.ones(indicators), np.arange(indicators) % 2)
    return uncertainty.score(values, choices, recipe(indicators, cities))[0][:, 0], choices


def test_relabelled_cities_keep_their_scores() -> None:
    values = np.random.default_rng(4).uniform(0, 10, size=(1, 1, 6, 4))
    order = np.array([3, 1, 5, 0, 2, 4])
    plain, _ = draws_of(values)
    moved, _ = draws_of(values[:, :, order])
    assert moved == pytest.approx(plain[:, order])


def test_unit_of_measurement_does_not_change_scores() -> None:
    values = np.random.default_rng(5).uniform(0, 10, size=(1, 1, 6, 4))
    scaled = uncertainty.Recipe(**(vars(recipe(4, 6)) | {"ceiling": np.full(4, 10_000.0)}))
    plain, choices = draws_of(values)
    assert uncertainty.score(values * 1000, choices, scaled)[0][:, 0] == pytest.approx(plain)


def test_dominant_city_is_first_under_every_specification() -> None:
    values = np.random.default_rng(6).uniform(1, 8, size=(1, 1, 5, 4))
    values[:, :, 2] = 9.5
    scores, _ = draws_of(values)
    assert (scores.argmax(1) == 2).all()


def test_drawn_weights_average_equal_and_may_drop_an_indicator() -> None:
    _, choices = draws_of(np.ones((1, 1, 3, 4)))
    assert choices.pillar_weights.sum(1) == pytest.approx(np.ones(200))
    assert choices.pillar_weights.mean(0) == pytest.approx([0.5, 0.5], abs=0.05)
    left_out = (choices.indicator_weights == 0).sum(1)
    assert set(left_out) == {0, 1}
