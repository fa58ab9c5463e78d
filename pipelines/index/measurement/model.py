"""The measurement model, on one page: what every list counts, given what the cities have, and what is expected of both.

A list s counts in city c and channel k, which is the list in one period,

    y ~ NegBin(mean = (1 − wrong) · Σ λ + misplaced, size)
    log λ = exposure[k] + level[k] + mean[g] + grown[g, t] + elasticity[s] · apart[c, t] + attention[c, ·] + attention to a country

where the sum runs over one cell (city, channel), or over all cells that only a total is known of: the cities of a province, what a
report leaves of a country's total, or the years of a city that a list adds up. θ = mean + grown + apart is what is looked for.

Every unknown is normal given the ``Settings``: ``apart`` of a city with a covariance between quantities, walking in time; attention,
levels, and how differently families of lists know two countries with a scale each. Log intensities are linear in all unknowns but
for the product of an elasticity and ``apart``. So this is a latent Gaussian model (Rue, Martino & Chopin 2009, JRSS B 71, 319–392).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from pipelines.index.measurement.layout import Layout

#: Prior standard deviations (log) of a list's base level, so wide that a list may be of any length, of the mean of a group of
#: cities, and of what a group gains in common in five years.
BASE_SD, MEAN_SD, GROWTH_SD = 10.0, 5.0, 1.0

#: Correlation of common growth between quantities, and between groups of cities. Otherwise what nobody counts in a country would
#: be taken to stand still there, however fast all else grows.
GROWTH_IN_COMMON = 0.5

#: Prior mean and standard deviation of the elasticity of lists of what happens that are chosen by hand: they prefer large places.
#: Of their lists of what stands, and of all others, it is expected to be 1.
CHOSEN_ELASTICITY, CHOSEN_ELASTICITY_SD, ELASTICITY_SD = 1.2, 0.3, 0.15

#: Median and spread (log) of the priors of scales: of attention noises, of one that an audit has measured (its median is what the
#: audit found), of how a list's level drifts in a year, of how editions of a publication differ, and of how differently a family of
#: lists knows two groups of cities. Lists within a family differ by ``OWN`` times as much, families chosen by hand by ``CHOSEN``.
NOISE, AUDITED_SPREAD = (0.3, 0.7), 0.2
DRIFT, EDITION, NATIONAL = (0.3, 0.5), (0.2, 0.3), (0.8, 0.5)
OWN, CHOSEN = 0.5, 2.0

#: How much more or less the cities of a group spread than those of the largest (standard deviation, log).
SPREAD_SD = 0.5

#: Size of the negative binomial: attention drifts by 15% from one period to the next. How many counts one of a census is worth,
#: and how far its large counts may be off.
SIZE, CENSUS, CENSUS_SIZE, POISSON = 1 / 0.25**2, 25.0, 1 / (25.0 * 0.05**2), 1e6

#: Cities whose curvature is taken together.
MOST_OF_BLOCK = 64

#: How sharp the border of a list of the largest is: a city with twice as much as the least one named is left out with one in nine.
STEEP = 3.0


@dataclass(frozen=True)
class Settings:
    """The hyperparameters: covariance of the levels (quantity, quantity), of the steps of five years (flow, flow), the spread of
    each group's levels and steps (group, 2), the log of every scale (scale,), and the elasticities that are free (elasticity,)."""

    covariance: np.ndarray
    step_covariance: np.ndarray
    spread: np.ndarray
    log_scale: np.ndarray
    elasticity: np.ndarray


@dataclass(frozen=True)
class Wishart:
    """An inverse-Wishart prior of a covariance: ``worth`` observations with sum of squares ``scale``."""

    worth: int
    scale: np.ndarray

    @property
    def mode(self) -> np.ndarray:
        """Return the most likely covariance."""
        return self.scale / (self.worth + len(self.scale) + 1)


def level_prior(size: int) -> Wishart:
    """Return the prior of the covariance of levels: cities differ by factors of four, nearly always in all quantities alike."""
    worth = size + 8
    return Wishart(worth, 1.5**2 * (0.1 * np.eye(size) + 0.9) * (worth + size + 1))


