"""Every move of the sampler leaves the model as it is.

Geweke (2004, JASA 99, 799–804): unknowns drawn from their priors and counts drawn from the unknowns are a draw of both. So they
are after any number of correct moves, each followed by new counts. A prior, a Jacobian or a likelihood that a move forgets shows
as moments that drift.
"""

from collections.abc import Callable

import numpy as np
import pytest

from pipelines.index.measurement import covariances, shared
from pipelines.index.measurement.cities import Cities
from pipelines.index.measurement.density import FEW, Density
from pipelines.index.measurement.sampler import HELD
from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.state import NOISE_MEDIAN, State, level_prior, log_intensity, period_sd, step_prior
from pipelines.index.measurement.together import Together
from tests.support import measurement

Move = Callable[[Density, State, np.random.Generator], object]

#: Where the quantities lie, and how many rows of others a list with wrong rows has in each city.
REFERENCE, MISPLACED = 2.0, 0.3

#: How wide the priors of means and bases are here (standard deviation, log). Where they are as wide as those of the model, most
#: worlds hold so much or so little that hardly a move is accepted, and none drifts.
WIDE = 0.5

#: Moves in each world, and how far a mean may drift, in its standard errors.
MOVES, LARGEST = 4, 4.8

#: Draws from the priors over which what lists tell is averaged.
TOLD = 100


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Narrow the widest priors, wherever they are read."""
    for module, name in ((measurement, "MEAN_SD"), (measurement, "LEVEL_SD"), (shared, "MEAN_SD"), (shared, "LEVEL_SD")):
        monkeypatch.setattr(module, name, WIDE)
    monkeypatch.setattr(covariances, "MEAN_SD", WIDE)


def _density(exposure: float) -> Density:
    """Cities take turns in having few rows, on which some moves depend."""
    layout = measurement.layout_of(9, measurement.EDITIONS, exposure=exposure)
    layout.counts[::2] = 10.0
    density = measurement.density_of(layout, REFERENCE, MISPLACED)
    assert (density.rows < FEW).any(), "which is decided before counts are drawn"
    assert not (density.rows < FEW * layout.columns.periods).all()
    return density


def _middle(density: Density) -> State:
    """Return the middle of the priors, as the state where curvatures are taken: they may not depend on what moves."""
    layout, middle = density.layout, measurement.prior_draw(density, np.random.default_rng(0))
    columns = layout.columns
    middle.means = np.tile(density.centre, (layout.groups, 1))
    middle.latent = np.tile(density.centre[columns.quantity_of], (len(layout.cities), 1))
    middle.growth, middle.attention = np.zeros_like(middle.growth), np.zeros_like(middle.attention)
    middle.regional, middle.level = np.zeros_like(middle.regional), density.anchored[layout.base_of]
    middle.base, middle.elasticity = density.anchored, np.ones_like(middle.elasticity)
    middle.noise = np.full_like(middle.noise, NOISE_MEDIAN)
    middle.regional_noise = np.full_like(middle.regional_noise, NOISE_MEDIAN)
    middle.national, middle.own_national = np.zeros_like(middle.national), np.zeros_like(middle.own_national)
    levels, steps = level_prior(len(columns.quantities)), step_prior(len(columns.flows))
    middle.covariance, middle.step_covariance = levels.scale / levels.worth, steps.scale / steps.worth
    middle.spread = np.ones_like(middle.spread)
    measurement.count(density, middle, np.random.default_rng(0))
    return middle


def _told(density: Density) -> np.ndarray:
    """Return what lists tell on average (cell,), over draws from the priors."""
    rng = np.random.default_rng(0)
    states = [measurement.prior_draw(density, rng) for _ in range(TOLD)]
    return np.mean([density.information(log_intensity(density, state)[density.cells]) for state in states], axis=0)


def _cities(density: Density) -> Move:
    cities, middle = Cities(density), _middle(density)
    cities.curve(middle, Cities.unknowns(middle), _told(density))
    return lambda _, state, rng: cities.move(state, rng, Cities.unknowns(middle))


def _together(density: Density, fixed: tuple[str, ...] = (), length: float = 0.3) -> Move:
    together = Together(Shared(density, fixed), Cities(density), length)
    told = _told(density)
    together.curve(_middle(density), told)
    return lambda _, state, rng: together.move(state, rng)


def _sweep(density: Density) -> Move:
    moves = [_cities(density), _together(density, HELD, 0.5), covariances.move]
    return lambda *given: [move(*given) for move in moves]


#: Make each move for a density: what it is to know of it beforehand is the same in all worlds. And the number of worlds: few of
#: moves that cost much, many of those that go a short way.
MOVES_TRIED: dict[str, tuple[Callable[[Density], Move], int]] = {
    "cities": (_cities, 400),
    "together": (_together, 150),
    "covariances": (lambda _: covariances.draw, 400),
    "spread": (lambda _: covariances.spread, 400),
    "reshape": (lambda _: covariances.reshape, 400),
    "rescale": (lambda _: covariances.rescale, 1000),
    "all": (_sweep, 150),
}


def _features(density: Density, state: State) -> np.ndarray:
    """Return bounded functions of the unknowns, each of them odd or even around the middle of a prior."""
    layout, columns = density.layout, density.layout.columns
    parameters = state.latent @ density.inverse_walk.T
    quantities = len(columns.quantities)
    steps = parameters[:, quantities:].reshape(len(parameters), columns.periods - 1, -1)
    sd, step_sd = np.sqrt(np.diag(state.covariance)), np.sqrt(np.diag(state.step_covariance))
    vector = Shared(density)
    values = [
        vector.inverse @ (vector.take(state) - vector.mean) / 2,
        (state.latent - REFERENCE) / 3,
        (parameters[:, :quantities] - state.means[layout.group_of]) / sd / state.spread[layout.group_of, :1],
        (steps - state.growth[layout.group_of]) / step_sd / state.spread[layout.group_of, 1, None, None],
        np.log(state.spread) * 2,
        state.means - REFERENCE,
        state.growth / 0.7,
        np.log(sd),
        np.log(step_sd / 0.4) * 10,
        (state.covariance / np.outer(sd, sd))[np.triu_indices(quantities, 1)],
        state.attention / state.noise,
        3 * (state.attention / state.noise).mean(0),
        np.log(state.noise / NOISE_MEDIAN),
        state.level - REFERENCE,
        (state.level - state.base[layout.base_of]) / period_sd(layout),
        state.base - density.anchored,
        (state.elasticity - 1) * 5,
        state.regional[layout.by_region] / state.regional_noise[layout.by_region, None],
        np.log(state.regional_noise / NOISE_MEDIAN),
        state.national,
        state.own_national[layout.family_of >= 0] * 2,
        3 * (state.base.mean() - REFERENCE) * state.national,
        3 * (state.means - REFERENCE) * (state.base.mean() - REFERENCE),
    ]
    # What hardly shows in any one of many alike shows in their mean.
    flat = [np.tanh(np.ravel(value)) for value in values]
    pooled = [[part.mean(), (part**2).mean()] for part in flat]
    return np.concatenate([*flat, *(part**2 for part in flat), *pooled])


def _changes(density: Density, move: Move, worlds: int, seed: int) -> np.ndarray:
    """Return how each feature changes from the prior's draw of each world, (world, feature)."""
    rng = np.random.default_rng(seed)
    changes = []
    for _ in range(worlds):
        state = measurement.prior_draw(density, rng)
        before = _features(density, state)
        for _ in range(MOVES):
            move(density, state, rng)
            measurement.count(density, state, rng)
        changes.append(_features(density, state) - before)
    return np.array(changes)


@pytest.mark.slow
@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("exposure", [-9.0, -2.0], ids=["few rows", "many rows"])
@pytest.mark.parametrize("name", MOVES_TRIED)
def test_a_move_leaves_the_model_as_it_is(name: str, exposure: float) -> None:
    density, (make, worlds) = _density(exposure), MOVES_TRIED[name]
    changes = _changes(density, make(density), worlds, seed=1)
    assert changes.any(1).mean() > 0.4, "hardly any move is accepted"
    mean, error = changes.mean(0), changes.std(0) / np.sqrt(len(changes))
    # What a move never touches does not drift.
    assert np.abs(np.divide(mean, error, out=np.zeros_like(mean), where=error > 1e-9)).max() < LARGEST
