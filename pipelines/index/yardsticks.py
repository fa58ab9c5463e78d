"""Say in which unit a quantity is: as the fullest list counts it, never as a list of the famous does.

The measurement model knows each quantity up to a factor, since every list holds some part of what there is. Scores compare
cities, so the factor never matters to them. Where values are printed, they add up to what the list counts that holds most, over
the cities and years that it covers.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior


@dataclass(frozen=True)
class Yardstick:
    """The fullest list of a quantity, and how much it holds: a log on the latent scale, ``held`` (draw,).

    ``is_stock``: it counts what stands at its date, or all that it knows of, instead of what happens in a year.
    """

    name: str
    held: np.ndarray
    is_stock: bool


def rows_of(layout: Layout, place: int) -> float:
    """Return what a list counts in the measured cities and provinces."""
    channels = np.flatnonzero(layout.list_of == place)
    cells = float(np.where(layout.covers, layout.counts, 0.0)[:, channels].sum())
    return cells + sum(float(part.total.sum()) for part in layout.totals if part.cells[0, 0, 1] in channels)


def held(posterior: Posterior, place: int) -> np.ndarray:
    """Return how much a list holds of what there is, (draw,), as a log: what it counts over all that stands where it looks."""
    layout = posterior.layout
    cities, channels = np.nonzero(layout.covers & (layout.list_of == place))
    there = posterior.draws("latent")[:, cities, layout.column_of[channels]] + layout.exposure[channels]
    return np.asarray(np.log(rows_of(layout, place)) - np.logaddexp.reduce(there, axis=1))


def yardstick(posterior: Posterior, quantity: str) -> Yardstick:
    """Return the fullest list of ``quantity``."""
    layout = posterior.layout
    places = np.flatnonzero(layout.quantity_of == layout.columns.quantities.index(quantity))
    drawn = [held(posterior, int(place)) for place in places]
    fullest = int(np.argmax([np.median(values) for values in drawn]))
    name = layout.lists[places[fullest]].partition("/")[2]
    return Yardstick(name, drawn[fullest], bool(layout.is_stock[places[fullest]]))
