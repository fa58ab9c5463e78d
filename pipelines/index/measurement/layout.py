"""Lay the lists out as arrays: which list counts which quantity, where and when.

A *column* is a latent quantity, or a quantity in a period; a city has one value of each. A *channel* is a list in one column:
what the list counts there. A list that knows only provinces, or does not date what it counts, has totals over several cities
or columns instead.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

#: First year of each period, and the first year after the last one: five years each before 2010, then two.
PERIODS = (2000, 2005, *range(2010, 2027, 2))

#: The year in the middle of each period, at which its latent value stands.
CENTRES = np.array([(start + end - 1) / 2 for start, end in pairwise(PERIODS)])

#: Years of a step whose variance is one unit.
UNIT = 5.0


@dataclass(frozen=True)
class Columns:
    """The latent columns: each of ``flows`` in each of ``periods`` (counted from 0), then each of ``stocks``."""

    flows: tuple[str, ...]
    stocks: tuple[str, ...]
    periods: int = len(PERIODS) - 1

    @property
    def quantities(self) -> tuple[str, ...]:
        """Return every quantity: flows, then stocks."""
        return (*self.flows, *self.stocks)

    @property
    def count(self) -> int:
        """Return how many columns there are."""
        return len(self.flows) * self.periods + len(self.stocks)

    @property
    def middle(self) -> int:
        """Return the period whose value is a flow's level; the walk in time leads from there to both ends."""
        return self.periods // 2

    def of(self, quantity: str) -> np.ndarray:
        """Return the columns of ``quantity``: one for each period, or a single one for a stock."""
        if quantity in self.flows:
            return self.flows.index(quantity) * self.periods + np.arange(self.periods)
        return np.array([len(self.flows) * self.periods + self.stocks.index(quantity)])

    @property
    def quantity_of(self) -> np.ndarray:
        """Return the place among ``quantities`` of each column."""
        flows = np.repeat(np.arange(len(self.flows)), self.periods)
        return np.concatenate([flows, len(self.flows) + np.arange(len(self.stocks))])

    @property
    def steps(self) -> int:
        """Return how many steps lead from the middle period to all others."""
        return self.periods - 1

    @cached_property
    def year_of(self) -> np.ndarray:
        """Return the year in the middle of the period of each column, (column,); 0 of a stock."""
        return np.concatenate([np.tile(CENTRES[: self.periods], len(self.flows)), np.zeros(len(self.stocks))])

    @cached_property
    def step_length(self) -> np.ndarray:
        """Return how long each step is, (step,), in units of five years: from each period to the next one inward."""
        return np.diff(CENTRES[: self.periods]) / UNIT

    @cached_property
    def passed(self) -> np.ndarray:
        """Return which steps lead from the middle period to that of each column, (column, step): none to a stock.

        A step leads away from the middle, to the period before or after; step ``i`` is that between periods ``i`` and ``i + 1``.
        """
        step, period = np.arange(self.steps), np.tile(np.arange(self.periods), len(self.flows))[:, None]
        passed = ((step >= self.middle) & (step < period)) | ((step < self.middle) & (step >= period))
        return np.vstack([passed, np.zeros((len(self.stocks), self.steps), dtype=bool)])

    def walk(self) -> np.ndarray:
        """Return the matrix (column, parameter) that makes columns of levels and steps.

        The parameters are the level of every quantity, then the steps, flows running fastest.
        """
        flows, quantities = len(self.flows), len(self.quantities)
        matrix = np.zeros((self.count, self.count))
        matrix[np.arange(self.count), self.quantity_of] = 1.0
        column, step = np.nonzero(self.passed)
        matrix[column, quantities + step * flows + self.quantity_of[column]] = 1.0
        return matrix


@dataclass(frozen=True)
class Totals:
    """Counts of one channel that are sums over several cities: ``total`` (group,) over the cells (city, channel) of ``cells``.

    ``cells`` is (group, member, 2), padded with −1.
    """

    total: np.ndarray
    cells: np.ndarray

    @property
    def channel(self) -> int:
        """Return the channel that is summed."""
        return int(self.cells[0, 0, 1])

    @property
    def is_cell(self) -> np.ndarray:
        """Return which entries of ``cells`` are not padding, (group, member)."""
        return self.cells[..., 0] >= 0


@dataclass(frozen=True)
class Remainder:
    """What is left of the total of a country in one ``channel``: the ``total`` of all ``cities`` there that it does not name."""

    channel: int
    total: float
    cities: np.ndarray


@dataclass(frozen=True)
class Unnamed:
    """The ``cities`` of a country that a list of the largest leaves out in one ``channel``, and the ``least`` that it names."""

    channel: int
    least: float
    cities: np.ndarray


