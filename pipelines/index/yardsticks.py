"""Say in which unit a quantity is: as the fullest list counts it, never as a list of the famous does.

A list that compares several groups of cities comes before one of a single group that holds up to twice as much. One that looks at
a city of the scope or at the benchmark comes before any that does not.

The measurement model knows each quantity up to a factor, since every list holds some part of what there is, and scores compare
cities, so the factor never matters to them. Where values are printed, they are what the fullest list would count if it knew every
city equally well: they follow the quantity as steeply as it does, and add up to what it counts where and when it looks.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior

#: How many times less a list that compares groups of cities may hold than the fullest one.
MOST_LESS = 2.0

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
        return self.held[:, None] + grown + self.elasticity[:, None] * (logs - grown)


def rows_of(layout: Layout, place: int) -> float:
    """Return what a list counts in the measured cities, provinces and countries."""
    layout, channels = layout.filled(), np.flatnonzero(layout.list_of == place)
    cells = float(np.where(layout.covers, layout.counts, 0.0)[:, channels].sum())
    # What is left of a total is shared out, and adds up to it but for the last digits.
    return round(cells + sum(float(part.total.sum()) for part in layout.totals if part.cells[0, 0, 1] in channels), 6)


def held(posterior: Posterior, place: int, elasticity: np.ndarray | float = 1.0) -> np.ndarray:
    """Return how much a list holds of what there is, (draw,), as a log: what it counts over all that stands where it looks.

    What there is, but for what cities have grown together, may be raised to the power of an ``elasticity`` (draw,) first.
    """
    return np.asarray(np.log(rows_of(posterior.layout, place)) - _there(posterior, place, elasticity))


def _there(posterior: Posterior, place: int, elasticity: np.ndarray | float) -> np.ndarray:
    """Return the log of all that stands where a list looks, raised so to the power of ``elasticity``, (draw,)."""
    layout = posterior.layout.filled()
    # Of a city in which a census counts none the model knows only that there is less than one; such cities would add up.
    looks = layout.covers & (layout.counts > 0) if layout.is_exact[place] else layout.covers
    cities, channels = np.nonzero(looks & (layout.list_of == place))
    grown = posterior.grown_by_column[:, layout.group_of[cities], layout.column_of[channels]]
    apart = posterior.draws("latent")[:, cities, layout.column_of[channels]] - grown
    there = grown + apart * np.reshape(elasticity, (-1, 1))
    return np.asarray(np.logaddexp.reduce(there + layout.exposure[channels], axis=1))


@dataclass(frozen=True)
class Unit:
    """The place of the fullest list of a quantity; for a part of it also those of the list of ``both``: the part, the whole."""

    fullest: int
    both: tuple[int, int] | None = None

    def held(self, posterior: Posterior, elasticity: np.ndarray | float = 1.0) -> np.ndarray:
        """Return how much the fullest list holds, or would hold of the part, as ``held`` does."""
        of_fullest = held(posterior, self.fullest, elasticity)
        if self.both is None:
            return of_fullest
        part, whole = (held(posterior, place, elasticity) for place in self.both)
        return np.asarray(part - whole + of_fullest)


def unit(posterior: Posterior, quantity: str, whole: str | None = None, shown: Shown = EVERY) -> Unit:
    """Return the unit of ``quantity`` for the cities that are ``shown``; that of the ``whole`` it is a part of, where a list
    counts both."""
    layout = posterior.layout

    def places(counted: str) -> list[int]:
        every = np.flatnonzero(layout.quantity_of == layout.columns.quantities.index(counted)).tolist()
        looks = [place for place in every if layout.covers[shown][:, layout.list_of == place].any()]
        return looks or every

    def compares(place: int) -> bool:
        looks = layout.covers[:, layout.list_of == place].any(1)
        return not layout.is_chosen[place] and len(np.unique(layout.group_of[looks])) > 1

    def fullest(among: list[int]) -> int:
        full = {place: float(np.median(held(posterior, place))) for place in among}
        enough = [place for place in among if compares(place) and full[place] > max(full.values()) - np.log(MOST_LESS)]
        best = max(enough or among, key=full.__getitem__)
        if layout.is_standing[best]:
            return best
        # Editions of a publication hold alike: the one that has most speaks for it.
        return max(among, key=lambda place: (layout.series_of[place] == layout.series_of[best], rows_of(layout, place)))

    if whole is not None and whole in layout.columns.quantities:
        whole_of = {_name(layout, place): place for place in places(whole)}
        # Of a list that seldom says what belongs to the part, its count would seem to have next to none of it.
        both = [place for place in places(quantity) if _name(layout, place) in whole_of]
        if both:
            shared = fullest(both)
            return Unit(fullest(places(whole)), (shared, whole_of[_name(layout, shared)]))
    return Unit(fullest(places(quantity)))


def yardstick(posterior: Posterior, quantity: str, whole: str | None = None, shown: Shown = EVERY) -> Yardstick:
    """Return the fullest list of ``quantity`` for the cities that are ``shown``, or of the ``whole`` it is a part of."""
    layout, chosen = posterior.layout, unit(posterior, quantity, whole, shown)
    elasticity = posterior.draws("elasticity")[:, chosen.fullest]
    return Yardstick(
        _name(layout, chosen.fullest),
        elasticity,
        chosen.held(posterior, elasticity),
        bool(layout.is_standing[chosen.fullest]),
    )


def _name(layout: Layout, place: int) -> str:
    return layout.lists[place].partition("/")[2]
