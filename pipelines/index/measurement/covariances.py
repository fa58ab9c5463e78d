"""Move how cities differ: the covariances of their levels and steps, and how far the cities of each group spread."""

from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.density import FEW, Density
from pipelines.index.measurement.state import (
    MEAN_SD,
    SPREAD_SD,
    State,
    Wishart,
    elasticity_mean,
    elasticity_sd,
    grown,
    level_prior,
    log_intensity,
    step_prior,
)

#: Random-walk steps of the spreads, and how far each goes (log).
SPREAD_STEPS = 2

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
            density.rows < FEW,
            walk[None, :quantities],
            level_prior(quantities),
        ),
        "step_covariance": Block(
            (steps - state.growth[layout.group_of]) / unit[:, 1, None, None],
            unit[:, 1],
            density.rows[:, :flows] < FEW * columns.periods,
            walk[quantities:].reshape(columns.periods - 1, flows, -1),
            step_prior(flows),
        ),
    }


def move(density: Density, state: State, rng: np.random.Generator) -> None:
    """Move all that says how cities differ."""
    # The moves write into the arrays, which other states may share.
    for name in ("latent", "means", "elasticity", "spread"):
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
    """Move how far the cities of each group but the largest spread: random-walk steps.

    Where few rows count a quantity, a city comes along; where many do, it stays, and says whether the spread fits.
    """
    layout, (city, channel) = density.layout, density.cells
    for place, (name, block) in enumerate(blocks(density, state).items()):
        precision, few = np.linalg.inv(getattr(state, name)), block.few[:, None]
        staying = np.broadcast_to(~few, block.left.shape).sum((1, 2)) @ density.in_group
        walk = np.where(layout.is_spread_free, 2.4 / np.sqrt(2 * staying + SPREAD_SD**-2), 0.0)
        elasticity, column = state.elasticity[layout.list_of[channel]], layout.column_of[channel]

        def told(log_rate: np.ndarray, left: np.ndarray, precision: np.ndarray = precision) -> np.ndarray:
            likelihood = np.bincount(city, density.log_likelihood(log_rate), len(left))
            return np.asarray(likelihood - 0.5 * (left @ precision * left).sum((1, 2)))

        left, log_rate = block.left, log_intensity(density, state)[density.cells]
        before = told(log_rate, left)
        for _ in range(SPREAD_STEPS):
            here, rise = np.log(state.spread[:, place]), walk * rng.standard_normal(layout.groups)
            stretch = np.exp(rise)[layout.group_of, None, None]
            change = np.where(few, left * (stretch - 1), 0.0) * state.spread[layout.group_of, place, None, None]
            latent = np.tensordot(change, block.reach, axes=2)
            there, rate = np.where(few, left, left / stretch), log_rate + elasticity * latent[city, column]
            after = told(rate, there)
            ratio = (after - before) @ density.in_group - staying * rise - 0.5 * ((here + rise) ** 2 - here**2) / SPREAD_SD**2
            accepted = np.log(rng.random(layout.groups)) < ratio
            state.spread[:, place] = np.exp(here + np.where(accepted, rise, 0.0))
            moved = accepted[layout.group_of]
            state.latent += np.where(moved[:, None], latent, 0.0)
            left, log_rate = np.where(moved[:, None, None], there, left), np.where(moved[city], rate, log_rate)
            before = np.where(moved, after, before)


