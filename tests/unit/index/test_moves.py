"""Every move of the sampler leaves the model as it is.

Geweke (2004, JASA 99, 799–804): unknowns drawn from their priors and counts drawn from the unknowns are a draw of both. So they
are after any number of correct moves, each followed by new counts. A prior, a Jacobian or a likelihood that a move forgets shows
as moments that drift.
"""

import copy
from collections.abc import Callable

import numpy as np
import pytest

from pipelines.index.measurement import covariances
from pipelines.index.measurement.cities import Cities
from pipelines.index.measurement.density import FEW, Density
from pipelines.index.measurement.sampler import HELD
from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.state import NOISE_MEDIAN, State
from pipelines.index.measurement.together import Together
from tests.support import measurement

Move = Callable[[Density, State, np.random.Generator], object]

#: Where the quantities lie, and how many rows of others a list with wrong rows has in each city.
REFERENCE, MISPLACED = 2.0, 0.3

#: Worlds, moves of each, and how far a mean may drift, in its standard errors.
WORLDS, MOVES, LARGEST = 300, 8, 4.8


def _density(exposure: float) -> Density:
    """Cities take turns in having few rows, on which some moves depend."""
    layout = measurement.layout_of(9, exposure=exposure)
    layout.counts[::2] = 10.0
    density = measurement.density_of(layout, REFERENCE, MISPLACED)
    assert (density.rows < FEW).any(), "which is decided before counts are drawn"
    assert not (density.rows < FEW * layout.columns.periods).all()
    return density


def _elsewhere(density: Density, state: State) -> State:
    """Return a state that tells nothing of what the moves move: the curvature may depend on it, and on what they leave alone."""
    layout, middle = density.layout, copy.copy(state)
    quantity_of = layout.columns.quantity_of
    middle.means = np.tile(density.centre, (layout.groups, 1))
    middle.latent = np.tile(density.centre[quantity_of], (len(layout.cities), 1))
    middle.growth, middle.attention = np.zeros_like(state.growth), np.zeros_like(state.attention)
    middle.regional, middle.level = np.zeros_like(state.regional), density.anchored[layout.list_of]
    middle.base, middle.elasticity = density.anchored, np.ones_like(state.elasticity)
    middle.noise = np.full_like(state.noise, NOISE_MEDIAN)
    middle.regional_noise = np.full_like(state.regional_noise, NOISE_MEDIAN)
    middle.national, middle.own_national = np.zeros_like(state.national), np.zeros_like(state.own_national)
    return middle


def _cities(density: Density, state: State, rng: np.random.Generator) -> None:
    cities, middle = Cities(density), Cities.unknowns(_elsewhere(density, state))
    cities.curve(state, middle)
    cities.move(state, rng, middle)


def _together(density: Density, state: State, rng: np.random.Generator, fixed: tuple[str, ...] = (), length: float = 0.5) -> None:
    together = Together(Shared(density, fixed), Cities(density), length)
    together.curve(_elsewhere(density, state))
    together.move(state, rng)


def _together_without_held(density: Density, state: State, rng: np.random.Generator) -> None:
    _together(density, state, rng, HELD, 1.0)


def _sweep(density: Density, state: State, rng: np.random.Generator) -> None:
    for move in (_cities, _together, covariances.move):
        move(density, state, rng)


MOVES_TRIED: dict[str, Move] = {
    "cities": _cities,
    "together": _together,
    "together without held": _together_without_held,
    "covariances": covariances.draw,
    "spread": covariances.spread,
    "reshape": covariances.reshape,
    "rescale": covariances.rescale,
    "all": _sweep,
}


def _features(density: Density, state: State) -> np.ndarray:
    """Return bounded functions of the unknowns, each of them odd or even around the middle of a prior."""
    layout, columns = density.layout, density.layout.columns
    parameters = state.latent @ density.inverse_walk.T
    quantities = len(columns.quantities)
    steps = parameters[:, quantities:].reshape(len(parameters), columns.periods - 1, -1)
    sd, step_sd = np.sqrt(np.diag(state.covariance)), np.sqrt(np.diag(state.step_covariance))
    values = [
        (state.latent - REFERENCE) / 5,
        (parameters[:, :quantities] - state.means[layout.group_of]) / sd / state.spread[layout.group_of, :1],
        (steps - state.growth[layout.group_of]) / step_sd / state.spread[layout.group_of, 1, None, None],
        np.log(state.spread) * 2,
        (state.means - REFERENCE) / 5,
        state.growth / 0.7,
        np.log(sd),
        np.log(step_sd / 0.4) * 10,
        (state.covariance / np.outer(sd, sd))[np.triu_indices(quantities, 1)],
        state.attention / state.noise,
        3 * (state.attention / state.noise).mean(0),
        np.log(state.noise / NOISE_MEDIAN),
        (state.level - REFERENCE) / 3,
        (state.level - state.base[layout.list_of]) / density.period_sd,
        (state.base - density.anchored) / 3,
        (state.elasticity - 1) * 5,
        state.regional[layout.by_region] / state.regional_noise[layout.by_region, None],
        np.log(state.regional_noise / NOISE_MEDIAN),
        state.national,
        state.own_national[layout.family_of >= 0] * 2,
        (state.base.mean() - REFERENCE) * state.national,
        (state.means - REFERENCE) * state.base.mean() / 10,
        np.log1p(np.concatenate([part.total for part in layout.totals])) / 3,
    ]
    flat = np.tanh(np.concatenate([np.ravel(value) for value in values]))
    return np.concatenate([flat, flat**2])


def _drift(density: Density, move: Move, seed: int) -> np.ndarray:
    """Return how far the mean of each feature drifts from the prior's, in standard errors; 0 of what a move never touches."""
    rng = np.random.default_rng(seed)
    changes = []
    for _ in range(WORLDS):
        state = measurement.prior_draw(density, rng)
        before = _features(density, state)
        for _ in range(MOVES):
            move(density, state, rng)
            measurement.count(density, state, rng)
        changes.append(_features(density, state) - before)
    mean, error = np.mean(changes, axis=0), np.std(changes, axis=0) / np.sqrt(WORLDS)
    return np.divide(mean, error, out=np.zeros_like(mean), where=error > 1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("exposure", [-9.0, -2.0], ids=["few rows", "many rows"])
@pytest.mark.parametrize("name", MOVES_TRIED)
def test_a_move_leaves_the_model_as_it_is(name: str, exposure: float) -> None:
    drift = _drift(_density(exposure), MOVES_TRIED[name], seed=1)
    assert np.abs(drift).max() < LARGEST
    assert (drift != 0).any(), "the move moves nothing"
