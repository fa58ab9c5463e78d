"""Move how cities differ: the covariances of their levels and steps, and how far the cities of each group spread."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import (
    ELASTICITY_SD,
    GROWTH_SD,
    MEAN_SD,
    SPREAD_SD,
    State,
    Wishart,
    level_prior,
    log_intensity,
    step_prior,
)

#: Random-walk steps of the spreads, and how far each goes (log).
SPREAD_STEPS = 3

#: Random-walk steps of the scale of a quantity, and how far each goes (log).
SCALE_STEPS, SCALE_WALK = 4, 0.12

#: How far a random walk leans a quantity on the others, in standard errors of that regression, and stretches what is left (log)
#: where many cities tell of it, next to so many that do not.
LEAN, STRETCH, WORTH = 2.4, 0.4, 10


@dataclass(frozen=True)
class Block:
    """Levels or steps of all cities, less their mean and in units of their group's spread: ``left`` (city, step, quantity).

    ``few`` (city, quantity): few rows count it there; ``reach`` (step, quantity, column): what a step of a quantity does to the
    latent values.
    """

    left: np.ndarray
    unit: np.ndarray
    few: np.ndarray
    reach: np.ndarray
    prior: Wishart


def parameters(density: Density, latent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the level of each quantity (city, quantity) and the steps in time (city, step, flow)."""
    columns = density.layout.columns
    values = latent @ density.inverse_walk.T
    quantities = len(columns.quantities)
    return values[:, :quantities], values[:, quantities:].reshape(len(values), columns.periods - 1, -1)


def blocks(density: Density, state: State) -> dict[str, Block]:
    """Return levels and steps, by the name of their covariance."""
    layout, columns = density.layout, density.layout.columns
    levels, steps = parameters(density, state.latent)
    quantities, flows = len(columns.quantities), len(columns.flows)
    unit = state.spread[layout.group_of]
    walk = density.walk.T
    return {
        "covariance": Block(
            ((levels - state.means[layout.group_of]) / unit[:, :1])[:, None],
            unit[:, 0],
            density.has_few,
            walk[None, :quantities],
            level_prior(quantities),
        ),
        "step_covariance": Block(
            (steps - state.growth[layout.group_of]) / unit[:, 1, None, None],
            unit[:, 1],
            density.has_few[:, :flows],
            walk[quantities:].reshape(columns.periods - 1, flows, -1),
            step_prior(flows),
        ),
    }


def move(density: Density, state: State, rng: np.random.Generator) -> None:
    """Move all that says how cities differ."""
    # The moves write into the arrays, which other states may share.
    for name in ("latent", "means", "growth", "elasticity", "spread"):
        setattr(state, name, getattr(state, name).copy())
    draw(density, state, rng)
    spread(density, state, rng)
    reshape(density, state, rng)
    rescale(density, state, rng)


def draw(density: Density, state: State, rng: np.random.Generator) -> None:
    """Draw the covariances of levels and steps: conjugate inverse Wishart."""
    for name, block in blocks(density, state).items():
        left = block.left.reshape(-1, block.left.shape[2])
        setattr(state, name, _inverse_wishart(block.prior.worth + len(left), block.prior.scale + left.T @ left, rng))