def step_prior(size: int) -> Wishart:
    """Return the prior of the covariance of steps: in five years a log moves by .25 beyond what is common, half of it together."""
    worth = size + 12
    return Wishart(worth, 0.25**2 * (0.5 + 0.5 * np.eye(size)) * (worth + size + 1))


@dataclass(frozen=True)
class Part:
    """One kind of unknowns that cities share: where they lie, their prior mean, and the root of their prior precision.

    ``places`` has the place of each among all unknowns, −1 where it does not exist.
    """

    places: np.ndarray
    mean: np.ndarray


class Model:
    """The lists of a layout as a linear model with normal unknowns.

    Unknowns come in one vector: what cities share, then each city's ``apart`` (column) and its attention by the lists that look
    at it (slot). ``cell`` arrays run over city and channel; ``obs`` arrays over what was counted.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        filled = layout.filled()
        self.city, self.channel = np.nonzero(filled.covers)
        self.list_of = layout.list_of[self.channel]
        self.column = layout.column_of[self.channel]
        self.group = layout.group_of[self.city]
        self._observe()
        self._name_scales()
        self._share()
        self._slots()
        self._design()

    # What was counted ------------------------------------------------------------------------------------------------------

    def _observe(self) -> None:
        """Number the observations, and say what each counted."""
        layout, cells = self.layout, len(self.city)
        number = np.full(layout.filled().covers.shape, -1)
        number[self.city, self.channel] = np.arange(cells)
        of = np.arange(cells)
        is_summed = layout.is_in_sum[self.list_of]
        # A list that adds up years: its cells of one city are one observation, numbered as the first of them.
        first: dict[tuple[int, int], int] = {}
        for cell in np.flatnonzero(is_summed):
            of[cell] = first.setdefault((int(self.city[cell]), int(self.list_of[cell])), int(cell))
        for totals in layout.totals:
            for row, inside in zip(totals.cells, totals.is_cell, strict=True):
                members = number[row[inside, 0], row[inside, 1]]
                of[members] = members[0]
        for rest in layout.remainders:
            of[number[rest.cities, rest.channel]] = number[rest.cities[0], rest.channel]
        kept, self.obs_of = np.unique(of, return_inverse=True)
        size = len(kept)
        counts = np.bincount(self.obs_of, layout.counts[self.city, self.channel], size)
        for totals in layout.totals:
            for total, row in zip(totals.total, totals.cells[:, 0], strict=True):
                counts[self.obs_of[number[row[0], row[1]]]] = total
        for rest in layout.remainders:
            counts[self.obs_of[number[rest.cities[0], rest.channel]]] = rest.total
        self.counts, self.first = counts, kept
        cities = np.bincount(self.obs_of[np.unique(self.obs_of * len(layout.cities) + self.city, return_index=True)[1]])
        self.is_wide = cities > 1
        self._weigh()

    def _weigh(self) -> None:
        """Say how much chance there is in each observation, and how many rows are misplaced."""
        layout = self.layout
        channel, city, lists = self.channel[self.first], self.city[self.first], self.list_of[self.first]
        is_exact = layout.is_exact[lists]
        is_summed = layout.by_region[lists]
        self.size = np.where(is_summed, POISSON, np.where(is_exact, CENSUS_SIZE, SIZE))
        self.worth = np.where(is_exact & (self.counts > 0), CENSUS, 1.0) / self._repeated()
        by_list = np.stack([layout.counts[:, layout.list_of == place].sum(1) for place in range(len(layout.lists))], axis=1)
        share = by_list / np.maximum(by_list.sum(0), 1e-9)
        misplaced = layout.wrong * layout.counts.sum(0) * share[:, layout.list_of]
        self.wrong = layout.wrong[channel]
        self.misplaced = np.where(self.is_wide, 0.0, np.bincount(self.obs_of, misplaced[self.city, self.channel], len(channel)))
        self.least = np.zeros(len(channel))
        named = layout.least_named[city, channel]
        self.least[:] = np.where(self.is_wide, 0.0, named)

    def _repeated(self) -> np.ndarray:
        """Return how many lists count the same standing companies, (obs,): 1 for what happens in a year.

        Reports of who is a unicorn name mostly the same companies, edition after edition. Their errors of coverage differ; the
        chance in how many companies there are is one, so together they are worth one count.
        """
        layout = self.layout
        is_flow = self.column < len(layout.columns.flows) * layout.columns.periods
        stands = layout.is_stock[self.list_of] & is_flow & ~layout.by_region[self.list_of] & ~layout.is_in_sum[self.list_of]
        stands &= ~self.is_wide[self.obs_of]
        key = self.city * layout.columns.count + self.column
        times = np.bincount(key[stands], minlength=key.max() + 1)[key]
        return np.where(stands, np.maximum(times, 1), 1.0)[self.first]

    # What is unknown -------------------------------------------------------------------------------------------------------

    def _name_scales(self) -> None:
        """Number the scales: attention noises, drift, editions, countries, then regions of each list that knows only these."""
        layout = self.layout
        sources = layout.noise.shape[1]
        known = np.array([layout.known_noise.get(source, np.nan) for source in range(sources)])
        audited = ~np.isnan(known)
        median = np.where(audited, known, NOISE[0])
        spread = np.where(audited, AUDITED_SPREAD, NOISE[1])
        self.drift, self.edition, self.national = sources, sources + 1, sources + 2
        self.regional = {int(place): sources + 3 + index for index, place in enumerate(np.flatnonzero(layout.by_region))}
        extra = [DRIFT, EDITION, NATIONAL] + [NOISE] * len(self.regional)
        self.scale_mean = np.log(np.concatenate([median, [each[0] for each in extra]]))
        self.scale_sd = np.concatenate([spread, [each[1] for each in extra]])

    def _share(self) -> None:
        """Number the unknowns that cities share, with prior mean and precision."""
        layout, columns = self.layout, self.layout.columns
        self._count, self._means, self._precisions = 0, list[np.ndarray](), list[np.ndarray]()
        self._scaled = list[tuple[int, int]]()
        groups, quantities = layout.groups, len(columns.quantities)
        series = layout.series_of
        looks = np.zeros((len(layout.lists), groups), dtype=bool)
        looks[series[self.list_of], self.group] = True
        bridges = (looks.sum(1) > 1) & (layout.family_of >= 0) & layout.is_first_edition
        self.base = self._add(layout.has_level, self.anchored(np.arange(len(layout.lists))), BASE_SD)
        families = np.zeros(len(layout.families), dtype=bool)
        families[layout.family_of[bridges]] = True
        self.by_family = self._add(np.outer(families, np.ones(groups, bool)))
        self.by_series = self._add(bridges[:, None] & looks)
        free = layout.has_elasticity & layout.is_chosen & (layout.quantity_of < len(columns.flows))
        kind = np.where(layout.is_chosen & (layout.quantity_of < len(columns.flows)), 0, 1 + np.arange(len(layout.lists)))
        kind = kind[series]
        wanted = np.unique(kind[free])
        self.elasticity_mean = np.where(wanted == 0, CHOSEN_ELASTICITY, 1.0)
        self.elasticity_sd = np.where(wanted == 0, CHOSEN_ELASTICITY_SD, ELASTICITY_SD)
        self.elasticity = np.where(free[series], np.searchsorted(wanted, kind), -1)
        self.mean = self._add(np.ones((groups, quantities), bool), self.centre, MEAN_SD)
        self.growth = self._add_growth()
        self._deviate()
        regions = int(layout.region_of.max()) + 1
        has_region = np.zeros((len(layout.lists), regions), dtype=bool)
        has_region[self.list_of, layout.region_of[self.city]] = True
        self.by_region = self._add(has_region & layout.by_region[:, None])
        self.shared = self._count

    def _add(self, exists: np.ndarray, mean: np.ndarray | float = 0.0, sd: np.ndarray | float = 1.0) -> np.ndarray:
        """Return the places of new unknowns, −1 where none ``exists``."""
        places = np.where(exists, self._count + np.cumsum(exists).reshape(exists.shape) - 1, -1)
        self._means.append(np.broadcast_to(mean, exists.shape)[exists])
        self._precisions.append(np.diag(np.broadcast_to(sd, exists.shape)[exists] ** -2.0))
        self._count += int(exists.sum())
        return places

    def _add_growth(self) -> np.ndarray:
        """Return the places of what each group gains in each step, (step, group, flow)."""
        layout, columns = self.layout, self.layout.columns
        groups, flows = layout.groups, len(columns.flows)
        places = self._add(np.ones((columns.steps, groups, flows), bool))
        inverse = np.linalg.inv(growth_covariance(groups, flows))
        self._precisions[-1] = np.kron(np.diag(1 / columns.step_length), inverse)
        return places

    def _deviate(self) -> None:
        """Add how the levels of lists differ: those of editions from their publication's, and of years from each other."""
        layout, columns = self.layout, self.layout.columns
        self.deviation: list[tuple[np.ndarray, np.ndarray, np.ndarray, int]] = []
        several = np.bincount(layout.series_of)[layout.series_of] > 1
        for place in range(len(layout.lists)):
            channels = np.flatnonzero(layout.list_of == place)
            is_set = layout.is_exact[place] or layout.is_in_sum[place]
            if several[place] and not layout.is_exact[place]:
                unknowns = self._add(np.ones(1, bool))
                self.deviation.append((channels, unknowns, np.ones((len(channels), 1)), self.edition))
            elif len(channels) > 1 and not is_set:
                years = columns.year_of[layout.column_of[channels]]
                walked = -0.5 * np.abs(years[:, None] - years)
                even = np.eye(len(years)) - 1 / len(years)
                values, vectors = np.linalg.eigh(even @ walked @ even)
                root = vectors[:, 1:] * np.sqrt(np.maximum(values[1:], 0.0))
                unknowns = self._add(np.ones(len(years) - 1, bool))
                self.deviation.append((channels, unknowns, root, self.drift))

    def anchored(self, lists: np.ndarray) -> np.ndarray:
        """Return the level of each list at which its counts are the quantity itself."""
        return self.centre[self.layout.quantity_of[lists]]

    @cached_property
    def centre(self) -> np.ndarray:
        """Return about where each quantity lies, (quantity,): the mean log count of its anchor, weighted by the counts."""
        layout = self.layout
        centre = np.zeros(len(layout.columns.quantities))
        filled = layout.filled()
        for place in np.flatnonzero(layout.anchor):
            channels = layout.list_of == place
            counts = np.where(filled.covers[:, channels], filled.counts[:, channels], 0.0)
            logs = np.log(counts + 0.5) - layout.exposure[channels]
            centre[layout.quantity_of[place]] = (logs * counts).sum() / max(counts.sum(), 1e-9)
        return centre

    def _slots(self) -> None:
        """Give each city a slot for every attention noise by which a list looks at it, and gather cities with as many slots."""
        layout, columns = self.layout, self.layout.columns.count
        looked = np.zeros((len(layout.cities), layout.noise.shape[1]), dtype=bool)
        rows, sources = np.nonzero(layout.noise[self.channel])
        alone = ~self.is_wide[self.obs_of[rows]]
        looked[self.city[rows[alone]], sources[alone]] = True
        number = looked.sum(1)
        slots = np.array([4, 8, 16, 32, 64, 128, 1024])
        width = slots[np.searchsorted(slots, number)].clip(max=layout.noise.shape[1])
        begin = self.shared + np.concatenate([[0], np.cumsum(columns + width)])
        self.unknowns = int(begin[-1])
        self.apart = begin[:-1, None] + np.arange(columns)
        self.attention = np.full(looked.shape, -1)
        own, source = np.nonzero(looked)
        rank = np.cumsum(looked, axis=1)[own, source] - 1
        self.attention[own, source] = begin[own] + columns + rank
        self.blocks = [
            (cities, begin[cities, None] + np.arange(columns + size))
            for size, group in np.unique(np.column_stack([width, layout.group_of]), axis=0)
            for alike in [np.flatnonzero((width == size) & (layout.group_of == group))]
            for cities in np.array_split(alike, -(-len(alike) // MOST_OF_BLOCK))
        ]

    def _design(self) -> None:
        """Say how log intensities follow the unknowns: entries (cell, unknown, factor, scale), of scale −1 as they are."""
        layout, cells = self.layout, np.arange(len(self.city))
        entries = list(self._entries(cells))
        row, place, factor, scale = (np.concatenate(part) for part in zip(*entries, strict=True))
        exists = place >= 0
        self.entries = row[exists], place[exists], factor[exists], scale[exists]
        self.of_elasticity = self.elasticity[self.list_of]
        # Of what a list follows as steeply as its elasticity: what a city has apart, and the mean of its group.
        quantity = layout.columns.quantity_of[self.column]
        self.steep = self.apart[self.city, self.column], self.mean[self.group, quantity]
        fixed = np.where(layout.has_level[layout.series_of[self.list_of]], 0.0, self.anchored(self.list_of))
        self.offset = layout.exposure[self.channel] + fixed
        self.reference = self.centre[quantity]
        scaled = self.entries[3] >= 0
        self.scale_of = np.full(self.unknowns, -1)
        self.scale_of[self.entries[1][scaled]] = self.entries[3][scaled]
        cities = np.zeros(self.unknowns - self.shared)
        city = np.where(self.is_wide, -1, self.city[self.first])
        self.rows_of_blocks = [np.flatnonzero(np.isin(city, cities)) for cities, _ in self.blocks]
        self.prior_mean = np.concatenate([*self._means, cities])
        self.shared_precision = _block_diagonal(self._precisions)
        self.whole = sparse.csr_matrix((np.ones(len(self.obs_of)), (self.obs_of, cells)))

    def _entries(self, cells: np.ndarray) -> Iterator[tuple[np.ndarray, ...]]:
        layout, lists = self.layout, self.list_of
        series, family = layout.series_of[lists], layout.family_of[lists]

        def entry(row: np.ndarray, place: np.ndarray, factor: np.ndarray | float = 1.0, scale: np.ndarray | int = -1):  # noqa: ANN202
            return row, place, np.broadcast_to(factor, row.shape), np.broadcast_to(scale, row.shape)

        yield entry(cells, self.base[series])
        chosen = np.isin(np.arange(len(layout.families)), layout.family_of[layout.is_chosen])
        times = np.append(np.where(chosen, CHOSEN, 1.0), 0.0)
        by_family = np.vstack([self.by_family, np.full(layout.groups, -1)])
        yield entry(cells, np.where(self.by_series[series, self.group] >= 0, by_family[family, self.group], -1), times[family], self.national)
        yield entry(cells, self.by_series[series, self.group], OWN, self.national)
        for step, passed in enumerate(layout.columns.passed[self.column].T):
            flow = layout.columns.quantity_of[self.column].clip(max=len(layout.columns.flows) - 1)
            yield entry(cells[passed], self.growth[step, self.group[passed], flow[passed]])
        for channels, unknowns, root, scale in self.deviation:
            for channel, factors in zip(channels, root, strict=True):
                own = cells[self.channel == channel]
                for unknown, factor in zip(unknowns, factors, strict=True):
                    yield entry(own, np.full(len(own), unknown), factor, scale)
        region = layout.region_of[self.city]
        scales = np.array([self.regional.get(place, -1) for place in range(len(layout.lists))])
        yield entry(cells, self.by_region[lists, region], 1.0, scales[lists])
        rows, sources = np.nonzero(layout.noise[self.channel])
        yield entry(rows, self.attention[self.city[rows], sources], 1.0, sources)

    # At some settings ------------------------------------------------------------------------------------------------------

    def elasticities(self, free: np.ndarray) -> np.ndarray:
        """Return the elasticity of every list, (…, list), from those that are ``free`` (…, elasticity)."""
        return np.append(free, np.ones((*free.shape[:-1], 1)), axis=-1)[..., self.elasticity]

    def linear(self, settings: Settings) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Return how log intensities follow the unknowns, (cell, unknown), and what they are where all unknowns are 0, (cell,)."""
        row, place, factor, scale = self.entries
        values = factor * np.append(np.exp(settings.log_scale), 1.0)[scale]
        cells, steep = np.arange(len(self.city)), self.elasticities(settings.elasticity)[self.list_of]
        entries = np.concatenate([values, steep, steep]), np.concatenate([row, cells, cells]), np.concatenate([place, *self.steep])
        design = sparse.csr_matrix((entries[0], entries[1:]), shape=(len(cells), self.unknowns))
        return design, self.offset - steep * self.reference

    def apart_at(self, unknowns: np.ndarray) -> np.ndarray:
        """Return how far each cell's city lies from where all elasticities agree, (cell,), at ``unknowns`` (unknown,)."""
        return unknowns[self.steep[0]] + unknowns[self.steep[1]] - self.reference

    @cached_property
    def far(self) -> sparse.csr_matrix:
        """Return how what a free elasticity multiplies follows the unknowns, (obs, unknown)."""
        free = np.flatnonzero(self.of_elasticity >= 0)
        rows, places = np.tile(self.obs_of[free], 2), np.concatenate([each[free] for each in self.steep])
        return sparse.csr_matrix((np.ones(len(rows)), (rows, places)), shape=(len(self.counts), self.unknowns))

    @cached_property
    def by_elasticity(self) -> sparse.csr_matrix:
        """Return 1 where a cell follows a free elasticity, (cell, elasticity)."""
        free = np.flatnonzero(self.of_elasticity >= 0)
        shape = len(self.city), len(self.elasticity_mean)
        return sparse.csr_matrix((np.ones(len(free)), (free, self.of_elasticity[free])), shape=shape)

    def city_precision(self, settings: Settings) -> np.ndarray:
        """Return the prior precision of what a city has apart, (group, column, column)."""
        columns = self.layout.columns
        quantities = len(columns.quantities)
        inner = np.zeros((self.layout.groups, columns.count, columns.count))
        levels, steps = np.linalg.inv(settings.covariance), np.linalg.inv(settings.step_covariance)
        inner[:, :quantities, :quantities] = levels / settings.spread[:, 0, None, None] ** 2
        inner[:, quantities:, quantities:] = np.kron(np.diag(1 / columns.step_length), steps)
        inner[:, quantities:, quantities:] /= settings.spread[:, 1, None, None] ** 2
        back = np.linalg.inv(columns.walk())
        return back.T @ inner @ back

    def gathered(self, logs: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the share of each cell in its observation, (cell,), and the log of the observation's intensity, (obs,).

        ``logs`` are the cells' log intensities, with a ``variance`` each, (cell,). Over several cities intensities add up. Over the
        years of a city their geometric mean is taken, each year alike, so that no step between years decides what a total tells.
        """
        weighted = np.where(self.is_wide[self.obs_of], logs + variance / 2, self.even)
        top = np.full(len(self.counts), -np.inf)
        np.maximum.at(top, self.obs_of, weighted)
        part = np.exp(weighted - top[self.obs_of])
        whole = np.bincount(self.obs_of, part)
        share = part / whole[self.obs_of]
        added = top + np.log(whole)
        return share, np.where(self.is_wide, added, added + np.bincount(self.obs_of, share * (logs - self.even)))

    @property
    def even(self) -> np.ndarray:
        """Return the log of the years of each cell, (cell,)."""
        return self.layout.exposure[self.channel]

    def expected(self, mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return slope and information of each observation by the log of its intensity, (obs,), expected where that is normal.

        Gauss-Hermite quadrature; the information is Fisher's.
        """
        nodes, weights = np.polynomial.hermite_e.hermegauss(9)
        logs = np.clip(mean + np.sqrt(variance) * nodes[:, None], -50.0, 20.0)
        slope, information = self.told(logs)
        weights = weights / weights.sum()
        return weights @ slope, weights @ information

    def told(self, logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return slope and Fisher information of each observation at the log of its intensity, (…, obs)."""
        right = (1 - self.wrong) * np.exp(logs)
        mean = right + self.misplaced + 1e-300
        slope = self.worth * right * (self.counts / mean - (self.counts + self.size) / (mean + self.size))
        information = self.worth * right**2 / mean * (self.size / (mean + self.size))
        # A list of the largest leaves out what lies below its border (a censored observation; Tobin 1958).
        hidden = np.flatnonzero(self.least)
        chance = 1 / (1 + np.exp(-STEEP * (logs[..., hidden] - np.log(self.least[hidden]))))
        slope[..., hidden], information[..., hidden] = -STEEP * chance, STEEP**2 * chance * (1 - chance)
        return slope, information


def growth_covariance(groups: int, flows: int) -> np.ndarray:
    """Return the prior covariance of common growth in five years, (group × flow, both ways)."""
    of_groups, of_flows = (GROWTH_IN_COMMON + (1 - GROWTH_IN_COMMON) * np.eye(size) for size in (groups, flows))
    return GROWTH_SD**2 * np.kron(of_groups, of_flows)


def _block_diagonal(parts: list[np.ndarray]) -> np.ndarray:
    return sparse.block_diag(parts).toarray()
