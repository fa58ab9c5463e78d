"""Small worlds for the measurement model: lists laid out by hand, unknowns drawn from their priors, counts from the unknowns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import stats

from pipelines.index.measurement import sampler
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Columns, Layout, Totals
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.sizes import CENSUS, POISSON, repeated, size_of
from pipelines.index.measurement.state import (
    LEVEL_SD,
    MEAN_SD,
    NOISE_MEDIAN,
    NOISE_SPREAD,
    OWN_NATIONAL_SD,
    SPREAD_SD,
    State,
    Wishart,
    elasticity_mean,
    elasticity_sd,
    growth_root,
    level_prior,
    log_intensity,
    national_sd,
    period_sd,
    shared,
    step_prior,
)


@dataclass(frozen=True)
class ListOf:
    """One list of a small world: what it counts, and how it looks at the cities."""

    quantity: str
    family: str = ""
    dated: bool = True
    exact: bool = False
    anchor: bool = False
    chosen: bool = False
    by_region: bool = False
    group: int | None = None
    leaves_out: tuple[int, ...] = ()
    wrong: float = 0.0
    edition_of: int | None = None


#: Three quantities and seven lists: anchors, one of them chosen by hand, one undated, one that knows only provinces, a
#: selection, a census, one of a country.
LISTS = (
    ListOf("deals", family="register", anchor=True, chosen=True, wrong=0.04),
    ListOf("deals", family="press", by_region=True, group=1),
    ListOf("unicorns", family="press", anchor=True),
    ListOf("unicorns", family="register", dated=False, leaves_out=(2, 5)),
    ListOf("deals", family="press"),
    ListOf("schools", exact=True, anchor=True),
    ListOf("unicorns", exact=True, group=1),
)

#: The same with four more editions of one of them.
EDITIONS = (*LISTS, *[ListOf("deals", family="press", edition_of=4)] * 4)


def layout_of(cities: int, lists: Sequence[ListOf] = LISTS, regions: int = 3, exposure: float = 0.0, periods: int = 3) -> Layout:
    """Lay ``lists`` out over so many cities in two groups, of which the second has so many regions; nothing is counted yet."""
    names = dict.fromkeys(item.quantity for item in lists)
    columns = Columns(tuple(name for name in names if name != "schools"), tuple({"schools"} & names.keys()), periods)
    group_of = (np.arange(cities) >= cities // 3).astype(int)
    region_of = np.where(group_of == 0, 0, 1 + np.arange(cities) % regions)
    list_of, column_of = [], []
    for place, item in enumerate(lists):
        own = columns.of(item.quantity)
        own = own if item.dated or len(own) == 1 else own[[columns.middle]]
        list_of += [place] * len(own)
        column_of += own.tolist()
    places, channels = np.array(list_of), len(list_of)
    looks = np.array(
        [[item.group in (None, group) and city not in item.leaves_out for city, group in enumerate(group_of)] for item in lists]
    )
    covers = looks[places].T
    families = sorted({item.family for item in lists if item.family})
    own, names = np.full(len(lists), -1), list[str]()
    members: list[list[int]] = []
    for place, item in enumerate(lists):
        if item.edition_of is not None:
            own[place] = own[item.edition_of]
            members[own[place]].append(place)
        elif not item.by_region and not item.exact:
            own[place] = len(names)
            names.append(f"{item.quantity}/{place}")
            members.append([place])
    shared = np.full(len(families), -1)
    for index, family in enumerate(families):
        several = [place for place, item in enumerate(lists) if item.family == family and own[place] >= 0]
        if len(set(own[several])) > 1:
            shared[index] = len(names)
            names.append(family)
            members.append(several)
    totals = []
    for channel in range(channels):
        if lists[places[channel]].by_region:
            inside = [np.flatnonzero((region_of == region) & covers[:, channel]) for region in range(regions + 1)]
            inside = [part for part in inside if len(part)]
            cells = np.full((len(inside), max(map(len, inside)), 2), -1)
            for row, part in enumerate(inside):
                cells[row, : len(part)] = np.column_stack([part, np.full(len(part), channel)])
            totals.append(Totals(np.zeros(len(inside)), cells))
    return Layout(
        cities=[f"city {place}" for place in range(cities)],
        group_of=group_of,
        columns=columns,
        lists=[f"{item.quantity}/{place}" for place, item in enumerate(lists)],
        datasets=[f"dataset {place}" for place in range(len(lists))],
        quantity_of=np.array([columns.quantities.index(item.quantity) for item in lists]),
        list_of=places,
        column_of=np.array(column_of),
        exposure=np.full(channels, exposure),
        counts=np.zeros((cities, channels)),
        covers=covers,
        noise=np.array([np.isin(places, part) for part in members], dtype=float).reshape(len(members), channels).T,
        noise_names=names,
        own_noise=own,
        wrong=np.array([lists[place].wrong for place in list_of]),
        is_exact=np.array([item.exact for item in lists]),
        series_of=np.array([place if item.edition_of is None else item.edition_of for place, item in enumerate(lists)]),
        is_stock=np.array([not item.dated for item in lists]),
        anchor=np.array([item.anchor for item in lists]),
        is_chosen=np.array([item.chosen for item in lists]),
        region_of=region_of,
        by_region=np.array([item.by_region for item in lists]),
        family_of=np.array([families.index(item.family) if item.family else -1 for item in lists]),
        families=families,
        family_noise=shared,
        totals=totals,
    )


def prior_draw(density: Density, rng: np.random.Generator, *, means: float = 1.0, bases: float = 1.0) -> State:
    """Draw every unknown from its prior; ``means`` and ``bases`` narrow the wide priors of those."""
    layout, columns = density.layout, density.layout.columns
    quantities, flows, steps = len(columns.quantities), len(columns.flows), columns.periods - 1
    cities, sources, groups = len(layout.cities), layout.noise.shape[1], layout.groups
    covariance = _wishart(level_prior(quantities), rng)
    step_covariance = _wishart(step_prior(flows), rng)
    apart = np.where(layout.is_spread_free[:, None], np.exp(rng.normal(0, SPREAD_SD, (groups, 2))), 1.0)
    unit = apart[layout.group_of]
    centres = density.centre + rng.normal(0, means * MEAN_SD, (groups, quantities))
    alike = rng.standard_normal((steps, groups * flows)) @ growth_root(groups, flows).T
    growth = alike.reshape(steps, groups, flows).swapaxes(0, 1)
    levels = centres[layout.group_of] + unit[:, :1] * rng.multivariate_normal(np.zeros(quantities), covariance, cities)
    moves = growth[layout.group_of]
    moves = moves + unit[:, 1, None, None] * rng.multivariate_normal(np.zeros(flows), step_covariance, (cities, steps))
    noise = NOISE_MEDIAN * np.exp(rng.normal(0, NOISE_SPREAD, sources))
    base = density.anchored + np.where(layout.anchor, 0.0, rng.normal(0, bases * LEVEL_SD, len(layout.lists)))
    regional_noise = NOISE_MEDIAN * np.exp(rng.normal(0, NOISE_SPREAD, len(layout.lists)))
    regional = rng.normal(0, regional_noise[:, None], (len(layout.lists), int(layout.region_of.max()) + 1))
    state = State(
        latent=np.hstack([levels, moves.reshape(cities, -1)]) @ columns.walk().T,
        attention=rng.normal(0, noise, (cities, sources)),
        noise=noise,
        level=rng.normal(base[layout.base_of], period_sd(layout)),
        base=base,
        elasticity=np.where(layout.sets_scale, 1.0, rng.normal(elasticity_mean(layout), elasticity_sd(layout))[layout.series_of]),
        means=centres,
        covariance=covariance,
        growth=growth,
        step_covariance=step_covariance,
        spread=apart,
        regional=np.where(layout.by_region[:, None], regional, 0.0),
        regional_noise=regional_noise,
        national=rng.normal(0, national_sd(layout)[:, None], (len(layout.families), groups)),
        own_national=((layout.family_of >= 0)[:, None] * rng.normal(0, OWN_NATIONAL_SD, (len(layout.lists), groups)))[
            layout.series_of
        ],
    )
    count(density, state, rng)
    return state


def _wishart(prior: Wishart, rng: np.random.Generator) -> np.ndarray:
    return np.atleast_2d(stats.invwishart.rvs(prior.worth, prior.scale, random_state=rng))


def count(density: Density, state: State, rng: np.random.Generator) -> None:
    """Draw the counts of every list given the unknowns, into the layout; totals become the sums of their cells."""
    mean = (1 - density.layout.wrong) * np.exp(log_intensity(density, state)) + density.misplaced
    size, worth = density.worth * density.size, density.worth
    rate = np.where(size < POISSON, rng.gamma(size, 1 / size, mean.shape), 1.0) * mean
    counts = np.where(density.layout.covers, rng.poisson(worth * rate) / worth, 0.0)
    for totals in density.layout.totals:
        totals.total[:] = np.where(totals.is_cell, counts[totals.cells[..., 0], totals.cells[..., 1]], 0.0).sum(1)
    density.layout.counts[:] = np.where(density.layout.is_summed, 0.0, counts)
    for held in ("by_quantity", "_of_cells"):
        vars(density).pop(held, None)  # They hold the counts before.


def density_of(layout: Layout, reference: float = 2.0, misplaced: float = 0.0) -> Density:
    """Return the density of a layout without counts: quantities lie around ``reference``, so many rows are misplaced."""
    wrong = np.where(layout.is_summed, 0.0, misplaced * (layout.wrong > 0)) * np.ones_like(layout.counts)
    worth = np.where(layout.is_exact[layout.list_of], CENSUS, 1.0) / repeated(layout)
    return Density(layout, size_of(layout), worth, wrong, np.full(layout.columns.count, reference), layout.least_named)


#: Worlds whose cities differ by more than this (standard deviation, log) are of no interest.
MOST_APART = 2.5


def world(cities: int, seed: int, lists: Sequence[ListOf] = LISTS) -> tuple[Layout, State]:
    """Return what the lists of a small world show, and the truth behind it; means and levels stay near where real ones are."""
    density = density_of(layout_of(cities, [replace(item, wrong=0.0) for item in lists]))
    rng = np.random.default_rng(seed)
    while True:
        truth = prior_draw(density, rng, means=0.15, bases=0.045)
        if np.diag(truth.covariance).max() < MOST_APART**2:
            return density.layout, truth


def settled(layout: Layout, seed: int, rounds: tuple[int, int] = (10, 4)) -> State:
    """Return what a pilot settles in so many sweeps, so many times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampler, "ROUND", rounds[0])
        patch.setattr(sampler, "ROUNDS", rounds[1])
        return sampler.pilot(layout, seed)


def sampled(layout: Layout, seed: int, draws: int = 150, rounds: tuple[int, int] = (10, 4)) -> Posterior:
    """Return the posterior by one short chain, after a pilot."""
    return Posterior.of(layout, [sampler.sample(layout, shared(settled(layout, seed, rounds)), draws, seed + 100)])


def fit(layout: Layout, seed: int, draws: int = 150, rounds: tuple[int, int] = (10, 4)) -> np.ndarray:
    """Return draws of the latent values, (draw, city, column)."""
    return sampled(layout, seed, draws, rounds).draws("latent").astype(float)