def rescale(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch how cities differ in a quantity and flatten the lists that count it: the likelihood stays, the priors decide."""
    layout, columns = density.layout, density.layout.columns
    middle = density.reference + grown(density, state)[layout.group_of]
    expected, scatter = elasticity_mean(layout), elasticity_sd(layout)
    priors = {"covariance": level_prior(len(state.covariance))}
    priors["step_covariance"] = step_prior(len(state.step_covariance))
    precision = {name: np.linalg.inv(getattr(state, name)) for name in priors}
    for quantity, name in enumerate(columns.quantities):
        lists = layout.quantity_of == quantity
        if layout.sets_scale[lists].any():
            continue
        is_flow, is_free = name in columns.flows, lists & layout.has_elasticity
        matrices = {matrix: priors[matrix] for matrix in (("covariance", "step_covariance") if is_flow else ("covariance",))}
        power = layout.groups - is_free.sum() + sum(len(prior.scale) + 1 for prior in matrices.values())
        for _ in range(SCALE_STEPS):
            stretch = float(np.exp(rng.normal(0, SCALE_WALK)))
            elasticity = state.elasticity[is_free]
            apart = state.means[:, quantity] - density.centre[quantity]
            apart_by = (elasticity / stretch - expected[is_free]) ** 2 - (elasticity - expected[is_free]) ** 2
            ratio = -0.5 * (apart_by / scatter[is_free] ** 2).sum()
            ratio -= 0.5 * (stretch**2 - 1) * (apart**2).sum() / MEAN_SD**2
            for matrix, prior in matrices.items():
                row = _only(len(prior.scale), quantity, stretch)
                ratio += _rise(precision[matrix], prior.scale, prior.worth + len(row) + 1, row, quantity)
            # The latent values and their normal prior cancel.
            if np.log(rng.random()) < ratio + power * np.log(stretch):
                own = columns.of(name)
                state.latent[:, own] += (stretch - 1) * (state.latent - middle)[:, own]
                state.means[:, quantity] += (stretch - 1) * apart
                state.elasticity[lists] /= stretch
                for matrix, prior in matrices.items():
                    setattr(state, matrix, _turned(getattr(state, matrix), _only(len(prior.scale), quantity, stretch), quantity))
                    precision[matrix] = np.linalg.inv(getattr(state, matrix))


def reshape(density: Density, state: State, rng: np.random.Generator) -> None:
    """Lean a quantity on the others, or stretch what they leave of it, together with the cities in which few rows count it.

    The covariance becomes A Σ Aᵀ. Cities with few rows follow it, those with many stay: so it is the latter that say whether
    the new shape fits, as if the others had been summed out.
    """
    for name, block in blocks(density, state).items():
        log_rate = log_intensity(density, state)[density.cells]
        precision = np.linalg.inv(getattr(state, name))
        for quantity in range(block.left.shape[2]):
            precision = _reshape(density, state, name, block, quantity, log_rate, precision, rng)


def _reshape(
    density: Density,
    state: State,
    name: str,
    block: Block,
    quantity: int,
    log_rate: np.ndarray,
    precision: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Move one quantity, and ``log_rate`` (cell,) with it; return the inverse of the covariance, ``precision`` until then."""
    few, (own, part) = block.few[:, quantity], density.by_quantity[quantity]
    many = block.left[~few].reshape(-1, block.left.shape[2])
    told = many.T @ many
    worth = block.prior.worth + len(told) + 1 + len(many)
    (city, channel), change = (places[own] for places in density.cells), np.zeros_like(state.latent)
    elasticity, column = state.elasticity[density.layout.list_of[channel]], density.layout.column_of[channel]
    likelihood = part.log_likelihood(log_rate[own]).sum()
    for shape in (_leaning, _stretching):
        now, left = getattr(state, name), block.left[few]
        row = shape(now, precision, told, len(many), quantity, rng)
        moved = left @ row
        change[few] = ((moved - left[:, :, quantity]) * block.unit[few, None]) @ block.reach[:, quantity]
        there = log_rate[own] + elasticity * change[city, column]
        after = part.log_likelihood(there).sum()
        # How the quantity leans on the others stays or is shifted, and what they leave of it is stretched.
        ratio = after - likelihood + _rise(precision, block.prior.scale + told, worth, row, quantity) + 2 * np.log(row[quantity])
        if np.log(rng.random()) < ratio:
            setattr(state, name, _turned(now, row, quantity))
            precision = np.linalg.inv(getattr(state, name))
            state.latent += change
            block.left[few, :, quantity] = moved
            log_rate[own], likelihood = there, after
    return precision


def _leaning(
    covariance: np.ndarray, precision: np.ndarray, told: np.ndarray, many: int, quantity: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the row of A that leans a quantity on the others: from the covariance, its inverse, and the levels or steps of the
    cities with many rows, of which ``told`` (quantity, quantity) is the sum of squares and ``many`` how many they are."""
    others = np.arange(len(covariance)) != quantity
    # Nothing here depends on how the quantity leans, so the way back is as likely.
    known = (told + WORTH * covariance)[others][:, others]
    root = np.linalg.cholesky(known * precision[quantity, quantity])
    row = np.ones(len(covariance))
    row[others] = LEAN / np.sqrt(len(root)) * np.linalg.solve(root.T, rng.standard_normal(len(root)))
    return row


def _stretching(
    covariance: np.ndarray, precision: np.ndarray, told: np.ndarray, many: int, quantity: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the row of A that stretches what the others leave of a quantity, from the same."""
    stretch = float(np.exp(rng.normal(0, STRETCH / np.sqrt(1 + many / WORTH))))
    row = (stretch - 1) * precision[quantity] / precision[quantity, quantity]
    row[quantity] = stretch
    return row


def _only(size: int, quantity: int, stretch: float) -> np.ndarray:
    """Return the row of A that stretches a quantity and leaves the others out of it."""
    row = np.zeros(size)
    row[quantity] = stretch
    return row


def _turned(matrix: np.ndarray, row: np.ndarray, quantity: int) -> np.ndarray:
    """Return A M Aᵀ, where A is the identity but for the ``row`` of a quantity."""
    turned, moved = matrix.copy(), matrix @ row
    turned[quantity] = turned[:, quantity] = moved
    turned[quantity, quantity] = row @ moved
    return turned


def _rise(precision: np.ndarray, known: np.ndarray, worth: int, row: np.ndarray, quantity: int) -> float:
    """Return how much the log density of a covariance rises as it becomes A Σ Aᵀ, ``precision`` being Σ⁻¹.

    The density is |Σ|^(−``worth`` / 2) exp(−tr(Σ⁻¹ ``known``) / 2): that of an inverse-Wishart prior, and of normal rows.
    """
    back = -row / row[quantity]
    back[quantity] = 1 / row[quantity]
    change = precision * (_turned(known, back, quantity) - known)
    return float(-0.5 * change.sum() - worth * np.log(row[quantity]))
