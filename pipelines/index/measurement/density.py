"""How likely the counts of all lists are, given the latent values: the measurement model.

A list s counts in city c and channel k

    y[c, k] ~ NegBin(mean = (1 − wrong) · λ[c, k] + misplaced[c, k], size)
    log λ[c, k] = exposure[k] + level[k] + grown[c, column] + elasticity[s] · apart[c, column] + Σ attention[c, ·]
    apart[c, column] = θ[c, column] − grown[c, column] − reference[column]

What the cities of a group have grown together since the middle period, a list follows one for one, however steeply it follows
how they differ: were there ten times as much everywhere, it would count ten times as much.
The attention of a list to a city persists over its periods; the size of the negative binomial lets it drift. Rows that are
wrong stand in other cities, in proportion to what the list has there. A census has counted all there is, so hardly anything of
its counts is by chance: they are worth as much as if it had counted ``CENSUS`` times as many, and it looks at all cities alike.
Where it counts none, there is less than one, and how much less decides nothing: such a cell is worth one of any list, or cities
without a university would lie so far from the others that no normal distribution holds both.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from pipelines.index.measurement import unnamed
from pipelines.index.measurement.layout import Layout, Remainder, Totals
from pipelines.index.measurement.sizes import CENSUS, repeated, size_of

#: Rows below which a city says little of a quantity; of how it moves in time, rows a period.
FEW = 4

#: Logarithms of intensities are held between these, so that no proposal overflows.
_LEAST, _LARGEST = -50.0, 20.0


@dataclass(frozen=True)
class Density:
    """What the likelihood needs of a layout: sizes, misplaced rows and the references of the elasticities.

    ``size`` and ``worth`` (city, channel): the size of the negative binomial of a count, and how many counts it is worth;
    ``least`` (city, channel): the least that a list names where it leaves a city out, 0 where it counts.
    """

    layout: Layout
    size: np.ndarray
    worth: np.ndarray
    misplaced: np.ndarray
    reference: np.ndarray
    least: np.ndarray

    @classmethod
    def of(cls, layout: Layout) -> "Density":
        """Derive them from the counts: references are means of log counts, weighted by the counts.

        What is left of totals is shared out evenly at first (``remainders``); the unnamed have no counts.
        """
        layout = layout.filled()
        by_list = np.stack([layout.counts[:, layout.list_of == place].sum(1) for place in range(len(layout.lists))], axis=1)
        share = by_list / np.maximum(by_list.sum(0), 1e-9)
        misplaced = layout.wrong * layout.counts.sum(0) * share[:, layout.list_of]
        reference = np.zeros(layout.columns.count)
        for place in np.flatnonzero(layout.anchor):
            channels = layout.list_of == place
            counts = np.where(layout.covers[:, channels], layout.counts[:, channels], 0.0)
            logs = np.log(counts + 0.5) - layout.exposure[channels]
            level = (logs * counts).sum() / max(counts.sum(), 1e-9)
            reference[layout.columns.of(layout.columns.quantities[layout.quantity_of[place]])] = level
        known = np.where(layout.is_exact[layout.list_of] & (layout.counts > 0), CENSUS, layout.dealt_worth)
        worth = known / repeated(layout)
        return cls(layout, size_of(layout), worth, misplaced, reference, layout.least_named)

    @cached_property
    def by_quantity(self) -> list[tuple[np.ndarray, "Density"]]:
        """Return, per quantity, which cells (cell,) count it, and their density, for likelihoods alone."""
        of_channel = self.layout.quantity_of[self.layout.list_of]
        return [
            (np.flatnonzero(of_channel[self.cells[1]] == place), self._only(of_channel == place))
            for place in range(len(self.layout.columns.quantities))
        ]

    def _only(self, channels: np.ndarray) -> "Density":
        layout, place = self.layout, np.cumsum(channels) - 1
        totals = [
            Totals(part.total, np.where(part.is_cell[..., None], part.cells * [1, 0] + [0, place[part.channel]], -1))
            for part in layout.totals
            if channels[part.channel]
        ]
        part = replace(
            layout,
            wrong=layout.wrong[channels],
            covers=layout.covers[:, channels],
            counts=layout.counts[:, channels],
            totals=totals,
        )
        size, worth = self.size[:, channels], self.worth[:, channels]
        misplaced, least = self.misplaced[:, channels], self.least[:, channels]
        return replace(self, layout=part, size=size, worth=worth, misplaced=misplaced, least=least)

    @cached_property
    def cells(self) -> tuple[np.ndarray, np.ndarray]:
        """Return city and channel of every cell that a list covers, (cell,) each, city by city."""
        city, channel = np.nonzero(self.layout.covers)
        return city, channel

    @cached_property
    def follows(self) -> np.ndarray:
        """Return which unknowns of a city its cells follow, (channel, 3): the latent value, and the attention of the sources of
        noise; where these are fewer than two, some that they do not follow."""
        is_followed = np.vstack([self.in_column, self.layout.noise.T])
        return np.argsort(-is_followed, axis=0, kind="stable")[:3].T

    @cached_property
    def _followed(self) -> tuple[np.ndarray, np.ndarray]:
        """Return where the unknowns that cells follow are among those of all cities, and where those of each cell begin."""
        city, channel = self.cells
        unknowns = self.layout.columns.count + self.layout.noise.shape[1]
        places = city[:, None] * unknowns + self.follows[channel]
        return places.ravel(), np.arange(len(city) + 1) * places.shape[1]

    def by_cell(self, design: np.ndarray) -> sparse.csr_matrix:
        """Return ``design`` (unknown, channel), how log intensities follow a city's unknowns, as (cell, city × unknown)."""
        values = np.take_along_axis(design.T, self.follows, axis=1)[self.cells[1]]
        shape = (len(values), len(self.layout.cities) * len(design))
        return sparse.csr_matrix((values.ravel(), *self._followed), shape=shape)

    @cached_property
    def number(self) -> np.ndarray:
        """Return the place of each covered cell among ``cells``, (city, channel)."""
        number = np.zeros(self.layout.covers.shape, dtype=int)
        number[self.cells] = np.arange(len(self.cells[0]))
        return number

    @cached_property
    def _of_cells(self) -> tuple[np.ndarray, ...]:
        """Return counts, the share of right rows, misplaced rows, the size, its log and the worth of every cell, (cell,) each."""
        _, channel = self.cells
        size, share = self.size[self.cells], 1 - self.layout.wrong[channel]
        return self.layout.counts[self.cells], share, self.misplaced[self.cells], size, np.log(size), self.worth[self.cells]

    @cached_property
    def _unnamed(self) -> tuple[np.ndarray, np.ndarray]:
        """Return which cells a list leaves out as too small, and the log of the least that it names there, (cell,) each."""
        least = self.least[self.cells]
        return np.flatnonzero(least), np.log(least[least > 0])

    def _left_out(self, right: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return the places of the cells that are left out, and what that tells of each (``unnamed.terms``), (cell,) each."""
        cells, least = self._unnamed
        told = unnamed.terms(np.log(right[cells] + 1e-300) - least)
        return cells, *(self._of_cells[-1][cells] * part for part in told)

    def recount(self, remainder: Remainder, counts: np.ndarray) -> None:
        """Set what the cities of a remainder have of it, (city,)."""
        self.layout.counts[remainder.cities, remainder.channel] = counts
        for derived in ("_of_cells", "rows", "by_quantity"):
            vars(self).pop(derived, None)

    @cached_property
    def summed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return city, channel and total of every cell that only a sum is known of, (cell,) each; totals are counted through."""
        cells = [part.cells[part.is_cell] for part in self.layout.totals]
        first = np.cumsum([0, *(len(part.total) for part in self.layout.totals)])
        of = [start + np.nonzero(part.is_cell)[0] for start, part in zip(first, self.layout.totals, strict=False)]
        city, channel = np.concatenate([np.empty((0, 2), dtype=int), *cells]).T
        return city, channel, np.concatenate([np.empty(0, dtype=int), *of])

    @cached_property
    def cluster_of(self) -> np.ndarray:
        """Return the cluster of each city, (city,): cities whose counts are summed belong together, the others are alone."""
        layout = self.layout
        alone = np.arange(len(layout.cities)) + self.in_region.shape[1]
        together = np.where(np.isin(np.arange(len(alone)), self.summed[0]), layout.region_of, alone)
        return np.unique(together, return_inverse=True)[1]

    @cached_property
    def rows(self) -> np.ndarray:
        """Return how many rows count each quantity in each city, (city, quantity)."""
        layout = self.layout
        return np.where(layout.covers & ~layout.is_summed, layout.counts * layout.dealt_worth, 0.0) @ self.in_quantity

    @cached_property
    def walk(self) -> np.ndarray:
        """Return the matrix (column, parameter) that makes columns of levels and steps."""
        return self.layout.columns.walk()

    @cached_property
    def inverse_walk(self) -> np.ndarray:
        """Return the matrix (parameter, column) that makes levels and steps of columns."""
        return np.linalg.inv(self.walk)

    @cached_property
    def quantity_of(self) -> np.ndarray:
        """Return the place of the quantity of each column, (column,)."""
        return self.layout.columns.quantity_of

    @cached_property
    def in_column(self) -> np.ndarray:
        """Return 1 where a channel is of a column, (column, channel)."""
        return np.asarray(np.eye(self.layout.columns.count)[self.layout.column_of].T)

    @cached_property
    def in_list(self) -> np.ndarray:
        """Return 1 where a channel is of a list, (channel, list)."""
        return np.eye(len(self.layout.lists))[self.layout.list_of]

    @cached_property
    def in_quantity(self) -> np.ndarray:
        """Return 1 where a channel is of a quantity, (channel, quantity)."""
        return self.quantity_of_list[self.layout.list_of]

    @cached_property
    def quantity_of_list(self) -> np.ndarray:
        """Return 1 where a list counts a quantity, (list, quantity)."""
        return np.eye(len(self.layout.columns.quantities))[self.layout.quantity_of]

    @cached_property
    def in_group(self) -> np.ndarray:
        """Return 1 where a city is of a group, (city, group)."""
        return np.eye(self.layout.groups)[self.layout.group_of]

    @cached_property
    def members(self) -> list[np.ndarray]:
        """Return the cities of each group."""
        return [np.flatnonzero(self.layout.group_of == group) for group in range(self.layout.groups)]

    @cached_property
    def in_region(self) -> np.ndarray:
        """Return 1 where a city is in a region, (city, region)."""
        return np.eye(int(self.layout.region_of.max()) + 1)[self.layout.region_of]

    @cached_property
    def centre(self) -> np.ndarray:
        """Return the prior mean of each quantity's mean, (quantity,): its reference."""
        columns = self.layout.columns
        return np.array([self.reference[columns.of(name)[0]] for name in columns.quantities])

    @cached_property
    def anchored(self) -> np.ndarray:
        """Return the level of each list at which its counts are the quantity itself, (list,)."""
        names = self.layout.columns.quantities
        return np.array([self.reference[self.layout.columns.of(names[place])[0]] for place in self.layout.quantity_of])

    def _means(self, log_intensity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return λ without the wrong rows, and the mean of the counts."""
        _, share, misplaced, *_ = self._of_cells
        right = share * np.exp(np.clip(log_intensity, _LEAST, _LARGEST))
        return right, right + misplaced + 1e-300

    def _value(self, right: np.ndarray, mean: np.ndarray) -> np.ndarray:
        counts, _, _, size, log_size, worth = self._of_cells
        value = worth * (counts * np.log(mean) - (counts + size) * (np.log(mean + size) - log_size))
        cells, chance, *_ = self._left_out(right)
        value[cells] = chance
        if self.layout.totals:
            cells, of, total, part, whole = self._sums(right)
            value[cells] = part / whole[of] * (total * np.log(whole) - whole)[of]
        return np.asarray(value)

    def _sums(self, right: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return the summed cells' places and sums (cell,), the total of each sum, the cells' λ and that of each sum."""
        city, channel, of = self.summed
        cells = self.number[city, channel]
        total = np.concatenate([part.total for part in self.layout.totals])
        part = right[cells] + 1e-300
        return cells, of, total, part, np.bincount(of, part, len(total))

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Return ``values`` (cell,) of the covered cells, 0 elsewhere, (city, channel)."""
        spread = np.zeros(self.layout.covers.shape)
        spread[self.cells] = values
        return spread

    def log_likelihood(self, log_intensity: np.ndarray) -> np.ndarray:
        """Return the log likelihood of each covered cell up to a constant, from log λ there, (cell,) both."""
        return self._value(*self._means(log_intensity))

    def terms(self, log_intensity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the log likelihood of each covered cell, a sum's shared out, and its derivative by log λ, (cell,) each."""
        right, mean = self._means(log_intensity)
        counts, _, _, size, _, worth = self._of_cells
        slope = worth * right * (counts / mean - (counts + size) / (mean + size))
        cells, _, falls, _ = self._left_out(right)
        slope[cells] = falls
        if self.layout.totals:
            cells, of, total, part, whole = self._sums(right)
            slope[cells] = part * (total / whole - 1)[of]
        return self._value(right, mean), slope

    def information(self, log_intensity: np.ndarray) -> np.ndarray:
        """Return the Fisher information of log λ in each covered cell, (cell,); that of a summed cell, as if it were counted."""
        right, mean = self._means(log_intensity)
        _, _, _, size, _, worth = self._of_cells
        told = np.asarray(worth * right**2 / mean * (size / (mean + size)))
        cells, *_, left_out = self._left_out(right)
        told[cells] = left_out
        return told
