"""Sample the measurement model: Hamiltonian Monte Carlo for each city, Gibbs and Metropolis steps for what cities share.

Given the lists' parameters the cities are independent, so one vectorised step moves all of them (Neal 2011, MCMC using
Hamiltonian dynamics), each in coordinates that its own curvature makes round. Moves along which the likelihood is constant,
such as a higher level of a list and less attention to every city, are drawn exactly; without them, chains creep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from pipelines.index.measurement import shared, splits
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.starting import start
from pipelines.index.measurement.state import State, log_intensity, national, regional

#: Leapfrog steps of one move, and the range of their length; three of a half turn a round target by a quarter.
STEPS, SHORTEST, LONGEST = 3, 0.35, 0.6

#: Sweeps before the curvature is taken again, and how many such rounds a pilot chain has.
ROUND, ROUNDS = 40, 6

#: Sweeps of a chain before draws are kept.
WARM_UP = 60

#: Newton steps from the starting point towards the modes.
CLIMBS, LARGEST_STEP = 12, 3.0


Energy = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass
class Cities:
    """The moves of the cities' own unknowns: latent values and attention, together (city, unknown)."""

    density: Density

    def __post_init__(self) -> None:
        self.turn = np.empty((0, 0, 0), dtype=np.float32)

    def design(self, state: State) -> np.ndarray:
        """Return the derivative of the log intensities by the unknowns, (unknown, channel)."""
        layout = self.density.layout
        columns = layout.columns.count
        design = np.zeros((columns + layout.noise.shape[1], len(layout.list_of)))
        design[layout.column_of, np.arange(len(layout.list_of))] = state.elasticity[layout.list_of]
        design[columns:] = state.noise[:, None] * layout.noise.T
        return design

    def offset(self, state: State) -> np.ndarray:
        """Return the log intensities where all unknowns of the cities are 0, (city, channel)."""
        layout = self.density.layout
        reference = state.elasticity[layout.list_of] * self.density.reference[layout.column_of]
        attention = regional(self.density, state) + national(self.density, state)
        return layout.exposure + state.level - reference + attention

    def prior(self, state: State) -> tuple[np.ndarray, np.ndarray]:
        """Return mean (group, column) and precision (column, column) of the latent values."""
        columns = self.density.layout.columns
        parameters = np.concatenate([state.means, state.growth.reshape(len(state.growth), -1)], axis=1)
        steps = np.kron(np.eye(columns.periods - 1), np.linalg.inv(state.step_covariance))
        quantities = len(columns.quantities)
        inner = np.zeros((columns.count, columns.count))
        inner[:quantities, :quantities] = np.linalg.inv(state.covariance)
        inner[quantities:, quantities:] = steps
        walk = self.density.inverse_walk
        return parameters @ columns.walk().T, walk.T @ inner @ walk

    def curve(self, state: State, unknowns: np.ndarray) -> None:
        """Take the curvature at ``unknowns`` (city, unknown), given what cities share, for the moves that follow."""
        design = self.design(state)
        _, precision = self.prior(state)
        columns = len(precision)
        weight = self.density.information(self.offset(state) + unknowns @ design)
        prior = np.eye(len(design))
        prior[:columns, :columns] = precision
        chunks = np.array_split(weight, max(len(weight) // 100, 1))
        roots = [np.linalg.cholesky((design * chunk[:, None]) @ design.T + prior) for chunk in chunks]
        self.turn = np.concatenate([np.linalg.inv(root).transpose(0, 2, 1).astype(np.float32) for root in roots])

    @staticmethod
    def unknowns(state: State) -> np.ndarray:
        """Return the cities' unknowns: latent values, and attention in units of its noise, (city, unknown)."""
        return np.hstack([state.latent, state.attention / state.noise])

    @staticmethod
    def put(state: State, unknowns: np.ndarray) -> None:
        """Set the cities' unknowns."""
        columns = state.latent.shape[1]
        state.latent, state.attention = unknowns[:, :columns].copy(), unknowns[:, columns:] * state.noise

    def energy(self, state: State) -> Energy:
        """Return the function that gives energy (city,) and its slope (city, unknown) where the unknowns are (city, unknown)."""
        design, offset = self.design(state), self.offset(state)
        mean, precision = self.prior(state)
        columns = len(precision)
        centre = mean[self.density.layout.group_of]

        def energy_and_slope(place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            log_rate = offset + place @ design
            apart = place[:, :columns] - centre
            pull = apart @ precision
            likelihood, slopes, _ = self.density.terms(log_rate, state.counts)
            slope = -slopes @ design.T
            slope[:, :columns] += pull
            slope[:, columns:] += place[:, columns:]
            energy = -likelihood.sum(1)
            energy += 0.5 * (apart * pull).sum(1) + 0.5 * (place[:, columns:] ** 2).sum(1)
            return energy, slope

        return energy_and_slope

    def climb(self, state: State) -> None:
        """Go towards the mode of every city by one damped Newton step."""
        here = self.unknowns(state)
        self.curve(state, here)
        energy_and_slope = self.energy(state)
        least, slope = energy_and_slope(here)
        step = _times(self.turn, _times(self.turn.transpose(0, 2, 1), slope))
        step /= np.maximum(np.abs(step).max(1, keepdims=True) / LARGEST_STEP, 1.0)
        best = here
        for length in (1.0, 0.5, 0.2, 0.05):
            place = here - length * step
            energy, _ = energy_and_slope(place)
            lower = energy < least
            best, least = np.where(lower[:, None], place, best), np.where(lower, energy, least)
        self.put(state, best)

    def move(self, state: State, rng: np.random.Generator) -> float:
        """Move every city once; return the share that moved."""
        energy_and_slope = self.energy(state)
        here = self.unknowns(state)
        before, slope = energy_and_slope(here)
        momentum = rng.standard_normal(here.shape)
        kinetic = 0.5 * (momentum**2).sum(1)
        length = rng.uniform(SHORTEST, LONGEST, (len(here), 1))
        place = here
        for _ in range(STEPS):
            momentum = momentum - 0.5 * length * _times(self.turn.transpose(0, 2, 1), slope)
            place = place + length * _times(self.turn, momentum)
            after, slope = energy_and_slope(place)
            momentum = momentum - 0.5 * length * _times(self.turn.transpose(0, 2, 1), slope)
        change = before + kinetic - after - 0.5 * (momentum**2).sum(1)
        accepted = np.log(rng.random(len(here))) < np.nan_to_num(change, nan=-np.inf)
        self.put(state, np.where(accepted[:, None], place, here))
        return float(accepted.mean())


def _times(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    return np.matmul(matrix, vector.astype(np.float32)[..., None])[..., 0].astype(float)


@dataclass(frozen=True)
class Chain:
    """Draws of one chain, each (draw, …), by name of the unknown; and the share of moves of cities that were accepted."""

    draws: dict[str, np.ndarray]
    accepted: float


#: Unknowns of which draws are kept.
KEPT = (
    "latent",
    "attention",
    "noise",
    "level",
    "base",
    "elasticity",
    "means",
    "growth",
    "regional_noise",
    "national",
    "own_national",
    "covariance",
    "step_covariance",
)


#: What the pilot chains settle and the chains hold: their draws creep, and cities are many enough to tell them.
HELD = ("elasticity", "noise", "regional_noise", "covariance", "step_covariance")


def pilot(layout: Layout, seed: int) -> State:
    """Run a pilot chain, in which everything moves; return the mean of its second half."""
    rng = np.random.default_rng(seed)
    density = Density.of(layout)
    state, cities = start(density, rng), Cities(density)
    for _ in range(CLIMBS):
        splits.split(layout, log_intensity(density, state), state, rng)
        cities.climb(state)
        shared.settle(density, state, rng)
    middle = cities.unknowns(state)
    names = [name.name for name in fields(State)]
    sums = {name: np.zeros_like(getattr(state, name), dtype=float) for name in names}
    for number in range(ROUNDS):
        cities.curve(state, middle)
        middle = np.zeros_like(middle)
        for _ in range(ROUND):
            _sweep(layout, density, cities, state, shared.move, rng)
            middle += cities.unknowns(state) / ROUND
            if number >= ROUNDS // 2:
                for name in names:
                    sums[name] += getattr(state, name)
    kept = ROUND * (ROUNDS - ROUNDS // 2)
    return State(**{name: total / kept for name, total in sums.items()})


def average(states: Sequence[State]) -> State:
    """Return the mean of the states of several pilot chains."""
    return State(**{item.name: np.mean([getattr(state, item.name) for state in states], axis=0) for item in fields(State)})


def sample(layout: Layout, settled: State, draws: int, thin: int, seed: int) -> Chain:
    """Run one chain from around ``settled``, whose ``HELD`` unknowns stay, and keep a draw of every ``thin`` sweeps.

    The same seed gives the same draws.
    """
    rng = np.random.default_rng(seed)
    density = Density.of(layout)
    state, cities = _scattered(density, settled, rng), Cities(density)
    middle = cities.unknowns(settled)
    shares: list[float] = []
    kept: dict[str, list[np.ndarray]] = {name: [] for name in KEPT}
    for turn in range(WARM_UP + draws * thin):
        # The curvature may follow what cities share, which their moves leave alone, but not where they are.
        if turn % ROUND == 0:
            cities.curve(state, middle)
        shares.append(_sweep(layout, density, cities, state, shared.settle, rng))
        if turn >= WARM_UP and (turn - WARM_UP) % thin == thin - 1:
            for name in KEPT:
                kept[name].append(getattr(state, name).astype(np.float32))
    return Chain({name: np.stack(values) for name, values in kept.items()}, float(np.mean(shares[WARM_UP:])))


def _sweep(
    layout: Layout, density: Density, cities: Cities, state: State, move: Callable[..., None], rng: np.random.Generator
) -> float:
    splits.split(layout, log_intensity(density, state), state, rng)
    accepted = cities.move(state, rng)
    move(density, state, rng)
    return accepted


def _scattered(density: Density, settled: State, rng: np.random.Generator) -> State:
    """Return a starting point around ``settled``: every city moved, and all cities of a group moved together."""
    columns = density.layout.columns
    together = rng.normal(0, 0.5, (density.layout.groups, len(columns.quantities)))
    scattered = State(**{item.name: getattr(settled, item.name).copy() for item in fields(State)})
    scattered.latent += together[density.layout.group_of][:, columns.quantity_of]
    scattered.latent += rng.normal(0, 0.2, settled.latent.shape)
    scattered.means += together
    scattered.national += rng.normal(0, 0.5, settled.national.shape)
    return scattered
