"""What a report does not name is dealt to the other cities, so that together they have as much as its total says."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.index.measurement import remainders
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout, Remainder
from pipelines.index.measurement.sizes import DRIFT
from pipelines.index.measurement.starting import start
from pipelines.index.measurement.state import log_intensity
from tests.support import measurement
from tests.support.measurement import ListOf


def named(left: float | None) -> Layout:
    """Twelve cities in one country; a report names three of them with 30, 20 and 10, and has so many ``left`` for the others."""
    report = ListOf("unicorns", family="reports", dated=False, anchor=True)
    layout = measurement.layout_of(12, (report, ListOf("deals", family="press", anchor=True)), regions=1)
    layout = replace(layout, group_of=np.zeros(12, dtype=int))
    layout.covers[3:, 0] = False
    layout.counts[:3, 0] = [30, 20, 10]
    layout.counts[:, 1:] = np.array([90, 60, 30, *range(27, 0, -3)])[:, None]
    return layout if left is None else replace(layout, remainders=[Remainder(0, left, np.arange(3, 12))])


def test_a_remainder_is_shared_out_in_proportion_to_what_cities_have() -> None:
    density = Density.of(named(18.0))
    assert density.layout.counts[3:, 0].tolist() == [2.0] * 9, "evenly at first"
    state = start(density, np.random.default_rng(0))
    before = density.terms(log_intensity(density, state)[density.cells])[0]
    remainders.share_out(density, state)
    intensity = np.exp(log_intensity(density, state))[3:, 0]
    assert density.layout.counts[3:, 0] == pytest.approx(18 * intensity / intensity.sum())
    assert density.layout.counts[:3, 0].tolist() == [30, 20, 10], "what is named stays"
    assert not np.allclose(density.terms(log_intensity(density, state)[density.cells])[0], before), "likelihoods follow"
    assert density.rows[3:, 0] == pytest.approx(density.layout.counts[3:, 0])


def test_a_remainder_is_dealt_at_random_in_the_same_proportion() -> None:
    density = Density.of(named(18.0))
    state, rng = start(density, np.random.default_rng(0)), np.random.default_rng(1)
    dealt = []
    for _ in range(2000):
        remainders.deal(density, state, rng)
        dealt.append(density.layout.counts[3:, 0].copy())
    assert {hand.sum() for hand in dealt} == {18}
    remainders.share_out(density, state)
    assert np.mean(dealt, axis=0) == pytest.approx(density.layout.counts[3:, 0], abs=0.15)
    assert named(18.0).counts[3:, 0].tolist() == [0.0] * 9, "the lists themselves stay"


def test_of_a_large_total_fifty_rows_are_dealt_that_stand_for_all() -> None:
    density = Density.of(named(400.0))
    state, rng = start(density, np.random.default_rng(0)), np.random.default_rng(1)
    remainders.deal(density, state, rng)
    counts = density.layout.counts[3:, 0]
    assert counts.sum() == 400
    assert set(counts % 8) == {0.0}, "each stands for eight"
    assert density.worth[:, 0].tolist() == [1.0] * 3 + [0.125] * 9
    assert density.rows[3:, 0].sum() == 50


def test_a_large_total_tells_as_much_as_fifty_rows_do() -> None:
    density = Density.of(named(45_000.0))
    told = density.spread(density.information(np.full(len(density.cells[0]), np.log(5_000.0))))[3:, 0]
    rows, size = 50 / 9, 1 / DRIFT**2
    assert told == pytest.approx(np.full(9, rows * size / (rows + size))), "no less, because each stands for many"


@pytest.mark.slow
@pytest.mark.parametrize("left", [20.0, 40.0])
def test_the_other_cities_have_as_much_as_is_left(left: float) -> None:
    """Without a total they would have half as much again as those that are named."""
    posterior = measurement.sampled(named(left), 3, draws=400)
    layout, draws = posterior.layout, posterior.draws
    column = layout.column_of[0]
    intensity = np.exp(draws("latent")[:, :, column] - Density.of(layout).reference[column] + draws("level")[:, [0]])
    share = intensity[:, 3:].sum(1) / intensity[:, :3].sum(1)
    assert np.median(share) == pytest.approx(left / 60, rel=0.5)
