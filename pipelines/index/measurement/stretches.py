"""Hold what cities have in units that lists know, so that an elasticity or a noise can change without a city being told anew.

Where lists count a city well, they fix the product of their elasticity and its latent value, not the value; and they fix the
attention to it, not the attention in units of its noise. While what cities share moves, the unknowns of a city are therefore
held in such units, in proportion to how well it is counted (partially centred; Papaspiliopoulos, Roberts & Sköld 2007,
Statistical Science 22, 59–73).
"""

from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.state import State

#: The least an elasticity counts for in a unit.
_LEAST = 0.05


@dataclass(frozen=True)
class Stretches:
    """How far, from 0 to 1, lists fix a city's values, ``known`` (city, list), and attention to it, ``seen`` (city, source)."""

    shared: Shared
    known: np.ndarray
    seen: np.ndarray

    @classmethod
    def of(cls, shared: Shared, state: State, weight: np.ndarray) -> "Stretches":
        """Derive both from the Fisher information ``weight`` (cell,) of the log intensities at ``state``."""
        density, weight = shared.density, shared.density.spread(weight)
        by_list = weight @ density.in_list * state.elasticity**2
        total = by_list @ density.quantity_of_list + np.diag(np.linalg.inv(state.covariance))
        seen = (weight @ density.layout.noise) * state.noise**2
        return cls(shared, by_list / (total @ density.quantity_of_list.T), seen / (1 + seen))

    def _elasticity(self, state: State) -> np.ndarray:
        """Return the elasticity of what each quantity of a city is known by, (city, quantity)."""
        return np.maximum(1 + self.known @ ((state.elasticity - 1)[:, None] * self.shared.density.quantity_of_list), _LEAST)

    def log_scale(self, state: State) -> np.ndarray:
        """Return the log of the unit of each unknown of the cities, (city, unknown)."""
        latent = -np.log(self._elasticity(state))
        return np.hstack([latent[:, self.shared.density.quantity_of], -self.seen * np.log(state.noise)])

    def along(self, state: State, change: np.ndarray) -> np.ndarray:
        """Return how the log units change with the vector, (city, unknown)."""
        series_of, quantity_of = self.shared.density.layout.series_of, self.shared.density.quantity_of_list
        change_of_list = self.shared.full("elasticity", change)[series_of, None] * quantity_of
        latent = -self.known @ change_of_list / self._elasticity(state)
        attention = -self.seen * self.shared.full("log_noise", change)
        return np.hstack([latent[:, self.shared.density.quantity_of], attention])

    def back(self, state: State, slope: np.ndarray) -> np.ndarray:
        """Return the slope by the vector that ``slope`` (city, unknown) by the log units brings, the transpose of ``along``."""
        density, columns = self.shared.density, self.shared.density.layout.columns.count
        latent = slope[:, :columns] @ np.eye(len(density.centre))[density.quantity_of]
        by_list = -(self.known * ((latent / self._elasticity(state)) @ density.quantity_of_list.T)).sum(0)
        slopes = {
            "elasticity": np.bincount(density.layout.series_of, by_list, len(by_list)),
            "log_noise": -(self.seen * slope[:, columns:]).sum(0),
        }
        result = np.zeros(len(self.shared.mean))
        for name, values in slopes.items():
            result[self.shared.slices[name]] = values[self.shared.parts[name].is_free]
        return result
