"""The measurement model, on one page: what every list counts, given what the cities have, and what is expected of both.

A list s counts in city c and channel k, which is the list in one period,

    y ~ NegBin(mean = (1 − wrong) · Σ λ + misplaced, size)
    log λ = exposure[k] + level[k] + mean[g] + grown[g, t] + elasticity[s] · apart[c, t] + attention[c, ·] + attention to a
    country

where the sum runs over one cell (city, channel), or over all cells that only a total is known of: the cities of a province, what
a report leaves of a country's total, or the years of a city that a list adds up. θ = mean + grown + apart is what is looked for.

Every unknown is normal given the ``Settings``: ``apart`` of a city with a covariance between quantities, walking in time;
attention, levels, and how differently families of lists know two countries with a scale each. Log intensities are linear in all
unknowns but for the product of an elasticity and ``apart``. So this is a latent Gaussian model (Rue, Martino & Chopin 2009, JRSS
B 71, 319–392).
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from scipy import sparse

from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.observed import Observed
from pipelines.index.measurement.priors import (
    AUDITED_SPREAD,
    BASE_SD,
    CHOSEN,
    CHOSEN_ELASTICITY,
    CHOSEN_ELASTICITY_SD,
    DRIFT,
    EDITION,
    ELASTICITY_SD,
    MEAN_SD,
    NATIONAL,
    NOISE,
    OWN,
    Settings,
    growth_covariance,
)

#: Cities whose curvature is taken together.
MOST_OF_BLOCK = 64


class Model(Observed):
    """The lists of a layout as a linear model with normal unknowns.

    Unknowns come in one vector: what cities share, then each city's ``apart`` (column) and its attention by the lists that look
    at it (slot). ``cell`` arrays run over city and channel; ``obs`` arrays over what was counted.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self._name_scales()
        self._share()
        self._slots()
        self._design()

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

        yield _entry(cells, self.base[series])
        chosen = np.isin(np.arange(len(layout.families)), layout.family_of[layout.is_chosen])
        times = np.append(np.where(chosen, CHOSEN, 1.0), 0.0)
        by_family = np.vstack([self.by_family, np.full(layout.groups, -1)])
        yield _entry(
            cells,
            np.where(self.by_series[series, self.group] >= 0, by_family[family, self.group], -1),
            times[family],
            self.national,
        )
        yield _entry(cells, self.by_series[series, self.group], OWN, self.national)
        for step, passed in enumerate(layout.columns.passed[self.column].T):
            flow = layout.columns.quantity_of[self.column].clip(max=len(layout.columns.flows) - 1)
            yield _entry(cells[passed], self.growth[step, self.group[passed], flow[passed]])
        for channels, unknowns, root, scale in self.deviation:
            for channel, factors in zip(channels, root, strict=True):
                own = cells[self.channel == channel]
                for unknown, factor in zip(unknowns, factors, strict=True):
                    yield _entry(own, np.full(len(own), unknown), factor, scale)
        region = layout.region_of[self.city]
        scales = np.array([self.regional.get(place, -1) for place in range(len(layout.lists))])
        yield _entry(cells, self.by_region[lists, region], 1.0, scales[lists])
        rows, sources = np.nonzero(layout.noise[self.channel])
        yield _entry(rows, self.attention[self.city[rows], sources], 1.0, sources)

    def elasticities(self, free: np.ndarray) -> np.ndarray:
        """Return the elasticity of every list, (…, list), from those that are ``free`` (…, elasticity)."""
        return np.append(free, np.ones((*free.shape[:-1], 1)), axis=-1)[..., self.elasticity]

    def linear(self, settings: Settings) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Return how log intensities follow the unknowns, (cell, unknown), and what they are where all unknowns are 0,
        (cell,)."""
        row, place, factor, scale = self.entries
        values = factor * np.append(np.exp(settings.log_scale), 1.0)[scale]
        cells, steep = np.arange(len(self.city)), self.elasticities(settings.elasticity)[self.list_of]
        entries = (
            np.concatenate([values, steep, steep]),
            np.concatenate([row, cells, cells]),
            np.concatenate([place, *self.steep]),
        )
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


def _block_diagonal(parts: list[np.ndarray]) -> np.ndarray:
    return sparse.block_diag(parts).toarray()


def _entry(
    row: np.ndarray, place: np.ndarray, factor: np.ndarray | float = 1.0, scale: np.ndarray | int = -1
) -> tuple[np.ndarray, ...]:
    return row, place, np.broadcast_to(factor, row.shape), np.broadcast_to(scale, row.shape)
