"""Share out what a report counts in a country beside the cities it names.

A report prints its leading cities and a total. What is left of the total is a sum over all other cities of the country, so many
that to move them together would take too long. Instead its companies are dealt to these cities at random, each in proportion to
what the cities have, before every move; given who has how many, the cities are independent again (Tanner & Wong 1987, JASA 82,
528–540, data augmentation). So the others together have as much as the report says, and it says nothing of any one of them.

Of a large total only fifty rows are dealt, each of which stands for several. It is the same augmentation of a Poisson count
that looks at a part of what there is, so it knows the total less well than the report does.
"""

import numpy as np

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Remainder
from pipelines.index.measurement.state import State, log_intensity


def _shares(density: Density, state: State) -> list[tuple[Remainder, np.ndarray]]:
    """Return each remainder with the shares of its cities, (city,)."""
    if not density.layout.remainders:
        return []
    intensity = np.exp(log_intensity(density, state))
    parts = [(remainder, intensity[remainder.cities, remainder.channel]) for remainder in density.layout.remainders]
    return [(remainder, part / part.sum()) for remainder, part in parts]


def deal(density: Density, state: State, rng: np.random.Generator) -> None:
    """Deal each remainder to its cities, at random by the intensities at ``state``."""
    for remainder, shares in _shares(density, state):
        dealt = rng.multinomial(round(remainder.worth * remainder.total), shares)
        density.recount(remainder, dealt / remainder.worth)


def share_out(density: Density, state: State) -> None:
    """Give each city of a remainder what it has on average by the intensities at ``state``."""
    for remainder, shares in _shares(density, state):
        density.recount(remainder, remainder.total * shares)
