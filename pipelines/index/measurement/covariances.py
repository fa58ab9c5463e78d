"""Move how cities differ: means, growth and covariances of the latent values, and the scale they share with elasticities."""

from dataclasses import replace

import numpy as np
from scipy import stats

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import (
    ELASTICITY_SD,
    GROWTH_SD,
    MEAN_SD,
    State,
    Wishart,
    level_prior,
    log_intensity,
    step_prior,
)


def parameters(density: Density, state: State) -> tuple[np.ndarray, np.ndarray]:
    """Return the level of each quantity (city, quantity) and the steps in time (city, step, flow)."""
    columns = density.layout.columns
    parameters = state.latent @ density.inverse_walk.T
    quantities = len(columns.quantities)
    return parameters[:, :quantities], parameters[:, quantities:].reshape(len(parameters), columns.periods - 1, -1)


def means(density: Density, state: State, rng: np.random.Generator) -> None:
    """Draw the means and the growth of each group of cities: conjugate normal."""
    levels, steps = parameters(density, state)
    for group in range(density.layout.groups):
        members = density.layout.group_of == group
        state.means[group] = _mean(levels[members], state.covariance, density.centre, MEAN_SD, rng)
        for step in range(steps.shape[1]):
            state.growth[group, step] = _mean(steps[members, step], state.step_covariance, 0.0, GROWTH_SD, rng)


def _mean(
    values: np.ndarray, covariance: np.ndarray, centre: np.ndarray | float, sd: float, rng: np.random.Generator
) -> np.ndarray:
    inverse = np.linalg.inv(covariance)
    precision = len(values) * inverse + np.eye(len(covariance)) / sd**2
    mean = np.linalg.solve(precision, inverse @ values.sum(0) + centre / sd**2)
    root = np.linalg.cholesky(precision)
    return np.asarray(mean + np.linalg.solve(root.T, rng.standard_normal(len(mean))))


def covariances(density: Density, state: State, rng: np.random.Generator) -> None:
    """Draw the covariances across quantities: conjugate inverse Wishart."""
    levels, steps = parameters(density, state)
    group_of = density.layout.group_of
    state.covariance = _covariance(levels - state.means[group_of], level_prior(levels.shape[1]), rng)
    left = (steps - state.growth[group_of]).reshape(-1, steps.shape[2])
    state.step_covariance = _covariance(left, step_prior(steps.shape[2]), rng)


def _covariance(left: np.ndarray, prior: Wishart, rng: np.random.Generator) -> np.ndarray:
    return np.atleast_2d(stats.invwishart.rvs(prior.worth + len(left), prior.scale + left.T @ left, random_state=rng))


def stretch_steps(density: Density, state: State, rng: np.random.Generator) -> None:
    layout, columns = density.layout, density.layout.columns
    walk = columns.walk()
    _, steps = parameters(density, state)
    quantities, flows = len(columns.quantities), len(columns.flows)
    left = (steps - state.growth[layout.group_of]).reshape(len(steps), -1)
    log_rate = log_intensity(density, state)
    for flow in range(flows):
        places = np.arange(flow, left.shape[1], flows)
        stretch = float(np.exp(rng.normal(0, 0.08)))
        change = (stretch - 1) * left[:, places] @ walk[:, quantities + places].T
        channels = (change != 0).any(0)[layout.column_of]
        part, counts, now = density.only(channels), state.counts[:, channels], log_rate[:, channels]
        there = now + state.elasticity[layout.list_of[channels]] * change[:, layout.column_of[channels]]
        ratio = (part.log_likelihood(there, counts) - part.log_likelihood(now, counts)).sum()
        stretched = _scaled(state.step_covariance, flow, stretch)
        prior = step_prior(flows)
        ratio += _log_prior(stretched, prior) - _log_prior(state.step_covariance, prior) + (flows + 1) * np.log(stretch)
        if np.log(rng.random()) < ratio:
            state.step_covariance = stretched
            state.latent += change
            log_rate[:, channels] = there
            left[:, places] *= stretch


