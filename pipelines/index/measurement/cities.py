"""Move what each city has of its own: latent values, and the attention of lists to it.

Given what cities share they are independent, but for those of which a list knows only the sum. So one vectorised step of
Hamiltonian Monte Carlo moves all of them (Neal 2011, MCMC using Hamiltonian dynamics), each in coordinates that its own curvature
makes round.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from pipelines.index.measurement.curvature import Curvature
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import State, of_places
from pipelines.index.measurement.ties import Ties

#: Leapfrog steps of one move, and the range of their length; five of them turn a round target nearly to its other side, so that
#: cities that only have a sum in common go far.
STEPS, SHORTEST, LONGEST = 5, 0.35, 0.6

#: Steps are shorter, by this power of how many, where cities can only move together.
CROWDED = 0.15

#: The furthest a Newton step goes in any direction.
LARGEST_STEP = 3.0


@dataclass(frozen=True)
class Place:
    """Energy (city,) and its slope (city, unknown) at some unknowns.

    ``cells`` (cell,) is the slope of the log likelihood by log intensities, ``pull`` (city, column) that of the prior.
    """

    energy: np.ndarray
    slope: np.ndarray
    cells: np.ndarray
    pull: np.ndarray


Energy = Callable[[np.ndarray], Place]


@dataclass
class Cities:
    """The moves of the cities' own unknowns: latent values, and attention in units of its noise (city, unknown)."""

    density: Density
    curvature: Curvature = field(init=False)
    ties: Ties | None = None
    #: What the prior precision was last made from, and the precision.
    _made: tuple[list[np.ndarray], np.ndarray] = field(default=([np.empty(0)] * 3, np.empty(0)), init=False)

    def forth(self, vectors: np.ndarray) -> np.ndarray:
        """Turn round coordinates into unknowns, (city, unknown) each."""
        return self.curvature.forth(self.ties.rooted(vectors) if self.ties else vectors)

    def back(self, slopes: np.ndarray) -> np.ndarray:
        """Turn slopes by the unknowns into those by round coordinates, (city, unknown) each: the transpose of ``forth``."""
        turned = self.curvature.back(slopes)
        return self.ties.rooted(turned) if self.ties else turned

    def solve(self, slopes: np.ndarray) -> np.ndarray:
        """Return the inverse curvature times ``slopes`` (city, unknown)."""
        inward = self.curvature.inward(slopes)
        solved = self.curvature.each(inward, self.curvature.inverse, self.curvature.width)
        if self.ties:
            solved[self.ties.places] -= self.ties.taken(inward)
        return self.curvature.outward(solved)

    def _clustered(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over the cluster of each city, (city,)."""
        return np.asarray(np.bincount(self.density.cluster_of, values)[self.density.cluster_of])

    @property
    def _size(self) -> np.ndarray:
        return np.bincount(self.density.cluster_of)[self.density.cluster_of]

    def design(self, state: State) -> np.ndarray:
        """Return the derivative of the log intensities by the unknowns, (unknown, channel)."""
        layout = self.density.layout
        columns = layout.columns.count
        design = np.zeros((columns + layout.noise.shape[1], len(layout.list_of)))
        design[layout.column_of, np.arange(len(layout.list_of))] = state.elasticity[layout.list_of]
        design[columns:] = state.noise[:, None] * layout.noise.T
        return design

    def offset(self, state: State) -> np.ndarray:
        """Return the log intensities where all unknowns of the cities are 0, (cell,)."""
        layout, (city, channel) = self.density.layout, self.density.cells
        reference = state.elasticity[layout.list_of] * self.density.reference[layout.column_of]
        attention = of_places(self.density, state)[layout.list_of[channel], city]
        return (layout.exposure + state.level - reference)[channel] + attention

    def mean(self, state: State) -> np.ndarray:
        """Return the prior mean of the latent values, (group, column)."""
        parameters = np.concatenate([state.means, state.growth.reshape(len(state.growth), -1)], axis=1)
        return np.asarray(parameters @ self.density.walk.T)

    def precision(self, state: State) -> np.ndarray:
        """Return the prior precision of the latent values, (group, column, column)."""
        parts = [state.covariance, state.step_covariance, state.spread]
        # Most moves leave it as it is.
        if not all(map(np.array_equal, parts, self._made[0])):
            self._made = [part.copy() for part in parts], self._precision(state)
        return self._made[1]

    def _precision(self, state: State) -> np.ndarray:
        density, columns = self.density, self.density.layout.columns
        quantities = len(columns.quantities)
        inner = np.zeros((len(state.means), columns.count, columns.count))
        levels, steps = np.linalg.inv(state.covariance), np.linalg.inv(state.step_covariance)
        inner[:, :quantities, :quantities] = levels / state.spread[:, 0, None, None] ** 2
        inner[:, quantities:, quantities:] = np.kron(np.eye(columns.periods - 1), steps) / state.spread[:, 1, None, None] ** 2
        return density.inverse_walk.T @ inner @ density.inverse_walk

    def curve(self, state: State, unknowns: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
        """Take the curvature at ``unknowns`` (city, unknown), given what cities share, for the moves that follow.

        Return the Fisher information of the cells there, (cell,), or ``weight`` if it is given in its place.
        """
        density, design = self.density, self.design(state)
        if weight is None:
            weight = density.information(self.offset(state) + density.by_cell(design) @ unknowns.ravel())
        single = np.where(density.layout.is_summed[density.cells[1]], 0.0, weight)
        self.curvature = Curvature.of(density, design, single, self.precision(state))
        self.ties = Ties.of(self.density, self.curvature, design, weight) if self.density.layout.totals else None
        return weight

    @staticmethod
    def unknowns(state: State) -> np.ndarray:
        """Return the cities' unknowns, (city, unknown)."""
        return np.hstack([state.latent, state.attention / state.noise])

    @staticmethod
    def put(state: State, unknowns: np.ndarray) -> None:
        """Set the cities' unknowns."""
        columns = state.latent.shape[1]
        state.latent, state.attention = unknowns[:, :columns].copy(), unknowns[:, columns:] * state.noise

    def energy(self, state: State) -> Energy:
        """Return the function that gives the energy of each city where the unknowns are (city, unknown)."""
        density, design, offset = self.density, self.density.by_cell(self.design(state)), self.offset(state)
        back, precision, centre = design.T, self.precision(state), self.mean(state)[self.density.layout.group_of]
        columns = precision.shape[1]

        def energy(unknowns: np.ndarray) -> Place:
            apart, attention = unknowns[:, :columns] - centre, unknowns[:, columns:]
            pull = np.empty_like(apart)
            for place, matrix in zip(density.members, precision, strict=True):
                pull[place] = apart[place] @ matrix
            likelihood, cells = density.terms(offset + design @ unknowns.ravel())
            slope = -(back @ cells).reshape(unknowns.shape)
            slope[:, :columns] += pull
            slope[:, columns:] += attention
            prior = np.einsum("cu,cu->c", apart, pull) + np.einsum("cu,cu->c", attention, attention)
            return Place(0.5 * prior - np.bincount(density.cells[0], likelihood, len(unknowns)), slope, cells, pull)

        return energy

    def climb(self, state: State) -> None:
        """Go towards the mode of every city by one damped Newton step."""
        here = self.unknowns(state)
        self.curve(state, here)
        energy = self.energy(state)
        place = energy(here)
        step = self.solve(place.slope)
        step /= np.maximum(np.abs(step).max(1, keepdims=True) / LARGEST_STEP, 1.0)
        best, least = here, place.energy
        for length in (1.0, 0.5, 0.2, 0.05):
            there = here - length * step
            value = energy(there).energy
            lower = self._clustered(value - least) < 0
            best, least = np.where(lower[:, None], there, best), np.where(lower, value, least)
        self.put(state, best)

    def move(self, state: State, rng: np.random.Generator) -> float:
        """Move every city once; return the share that moved."""
        energy = self.energy(state)
        here = self.unknowns(state)
        place = energy(here)
        before = place.energy
        momentum = rng.standard_normal(here.shape)
        clusters, cluster_of = self.density.cluster_of.max() + 1, self.density.cluster_of
        length = rng.uniform(SHORTEST, LONGEST, clusters)[cluster_of, None] * self._size[:, None] ** -CROWDED
        # The velocity is that of the unknowns, so that a step takes one product with the curvature, and not two.
        there, velocity, force = here, self.forth(momentum), 0.5 * place.slope
        pushed = force
        for step in range(STEPS):
            velocity = velocity - length * self.solve(force)
            there = there + length * velocity
            place = energy(there)
            force = place.slope if step < STEPS - 1 else 0.5 * place.slope
            pushed = pushed + force
        last = momentum - length * self.back(pushed)
        change = before - place.energy + 0.5 * (momentum**2 - last**2).sum(1)
        accepted = np.log(rng.random(clusters))[cluster_of] < self._clustered(np.nan_to_num(change, nan=-np.inf))
        self.put(state, np.where(accepted[:, None], there, here))
        return float(accepted.mean())
