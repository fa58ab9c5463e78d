"""Missing amounts: coverage on lognormal worlds, and points that stay what they are."""

import numpy as np
import polars as pl
import pytest

from pipelines.claims.models import amounts

World = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def world(n: int, spread: float, undisclosed: float, rng: np.random.Generator) -> World:
    """True amounts, their bounds as announced, effects of round and place, and which deals are of the place."""
    kind, place = rng.integers(0, 4, n), rng.integers(0, 2, n)
    true = np.exp(14 + kind + 0.5 * place + spread * rng.normal(size=n))
    low, high = true.copy(), true.copy()
    how = rng.random(n)
    digits = 10 ** np.floor(np.log10(true))
    tens = how < 0.5
    low[tens], high[tens] = digits[tens], 10 * digits[tens]
    above = (how >= 0.5) & (how < 0.55)
    low[above], high[above] = digits[above], np.nan
    hidden = how > 1 - undisclosed
    low[hidden], high[hidden] = np.nan, np.nan
    table = pl.DataFrame({"round": [f"R{one}" for one in kind], "place": [f"P{one}" for one in place]})
    return true, low, high, amounts.design(table, ["round", "place"]), place.astype(float)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "spread", "undisclosed"), [(150, 1.0, 0.1), (150, 1.5, 0.3)])
def test_share_covers(n: int, spread: float, undisclosed: float) -> None:
    rng = np.random.default_rng(50)
    of_share, of_like = [], []
    for _ in range(80):
        true, low, high, effects, place = world(n, spread, undisclosed, rng)
        drawn = amounts.impute(low, high, effects, rng)
        _, least, most = amounts.share(drawn, place)
        of_share.append(least <= (true * place).sum() / true.sum() <= most)
        _, least, most = amounts.share(drawn, place, np.arange(n))
        of_like.append(least <= np.exp(0.5) / (1 + np.exp(0.5)) <= most)
    for found in (of_share, of_like):
        assert np.mean(found) >= 0.83, "nominal 0.90, less two standard errors of 80 worlds"


def test_points_stay_and_intervals_hold() -> None:
    rng = np.random.default_rng(51)
    true, low, high, effects, place = world(300, 1.0, 0.2, rng)
    drawn = amounts.impute(low, high, effects, rng)
    point = low == high
    assert drawn.shape == (amounts.M, 300)
    assert (drawn[:, point] == true[point]).all()
    bounded = ~np.isnan(high) & ~point
    assert (drawn[:, bounded] >= low[bounded] * (1 - 1e-9)).all()
    assert (drawn[:, bounded] <= high[bounded] * (1 + 1e-9)).all()
    assert (drawn[:, np.isnan(high) & ~np.isnan(low)] >= low[np.isnan(high) & ~np.isnan(low)] * (1 - 1e-9)).all()
    assert drawn[:, np.isnan(low)].std(0).min() > 0, "an undisclosed amount differs from draw to draw"
    known = amounts.impute(true, true, effects, rng)
    assert amounts.share(known, place) == pytest.approx(((true * place).sum() / true.sum(),) * 3)


def test_a_larger_round_is_taken_to_be_larger_when_undisclosed() -> None:
    rng = np.random.default_rng(52)
    kind = np.repeat([0, 1], 100)
    true = np.exp(14 + 3 * kind + 0.5 * rng.normal(size=200))
    low = np.where(np.arange(200) % 4 == 0, np.nan, true)
    effects = amounts.design(pl.DataFrame({"round": ["seed"] * 100 + ["D"] * 100}), ["round"])
    logs = np.log(amounts.impute(low, low.copy(), effects, rng))
    hidden = np.isnan(low)
    assert logs[:, hidden & (kind == 1)].mean() - logs[:, hidden & (kind == 0)].mean() == pytest.approx(3, abs=0.3)


def test_amounts_that_are_all_the_same_are_imputed_as_that() -> None:
    low = np.array([2e6] * 12 + [np.nan] * 3)
    effects = amounts.design(pl.DataFrame({"round": ["A"] * 15, "place": ["Beijing"] * 15}), ["round", "place"])
    drawn = amounts.impute(low, low.copy(), effects, np.random.default_rng(53))
    assert drawn == pytest.approx(2e6, rel=0.1)


def test_rubin_by_hand() -> None:
    """Estimates 1, 2, 3 of variance 1: mean 2, within 1, between 4/3; ν = 2 (1 + 3/4)² and t(.95, 6.125) = 1.9365."""
    middle, low, high = amounts.rubin(np.array([1.0, 2.0, 3.0]), np.ones(3))
    assert middle == 2
    assert high - middle == pytest.approx(1.9365 * np.sqrt(7 / 3), rel=1e-3)
    assert middle - low == pytest.approx(high - middle)


def test_rare_categories_and_nulls_are_the_base() -> None:
    table = pl.DataFrame({"round": ["A"] * 12 + ["B"] * 9 + [None]})
    assert amounts.design(table, ["round"]).sum(0).tolist() == [22, 12]
