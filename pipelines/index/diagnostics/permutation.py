"""Test by permutation whether what a city has beyond its size goes together with what it gains beyond its share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

#: Random permutations of the cities, and the level of the test.
PERMUTATIONS, SEED, LEVEL = 4_999, 41_000, 0.05

#: The effect whose detection gives the power: the log share gains so much for every unit of surplus.
EFFECT = 0.5


class Origin(Protocol):
    """What the test reads of an origin, for each city (city,)."""

    @property
    def after(self) -> np.ndarray:
        """Return events after the origin."""

    @property
    def surplus(self) -> np.ndarray:
        """Return what is to tell the gains, beyond what goes with size."""

    @property
    def residuals(self) -> np.ndarray:
        """Return the matrix that takes away what goes with size."""

    def forecast(self, tilt: float) -> np.ndarray:
        """Return log shares by persistence, tilted by the surplus."""


@dataclass(frozen=True)
class Association:
    """How closely surplus and gain go together, summed over origins: as observed, in permutations, and what the effect adds."""

    observed: float
    permuted: np.ndarray
    shift: float

    @classmethod
    def of(cls, origins: Sequence[Origin]) -> Self:
        """Let cities swap their surplus, each with that of one other at all origins."""
        cities = len(origins[0].surplus)
        orders = np.random.default_rng(SEED).random((PERMUTATIONS, cities)).argsort(1)
        observed, permuted, shift = 0.0, np.zeros(PERMUTATIONS), 0.0
        for origin in origins:
            events, persistence = origin.after.sum(), np.exp(origin.forecast(0.0))
            gained = origin.residuals @ (origin.after - events * persistence)
            observed += float(gained @ origin.surplus)
            permuted += origin.surplus[orders] @ gained
            shift += float(events * (np.exp(origin.forecast(EFFECT)) - persistence) @ origin.surplus)
        return cls(observed, permuted, shift)

    @property
    def p(self) -> float:
        """Return the share of permutations, with the one observed, in which they go together as closely."""
        return float((1 + (self.permuted >= self.observed - 1e-15).sum()) / (1 + len(self.permuted)))

    @property
    def power(self) -> float:
        """Return how often the test would find the effect on top of changes like those of the permutations."""
        return float((self.permuted + self.shift > np.quantile(self.permuted, 1 - LEVEL)).mean())
