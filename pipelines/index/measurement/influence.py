"""How much each list moves the latent values: what they would be without it, by one Newton step (infinitesimal jackknife).

At the mode, given the lists' parameters, leaving out the channels U of a list with curvature W and slope r moves the unknowns by
(H − U W Uᵀ)⁻¹ U r, where H is the curvature with all lists; Woodbury's identity makes it cheap (Giordano et al. 2019, AISTATS).

A list that knows provinces only has no attention to cities that could give way: taken by its parameters it would pull as if its
sums were exact. So for such a list the step is one of all that the cities share as well, less the same step with all lists.
"""

from copy import copy
from dataclasses import replace

import numpy as np

from pipelines.index.measurement.cities import Cities
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.remainders import share_out
from pipelines.index.measurement.sampler import CLIMBS, HELD, KEPT
from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.starting import start
from pipelines.index.measurement.state import State, log_intensity
from pipelines.index.measurement.together import Together

#: Newton steps from the mean of the draws to the mode.
STEPS = 4


def at_mode(posterior: Posterior) -> tuple[Cities, State]:
    """Return the state with the lists' parameters at their means and the cities at their modes."""
    density = Density.of(posterior.layout)
    state = start(density, np.random.default_rng(0))
    for name in KEPT:
        setattr(state, name, posterior.draws(name).mean(0).astype(float))
    share_out(density, state)
    cities = Cities(density)
    for _ in range(STEPS):
        cities.climb(state)
    cities.curve(state, cities.unknowns(state))
    return cities, state


def without_each(posterior: Posterior) -> tuple[np.ndarray, np.ndarray]:
    """Return latent values with all lists (city, column), and their change when each list is left out (list, city, column)."""
    cities, state = at_mode(posterior)
    # A sum says little of any one of its cities.
    alone = copy(cities)
    alone.ties = None
    density, layout = cities.density, posterior.layout
    log_rate = log_intensity(density, state)[density.cells]
    slope, information = (density.spread(values) for values in (density.terms(log_rate)[1], density.information(log_rate)))
    design, columns, every = cities.design(state), layout.columns.count, np.ones((len(layout.cities), 1))
    change = np.zeros((len(layout.lists), len(layout.cities), columns))
    for place in np.flatnonzero(~layout.by_region):
        channels = layout.list_of == place
        toward = np.stack([alone.solve(every * follows) for follows in design[:, channels].T], axis=-1)
        weight = information[:, channels]
        middle = np.eye(channels.sum()) - weight[:, :, None] * (design[:, channels].T @ toward)
        pull = np.linalg.solve(middle, slope[:, channels][..., None])[..., 0]
        change[place] = -np.einsum("cuk,ck->cu", toward[:, :columns], pull)
    for place, moved in zip(np.flatnonzero(layout.by_region), _without_sums(density, state), strict=True):
        change[place] = moved
    return state.latent, change


def _without_sums(density: Density, state: State) -> list[np.ndarray]:
    """Return the change of the latent values when each list of provinces is left out, (city, column) each."""
    layout = density.layout
    if not layout.by_region.any():
        return []
    mode = _climbed(density, layout, state, CLIMBS)
    with_all = _climbed(density, layout, mode, 1).latent
    left = []
    for place in np.flatnonzero(layout.by_region):
        channels = layout.list_of == place
        totals = [part for part in layout.totals if not channels[part.channel]]
        left.append(replace(layout, covers=layout.covers & ~channels, totals=totals))
    return [_climbed(density, without, mode, 1).latent - with_all for without in left]


def _climbed(density: Density, layout: Layout, state: State, steps: int) -> State:
    """Return the state so many Newton steps further, of cities and of what they share, where lists are laid out so."""
    density, state = replace(density, layout=layout), copy(state)
    together = Together(Shared(density, HELD), Cities(density))
    for _ in range(steps):
        together.climb(state)
    return state
