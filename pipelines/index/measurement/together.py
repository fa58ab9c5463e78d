"""Move all that the cities share at once, while every city follows.

A list's level and its attention to all cities say nearly the same, so a chain that moves one after the other creeps. Here the
shared unknowns move by Hamiltonian Monte Carlo in the coordinates of their joint curvature with the cities, a bordered
block-diagonal matrix: when they change by s, the unknowns of a city change by −A⁻¹ B s, its best reply, A being the city's own
curvature and B that between the two. What remains of the curvature is its Schur complement, which makes the move round.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pipelines.index.measurement import dynamics
from pipelines.index.measurement.cities import Cities
from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.state import State
from pipelines.index.measurement.stretches import Stretches

#: How the length of the steps is adapted to moves that are accepted or not; in balance three of four are.
LONGER, SHORTER = 1.05, 0.86

#: Lengths of the Newton steps that are tried, as shares of the whole step.
CLIMBS = (1.0, 0.3, 0.1, 0.03)


@dataclass
class Together:
    """The moves of the shared unknowns; ``curve`` comes first."""

    shared: Shared
    cities: Cities
    length: float = 1.0

    def curve(self, state: State, weight: np.ndarray | None = None) -> float:
        """Take the joint curvature at ``state``, with the Fisher information of its cells or ``weight`` (cell,).

        Return the energy there. The middle of the shared unknowns, and of the cities', is one Newton step away.
        """
        layout, walk = self.shared.density.layout, self.shared.density.walk
        unknowns = self.cities.unknowns(state)
        weight = self.cities.curve(state, unknowns, weight)
        self.origin = np.concatenate([self.shared.density.reference, np.zeros(layout.noise.shape[1])])
        self.stretches = Stretches.of(self.shared, state, weight)
        self.settled, self.apart = copy(state), unknowns - self.origin
        self.scale = self.stretches.log_scale(state)
        self.weight = weight
        self.design = self.shared.density.by_cell(self.cities.design(state))
        self.pull = self.cities.precision(state) @ walk
        self.slopes = self._averaged(weight, self.shared.slopes(state))
        curvature = self.slopes.T @ self.slopes.multiply(self.weight[:, None])
        joint = curvature.toarray()[:-1, :-1] + (self.shared.inverse.T @ self.shared.inverse).toarray()
        # A noise is told by the attention that is fixed, whatever its unit.
        noises = self.shared.slices["log_noise"]
        fixed = (self.stretches.seen**2).sum(0)[self.shared.parts["log_noise"].is_free]
        joint[noises, noises] += np.diag(fixed)
        members = np.bincount(layout.group_of)
        for group, place in enumerate(self.shared.parameters):
            joint[np.ix_(place, place)] += members[group] * walk.T @ self.pull[group]
        joint -= self._explained()
        # Lists only add to what was known before: rounding must not take it away where they tell little.
        prior = self.shared.root
        values, vectors = np.linalg.eigh(prior.T @ joint @ prior)
        length = np.sqrt(np.maximum(values, 1.0))
        self.root, self.inverse = prior @ (vectors / length), (length[:, None] * vectors.T) @ self.shared.inverse
        return self._centre(state)

    def _centre(self, state: State) -> float:
        vector, measured, farthest = self.shared.take(state), self.measured(state), dynamics.FARTHEST_MIDDLE
        place = self.cities.energy(state)(self.cities.unknowns(state))
        energy, slope = self.energy(copy(state), vector, measured)
        self.centre = vector - self.root @ np.clip(self.root.T @ slope, -farthest, farthest)
        self.told = vector, measured - np.clip(self.cities.solve(place.slope), -farthest, farthest)
        return energy

    def _averaged(self, weight: np.ndarray, slopes: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return the slopes of cells, those of summed ones averaged over their sum: that is how the sum follows the vector."""
        city, channel, of = self.shared.density.summed
        if not len(city):
            return slopes
        place = self.shared.density.number[city, channel]
        part = weight[place]
        sums = sparse.csr_matrix((part / np.bincount(of, part)[of], (of, place)), shape=(of.max() + 1, slopes.shape[0])) @ slopes
        single = sparse.diags(np.where(np.isin(np.arange(slopes.shape[0]), place), 0.0, 1.0)) @ slopes
        spread = sparse.csr_matrix((np.ones(len(of)), (place, of)), shape=(slopes.shape[0], of.max() + 1))
        return (single + spread @ sums).tocsr()

    def _explained(self) -> np.ndarray:
        """Return the curvature that the replies of the cities take away, Σ Bᵀ A⁻¹ B."""
        layout, length, columns = self.shared.density.layout, len(self.shared.mean), self.pull.shape[1]
        curvature, ties = self.cities.curvature, self.cities.ties
        between = self.design.T @ self.slopes.multiply(self.weight[:, None]).tocsr()
        single, common = curvature.halves(between)
        explained = (single.T @ single).toarray()[:length, :length]
        tied = np.zeros((*ties.inverse.shape[:2], length)) if ties else np.empty((0, 0, 0))
        for cities, active, part in _alike(common, layout.group_of, self.shared.parameters, length):
            group, back = layout.group_of[cities[0]], curvature.turned[cities]
            part[:, :columns, np.searchsorted(active, self.shared.parameters[group])] -= self.pull[group]
            reply = back @ part
            flat = reply.reshape(-1, len(active))
            explained[np.ix_(active, active)] += flat.T @ flat
            if ties:
                held, row = np.isin(cities, ties.cities), np.searchsorted(ties.cities, cities)
                for cluster in np.unique(ties.cluster_of[row[held]]):
                    own = held & (ties.cluster_of[np.where(held, row, 0)] == cluster)
                    moved = (ties.weight[row[own]].transpose(0, 2, 1) @ reply[own]).sum(0)
                    tied[cluster][:, active] += moved
        if ties:
            explained -= np.einsum("csp,cst,ctq->pq", tied, ties.inverse, tied, optimize=True)
        return explained

    def follow(self, change: np.ndarray) -> np.ndarray:
        """Return how the cities fall as the vector rises, in the units where the curvature was taken, (city, unknown)."""
        reply = (self.design.T @ (self.weight * (self.slopes @ np.append(change, 0.0)))).reshape(self.apart.shape)
        pulled = np.einsum("gcp,gp->gc", self.pull, change[self.shared.parameters])
        reply[:, : pulled.shape[1]] -= pulled[self.shared.density.layout.group_of]
        return self.cities.solve(reply) + self.apart * self.stretches.along(self.settled, change)

    def _collect(self, slope: np.ndarray) -> np.ndarray:
        """Return the slope by the vector that ``slope`` (city, unknown) brings as cities follow, the transpose of ``follow``."""
        reply = self.cities.solve(slope)
        collected = (self.slopes.T @ (self.weight * (self.design @ reply.ravel())))[:-1]
        by_group = self.shared.density.in_group.T @ reply[:, : self.pull.shape[1]]
        collected[self.shared.parameters] -= np.einsum("gc,gcp->gp", by_group, self.pull)
        return np.asarray(collected + self.stretches.back(self.settled, slope * self.apart))

    def middle(self, state: State) -> np.ndarray:
        """Return about where the cities' unknowns lie, given what they share, (city, unknown): a start for their moves."""
        vector, measured = self.told
        follow = self.follow(self.shared.take(state) - vector)
        return np.asarray(self.origin + (measured - follow) * np.exp(self.stretches.log_scale(state) - self.scale))

    def measured(self, state: State) -> np.ndarray:
        """Return the cities' unknowns in the units where the curvature was taken, (city, unknown)."""
        return (self.cities.unknowns(state) - self.origin) / np.exp(self.stretches.log_scale(state) - self.scale)

    def put(self, state: State, vector: np.ndarray, measured: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set the shared unknowns, and the cities' unknowns from those ``measured``.

        Return the latter, and the log of the units they are measured in, (city, unknown) both.
        """
        self.shared.put(state, vector)
        scale = self.stretches.log_scale(state) - self.scale
        unknowns = self.origin + measured * np.exp(scale)
        self.cities.put(state, unknowns)
        return unknowns, scale

    def energy(self, state: State, vector: np.ndarray, measured: np.ndarray) -> tuple[float, np.ndarray]:
        """Put both, and return the energy there and its slope by the vector, replies included."""
        shared, (unknowns, scale) = self.shared, self.put(state, vector, measured)
        place = self.cities.energy(state)(unknowns)
        apart = shared.inverse @ (vector - shared.mean)
        slope = shared.inverse.T @ apart - shared.slope(state, place.cells)
        slope[self.shared.parameters] -= shared.density.in_group.T @ place.pull @ shared.density.walk
        slope += self.stretches.back(state, place.slope * (unknowns - self.origin) - 1)
        slope -= self._collect(place.slope * np.exp(scale))
        return float(place.energy.sum() + 0.5 * (apart**2).sum() - scale.sum()), slope

    def move(self, state: State, rng: np.random.Generator) -> bool:
        """Move the shared unknowns once, and the cities with them; return whether they moved."""
        vector, measured, trial = self.shared.take(state), self.measured(state), copy(state)
        energies = list[float]()

        def push(apart: np.ndarray) -> np.ndarray:
            there = self.centre + self.root @ apart
            energy, slope = self.energy(trial, there, measured - self.follow(there - vector))
            energies.append(energy)
            return np.asarray(self.root.T @ slope - apart)

        velocity = rng.standard_normal(len(vector))
        angle = self.length * rng.uniform(dynamics.SHORTEST, dynamics.LONGEST)
        steps = min(int(np.ceil(dynamics.STEPS / self.length)), dynamics.MOST_STEPS)
        # A move that runs off is not accepted.
        with np.errstate(over="ignore", invalid="ignore"):
            _, last = dynamics.travel(self.inverse @ (vector - self.centre), velocity, angle, push, steps)
            change = energies[0] - energies[-1] + 0.5 * (velocity**2 - last**2).sum()
        if not np.log(rng.random()) < change:
            return False
        vars(state).update(vars(trial))
        return True

    def adapt(self, accepted: bool) -> None:
        """Lengthen the steps of the moves to come if the last one was accepted, else shorten them."""
        self.length = min(self.length * (LONGER if accepted else SHORTER), 1.0)

    def climb(self, state: State) -> float:
        """Go towards the mode of the shared unknowns, the cities following, by one damped Newton step.

        Return by how much the energy fell.
        """
        before = self.curve(state)
        vector, measured, trial = self.shared.take(state), self.measured(state), copy(state)
        for length in CLIMBS:
            there = vector + length * (self.centre - vector)
            after, _ = self.energy(trial, there, measured - self.follow(there - vector))
            if after < before:
                vars(state).update(vars(trial))
                return before - after
        return 0.0


def _alike(
    slopes: sparse.csr_matrix, group_of: np.ndarray, always: np.ndarray, length: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Divide the cities by group, and by the columns below ``length`` in which their rows of ``slopes`` have entries.

    Of each part yield the cities, these columns with those that the group has ``always`` (group, column), and the rows in them,
    (city, row, column).
    """
    rows = slopes.shape[0] // len(group_of)
    entries = slopes.tocoo()
    has = np.zeros((len(group_of), slopes.shape[1]), dtype=bool)
    has[entries.row // rows, entries.col] = True
    has[:, length:] = False
    np.put_along_axis(has, always[group_of], values=True, axis=1)
    _, of_city = np.unique(np.column_stack([group_of, np.packbits(has, axis=1)]), axis=0, return_inverse=True)
    for part in range(of_city.max() + 1):
        cities = np.flatnonzero(of_city == part)
        active = np.flatnonzero(has[cities[0]])
        own = slopes[(cities[:, None] * rows + np.arange(rows)).ravel()][:, active]
        yield cities, active, own.toarray().reshape(len(cities), rows, -1)