@dataclass(frozen=True)
class Layout:
    """All lists as arrays over cities and channels.

    ``lists`` names the quantity and the list, ``datasets`` its source.
    ``group_of`` (city,): cities of one group share mean and growth. ``list_of``, ``column_of``, ``exposure`` (channel,): the
    list, its column, and the log of the years it covers there. ``counts`` (city, channel), and ``covers`` where the list
    looks. ``noise`` (channel, source of noise): 1 where a list's attention to a city depends on it; ``own_noise`` (list,) is
    the source that only its publication has, −1 where its attention is a region's or the same everywhere. ``wrong`` (channel,):
    share of rows that are wrong. ``is_exact`` (list,): a census, or a list of the largest, that sets the unit of its quantity.
    ``series_of`` (list,): the first edition of the publication that a list is of; editions share a level and an elasticity.
    ``is_stock`` (list,): it counts what stands at its date, or has no dates. ``is_in_sum`` (list,): it adds up years, so that
    only the sum of its channels is known of a city. ``anchor`` (list,): the list that
    sets the level of its quantity; ``is_chosen`` (list,): what it counts was chosen by hand, so it prefers large places.
    ``region_of`` (city,) and ``by_region`` (list,): lists whose attention is a region's.
    ``family_of`` (list,): the place among ``families``; lists of one family know a group of cities better or
    worse together, −1 for exact lists; ``family_noise`` (family,) the
    source of noise its lists share, −1 if there is none. ``known_noise``: source of noise → its standard deviation by an audit.
    """

    cities: list[str]
    group_of: np.ndarray
    columns: Columns
    lists: list[str]
    datasets: list[str]
    quantity_of: np.ndarray
    list_of: np.ndarray
    column_of: np.ndarray
    exposure: np.ndarray
    counts: np.ndarray
    covers: np.ndarray
    noise: np.ndarray
    noise_names: list[str]
    own_noise: np.ndarray
    wrong: np.ndarray
    is_exact: np.ndarray
    series_of: np.ndarray
    is_stock: np.ndarray
    is_in_sum: np.ndarray
    anchor: np.ndarray
    is_chosen: np.ndarray
    region_of: np.ndarray
    by_region: np.ndarray
    family_of: np.ndarray
    families: list[str]
    family_noise: np.ndarray
    totals: list[Totals] = field(default_factory=list)
    remainders: list[Remainder] = field(default_factory=list)
    unnamed: list[Unnamed] = field(default_factory=list)
    known_noise: dict[int, float] = field(default_factory=dict)

    @property
    def groups(self) -> int:
        """Return how many groups of cities there are."""
        return int(self.group_of.max()) + 1

    @property
    def is_spread_free(self) -> np.ndarray:
        """Return the groups (group,) whose spread is free: the largest is the measure of the others."""
        return np.arange(self.groups) != np.bincount(self.group_of).argmax()

    @property
    def base_of(self) -> np.ndarray:
        """Return the list whose base the level of each channel scatters around, (channel,): the first edition of its series."""
        return self.series_of[self.list_of]

    @property
    def is_first_edition(self) -> np.ndarray:
        """Return the lists (list,) that stand for all editions of their publication, or have no other."""
        return self.series_of == np.arange(len(self.lists))

    @property
    def has_level(self) -> np.ndarray:
        """Return the lists (list,) whose base is to be found: one for each series, but for those that set a level."""
        return self.is_first_edition & ~np.isin(np.arange(len(self.lists)), self.series_of[self.anchor])

    @property
    def sets_scale(self) -> np.ndarray:
        """Return the lists that set the scale of their quantity, (list,), with their other editions: their elasticity is 1.

        A list of which an audit says that it looks evenly holds the same part of large cities as of small ones.
        """
        is_even = np.isin(self.own_noise, list(self.known_noise))
        return np.isin(self.series_of, self.series_of[(self.anchor & ~self.is_chosen) | is_even])

    @property
    def has_elasticity(self) -> np.ndarray:
        """Return the lists (list,) whose elasticity is to be found: one for each series, but for those that set a scale."""
        return self.is_first_edition & ~self.sets_scale

    @property
    def is_standing(self) -> np.ndarray:
        """Return the lists (list,) that count what stands at one date, and not what happened in several years."""
        years = np.zeros(len(self.lists))
        np.maximum.at(years, self.list_of, np.exp(self.exposure))
        return self.is_stock & (years <= 1.0)

    def filled(self) -> "Layout":
        """Return the lists as if they looked at all they tell of: the rest of totals shared out evenly, and who is unnamed."""
        if not self.remainders and not self.unnamed:
            return self
        counts, covers = self.counts.copy(), self.covers.copy()
        for remainder in self.remainders:
            counts[remainder.cities, remainder.channel] = remainder.total / len(remainder.cities)
            covers[remainder.cities, remainder.channel] = True
        for part in self.unnamed:
            covers[part.cities, part.channel] = True
        return replace(self, counts=counts, covers=covers)

    @property
    def least_named(self) -> np.ndarray:
        """Return the least that a list names where it leaves a city out, (city, channel): 0 elsewhere."""
        least = np.zeros(self.covers.shape)
        for part in self.unnamed:
            least[part.cities, part.channel] = part.least
        return least

    @property
    def is_summed(self) -> np.ndarray:
        """Return the channels (channel,) of which only sums are known."""
        summed = np.zeros(len(self.list_of), dtype=bool)
        for totals in self.totals:
            summed[totals.cells[totals.is_cell][:, 1]] = True
        return summed