def _inverse_wishart(worth: int, scale: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw by the Bartlett decomposition of a Wishart matrix."""
    size = len(scale)
    triangle = np.tril(rng.standard_normal((size, size)), -1) + np.diag(np.sqrt(rng.chisquare(worth - np.arange(size))))
    half = np.linalg.solve(triangle, np.linalg.cholesky(scale).T)
    return np.asarray(half.T @ half)


def spread(density: Density, state: State, rng: np.random.Generator) -> None:
    """Move how far the cities of each group but the last spread, latent values as they are: random-walk steps."""
    layout = density.layout
    members = density.in_group.sum(0)
    for place, (name, block) in enumerate(blocks(density, state).items()):
        left = block.left * block.unit[:, None, None]
        squares = np.einsum("csq,qr,csr->c", left, np.linalg.inv(getattr(state, name)), left) @ density.in_group
        size = left.shape[1] * left.shape[2] * members

        def target(log: np.ndarray, squares: np.ndarray = squares, size: np.ndarray = size) -> np.ndarray:
            return -0.5 * (log / SPREAD_SD) ** 2 - size * log - 0.5 * squares * np.exp(-2 * log)

        here = np.log(state.spread[:, place])
        for _ in range(SPREAD_STEPS):
            there = here + rng.normal(0, 2.4 / np.sqrt(2 * size))
            accepted = np.log(rng.random(len(here))) < target(there) - target(here)
            here = np.where(accepted & layout.is_spread_free, there, here)
        state.spread[:, place] = np.exp(here)


def rescale(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch a quantity around its reference and flatten the lists that count it: the likelihood stays, the priors decide."""
    layout, columns = density.layout, density.layout.columns
    for quantity, name in enumerate(columns.quantities):
        lists = layout.quantity_of == quantity
        if layout.sets_scale[lists].any():
            continue
        for _ in range(SCALE_STEPS):
            stretch = float(np.exp(rng.normal(0, SCALE_WALK)))
            elasticity = state.elasticity[lists]
            apart = state.means[:, quantity] - density.centre[quantity]
            ratio = -0.5 * ((elasticity / stretch - 1) ** 2 - (elasticity - 1) ** 2).sum() / ELASTICITY_SD**2
            ratio -= 0.5 * (stretch**2 - 1) * (apart**2).sum() / MEAN_SD**2
            trial = {"covariance": _scaled(state.covariance, quantity, stretch)}
            power = layout.groups + len(state.covariance) + 1 - lists.sum()
            if name in columns.flows:
                growth = state.growth[:, :, quantity]
                ratio -= 0.5 * (stretch**2 - 1) * (growth**2).sum() / GROWTH_SD**2
                trial["step_covariance"] = _scaled(state.step_covariance, quantity, stretch)
                power += growth.size + len(state.step_covariance) + 1
            for matrix, changed in trial.items():
                prior = level_prior(len(changed)) if matrix == "covariance" else step_prior(len(changed))
                ratio += _log_prior(changed, prior) - _log_prior(getattr(state, matrix), prior)
            # The latent values and their normal prior cancel.
            if np.log(rng.random()) < ratio + power * np.log(stretch):
                own = columns.of(name)
                state.latent[:, own] += (stretch - 1) * (state.latent[:, own] - density.reference[own])
                state.means[:, quantity] += (stretch - 1) * apart
                state.elasticity[lists] /= stretch
                if name in columns.flows:
                    state.growth[:, :, quantity] *= stretch
                for matrix, changed in trial.items():
                    setattr(state, matrix, changed)


def _scaled(covariance: np.ndarray, place: int, stretch: float) -> np.ndarray:
    scaled = covariance.copy()
    scaled[place] *= stretch
    scaled[:, place] *= stretch
    return scaled


def reshape(density: Density, state: State, rng: np.random.Generator) -> None:
    """Lean a quantity on the others, or stretch what they leave of it, together with the cities in which few rows count it.

    The covariance becomes A Σ Aᵀ. Cities with few rows follow it, those with many stay: so it is the latter that say whether
    the new shape fits, as if the others had been summed out.
    """
    for name, block in blocks(density, state).items():
        log_rate = log_intensity(density, state)
        for quantity in range(block.left.shape[2]):
            _reshape(density, state, name, block, quantity, _leaning, log_rate, rng)
            _reshape(density, state, name, block, quantity, _stretching, log_rate, rng)


#: Make the row of A that changes a quantity, from the covariance and the levels or steps of the cities with many rows.
Shape = Callable[[np.ndarray, int, np.ndarray, np.random.Generator], np.ndarray]


def _leaning(covariance: np.ndarray, quantity: int, many: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    others = np.delete(np.arange(len(covariance)), quantity)
    rest = many[:, others]
    variance = 1 / np.linalg.inv(covariance)[quantity, quantity]
    # Nothing here depends on how the quantity leans, so the way back is as likely.
    root = np.linalg.cholesky((rest.T @ rest + WORTH * covariance[np.ix_(others, others)]) / variance)
    row = np.ones(len(covariance))
    row[others] = LEAN / np.sqrt(len(others)) * np.linalg.solve(root.T, rng.standard_normal(len(others)))
    return row


def _stretching(covariance: np.ndarray, quantity: int, many: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    precision = np.linalg.inv(covariance)[quantity]
    stretch = float(np.exp(rng.normal(0, STRETCH / np.sqrt(1 + len(many) / WORTH))))
    row = (stretch - 1) * precision / precision[quantity]
    row[quantity] = stretch
    return row


def _reshape(
    density: Density,
    state: State,
    name: str,
    block: Block,
    quantity: int,
    shape: Shape,
    log_rate: np.ndarray,
    rng: np.random.Generator,
) -> None:
    layout, now = density.layout, getattr(state, name)
    few, size = block.few[:, quantity], len(now)
    row = shape(now, quantity, block.left[~few].reshape(-1, size), rng)
    moved = block.left[few] @ row
    change = ((moved - block.left[few][:, :, quantity]) * block.unit[few, None]) @ block.reach[:, quantity]
    channels, part = density.by_quantity[quantity]
    cells, there = np.ix_(few, channels), log_rate[:, channels]
    before = part.log_likelihood(there).sum()
    there[few] += state.elasticity[layout.list_of[channels]] * change[:, layout.column_of[channels]]
    ratio = part.log_likelihood(there).sum() - before
    turned = np.eye(size)
    turned[quantity] = row
    reshaped = turned @ now @ turned.T
    many = block.left[~few].reshape(-1, size)
    ratio += _log_prior(reshaped, block.prior) - _log_prior(now, block.prior)
    # How the quantity leans on the others stays or is shifted, and what they leave of it is stretched.
    ratio += _log_normal(many, reshaped) - _log_normal(many, now) + 2 * np.log(row[quantity])
    if np.log(rng.random()) < ratio:
        setattr(state, name, reshaped)
        state.latent[few] += change
        block.left[few, :, quantity] = moved
        log_rate[cells] = there[few]


def _log_normal(left: np.ndarray, covariance: np.ndarray) -> float:
    """Return the log density of rows ``left`` with mean 0 up to a constant."""
    root = np.linalg.cholesky(covariance)
    white = np.linalg.solve(root, left.T)
    return float(-0.5 * (white**2).sum() - len(left) * np.log(np.diag(root)).sum())


def _log_prior(covariance: np.ndarray, prior: Wishart) -> float:
    """Return the log density of an inverse-Wishart prior up to a constant."""
    trace = np.trace(np.linalg.solve(covariance, prior.scale))
    return float(-0.5 * (prior.worth + len(covariance) + 1) * np.linalg.slogdet(covariance)[1] - 0.5 * trace)
