"""Sample the measurement model.

A *pilot* moves everything and settles the unknowns whose draws creep: how steeply lists follow a quantity, how unevenly they
look, and how cities differ. A *chain* holds these, moves the rest, which mixes fast, and adds to every draw what the held ones
leave open, to first order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from pipelines.index.measurement import covariances
from pipelines.index.measurement.cities import Cities
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.remainders import deal, share_out
from pipelines.index.measurement.settled import Settled
from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.starting import start
from pipelines.index.measurement.state import SharedUnknowns, State, log_intensity
from pipelines.index.measurement.together import Together

#: Newton steps of what cities share, from the starting point, and again in a chain from what the pilots settled: so many, unless
#: before one no longer lowers the energy by as much as this.
CLIMBS, LEAST_FALL = 8, 0.01

#: Sweeps before a pilot takes the curvature again, and how many such rounds it has; the last two thirds settle.
ROUND, ROUNDS = 18, 12

#: Such rounds where the pilot begins from what was settled of lists that are partly the same. With all sources loaded, two such
#: pilots came nearer to what two of thirty rounds settle than two that begin from nothing: elasticities differed by .03 instead
#: of .08, spreads by .03 instead of .20.
FEWER_ROUNDS = 8

#: What a count is worth in the rounds before these, one after the other. If lists told all at once, the far too high energy of
#: the starting point would drive noises, elasticities and covariances away together, from where they take hundreds of sweeps to
#: come back: in one of ten small worlds a noise rose to nine times its value.
COOLING = (0.03, 0.1, 0.3)

#: Length of a pilot's first moves of all that the cities share, before it is adapted.
FIRST_LENGTH = 0.3

#: Moves of the covariances after each of all that the cities share: they creep, and cost little. With one, those of the steps
#: differed three times as much between six pilots (variance of their logs), for a sixth less time.
TURNS = 3

#: Newton steps by which a chain finds the cities: so many, unless one moves none by as much as this (log).
SEARCHES, LEAST_SEARCH = 40, 0.01

#: How far from the mode chains start, in standard deviations of what cities share, and Newton steps by which cities follow.
SCATTER, FOLLOWING = 2.0, 3

#: Sweeps of a chain before draws are kept. After half of them the curvature is what lists told on average in these: at the mode
#: they may tell much of a city that elsewhere has next to nothing, and moves would be too short there.
WARM_UP = 40

#: Moves of the cities in each sweep of a chain where lists know only sums: cities of one province move together or not at all.
TIED_MOVES = 2

#: Shared unknowns that pilots settle and chains hold; the covariances and spreads of the cities too.
HELD = ("elasticity", "log_noise", "log_regional_noise")


@dataclass(frozen=True)
class Chain:
    """Draws of one chain, each (draw, …), by name of the unknown; the shares of moves accepted, of cities and of all together."""

    draws: dict[str, np.ndarray]
    accepted: tuple[float, float]


#: Unknowns of which draws are kept.
KEPT = (
    "latent", "attention", "noise", "level", "base", "elasticity", "means", "growth", "regional_noise", "national",
    "own_national", "covariance", "step_covariance", "spread",
)  # fmt: skip


def pilot(layout: Layout, seed: int, known: Settled | None = None) -> State:
    """Run a pilot, in which everything moves; return the mean of its last two thirds.

    It begins from what is ``known`` of these lists, or else where they tell little. The curvature of a round is that at the mean
    of the states before, with what lists told on average in the last round.
    """
    rng = np.random.default_rng(seed)
    density = Density.of(layout)
    rounds = FEWER_ROUNDS if known else ROUNDS
    together, state = _known(density, known, rng) if known else _annealed(density, rng)
    states, told = [State(**vars(state))], None
    for number in range(rounds):
        together.curve(average(states), told)
        if number <= rounds // 3:
            states = []
        passed, told = _round(together, state, rng)
        states += passed
    return average(states)


def _known(density: Density, known: Settled, rng: np.random.Generator) -> tuple[Together, State]:
    """Return a starting point at what is known of some of the lists, with the others as they fit in."""
    cities = Cities(density)
    state = _found(density, cities, known.carried(density.layout, start(density, rng)))
    _climb(Together(Shared(density, HELD), cities), state)
    return Together(Shared(density), cities, FIRST_LENGTH), state


def _annealed(density: Density, rng: np.random.Generator) -> tuple[Together, State]:
    """Return a starting point from where lists tell little, by simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983, Science
    220, 671–680)."""
    state, length = start(density, rng), FIRST_LENGTH
    for worth in COOLING:
        cooler = replace(density, worth=worth * density.worth)
        cities = Cities(cooler)
        if worth == COOLING[0]:
            _climb(Together(Shared(cooler, HELD), cities), state)
        together = Together(Shared(cooler), cities, length)
        together.curve(state)
        _round(together, state, rng)
        length = together.length
    return Together(Shared(density), Cities(density), length), state


def _round(together: Together, state: State, rng: np.random.Generator) -> tuple[list[State], np.ndarray]:
    """Move everything in so many sweeps; return the states passed, and what lists told of each cell on average, (cell,)."""
    density, cities = together.shared.density, together.cities
    states, information = [], []
    for _ in range(ROUND):
        deal(density, state, rng)
        cities.move(state, rng, together.middle(state))
        together.adapt(together.move(state, rng))
        for _ in range(TURNS):
            covariances.move(density, state, rng)
        states.append(State(**vars(state)))
        information.append(density.information(log_intensity(density, state)[density.cells]))
    return states, np.mean(information, axis=0)


def _climb(together: Together, state: State) -> None:
    for _ in range(CLIMBS):
        if together.climb(state) < LEAST_FALL:
            break


def average(states: Sequence[State]) -> State:
    """Return the mean of several states."""
    return State(**{item.name: np.mean([getattr(state, item.name) for state in states], axis=0) for item in fields(State)})


def sample(layout: Layout, settled: SharedUnknowns, draws: int, seed: int, *, widen: bool = True) -> Chain:
    """Run one chain from around ``settled``, whose ``HELD`` unknowns stay, and keep so many ``draws``, one after each sweep.

    The same seed gives the same draws. Unless ``widen``, the held unknowns are taken as known.
    """
    rng = np.random.default_rng(seed)
    density = Density.of(layout)
    cities = Cities(density)
    together, open_too = Together(Shared(density, HELD), cities), Together(Shared(density), cities)
    mode = _found(density, cities, replace(start(density, np.random.default_rng(0)), **settled))
    _climb(together, mode)
    together.curve(mode)
    state = _scattered(together, mode, rng)
    open_too.curve(mode)
    together.curve(mode)
    shares: list[tuple[float, bool]] = []
    kept: dict[str, list[np.ndarray]] = {name: [] for name in KEPT}
    told: list[np.ndarray] = []
    for turn in range(WARM_UP + draws):
        deal(density, state, rng)
        moved = [cities.move(state, rng, together.middle(state)) for _ in range(TIED_MOVES if layout.totals else 1)]
        shares.append((float(np.mean(moved)), together.move(state, rng)))
        if turn < WARM_UP // 2:
            told.append(density.information(log_intensity(density, state)[density.cells]))
        elif turn == WARM_UP // 2:
            together.curve(mode, np.mean(told, axis=0))
        if turn < WARM_UP:
            together.adapt(shares[-1][1])
            continue
        kept_state = _widened(open_too, state, rng) if widen else state
        for name in KEPT:
            kept[name].append(getattr(kept_state, name).astype(np.float32))
    accepted = [float(np.mean(part)) for part in zip(*shares[WARM_UP:], strict=True)]
    return Chain({name: np.stack(values) for name, values in kept.items()}, (accepted[0], accepted[1]))


def _found(density: Density, cities: Cities, state: State) -> State:
    """Return where cities lie best, given what they share at ``state``."""
    for _ in range(SEARCHES):
        share_out(density, state)
        before = state.latent
        cities.climb(state)
        if np.abs(state.latent - before).max() < LEAST_SEARCH:
            break
    return state


def _widened(together: Together, state: State, rng: np.random.Generator) -> State:
    """Return ``state`` with the held unknowns drawn from their normal approximation, and all others following to first order.

    Kass & Steffey (1989, JASA 84, 717–726): without it, intervals would take what was settled as known.
    """
    slices = together.shared.slices
    held = np.concatenate([np.arange(slices[name].start, slices[name].stop) for name in HELD])
    covariance = together.root @ together.root[held].T
    change = covariance @ np.linalg.solve(covariance[held], np.linalg.cholesky(covariance[held]) @ rng.standard_normal(len(held)))
    vector, widened = together.shared.take(state), State(**vars(state))
    together.put(widened, vector + change, together.measured(state) - together.follow(change))
    return widened


def _scattered(together: Together, mode: State, rng: np.random.Generator) -> State:
    """Return a starting point further from ``mode`` than most of the posterior: what cities share is moved, and they follow.

    Cities begin where they lie best, given what they share. A draw around there by the curvature may hold a city of which lists
    know next to nothing a thousand times as large as its province allows, from where no move leads back.
    """
    change = SCATTER * together.root @ rng.standard_normal(len(together.root))
    state, cities = State(**vars(mode)), together.cities
    together.put(state, together.shared.take(mode) + change, together.measured(mode) - together.follow(change))
    for _ in range(FOLLOWING):
        cities.climb(state)
    return state
