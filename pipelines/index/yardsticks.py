"""Say in which unit a quantity is: as the fullest list counts it, never as a list of the famous does.

The measurement model knows each quantity up to a factor, since every list holds some part of what there is. Scores compare
cities, so the factor never matters to them. Where a value is printed, it is as the list counts that holds most.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.posterior import Posterior


@dataclass(frozen=True)
class Yardstick:
    """The fullest list of a quantity, and how much it holds: a log on the latent scale, ``held`` (draw,).

    ``is_stock``: it counts what stands at its date, or all that it knows of, instead of what happens in a year.
    """

    name: str
    held: np.ndarray
    is_stock: bool


def held(posterior: Posterior, place: int) -> np.ndarray:
    """Return how much a list holds of what there is in the countries it looks at, (draw,), as a log on the latent scale."""
    layout = posterior.layout
    channels = layout.list_of == place
    level = (posterior.draws("level")[:, channels] - posterior.reference[layout.column_of[channels]]).mean(1)
    family = layout.family_of[place]
    if family < 0:
        return np.asarray(level)
    groups = np.unique(layout.group_of[layout.covers[:, channels].any(1)])
    national = posterior.draws("national")[:, family] + posterior.draws("own_national")[:, place]
    return np.asarray(level + national[:, groups].mean(1))


def yardstick(posterior: Posterior, quantity: str) -> Yardstick:
    """Return the fullest list of ``quantity``."""
    layout = posterior.layout
    places = np.flatnonzero(layout.quantity_of == layout.columns.quantities.index(quantity))
    drawn = [held(posterior, int(place)) for place in places]
    fullest = int(np.argmax([np.median(values) for values in drawn]))
    name = layout.lists[places[fullest]].partition("/")[2]
    return Yardstick(name, drawn[fullest], bool(layout.is_stock[places[fullest]]))
