"""Move what each city has of its own: latent values, and the attention of lists to it.

Given what cities share they are independent, but for those of which a list knows only the sum. So one vectorised step of
Hamiltonian Monte Carlo moves all of them (Neal 2011, MCMC using Hamiltonian dynamics), each with its own curvature as its mass.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from pipelines.index.measurement import dynamics
from pipelines.index.measurement.curvature import Curvature
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import State, grown, of_places
from pipelines.index.measurement.ties import Ties

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


@dataclass(frozen=True)
class Told:
    """What the curvature was made from: how ``cells`` (cell, city × unknown) follow the unknowns, their Fisher information
    ``weight`` (cell,), that of cells counted one by one, ``single`` (cell,), and the prior precision (group, column, column)."""

    cells: sparse.csr_matrix
    weight: np.ndarray
    single: np.ndarray
    precision: np.ndarray


@dataclass
class Cities:
    """The moves of the cities' own unknowns: latent values, and attention in units of its noise (city, unknown)."""

    density: Density
    curvature: Curvature = field(init=False)
    _told: Told = field(init=False)
    ties: Ties | None = None
    #: What the prior precision was last made from, and the precision.
    _made: tuple[list[np.ndarray], np.ndarray] = field(default=([np.empty(0)] * 3, np.empty(0)), init=False)

    def forth(self, vectors: np.ndarray) -> np.ndarray:
        """Turn round coordinates into unknowns, (city, unknown) each."""
        return self.curvature.forth(self.ties.rooted(vectors) if self.ties else vectors)

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

    def _pull(self, latent: np.ndarray, precision: np.ndarray) -> np.ndarray:
        """Multiply values of each city with the ``precision`` of its group, (city, column)."""
        pull = np.empty_like(latent)
        for place, matrix in zip(self.density.members, precision, strict=True):
            pull[place] = latent[place] @ matrix
        return pull

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
        elasticity = state.elasticity[layout.list_of]
        together = grown(self.density, state)[:, layout.column_of] * (1 - elasticity)
        reference = elasticity * self.density.reference[layout.column_of]
        attention = of_places(self.density, state)[layout.list_of[channel], city]
        return (layout.exposure + state.level - reference + together)[layout.group_of[city], channel] + attention

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
        density, design, precision = self.density, self.design(state), self.precision(state)
        cells = density.by_cell(design)
        if weight is None:
            weight = density.information(self.offset(state) + cells @ unknowns.ravel())
        single = np.where(density.layout.is_summed[density.cells[1]], 0.0, weight)
        self._told = Told(cells, weight, single, precision)
        self.curvature = Curvature.of(density, cells, single, precision)
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
            pull = self._pull(apart, precision)
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

    def kinetic(self, velocity: np.ndarray) -> np.ndarray:
        """Return half the square of ``velocity`` (city, unknown) by the curvature, (city,); of tied cities only the sum is it."""
        density, told = self.density, self._told
        along, columns = told.cells @ velocity.ravel(), told.precision.shape[1]
        latent, attention = velocity[:, :columns], velocity[:, columns:]
        square = np.bincount(density.cells[0], told.single * along**2, len(velocity))
        square += np.einsum("cu,cu->c", latent, self._pull(latent, told.precision)) + np.einsum("cu,cu->c", attention, attention)
        city, channel, of = density.summed
        if len(of):
            cells = density.number[city, channel]
            sums = np.bincount(of, told.weight[cells] * along[cells]) ** 2 / np.bincount(of, told.weight[cells])
            np.add.at(square, city[np.unique(of, return_index=True)[1]], sums)
        return 0.5 * square

    def move(self, state: State, rng: np.random.Generator, middle: np.ndarray) -> float:
        """Move every city once; return the share that moved.

        ``middle`` (city, unknown) is about where their unknowns lie, given what cities share.
        """
        energy, here, places = self.energy(state), self.unknowns(state), list[Place]()

        def push(apart: np.ndarray) -> np.ndarray:
            places.append(energy(middle + apart))
            return self.solve(places[-1].slope) - apart

        velocity = self.forth(rng.standard_normal(here.shape))
        clusters, cluster_of = self.density.cluster_of.max() + 1, self.density.cluster_of
        angle = rng.uniform(dynamics.SHORTEST, dynamics.LONGEST, clusters)[cluster_of, None]
        before = self.kinetic(velocity)
        apart, velocity = dynamics.travel(here - middle, velocity, angle, push)
        change = places[0].energy + before - places[-1].energy - self.kinetic(velocity)
        accepted = np.log(rng.random(clusters))[cluster_of] < self._clustered(np.nan_to_num(change, nan=-np.inf))
        self.put(state, np.where(accepted[:, None], middle + apart, here))
        return float(accepted.mean())
