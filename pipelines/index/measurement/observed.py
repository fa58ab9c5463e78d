"""What the lists counted, cell by cell, and how likely it is where log intensities are known."""

import numpy as np

from pipelines.index.measurement.layout import Layout

#: Size of the negative binomial: attention drifts by 25% from one period to the next. How many counts one of a census is worth,
#: and how far its large counts may be off.
SIZE, CENSUS, CENSUS_SIZE, POISSON = 1 / 0.25**2, 25.0, 1 / (25.0 * 0.05**2), 1e6

#: How sharp the border of a list of the largest is: a city with twice as much as the least one named is left out with one in
#: nine.
STEEP = 3.0


class Observed:
    """The cells of a layout, a city and a channel each, and the observations they belong to.

    A cell counted by itself is an observation of its own. Cells of which only a sum is known are one together; where they lie in
    several cities it ``is_wide``.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        filled = layout.filled()
        self.city, self.channel = np.nonzero(filled.covers)
        self.list_of = layout.list_of[self.channel]
        self.column = layout.column_of[self.channel]
        self.group = layout.group_of[self.city]
        self._observe()

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

    def gathered(self, logs: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the share of each cell in its observation, (cell,), and the log of the observation's intensity, (obs,).

        ``logs`` are the cells' log intensities, with a ``variance`` each, (cell,). Over several cities intensities add up. Over
        the years of a city their geometric mean is taken, each year alike, so that no step between years decides what a total
        tells.
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
