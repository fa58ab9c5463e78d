"""Move what the cities share: levels, elasticities and noises of lists, means, growth and covariances of quantities."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import stats

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import (
    ELASTICITY_SD,
    GROWTH_SD,
    LEVEL_SD,
    MEAN_SD,
    NATIONAL_SD,
    NOISE_MEDIAN,
    NOISE_SPREAD,
    State,
    Wishart,
    level_prior,
    log_intensity,
    step_prior,
)

#: How unknowns that touch disjoint cells act on log intensities: spread them over cells, sum cells for each of them.
Spread = Callable[[np.ndarray], np.ndarray]
Pool = Callable[[np.ndarray], np.ndarray]


def move(density: Density, state: State, rng: np.random.Generator) -> None:
    """Move every shared unknown once."""
    settle(density, state, rng)
    _elasticities(density, state, rng)
    _noise_given_attention(density, state, rng)
    _noise_with_attention(density, state, rng)
    _regional_noise(density, state, rng)
    _covariances(density, state, rng)
    _stretch(density, state, rng)
    _scale_against_elasticity(density, state, rng)


def settle(density: Density, state: State, rng: np.random.Generator) -> None:
    """Move what a starting point has to settle first: levels and means.

    Covariances wait: at modes, which lie closer together than draws, they would shrink to nothing.
    """
    _levels(density, state, rng)
    _regional(density, state, rng)
    _national(density, state, rng)
    _bases(density, state, rng)
    _level_against_attention(density, state, rng)
    _national_against_others(density, state, rng)
    _latent_against_level(density, state, rng)
    _groups_against_levels(density, state, rng)
    _groups_against_nations(density, state, rng)
    _means(density, state, rng)


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
        rate = log_rate + spread(value - here)
        slope = pool(density.slope(rate, state.counts) * effect) - (value - mean) / sd**2
        precision = pool(density.information(rate) * effect**2) + sd**-2
        target = pool(density.log_likelihood(rate, state.counts)) - 0.5 * ((value - mean) / sd) ** 2
        return target, value + slope / precision, precision**-0.5

    target, centre, scale = local(here)
    there = centre + scale * rng.standard_normal(here.shape)
    new_target, new_centre, new_scale = local(there)
    forth, back = stats.norm.logpdf(there, centre, scale), stats.norm.logpdf(here, new_centre, new_scale)
    return np.where(np.log(rng.random(here.shape)) < new_target - target + back - forth, there, here)


def _levels(density: Density, state: State, rng: np.random.Generator) -> None:
    mean = state.base[density.layout.list_of]
    moved = _newton_move(
        density, state, state.level, lambda change: change, 1.0, lambda cells: cells.sum(0), mean, density.period_sd, rng
    )
    state.level = moved


def _elasticities(density: Density, state: State, rng: np.random.Generator) -> None:
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


def _regional(density: Density, state: State, rng: np.random.Generator) -> None:
    layout = density.layout
    if layout.by_region.any():
        moved = _newton_move(
            density,
            state,
            state.regional,
            lambda change: np.where(layout.by_region[:, None], change, 0.0).T[layout.region_of][:, layout.list_of],
            1.0,
            lambda cells: (density.in_region.T @ cells @ density.in_list).T,
            0.0,
            state.regional_noise[:, None],
            rng,
        )
        state.regional = np.where(layout.by_region[:, None], moved, 0.0)


def _national(density: Density, state: State, rng: np.random.Generator) -> None:
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


def _national_against_others(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise what a family holds of all groups and lower its levels, then of a group alone: the likelihood stays."""
    layout = density.layout
    for family in range(len(layout.families)):
        lists = np.flatnonzero(layout.family_of == family)
        if not len(lists):
            continue
        channels = np.isin(layout.list_of, lists)
        anchored, free = lists[layout.anchor[lists]], lists[~layout.anchor[lists]]
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


