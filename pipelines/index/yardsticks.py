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


def held(posterior: Posterior, place: int, in_scope: np.ndarray) -> np.ndarray:
    """Return how much a list holds of what there is, (draw,), as a log on the latent scale.

    It is that of the scope's cities, ``in_scope`` (city,), where the list looks at any of them, else of all cities it looks at.
    """
    layout = posterior.layout
    channels = layout.list_of == place
    covered = layout.covers[:, channels].any(1)
    groups = np.unique(layout.group_of[covered & in_scope if (covered & in_scope).any() else covered])
    columns = layout.column_of[channels]
    level = (posterior.draws("level")[:, channels] - posterior.reference[columns]).mean(1)
    family = layout.family_of[place]
    if family < 0:
        return np.asarray(level)
    national = posterior.draws("national")[:, family] + posterior.draws("own_national")[:, place]
    return np.asarray(level + national[:, groups].mean(1))


def yardstick(posterior: Posterior, quantity: str, in_scope: np.ndarray) -> Yardstick:
    """Return the fullest list of ``quantity`` among those that look at the scope, or among all if none does."""
    layout = posterior.layout
    places = np.flatnonzero(layout.quantity_of == layout.columns.quantities.index(quantity))
    looks = [layout.covers[in_scope][:, layout.list_of == place].any() for place in places]
    places = places[looks] if any(looks) else places
    drawn = [held(posterior, int(place), in_scope) for place in places]
    fullest = int(np.argmax([np.median(values) for values in drawn]))
    name = layout.lists[places[fullest]].partition("/")[2]
    return Yardstick(name, drawn[fullest], bool(layout.is_stock[places[fullest]]))
