"""Small worlds for the measurement model: lists laid out by hand, unknowns drawn from their priors, counts from the unknowns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import stats

from pipelines.index.measurement.fit import Fit, fit
from pipelines.index.measurement.layout import Columns, Layout, Totals
from pipelines.index.measurement.model import Model
from pipelines.index.measurement.observed import CENSUS, POISSON
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.priors import SPREAD_SD, Settings, Wishart, level_prior, step_prior


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
    in_sum: bool = False


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
    """Lay ``lists`` out over so many cities in two groups, of which the second has so many regions; nothing is counted yet.

    A list that is ``in_sum`` adds up all periods.
    """
    names = dict.fromkeys(item.quantity for item in lists)
    columns = Columns(tuple(name for name in names if name != "schools"), tuple({"schools"} & names.keys()), periods)
    group_of = (np.arange(cities) >= cities // 3).astype(int)
    region_of = np.where(group_of == 0, 0, 1 + np.arange(cities) % regions)
    list_of, column_of = [], []
    for place, item in enumerate(lists):
        own = columns.of(item.quantity)
        own = own if item.dated or item.in_sum or len(own) == 1 else own[[columns.middle]]
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
        is_in_sum=np.array([item.in_sum for item in lists]),
        anchor=np.array([item.anchor for item in lists]),
        is_chosen=np.array([item.chosen for item in lists]),
        region_of=region_of,
        by_region=np.array([item.by_region for item in lists]),
        family_of=np.array([families.index(item.family) if item.family else -1 for item in lists]),
        families=families,
        family_noise=shared,
        totals=totals,
    )


#: About where all quantities of a small world lie (log).
MIDDLE = 2.0

#: Worlds whose cities differ by more than this (standard deviation, log) are of no interest.
MOST_APART = 2.5


class Drawn(Model):
    """The model before anything is counted: quantities lie around ``MIDDLE``."""

    @cached_property
    def centre(self) -> np.ndarray:
        """Return where each quantity lies, (quantity,)."""
        return np.full(len(self.layout.columns.quantities), MIDDLE)


@dataclass(frozen=True)
class Truth:
    """What is behind the counts of a small world: ``unknowns`` of its ``model``, and the settings they were drawn at."""

    model: Model
    settings: Settings
    unknowns: np.ndarray

    @property
    def grown(self) -> np.ndarray:
        """Return what each group has grown in common since the middle period, (group, column)."""
        columns = self.model.layout.columns
        gained = self.unknowns[self.model.growth]
        flow = columns.quantity_of.clip(max=len(columns.flows) - 1)
        return np.einsum("ks,sgk->gk", columns.passed.astype(float), gained[:, :, flow])

    @property
    def latent(self) -> np.ndarray:
        """Return the log of what each city has, (city, column)."""
        columns, layout = self.model.layout.columns, self.model.layout
        means = self.unknowns[self.model.mean][:, columns.quantity_of]
        return np.asarray(self.unknowns[self.model.apart] + (means + self.grown)[layout.group_of])

    @property
    def log_intensity(self) -> np.ndarray:
        """Return the log of what each list would count of each city, (city, channel); −∞ where it does not look."""
        design, offset = self.model.linear(self.settings)
        logs = np.full(self.model.layout.covers.shape, -np.inf)
        logs[self.model.city, self.model.channel] = offset + design @ self.unknowns
        return logs

    @property
    def noise(self) -> np.ndarray:
        """Return the standard deviation of attention of each source of noise, (source,)."""
        return np.asarray(np.exp(self.settings.log_scale[: self.model.layout.noise.shape[1]]))

    @property
    def elasticity(self) -> np.ndarray:
        """Return the elasticity of every list, (list,)."""
        return self.model.elasticities(self.settings.elasticity)

    @property
    def attention(self) -> np.ndarray:
        """Return the attention to each city, (city, source of noise); 0 where no list looks."""
        places = self.model.attention
        return np.where(places >= 0, self.unknowns[places], 0.0) * self.noise


def prior_draw(model: Model, rng: np.random.Generator, *, means: float = 1.0, bases: float = 1.0) -> Truth:
    """Draw every setting and unknown from its prior; ``means`` and ``bases`` narrow the wide priors of those."""
    layout, columns = model.layout, model.layout.columns
    free = layout.is_spread_free[:, None]
    settings = Settings(
        _wishart(level_prior(len(columns.quantities)), rng),
        _wishart(step_prior(len(columns.flows)), rng),
        np.where(free, np.exp(rng.normal(0, SPREAD_SD, (layout.groups, 2))), 1.0),
        rng.normal(model.scale_mean, model.scale_sd),
        rng.normal(model.elasticity_mean, model.elasticity_sd),
    )
    return Truth(model, settings, unknowns_at(model, settings, rng, means=means, bases=bases))


def unknowns_at(
    model: Model, settings: Settings, rng: np.random.Generator, *, means: float = 1.0, bases: float = 1.0
) -> np.ndarray:
    """Draw every unknown from its prior at some settings, (unknown,)."""
    drawn = rng.standard_normal(model.unknowns)
    drawn[: model.shared] = np.linalg.solve(np.linalg.cholesky(model.shared_precision).T, drawn[: model.shared])
    drawn[model.base[model.base >= 0]] *= bases
    drawn[model.mean] *= means
    roots = np.linalg.cholesky(np.linalg.inv(model.city_precision(settings)))[model.layout.group_of]
    drawn[model.apart] = np.einsum("cij,cj->ci", roots, drawn[model.apart])
    return np.asarray(model.prior_mean + drawn)


def _wishart(prior: Wishart, rng: np.random.Generator) -> np.ndarray:
    return np.atleast_2d(stats.invwishart.rvs(prior.worth, prior.scale, random_state=rng))


def count(truth: Truth, rng: np.random.Generator, misplaced: float = 0.0) -> None:
    """Draw the counts of every list given the unknowns, into the layout: sums for what only sums are known of.

    Of every list with wrong rows, so many more are ``misplaced`` in each city.
    """
    model, layout = truth.model, truth.model.layout
    right = np.bincount(model.obs_of, np.exp(truth.log_intensity[model.city, model.channel]))
    mean = (1 - model.wrong) * right + np.where(model.is_wide, 0.0, misplaced * (model.wrong > 0))
    worth = np.where(layout.is_exact[model.list_of[model.first]], CENSUS, model.worth)
    size = worth * model.size
    rate = np.where(model.size < POISSON, rng.gamma(size, 1 / size), 1.0) * mean
    counted = rng.poisson(worth * rate) / worth
    single = ~model.is_wide[model.obs_of]
    # A total of several years stands in equal parts in each of them.
    parts = (counted / np.bincount(model.obs_of))[model.obs_of]
    layout.counts[:] = 0.0
    layout.counts[model.city[single], model.channel[single]] = parts[single]
    cell = {pair: obs for *pair_of, obs in zip(model.city, model.channel, model.obs_of, strict=True) for pair in [tuple(pair_of)]}
    for totals in layout.totals:
        totals.total[:] = [counted[cell[tuple(row[0])]] for row in totals.cells]


def world(cities: int, seed: int, lists: Sequence[ListOf] = LISTS, periods: int = 3) -> tuple[Layout, Truth]:
    """Return what the lists of a small world show, and the truth behind it; means and levels stay near where real ones are."""
    model = Drawn(layout_of(cities, [replace(item, wrong=0.0) for item in lists], periods=periods))
    rng = np.random.default_rng(seed)
    while True:
        truth = prior_draw(model, rng, means=0.15, bases=0.045)
        if np.diag(truth.settings.covariance).max() < MOST_APART**2:
            count(truth, rng)
            return model.layout, truth


def fitted(layout: Layout, draws: int = 300) -> Posterior:
    """Return draws of the posterior of a layout."""
    return Posterior.of(fit(layout), draws)


def latent_of(of: Fit) -> np.ndarray:
    """Return the mean of what each city has, (city, column), at the centre of a fit."""
    return Truth(of.model, of.settings, of.mean).latent