def _stretch(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch how cities differ in a flow's steps together with its variance, then reshape how they differ in levels.

    Drawing a covariance given the latent values creeps where most cities have few rows, since those follow the covariance.
    """
    _stretch_steps(density, state, rng)
    _reshape_levels(density, state, rng)


def _stretch_steps(density: Density, state: State, rng: np.random.Generator) -> None:
    layout, columns = density.layout, density.layout.columns
    walk = columns.walk()
    _, steps = _parameters(density, state)
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


def _reshape_levels(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch a quantity, or lean it on another, together with the levels of the cities in which few rows count it.

    The covariance becomes A Σ Aᵀ. Cities with few rows follow it, those with many stay: so it is the latter that say whether
    the new shape fits, as if the others had been summed out.
    """
    layout, columns = density.layout, density.layout.columns
    levels, _ = _parameters(density, state)
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


def _scale_against_elasticity(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch the levels of a quantity around its reference, flatten the lists that count it, and let the anchor's attention yield.

    What the lists say then changes little, so that a chain can walk along the scale.
    """
    layout, columns = density.layout, density.layout.columns
    log_rate = log_intensity(density, state)
    for quantity, name in enumerate(columns.quantities):
        stretch = float(np.exp(rng.normal(0, 0.05)))
        free = (layout.quantity_of == quantity) & ~layout.anchor
        channels = np.flatnonzero(layout.quantity_of[layout.list_of] == quantity)
        levels, _ = _parameters(density, state)
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


def _groups_against_levels(density: Density, state: State, rng: np.random.Generator) -> None:
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


def _log_noise_prior(noise: np.ndarray) -> np.ndarray:
    return -0.5 * ((np.log(noise) - np.log(NOISE_MEDIAN)) / NOISE_SPREAD) ** 2


def _noise_given_attention(density: Density, state: State, rng: np.random.Generator) -> None:
    """Random-walk steps for the noises, attention as it is: they work where lists have much to say."""
    squares, cities = (state.attention**2).sum(0), len(state.attention)

    def target(noise: np.ndarray) -> np.ndarray:
        return _log_noise_prior(noise) - cities * np.log(noise) - 0.5 * squares / noise**2

    for _ in range(3):
        there = state.noise * np.exp(rng.normal(0, 2.4 / np.sqrt(2 * cities), state.noise.shape))
        accepted = np.log(rng.random(there.shape)) < target(there) - target(state.noise)
        state.noise = np.where(accepted & ~density.layout.is_exact_noise, there, state.noise)


def _noise_with_attention(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch each noise together with the attention to the cities in which its lists have few rows.

    One source at a time, since several can touch the same cells; the cities with many rows say whether the new noise fits.
    """
    layout = density.layout
    log_rate = log_intensity(density, state)
    for source in np.flatnonzero(~layout.is_exact_noise):
        channels, few = layout.noise[:, source] > 0, density.is_seldom[:, source]
        stretch = float(np.exp(rng.normal(0, 0.2)))
        extra = (stretch - 1) * state.attention[few, source]
        part, counts, now = density.only(channels, few), state.counts[np.ix_(few, channels)], log_rate[np.ix_(few, channels)]
        change = (part.log_likelihood(now + extra[:, None], counts) - part.log_likelihood(now, counts)).sum()
        noise, many = state.noise[source], state.attention[~few, source]
        change += _log_noise_prior(noise * stretch) - _log_noise_prior(noise)
        change += -len(many) * np.log(stretch) - 0.5 * (many**2).sum() * (stretch**-2 - 1) / noise**2
        if np.log(rng.random()) < change:
            state.noise[source] = noise * stretch
            state.attention[few, source] *= stretch
            log_rate[np.ix_(few, channels)] += extra[:, None]


def _regional_noise(density: Density, state: State, rng: np.random.Generator) -> None:
    by_region = density.layout.by_region
    squares, regions = (state.regional**2).sum(1), state.regional.shape[1]

    def target(noise: np.ndarray) -> np.ndarray:
        return _log_noise_prior(noise) - regions * np.log(noise) - 0.5 * squares / noise**2

    there = state.regional_noise * np.exp(rng.normal(0, 2.4 / np.sqrt(2 * regions), by_region.shape))
    accepted = np.log(rng.random(by_region.shape)) < target(there) - target(state.regional_noise)
    state.regional_noise = np.where(accepted & by_region, there, state.regional_noise)


def _bases(density: Density, state: State, rng: np.random.Generator) -> None:
    """Draw what the levels of each list scatter around; an anchor's is fixed."""
    layout = density.layout
    weight = density.period_sd**-2
    precision = weight @ density.in_list + LEVEL_SD**-2
    mean = ((weight * state.level) @ density.in_list + density.anchored / LEVEL_SD**2) / precision
    drawn = mean + rng.standard_normal(mean.shape) / np.sqrt(precision)
    state.base = np.where(layout.anchor, density.anchored, drawn)


def _level_against_attention(density: Density, state: State, rng: np.random.Generator) -> None:
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


def _latent_against_level(density: Density, state: State, rng: np.random.Generator) -> None:
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


def _groups_against_nations(density: Density, state: State, rng: np.random.Generator) -> None:
    """Raise all that no census counts in the cities of one group, and lower the attention of every family to the group.

    What lists of several groups say of it then changes only by their elasticities; those that look nowhere else follow.
    """
    layout, columns = density.layout, density.layout.columns
    looks = np.stack([layout.covers[layout.group_of == group].any(0) for group in range(layout.groups)])
    is_exact, family = layout.is_exact[layout.list_of], layout.family_of[layout.list_of]
    for group in range(layout.groups):
        members = layout.group_of == group
        counted = {int(layout.quantity_of[layout.list_of[channel]]) for channel in np.flatnonzero(is_exact & looks[group])}
        raised = np.array([place for place in range(len(columns.quantities)) if place not in counted])
        if not len(raised):
            continue
        shift = float(rng.normal(0, rng.choice([0.05, 0.15, 0.4])))
        trial = replace(
            state,
            latent=state.latent.copy(),
            means=state.means.copy(),
            national=state.national.copy(),
            level=state.level.copy(),
            base=state.base.copy(),
        )
        trial.latent[np.ix_(members, np.isin(columns.quantity_of, raised))] += shift
        trial.means[group, raised] += shift
        trial.national[:, group] -= shift
        is_local = (looks.sum(0) == 1) & looks[group] & ~layout.anchor[layout.list_of]
        lift = np.where(np.isin(layout.quantity_of[layout.list_of], raised), state.elasticity[layout.list_of], 0.0)
        fall = np.where(is_local, (lift - (family >= 0)) * shift, 0.0)
        trial.level -= fall
        trial.base -= (fall @ density.in_list) / density.in_list.sum(0)
        ratio = sum(
            sign * density.log_likelihood(log_intensity(density, each), state.counts)[members].sum()
            for sign, each in ((1, trial), (-1, state))
        )
        ratio -= 0.5 * ((trial.national**2).sum() - (state.national**2).sum()) / NATIONAL_SD**2
        apart, before = trial.means - density.centre, state.means - density.centre
        ratio -= 0.5 * ((apart**2).sum() - (before**2).sum()) / MEAN_SD**2
        free = ~layout.anchor
        apart, before = (trial.base - density.anchored)[free], (state.base - density.anchored)[free]
        ratio -= 0.5 * ((apart**2).sum() - (before**2).sum()) / LEVEL_SD**2
        if np.log(rng.random()) < ratio:
            state.latent, state.means, state.national = trial.latent, trial.means, trial.national
            state.level, state.base = trial.level, trial.base


def _parameters(density: Density, state: State) -> tuple[np.ndarray, np.ndarray]:
    """Return the level of each quantity (city, quantity) and the steps in time (city, step, flow)."""
    columns = density.layout.columns
    parameters = state.latent @ density.inverse_walk.T
    quantities = len(columns.quantities)
    return parameters[:, :quantities], parameters[:, quantities:].reshape(len(parameters), columns.periods - 1, -1)


def _means(density: Density, state: State, rng: np.random.Generator) -> None:
    """Draw the means and the growth of each group of cities: conjugate normal."""
    levels, steps = _parameters(density, state)
    for group in range(density.layout.groups):
        members = density.layout.group_of == group
        state.means[group] = _mean(levels[members], state.covariance, density.centre, MEAN_SD, rng)
        for step in range(steps.shape[1]):
            state.growth[group, step] = _mean(steps[members, step], state.step_covariance, 0.0, GROWTH_SD, rng)


def _covariances(density: Density, state: State, rng: np.random.Generator) -> None:
    """Draw the covariances across quantities: conjugate inverse Wishart."""
    levels, steps = _parameters(density, state)
    group_of = density.layout.group_of
    state.covariance = _covariance(levels - state.means[group_of], level_prior(levels.shape[1]), rng)
    left = (steps - state.growth[group_of]).reshape(-1, steps.shape[2])
    state.step_covariance = _covariance(left, step_prior(steps.shape[2]), rng)


def _mean(
    values: np.ndarray, covariance: np.ndarray, centre: np.ndarray | float, sd: float, rng: np.random.Generator
) -> np.ndarray:
    inverse = np.linalg.inv(covariance)
    precision = len(values) * inverse + np.eye(len(covariance)) / sd**2
    mean = np.linalg.solve(precision, inverse @ values.sum(0) + centre / sd**2)
    root = np.linalg.cholesky(precision)
    return np.asarray(mean + np.linalg.solve(root.T, rng.standard_normal(len(mean))))


def _covariance(left: np.ndarray, prior: Wishart, rng: np.random.Generator) -> np.ndarray:
    return np.atleast_2d(stats.invwishart.rvs(prior.worth + len(left), prior.scale + left.T @ left, random_state=rng))