def reshape_levels(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch a quantity, or lean it on another, together with the levels of the cities in which few rows count it.

    The covariance becomes A Σ Aᵀ. Cities with few rows follow it, those with many stay: so it is the latter that say whether
    the new shape fits, as if the others had been summed out.
    """
    layout, columns = density.layout, density.layout.columns
    levels, _ = parameters(density, state)
    left = levels - state.means[layout.group_of]
    size = left.shape[1]
    prior = level_prior(size)
    log_rate = log_intensity(density, state)
    for quantity, name in enumerate(columns.quantities):
        for other in (quantity, int(rng.choice(np.delete(np.arange(size), quantity)))):
            amount = float(np.exp(rng.normal(0, 0.1)) - 1) if other == quantity else float(rng.normal(0, 0.06))
            few = density.has_few[:, quantity]
            change = amount * left[few, other]
            channels = layout.quantity_of[layout.list_of] == quantity
            part, counts, now = density.only(channels, few), state.counts[np.ix_(few, channels)], log_rate[np.ix_(few, channels)]
            there = now + state.elasticity[layout.list_of[channels]] * change[:, None]
            ratio = (part.log_likelihood(there, counts) - part.log_likelihood(now, counts)).sum()
            shape = np.eye(size)
            shape[quantity, other] += amount
            reshaped = shape @ state.covariance @ shape.T
            ratio += _log_prior(reshaped, prior) - _log_prior(state.covariance, prior)
            ratio += _log_normal(left[~few], reshaped) - _log_normal(left[~few], state.covariance)
            ratio += (size + 1) * np.log(abs(shape[quantity, quantity]))
            if np.log(rng.random()) < ratio:
                state.covariance = reshaped
                state.latent[np.ix_(few, columns.of(name))] += change[:, None]
                left[few, quantity] += change
                log_rate[np.ix_(few, channels)] = there


def _log_normal(left: np.ndarray, covariance: np.ndarray) -> float:
    """Return the log density of rows ``left`` with mean 0 up to a constant."""
    root = np.linalg.cholesky(covariance)
    white = np.linalg.solve(root, left.T)
    return float(-0.5 * (white**2).sum() - len(left) * np.log(np.diag(root)).sum())


def scale_against_elasticity(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch the levels of a quantity around its reference, flatten its lists, and let the anchor's attention yield.

    What the lists say then changes little, so that a chain can walk along the scale.
    """
    layout, columns = density.layout, density.layout.columns
    log_rate = log_intensity(density, state)
    for quantity, name in enumerate(columns.quantities):
        stretch = float(np.exp(rng.normal(0, 0.05)))
        free = (layout.quantity_of == quantity) & ~layout.anchor
        channels = np.flatnonzero(layout.quantity_of[layout.list_of] == quantity)
        levels, _ = parameters(density, state)
        change = (stretch - 1) * (levels[:, quantity] - density.centre[quantity])
        elasticity = np.where(free, state.elasticity / stretch, state.elasticity)
        yielding = [source for source in layout.own_noise[(layout.quantity_of == quantity) & layout.anchor] if source >= 0]
        yielding = [source for source in yielding if not layout.is_exact_noise[source]]
        attention = state.attention.copy()
        attention[:, yielding] -= change[:, None]
        part, counts, now = density.only(channels), state.counts[:, channels], log_rate[:, channels]
        trial = replace(state, latent=state.latent.copy(), elasticity=elasticity, attention=attention)
        trial.latent[:, columns.of(name)] += change[:, None]
        there = log_intensity(density, trial)[:, channels]
        ratio = (part.log_likelihood(there, counts) - part.log_likelihood(now, counts)).sum()
        noise = state.noise[yielding]
        ratio -= 0.5 * ((attention[:, yielding] ** 2 - state.attention[:, yielding] ** 2) / noise**2).sum()
        ratio -= 0.5 * (((elasticity[free] - 1) ** 2) - (state.elasticity[free] - 1) ** 2).sum() / ELASTICITY_SD**2
        ratio -= 0.5 * (stretch**2 - 1) * ((state.means[:, quantity] - density.centre[quantity]) ** 2).sum() / MEAN_SD**2
        covariance = _scaled(state.covariance, quantity, stretch)
        prior = level_prior(len(covariance))
        ratio += _log_prior(covariance, prior) - _log_prior(state.covariance, prior)
        # What the volume of the unknowns changes by; the levels of the cities and their normal prior cancel.
        power = layout.groups + len(covariance) + 1 - free.sum()
        if np.log(rng.random()) < ratio + power * np.log(stretch):
            state.latent, state.attention, state.elasticity = trial.latent, attention, elasticity
            state.means[:, quantity] += (stretch - 1) * (state.means[:, quantity] - density.centre[quantity])
            state.covariance = covariance
            log_rate[:, channels] = there


def _scaled(covariance: np.ndarray, place: int, stretch: float) -> np.ndarray:
    scaled = covariance.copy()
    scaled[place] *= stretch
    scaled[:, place] *= stretch
    return scaled


def _log_prior(covariance: np.ndarray, prior: Wishart) -> float:
    """Return the log density of an inverse-Wishart prior up to a constant."""
    trace = np.trace(np.linalg.solve(covariance, prior.scale))
    return float(-0.5 * (prior.worth + len(covariance) + 1) * np.linalg.slogdet(covariance)[1] - 0.5 * trace)
