"""Name what the cities share, as one vector: levels and noises of lists, attention to countries, means and growth.

Its prior is normal, of each unknown apart but for growth, and the log intensities depend on it smoothly. Where it stands, a
sparse matrix says how each cell follows it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np
from scipy import sparse

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import (
    GROWTH_SD,
    LEVEL_SD,
    MEAN_SD,
    NOISE_MEDIAN,
    NOISE_SPREAD,
    OWN_NATIONAL_SD,
    State,
    elasticity_mean,
    elasticity_sd,
    grown,
    growth_root,
    national_sd,
    noise_prior,
    period_sd,
)

#: Logs of noises are held within this, so that no proposal overflows.
FARTHEST = 20.0


@dataclass(frozen=True)
class Part:
    """One kind of unknown: which of its entries are free, and their prior means and standard deviations."""

    is_free: np.ndarray
    mean: np.ndarray
    sd: np.ndarray


@dataclass(frozen=True)
class Shared:
    """The vector of the free unknowns that the cities of ``density`` share, but for the parts that are ``fixed``."""

    density: Density
    fixed: tuple[str, ...] = ()

    @cached_property
    def parts(self) -> dict[str, Part]:
        """Return the kinds of unknowns, in the order of the vector, without free entries where they are ``fixed``."""
        return {name: replace(part, is_free=part.is_free & (name not in self.fixed)) for name, part in self._all_parts.items()}

    @cached_property
    def _all_parts(self) -> dict[str, Part]:
        """Return every kind.

        ``deviation`` is a level less its base; ``strength`` the attention to a region in units of its noise; ``parameters``
        (group, level or step) are means and growth.
        """
        layout, columns = self.density.layout, self.density.layout.columns
        groups, quantities, regional = layout.groups, len(columns.quantities), layout.by_region[:, None]
        steps = columns.count - quantities
        rated = layout.family_of >= 0
        centre = np.concatenate([self.density.centre, np.zeros(steps)])
        spread = np.concatenate([np.full(quantities, MEAN_SD), np.full(steps, GROWTH_SD)])
        median, scatter = noise_prior(layout)
        return {
            "deviation": _part(np.ones(len(layout.list_of), bool), 0.0, period_sd(layout)),
            "base": _part(layout.has_level, self.density.anchored, LEVEL_SD),
            "elasticity": _part(layout.has_elasticity, elasticity_mean(layout), elasticity_sd(layout)),
            "log_noise": _part(np.ones(layout.noise.shape[1], bool), np.log(median), scatter),
            "log_regional_noise": _part(regional[:, 0], np.log(NOISE_MEDIAN), NOISE_SPREAD),
            "strength": _part((self.density.in_list.T @ layout.covers.T @ self.density.in_region > 0) & regional, 0.0, 1.0),
            "national": _part(np.ones((len(layout.families), groups), bool), 0.0, national_sd(layout)[:, None]),
            "own_national": _part(np.outer(rated & layout.is_first_edition, np.ones(groups, bool)), 0.0, OWN_NATIONAL_SD),
            "parameters": _part(np.ones((groups, columns.count), bool), centre, spread),
        }

    @cached_property
    def mean(self) -> np.ndarray:
        """Return the prior mean of the vector."""
        return np.concatenate([part.mean[part.is_free] for part in self.parts.values()])

    @cached_property
    def root(self) -> sparse.csr_matrix:
        """Return the root of the prior covariance of the vector."""
        return self._with_growth(lambda matrix: matrix)

    @cached_property
    def inverse(self) -> sparse.csr_matrix:
        """Return the inverse of ``root``."""
        return self._with_growth(np.linalg.inv)

    def _with_growth(self, of: Callable[[np.ndarray], np.ndarray]) -> sparse.csr_matrix:
        """Return what ``of`` makes of the root of every unknown, and of that of growth in each step."""
        layout, columns = self.density.layout, self.density.layout.columns
        sd = np.concatenate([part.sd[part.is_free] for part in self.parts.values()])
        matrix = sparse.diags(of(sd[:, None, None])[:, 0, 0]).tolil()
        growth = self.parameters[:, len(columns.quantities) :].reshape(layout.groups, columns.periods - 1, -1)
        block = of(growth_root(layout.groups, len(columns.flows)))
        for places in growth.swapaxes(0, 1).reshape(columns.periods - 1, -1):
            matrix[np.ix_(places, places)] = block
        return matrix.tocsr()

    @property
    def parameters(self) -> np.ndarray:
        """Return the places of means and growth of each group in the vector, (group, parameter)."""
        place = self.slices["parameters"]
        return np.arange(place.start, place.stop).reshape(self.density.layout.groups, -1)

    @cached_property
    def slices(self) -> dict[str, slice]:
        """Return where each part lies in the vector."""
        ends = accumulate((int(part.is_free.sum()) for part in self.parts.values()), initial=0)
        return {name: slice(first, last) for name, (first, last) in zip(self.parts, pairwise(ends), strict=True)}

    def _values(self, state: State) -> dict[str, np.ndarray]:
        return {
            "deviation": state.level - state.base[self.density.layout.base_of],
            "base": state.base.copy(),
            "elasticity": state.elasticity.copy(),
            "log_noise": np.log(state.noise),
            "log_regional_noise": np.log(state.regional_noise),
            "strength": state.regional / state.regional_noise[:, None],
            "national": state.national.copy(),
            "own_national": state.own_national.copy(),
            "parameters": np.hstack([state.means, state.growth.reshape(len(state.growth), -1)]),
        }

    def take(self, state: State) -> np.ndarray:
        """Return the vector of ``state``."""
        values = self._values(state)
        return np.concatenate([values[name][part.is_free] for name, part in self.parts.items()])

    def full(self, name: str, vector: np.ndarray) -> np.ndarray:
        """Return the entries of a part in ``vector``, 0 where they are fixed."""
        part = self.parts[name]
        values = np.zeros(part.is_free.shape)
        values[part.is_free] = vector[self.slices[name]]
        return values

    def put(self, state: State, vector: np.ndarray) -> None:
        """Set the unknowns of ``state`` to ``vector``; its latent values stay, and its attention in units of its noise."""
        attention, values = state.attention / state.noise, self._values(state)
        for name, part in self.parts.items():
            values[name][part.is_free] = vector[self.slices[name]]
        for name in ("log_noise", "log_regional_noise"):
            values[name] = np.exp(np.clip(values[name], -FARTHEST, FARTHEST))
        state.base, state.elasticity = values["base"], values["elasticity"][self.density.layout.series_of]
        state.level = values["deviation"] + state.base[self.density.layout.base_of]
        state.noise, state.regional_noise = values["log_noise"], values["log_regional_noise"]
        state.attention, state.regional = attention * state.noise, values["strength"] * state.regional_noise[:, None]
        state.national, state.own_national = values["national"], values["own_national"][self.density.layout.series_of]
        quantities = state.means.shape[1]
        state.means = values["parameters"][:, :quantities]
        state.growth = values["parameters"][:, quantities:].reshape(state.growth.shape)

    @cached_property
    def _of_cells(self) -> tuple[np.ndarray, ...]:
        """Return list, group, region and family of each cell, and the sources of noise that are its list's and its family's;
        −1 where there is none, (cell,) each."""
        layout, (city, channel) = self.density.layout, self.density.cells
        lists, family = layout.list_of[channel], layout.family_of[layout.list_of[channel]]
        own = layout.own_noise[lists]
        common = np.where(own >= 0, np.append(layout.family_noise, -1)[family], -1)
        common = np.where((common >= 0) & (layout.noise[channel, common] > 0), common, -1)
        return lists, layout.group_of[city], layout.region_of[city], family, own, common

    @cached_property
    def _slots(self) -> np.ndarray:
        """Return the place in the vector of each unknown that a cell follows, (cell, kind); its length where there is none."""
        layout, channel, (lists, group, region, family, own, common) = self.density.layout, self.density.cells[1], self._of_cells
        places = {}
        for name, part in self.parts.items():
            index = np.full(part.is_free.size + 1, len(self.mean))
            index[np.flatnonzero(part.is_free)] = np.arange(len(self.mean))[self.slices[name]]
            places[name] = index
        groups, regions, passed = layout.groups, self.density.in_region.shape[1], self._passed[channel]
        return np.column_stack(
            [
                places["deviation"][channel],
                places["base"][layout.series_of[lists]],
                places["elasticity"][layout.series_of[lists]],
                places["log_noise"][own],
                places["log_noise"][common],
                places["log_regional_noise"][lists],
                places["strength"][lists * regions + region],
                places["national"][np.where(family >= 0, family * groups + group, -1)],
                places["own_national"][layout.series_of[lists] * groups + group],
                places["parameters"][np.where(passed >= 0, group[:, None] * layout.columns.count + passed, -1)],
            ]
        )

    @cached_property
    def _passed(self) -> np.ndarray:
        """Return the steps, as parameters, that lead from the middle period to that of each channel, (channel, step).

        −1 where there are fewer, and where a list's elasticity is 1, so that it follows all growth alike.
        """
        layout, walk = self.density.layout, self.density.walk.copy()
        walk[:, : len(layout.columns.quantities)] = 0.0
        passed = np.argsort(-walk, axis=1, kind="stable")[:, : layout.columns.middle]
        passed = np.where(np.take_along_axis(walk, passed, axis=1) > 0, passed, -1)[layout.column_of]
        return np.where(layout.has_elasticity[layout.base_of, None], passed, -1)

    def slopes(self, state: State) -> sparse.csr_matrix:
        """Return how the log intensities of the covered cells follow the vector at ``state``, (cell, unknown); the last
        column, of what is fixed, is to be left out."""
        city, (lists, _, region, _, own, common) = self.density.cells[0], self._of_cells
        attention = np.hstack([state.attention, np.zeros((len(state.attention), 1))])
        ones = np.ones(len(city))
        evenly = 1 - state.elasticity[lists]
        values = np.column_stack(
            [
                ones,
                ones,
                self._latent(state),
                attention[city, own],
                attention[city, common],
                state.regional[lists, region],
                state.regional_noise[lists],
                ones,
                ones,
                *[evenly] * self._passed.shape[1],
            ]
        )
        start = np.arange(len(city) + 1) * values.shape[1]
        return sparse.csr_matrix((values.ravel(), self._slots.ravel(), start), shape=(len(city), len(self.mean) + 1))

    def _latent(self, state: State) -> np.ndarray:
        """Return how far the latent value of each cell is from its reference and from common growth, (cell,)."""
        layout, (city, channel) = self.density.layout, self.density.cells
        column = layout.column_of[channel]
        together = grown(self.density, state)[layout.group_of[city], column]
        return np.asarray(state.latent[city, column] - self.density.reference[column] - together)

    def slope(self, state: State, cells: np.ndarray) -> np.ndarray:
        """Return the slope by the vector that ``cells`` (cell,) by log intensities brings: ``slopes`` transposed times it."""
        layout, (city, channel) = self.density.layout, self.density.cells
        lists, group, region, _, own, common = self._of_cells
        attention = np.hstack([state.attention, np.zeros((len(state.attention), 1))])
        deviation = np.bincount(channel, cells, len(layout.list_of))
        noise = sum(
            np.bincount(source % attention.shape[1], cells * attention[city, source], attention.shape[1])
            for source in (own, common)
        )
        by_region = np.bincount(lists * state.regional.shape[1] + region, cells, state.regional.size).reshape(
            state.regional.shape
        )
        by_group = np.bincount(lists * layout.groups + group, cells, len(layout.lists) * layout.groups).reshape(-1, layout.groups)
        evenly = np.bincount(
            group * layout.columns.count + layout.column_of[channel],
            cells * (1 - state.elasticity[lists]),
            layout.groups * layout.columns.count,
        ).reshape(layout.groups, -1)
        parameters = evenly @ self.density.walk
        # A level is counted as steeply as it is known: only steps are followed one for one.
        parameters[:, : len(layout.columns.quantities)] = 0.0
        of_series = np.zeros_like(by_group)
        np.add.at(of_series, layout.series_of, by_group)
        values = {
            "deviation": deviation,
            "base": np.bincount(layout.base_of, deviation, len(layout.lists)),
            "elasticity": np.bincount(layout.series_of[lists], cells * self._latent(state), len(layout.lists)),
            "log_noise": np.asarray(noise)[:-1],
            "log_regional_noise": (by_region * state.regional).sum(1),
            "strength": by_region * state.regional_noise[:, None],
            "national": (layout.family_of == np.arange(len(layout.families))[:, None]) @ by_group,
            "own_national": of_series,
            "parameters": parameters,
        }
        return np.concatenate([values[name][part.is_free] for name, part in self.parts.items()])


def _part(is_free: np.ndarray, mean: np.ndarray | float, sd: np.ndarray | float) -> Part:
    return Part(is_free, np.broadcast_to(mean, is_free.shape), np.broadcast_to(sd, is_free.shape))
