"""Move along directions in which the likelihood is constant, or nearly so; chains would creep along them otherwise."""

import numpy as np

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import GROWTH_SD, LEVEL_SD, MEAN_SD, NATIONAL_SD, OWN_NATIONAL_SD, State


def bases(density: Density, state: State, rng: np.random.Generator) -> None:
    """Draw what the levels of each list scatter around; an anchor's is fixed."""
    layout = density.layout
    weight = density.period_sd**-2
    precision = weight @ density.in_list + LEVEL_SD**-2
    mean = ((weight * state.level) @ density.in_list + density.anchored / LEVEL_SD**2) / precision
    drawn = mean + rng.standard_normal(mean.shape) / np.sqrt(precision)
    state.base = np.where(layout.anchor, density.anchored, drawn)


def level_against_attention(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise a list's level and lower its attention to every city by as much: the likelihood stays, the priors decide."""
    layout = density.layout
    own = layout.own_noise
    for place in range(len(layout.lists)):
        channels = layout.list_of == place
        if layout.by_region[place]:
            values, sd = state.regional[place], state.regional_noise[place]
        else:
            values, sd = state.attention[:, own[place]], state.noise[own[place]]
        # Attention minus t ~ N(0, sd); level plus t; an anchor's base stays, another's moves along.
        precision, pull = len(values) / sd**2, values.sum() / sd**2
        if layout.anchor[place]:
            precision += (density.period_sd[channels] ** -2).sum()
            pull -= ((state.level[channels] - state.base[place]) / density.period_sd[channels] ** 2).sum()
        else:
            precision += LEVEL_SD**-2
            pull -= (state.base[place] - density.anchored[place]) / LEVEL_SD**2
        shift = pull / precision + rng.standard_normal() / np.sqrt(precision)
        values -= shift
        state.level[channels] += shift
        if not layout.anchor[place]:
            state.base[place] += shift


def latent_against_level(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise a column for all cities and lower the levels of the lists that count it: the likelihood stays."""
    layout, columns = density.layout, density.layout.columns
    walk = density.inverse_walk
    quantities = len(columns.quantities)
    prior_sd = np.concatenate([np.full(quantities, MEAN_SD), np.full(columns.count - quantities, GROWTH_SD)])
    centre = np.concatenate([density.centre, np.zeros(columns.count - quantities)])
    for column in range(columns.count):
        direction = walk[:, column]
        channels = layout.column_of == column
        lift = state.elasticity[layout.list_of[channels]]
        apart = state.level[channels] - state.base[layout.list_of[channels]]
        parameters = np.concatenate([state.means, state.growth.reshape(layout.groups, -1)], axis=1)
        weight = density.period_sd[channels] ** -2
        precision = (weight * lift**2).sum() + layout.groups * (direction**2 / prior_sd**2).sum()
        pull = (weight * lift * apart).sum() - ((parameters - centre) * direction / prior_sd**2).sum()
        shift = pull / precision + rng.standard_normal() / np.sqrt(precision)
        state.latent[:, column] += shift
        state.level[channels] -= lift * shift
        moved = parameters + direction * shift
        state.means, state.growth = moved[:, :quantities], moved[:, quantities:].reshape(state.growth.shape)


def national_against_others(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise what a family holds of all groups and lower its levels, then of a group alone: the likelihood stays."""
    layout = density.layout
    for family in range(len(layout.families)):
        lists = np.flatnonzero(layout.family_of == family)
        if not len(lists):
            continue
        channels = np.isin(layout.list_of, lists)
        free = lists[~layout.anchor[lists]]
        held = channels & layout.anchor[layout.list_of]
        weight = np.where(held, density.period_sd**-2, 0.0)
        precision = layout.groups / NATIONAL_SD**2 + weight.sum() + len(free) / LEVEL_SD**2
        pull = -state.national[family].sum() / NATIONAL_SD**2
        pull += (weight * (state.level - state.base[layout.list_of])).sum()
        pull += (state.base[free] - density.anchored[free]).sum() / LEVEL_SD**2
        shift = pull / precision + rng.standard_normal() / np.sqrt(precision)
        state.national[family] += shift
        state.level[channels] -= shift
        state.base[free] -= shift
        _family_against_cities(density, state, family, rng)


def _family_against_cities(density: Density, state: State, family: int, rng: np.random.Generator) -> None:
    """Raise what a family holds of a group and lower its attention to the group's cities, or regions for lists by region."""
    layout = density.layout
    source = layout.family_noise[family]
    if source < 0:
        return
    by_region = np.flatnonzero((layout.family_of == family) & layout.by_region)
    for group in range(layout.groups):
        members, regions = layout.group_of == group, density.group_of_region == group
        regional = state.regional[np.ix_(by_region, regions)]
        noise = state.regional_noise[by_region]
        precision = members.sum() / state.noise[source] ** 2 + NATIONAL_SD**-2 + (regions.sum() / noise**2).sum()
        pull = state.attention[members, source].sum() / state.noise[source] ** 2
        pull += (regional.sum(1) / noise**2).sum() - state.national[family, group] / NATIONAL_SD**2
        shift = pull / precision + rng.standard_normal() / np.sqrt(precision)
        state.national[family, group] += shift
        state.attention[members, source] -= shift
        state.regional[np.ix_(by_region, regions)] -= shift


def own_national_against_others(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise what a list adds to its family's attention to groups, and lower what says the same: the likelihood stays.

    That is the attention of its family to the group, its own to the cities or regions of the group, and its level.
    """
    layout = density.layout
    weight = 1 / OWN_NATIONAL_SD**2
    for family in range(len(layout.families)):
        lists = layout.family_of == family
        precision = NATIONAL_SD**-2 + lists.sum() * weight
        pull = weight * state.own_national[lists].sum(0) - state.national[family] / NATIONAL_SD**2
        shift = pull / precision + rng.standard_normal(layout.groups) / np.sqrt(precision)
        state.national[family] += shift
        state.own_national[lists] -= shift
    for place in np.flatnonzero(layout.family_of >= 0):
        own = state.own_national[place]
        if layout.by_region[place]:
            values, noise, group_of = state.regional[place], state.regional_noise[place], density.group_of_region
        else:
            source = layout.own_noise[place]
            values, noise, group_of = state.attention[:, source], state.noise[source], layout.group_of
        precision = weight + np.bincount(group_of, minlength=layout.groups) / noise**2
        pull = np.bincount(group_of, values, minlength=layout.groups) / noise**2 - weight * own
        shift = pull / precision + rng.standard_normal(layout.groups) / np.sqrt(precision)
        own += shift
        values -= shift[group_of]
        channels, scatter = layout.list_of == place, density.period_sd[layout.list_of == place] ** -2
        if layout.anchor[place]:
            precision, pull = scatter.sum(), (scatter * (state.level[channels] - state.base[place])).sum()
        else:
            precision, pull = LEVEL_SD**-2, (state.base[place] - density.anchored[place]) / LEVEL_SD**2
        precision, pull = precision + layout.groups * weight, pull - weight * own.sum()
        raised = pull / precision + rng.standard_normal() / np.sqrt(precision)
        own += raised
        state.level[channels] -= raised
        if not layout.anchor[place]:
            state.base[place] -= raised


def groups_against_nations(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise what the cities of one group have, and lower the attention of the lists to it: the likelihood stays.

    One quantity after another against its lists; then all of them against the families. A census has no attention: it lowers
    its level if it looks at one group only, and else its quantity stays.
    """
    layout = density.layout
    groups, weight, base_weight = layout.groups, 1 / OWN_NATIONAL_SD**2, 1 / LEVEL_SD**2
    looks = density.in_group.T @ layout.covers @ density.in_list > 0
    yields = layout.is_exact & ~layout.anchor & (looks.sum(0) == 1)
    home = looks.argmax(0)
    in_home = np.eye(groups)[home].T
    in_quantity = np.eye(len(layout.columns.quantities))[layout.quantity_of]
    raised = looks @ (in_quantity * (layout.is_exact & ~yields)[:, None]) == 0
    of_family = in_quantity * (layout.family_of >= 0)[:, None]
    stretch, fall = state.elasticity[:, None] * of_family, state.elasticity[:, None] * in_quantity * yields[:, None]
    above = (state.base - density.anchored)[:, None]
    precision = MEAN_SD**-2 + weight * (stretch**2).sum(0) + base_weight * in_home @ fall**2
    pull = weight * state.own_national.T @ stretch + base_weight * in_home @ (fall * above)
    pull -= (state.means - density.centre) / MEAN_SD**2
    shift = np.where(raised, pull / precision + rng.standard_normal(pull.shape) / np.sqrt(precision), 0.0)
    _raise_groups(density, state, shift, (fall * shift[home]).sum(1))
    state.own_national -= stretch @ shift.T
    # Lists follow their families as far as their elasticity lets them.
    rest = stretch @ raised.T - of_family.sum(1, keepdims=True)
    falls = (fall * raised[home]).sum(1)
    precision = raised.sum(1) / MEAN_SD**2 + len(layout.families) / NATIONAL_SD**2
    precision = precision + weight * (rest**2).sum(0) + base_weight * in_home @ falls**2
    pull = state.national.sum(0) / NATIONAL_SD**2 + weight * (rest * state.own_national).sum(0)
    pull += base_weight * in_home @ (falls * (state.base - density.anchored))
    pull -= (raised * (state.means - density.centre)).sum(1) / MEAN_SD**2
    together = pull / precision + rng.standard_normal(groups) / np.sqrt(precision)
    _raise_groups(density, state, raised * together[:, None], falls * together[home])
    state.national -= together
    state.own_national -= rest * together


def _raise_groups(density: Density, state: State, shift: np.ndarray, fall: np.ndarray) -> None:
    """Raise quantities for all cities of groups by ``shift`` (group, quantity), and lower the levels by ``fall`` (list,)."""
    layout = density.layout
    state.means += shift
    state.latent += shift[layout.group_of][:, layout.columns.quantity_of]
    state.base -= fall
    state.level -= fall[layout.list_of]
