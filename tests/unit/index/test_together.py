"""What cities share, as one vector: slopes are derivatives, and the curvature is that of the energy."""

import copy

import numpy as np
import pytest

from pipelines.index.measurement import sampler
from pipelines.index.measurement.cities import Cities
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.state import State, log_intensity
from pipelines.index.measurement.together import Together
from tests.support import measurement

Ready = tuple[Together, State, np.random.Generator]


@pytest.fixture(scope="module")
def ready() -> Ready:
    """A small world, its truth, and the curvature at another place."""
    layout, truth = measurement.world(12, 4, measurement.EDITIONS)
    density, rng = Density.of(layout), np.random.default_rng(0)
    together = Together(Shared(density), Cities(density))
    elsewhere = copy.copy(truth)
    elsewhere.latent = truth.latent + rng.normal(0, 0.2, truth.latent.shape)
    together.shared.put(elsewhere, together.shared.take(truth) + rng.normal(0, 0.05, len(together.shared.mean)))
    together.curve(elsewhere)
    return together, truth, rng


def test_the_vector_goes_in_and_out(ready: Ready) -> None:
    together, truth, rng = ready
    shared, state = together.shared, copy.copy(truth)
    vector = shared.take(truth) + rng.normal(0, 0.1, len(shared.mean))
    shared.put(state, vector)
    assert shared.take(state) == pytest.approx(vector)
    assert state.attention / state.noise == pytest.approx(truth.attention / truth.noise), "attention keeps its units"
    layout = shared.density.layout
    assert (state.elasticity[layout.sets_scale] == 1).all()
    assert state.elasticity[7] == state.elasticity[4] != 1, "editions of a publication follow what there is alike"
    assert {name for name, part in Shared(shared.density, sampler.HELD).parts.items() if not part.is_free.any()} == {
        *sampler.HELD
    }


def test_cells_follow_the_vector_as_their_slopes_say(ready: Ready) -> None:
    together, truth, rng = ready
    shared = together.shared
    change = rng.normal(0, 1, len(shared.mean))

    def cells(step: float) -> np.ndarray:
        state = copy.copy(truth)
        shared.put(state, shared.take(truth) + step * change)
        return log_intensity(shared.density, state)[shared.density.cells]

    slopes = shared.slopes(truth) @ np.append(change, 0.0)
    assert slopes == pytest.approx((cells(1e-5) - cells(-1e-5)) / 2e-5, abs=1e-5)
    pulls = rng.normal(0, 1, len(slopes))
    assert shared.slope(truth, pulls) @ change == pytest.approx(pulls @ slopes)


def test_the_slope_is_the_derivative_of_the_energy(ready: Ready) -> None:
    together, truth, rng = ready
    vector, measured = together.shared.take(truth), together.measured(truth)
    _, slope = together.energy(copy.copy(truth), vector, measured)
    for part in together.shared.slices.values():
        change = np.zeros(len(vector))
        change[part] = rng.normal(0, 1, part.stop - part.start)

        def energy(step: float, change: np.ndarray = change) -> float:
            return together.energy(copy.copy(truth), vector + step * change, measured - together.follow(step * change))[0]

        assert slope @ change == pytest.approx((energy(1e-3) - energy(-1e-3)) / 2e-3, rel=1e-3, abs=0.05)


@pytest.mark.slow
def test_the_joint_curvature_leaves_round_what_remains(ready: Ready) -> None:
    """At the mode, the energy along any direction of the vector, cities following, is near half its squared length there."""
    together, truth, rng = ready
    held = Together(Shared(together.shared.density, sampler.HELD), together.cities)
    mode = copy.copy(truth)
    for _ in range(25):
        held.cities.climb(mode)
        held.climb(mode)
    held.curve(mode)
    vector, measured = held.shared.take(mode), held.measured(mode)
    least, slope = held.energy(copy.copy(mode), vector, measured)
    assert np.abs(held.root.T @ slope).max() < 0.1
    rises = []
    for _ in range(20):
        direction = rng.standard_normal(len(vector))
        change = held.root @ (0.3 * direction / np.linalg.norm(direction))
        energy, _ = held.energy(copy.copy(mode), vector + change, measured - held.follow(change))
        rises.append((energy - least) / (0.5 * 0.3**2))
    assert np.mean(rises) == pytest.approx(1, abs=0.15)


def test_what_is_held_is_added_to_the_draws(ready: Ready) -> None:
    together, truth, rng = ready
    drawn = [sampler._widened(together, truth, rng) for _ in range(400)]
    elasticity = np.array([state.elasticity for state in drawn])
    layout = together.shared.density.layout
    place = together.shared.slices["elasticity"]
    expected = np.sqrt((together.root[place] ** 2).sum(1))
    assert elasticity[:, layout.sets_scale].std() == 0
    assert elasticity[:, layout.has_elasticity].std(0) == pytest.approx(expected, rel=0.15)
    assert elasticity.mean(0) == pytest.approx(truth.elasticity, abs=0.05)
