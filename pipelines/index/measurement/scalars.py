"""Move single numbers that many cells share, each by one Newton step: levels, elasticities, regional and national attention."""

from collections.abc import Callable

import numpy as np
from scipy import stats

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import (
    ELASTICITY_SD,
    GROWTH_SD,
    LEVEL_SD,
    MEAN_SD,
    NATIONAL_SD,
    OWN_NATIONAL_SD,
    State,
    by_region,
    log_intensity,
)

#: How unknowns that touch disjoint cells act on log intensities: spread them over cells, sum cells for each of them.
Spread = Callable[[np.ndarray], np.ndarray]
Pool = Callable[[np.ndarray], np.ndarray]


def _newton_move(
    density: Density,
    state: State,
    here: np.ndarray,
    spread: Spread,
    effect: np.ndarray | float,
    pool: Pool,
    mean: np.ndarray | float,
    sd: np.ndarray | float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return unknowns after a Metropolis–Hastings step, each proposed by one Newton step from where it is.

    Their prior is normal. ``spread`` and ``effect`` (city, channel) say how changes of them act on the log intensities.
    """
    log_rate = log_intensity(density, state)

    def local(value: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        likelihood, slopes, information = density.terms(log_rate + spread(value - here), state.counts)
        slope = pool(slopes * effect) - (value - mean) / sd**2
        precision = pool(information * effect**2) + sd**-2
        target = pool(likelihood) - 0.5 * ((value - mean) / sd) ** 2
        return target, value + slope / precision, precision**-0.5

    target, centre, scale = local(here)
    there = centre + scale * rng.standard_normal(here.shape)
    new_target, new_centre, new_scale = local(there)
    forth, back = stats.norm.logpdf(there, centre, scale), stats.norm.logpdf(here, new_centre, new_scale)
    return np.where(np.log(rng.random(here.shape)) < new_target - target + back - forth, there, here)


def levels(density: Density, state: State, rng: np.random.Generator) -> None:
    mean = state.base[density.layout.list_of]
    moved = _newton_move(
        density, state, state.level, lambda change: change, 1.0, lambda cells: cells.sum(0), mean, density.period_sd, rng
    )
    state.level = moved


def elasticities(density: Density, state: State, rng: np.random.Generator) -> None:
    layout = density.layout
    centred = state.latent[:, layout.column_of] - density.reference[layout.column_of]
    moved = _newton_move(
        density,
        state,
        state.elasticity,
        lambda change: np.where(layout.anchor, 0.0, change)[layout.list_of] * centred,
        centred,
        lambda cells: cells.sum(0) @ density.in_list,
        1.0,
        ELASTICITY_SD,
        rng,
    )
    state.elasticity = np.where(layout.anchor, 1.0, moved)


def regional(density: Density, state: State, rng: np.random.Generator) -> None:
    layout = density.layout
    if layout.by_region.any():
        moved = _newton_move(
            density,
            state,
            state.regional,
            lambda change: by_region(density, change),
            1.0,
            lambda cells: _by_region(density, cells),
            0.0,
            state.regional_noise[:, None],
            rng,
        )
        state.regional = np.where(layout.by_region[:, None], moved, 0.0)


def _by_region(density: Density, cells: np.ndarray) -> np.ndarray:
    """Sum the cells (city, channel) of lists whose attention is a region's, (list, region)."""
    channels = density.layout.by_region[density.layout.list_of]
    return np.asarray((density.in_region.T @ cells[:, channels] @ density.in_list[channels]).T)


def national(density: Density, state: State, rng: np.random.Generator) -> None:
    state.national = _newton_move(
        density,
        state,
        state.national,
        lambda change: density.in_group @ change.T @ density.in_family.T,
        1.0,
        lambda cells: (density.in_group.T @ cells @ density.in_family).T,
        0.0,
        NATIONAL_SD,
        rng,
    )


def own_national(density: Density, state: State, rng: np.random.Generator) -> None:
    layout = density.layout
    free = (layout.family_of >= 0)[:, None]
    moved = _newton_move(
        density,
        state,
        state.own_national,
        lambda change: density.in_group @ np.where(free, change, 0.0)[layout.list_of].T,
        1.0,
        lambda cells: (density.in_group.T @ cells @ density.in_list).T,
        0.0,
        OWN_NATIONAL_SD,
        rng,
    )
    state.own_national = np.where(free, moved, 0.0)


def groups_against_levels(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise a quantity for all cities of one group, and lower the levels of lists that look nowhere else.

    Only lists that compare groups object, so this is how the groups find their distance.
    """
    layout = density.layout
    looks = density.in_group.T @ layout.covers @ density.in_list > 0
    is_local = (looks.sum(0) == 1) & ~layout.anchor
    group_of, quantity_of = looks.argmax(0), layout.quantity_of[layout.list_of]
    lift = np.where(is_local, 0.0, state.elasticity)[layout.list_of]
    # The shift's prior is that of the means and of the bases that fall with it.
    tied = np.where(is_local, state.elasticity, 0.0)
    precision = np.full(state.means.shape, MEAN_SD**-2)
    pull = (density.centre - state.means) / MEAN_SD**2
    np.add.at(precision, (group_of, layout.quantity_of), tied**2 / LEVEL_SD**2)
    np.add.at(pull, (group_of, layout.quantity_of), tied * (state.base - density.anchored) / LEVEL_SD**2)
    shift = _newton_move(
        density,
        state,
        np.zeros_like(state.means),
        lambda change: lift * change[layout.group_of][:, quantity_of],
        lift * np.ones_like(state.counts),
        lambda cells: density.in_group.T @ cells @ density.in_quantity,
        pull / precision,
        precision**-0.5,
        rng,
    )
    state.means += shift
    state.latent += shift[layout.group_of][:, layout.columns.quantity_of]
    fall = tied * shift[group_of, layout.quantity_of]
    state.level -= fall[layout.list_of]
    state.base -= fall


def columns_of_groups(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise a column for all cities of one group, and lower the levels of lists that look nowhere else.

    Means and growth of the group follow. Columns two periods apart share no step of growth, so that they move at once.
    """
    for moving in density.apart:
        _columns_of_groups(density, state, moving, rng)


def _columns_of_groups(density: Density, state: State, moving: np.ndarray, rng: np.random.Generator) -> None:
    layout, columns = density.layout, density.layout.columns
    walk, quantities = density.inverse_walk, len(columns.quantities)
    looks = density.in_group.T @ layout.covers > 0
    is_local = (looks.sum(0) == 1) & ~layout.anchor[layout.list_of]
    elasticity = state.elasticity[layout.list_of]
    lift, tied = np.where(is_local, 0.0, elasticity), np.where(is_local, elasticity, 0.0)
    place = (looks.argmax(0), layout.column_of)
    prior_sd = np.concatenate([np.full(quantities, MEAN_SD), np.full(columns.count - quantities, GROWTH_SD)])
    centre = np.concatenate([density.centre, np.zeros(columns.count - quantities)])
    parameters = np.concatenate([state.means, state.growth.reshape(layout.groups, -1)], axis=1)
    precision = np.tile((walk**2 / prior_sd[:, None] ** 2).sum(0), (layout.groups, 1))
    pull = -((parameters - centre) / prior_sd**2) @ walk
    np.add.at(precision, place, tied**2 / density.period_sd**2)
    np.add.at(pull, place, tied * (state.level - state.base[layout.list_of]) / density.period_sd**2)
    moved = _newton_move(
        density,
        state,
        np.zeros((layout.groups, columns.count)),
        lambda change: density.in_group @ np.where(moving, change, 0.0) @ (density.in_column * lift),
        lift * np.ones_like(state.counts),
        lambda cells: density.in_group.T @ cells @ density.in_column.T,
        pull / precision,
        precision**-0.5,
        rng,
    )
    shift = np.where(moving, moved, 0.0)
    state.latent += shift[layout.group_of]
    state.level -= tied * shift[place]
    parameters = parameters + shift @ walk.T
    state.means, state.growth = parameters[:, :quantities], parameters[:, quantities:].reshape(state.growth.shape)
