"""Hold the draws of the measurement model: what every city has, year by year, and how each list looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from pipelines.index.measurement.layout import PERIODS, Layout
from pipelines.index.measurement.sampler import Chain

#: The year in the middle of each period, at which its latent value stands.
CENTRES = np.array([(start + end - 1) / 2 for start, end in pairwise(PERIODS)])


@dataclass(frozen=True)
class Posterior:
    """Draws of all chains, by name of the unknown: (chain, draw, …)."""

    layout: Layout
    chains: dict[str, np.ndarray]

    @classmethod
    def of(cls, layout: Layout, chains: Sequence[Chain]) -> "Posterior":
        """Put the draws of several chains of the same length together."""
        return cls(layout, {name: np.stack([chain.draws[name] for chain in chains]) for name in chains[0].draws})

    def by_column(self) -> "Posterior":
        """Return the same draws, in memory one latent value after the other.

        The index takes the values of one quantity, year after year, which lie far apart as they are drawn, or sent.
        """
        latent = np.moveaxis(np.ascontiguousarray(np.moveaxis(self.chains["latent"], -1, 0)), 0, -1)
        return Posterior(self.layout, self.chains | {"latent": latent})

    def draws(self, name: str) -> np.ndarray:
        """Return the draws of an unknown, chains one after another: (draw, …)."""
        values = self.chains[name]
        return values.reshape(self.count, *values.shape[2:])

    @property
    def count(self) -> int:
        """Return how many draws there are."""
        chains, draws = self.chains["base"].shape[:2]
        return int(chains * draws)

    def log_intensity(self, quantity: str, year: int) -> np.ndarray:
        """Return the log of how much of a flow a city has a year, or how much of a stock, (draw, city).

        Between the middles of two periods the log moves on a straight line; before the first and after the last it stands.
        """
        return self._between(self.draws("latent"), self.layout.columns.of(quantity), year)

    def grown(self, quantity: str, year: int) -> np.ndarray:
        """Return what the cities of each city's group have grown in common in a quantity, (draw, city): the log of what they
        had in a year over what they had in the middle period. A list follows it one for one."""
        return self._between(self.grown_by_column, self.layout.columns.of(quantity), year)[:, self.layout.group_of]

    @cached_property
    def grown_by_column(self) -> np.ndarray:
        """Return the same of the middle of each period, (draw, group, column): 0 of a stock."""
        growth, walk = self.draws("growth"), self.layout.columns.walk()
        growth = growth.reshape(*growth.shape[:2], -1)
        return np.asarray(growth @ walk[:, walk.shape[1] - growth.shape[2] :].T)

    def _between(self, values: np.ndarray, columns: np.ndarray, year: int) -> np.ndarray:
        """Return the values in a year, (draw, place), from those in the middle of each period, (draw, place, column)."""
        if len(columns) == 1:
            return values[:, :, columns[0]]
        weights = np.array([np.interp(year, CENTRES, row) for row in np.eye(len(CENTRES))], dtype=values.dtype)
        # One or two of the periods count, and a product of matrices would read all of them.
        counting = np.flatnonzero(weights)
        return np.asarray(sum(values[:, :, columns[period]] * weights[period] for period in counting))

    def prior_spread(self, quantity: str) -> float:
        """Return how much cities differ in a quantity by the covariance that was learned: a standard deviation of the log."""
        place = self.layout.columns.quantities.index(quantity)
        return float(np.sqrt(self.draws("covariance")[:, place, place].mean()))

    def attention(self, name: str) -> np.ndarray:
        """Return the log of how much of a city a list holds against what it holds of others as large, (draw, city).

        ``name`` is that of the list, with its quantity. What its family has in common is in it.
        """
        layout = self.layout
        place = layout.lists.index(name)
        channel = int(np.flatnonzero(layout.list_of == place)[0])
        seen = self.draws("attention")[:, :, layout.noise[channel] > 0].sum(2)
        family = layout.family_of[place]
        if family < 0:
            return seen
        national = self.draws("national")[:, family] + self.draws("own_national")[:, place]
        return np.asarray(seen + national[:, layout.group_of])

    def coverage(self, name: str, year: int) -> np.ndarray:
        """Return the log of the share that a list holds of what a city has in a year, up to a factor of all cities, (draw, city).

        It is the list's attention, and what its elasticity adds or takes where there is more.
        """
        quantity, _, _ = name.partition("/")
        steeper = self.draws("elasticity")[:, [self.layout.lists.index(name)]] - 1
        apart = self.log_intensity(quantity, year) - self.grown(quantity, year)
        return np.asarray(self.attention(name) + steeper * apart)
