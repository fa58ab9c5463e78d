"""Say in which unit a quantity is: as the fullest list counts it, never as a list of the famous does.

A list that compares several groups of cities comes before one of a single group that holds up to twice as much. One that looks at
a city of the scope or at the benchmark comes before any that does not.

The measurement model knows each quantity up to a factor, since every list holds some part of what there is, and scores compare
cities, so the factor never matters to them. Where values are printed, they are what the fullest list would count if it knew every
city equally well: they follow the quantity as steeply as it does, and add up to what it counts where and when it looks.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior

#: How many times less a list that compares groups of cities may hold than the fullest one.
MOST_LESS = 3.0

#: Places of the cities that are shown, on the axis of the measured ones.
Shown = np.ndarray | slice
EVERY = slice(None)


@dataclass(frozen=True)
class Yardstick:
    """The fullest list of a quantity, its ``elasticity`` (draw,), and the log of how much it holds, ``held`` (draw,).

    ``is_standing``: it counts what stands at its date instead of what happens in a year.
    """

    name: str
    elasticity: np.ndarray
    held: np.ndarray
    is_standing: bool

    def counted(self, logs: np.ndarray, grown: np.ndarray) -> np.ndarray:
        """Return the log of what the list would count of what there is, a log (draw, city), of which ``grown`` is common."""
        held, elasticity = (each[:, None].astype(logs.dtype) for each in (self.held, self.elasticity))
        counted = logs - grown
        counted *= elasticity
        counted += grown
        counted += held
        return counted


@dataclass(frozen=True)
class Unit:
    """The place of the fullest list of a quantity; for a part of it also those of the list of ``both``: the part, the whole."""

    fullest: int
    both: tuple[int, int] | None = None


@dataclass(frozen=True)
class Yardsticks:
    """The yardsticks of all quantities for the cities that are ``shown``. ``known`` remembers what ``held`` returns of a list."""

    posterior: Posterior
    shown: Shown = field(default_factory=lambda: EVERY)
    known: dict[int, np.ndarray] = field(default_factory=dict)

    @cached_property
    def _filled(self) -> Layout:
        return self.posterior.layout.filled()

    def rows(self, place: int) -> float:
        """Return what a list counts in the measured cities, provinces and countries."""
        layout, channels = self._filled, np.flatnonzero(self._filled.list_of == place)
        cells = float(np.where(layout.covers[:, channels], layout.counts[:, channels], 0.0).sum())
        # What is left of a total is shared out, and adds up to it but for the last digits.
        return round(cells + sum(float(part.total.sum()) for part in layout.totals if part.cells[0, 0, 1] in channels), 6)

    def held(self, place: int, elasticity: np.ndarray | None = None) -> np.ndarray:
        """Return how much a list holds of what there is, (draw,), as a log: what it counts over all that stands where it looks.

        What there is, but for what cities have grown together, may be raised to the power of an ``elasticity`` (draw,) first.
        """
        if elasticity is not None:
            return self._held(place, elasticity[:, None])
        if place not in self.known:
            self.known[place] = self._held(place, 1.0)
        return self.known[place]

    def _held(self, place: int, elasticity: np.ndarray | float) -> np.ndarray:
        posterior, layout = self.posterior, self._filled
        # Of a city in which a census counts none the model knows only that there is less than one; such cities would add up.
        looks = layout.covers & (layout.counts > 0) if layout.is_exact[place] else layout.covers
        cities, channels = np.nonzero(looks & (layout.list_of == place))
        grown = posterior.grown_by_column[:, layout.group_of[cities], layout.column_of[channels]]
        apart = posterior.draws("latent")[:, cities, layout.column_of[channels]] - grown
        there = grown + apart * elasticity + layout.exposure[channels]
        most = there.max(1, keepdims=True)
        return np.asarray(np.log(self.rows(place)) - most[:, 0] - np.log(np.exp(there - most).sum(1)))

    def held_by(self, unit: Unit, elasticity: np.ndarray | None = None) -> np.ndarray:
        """Return how much the fullest list holds, or would hold of the part, as ``held`` does."""
        of_fullest = self.held(unit.fullest, elasticity)
        if unit.both is None:
            return of_fullest
        part, whole = (self.held(place, elasticity) for place in unit.both)
        return np.asarray(part - whole + of_fullest)

    def unit(self, quantity: str, whole: str | None = None) -> Unit:
        """Return the unit of ``quantity``; that of the ``whole`` it is a part of, where a list counts both."""
        if whole is not None and whole in self.posterior.layout.columns.quantities:
            whole_of = {self._name(place): place for place in self._places(whole)}
            # Of a list that seldom says what belongs to the part, its count would seem to have next to none of it.
            both = [place for place in self._places(quantity) if self._name(place) in whole_of]
            if both:
                shared = self._fullest(both)
                return Unit(self._fullest(self._places(whole)), (shared, whole_of[self._name(shared)]))
        return Unit(self._fullest(self._places(quantity)))

    def of(self, quantity: str, whole: str | None = None) -> Yardstick:
        """Return the fullest list of ``quantity``, or of the ``whole`` it is a part of."""
        unit = self.unit(quantity, whole)
        elasticity = self.posterior.draws("elasticity")[:, unit.fullest]
        is_standing = bool(self.posterior.layout.is_standing[unit.fullest])
        return Yardstick(self._name(unit.fullest), elasticity, self.held_by(unit, elasticity), is_standing)

    def _places(self, quantity: str) -> list[int]:
        """Return the lists of a quantity: those that look at what is shown, if there are any."""
        layout = self.posterior.layout
        every = np.flatnonzero(layout.quantity_of == layout.columns.quantities.index(quantity)).tolist()
        looks = [place for place in every if layout.covers[self.shown][:, layout.list_of == place].any()]
        return looks or every

    def _fullest(self, among: list[int]) -> int:
        layout = self.posterior.layout
        full = {place: float(np.median(self.held(place))) for place in among}
        enough = [place for place in among if self._compares(place) and full[place] > max(full.values()) - np.log(MOST_LESS)]
        best = max(enough or among, key=full.__getitem__)
        if layout.is_standing[best]:
            return best
        # Editions of a publication hold alike: the one that has most speaks for it.
        return max(among, key=lambda place: (layout.series_of[place] == layout.series_of[best], self.rows(place)))

    def _compares(self, place: int) -> bool:
        """Return whether a list that was not chosen by hand looks at several groups of cities."""
        layout = self.posterior.layout
        looks = layout.covers[:, layout.list_of == place].any(1)
        return not layout.is_chosen[place] and len(np.unique(layout.group_of[looks])) > 1

    def _name(self, place: int) -> str:
        return self.posterior.layout.lists[place].partition("/")[2]
