"""Share out what a report counts in a country beside the cities it names.

A report prints its leading cities and a total. What is left of the total is a sum over all other cities of the country, so many
that to move them together would take too long. Instead it is shared out in proportion to what they are found to have, anew as
pilots settle (the E-step of Dempster, Laird & Rubin 1977, JRSS B 39, 1–38): the others then have as much together as the report
says.
"""

from dataclasses import replace

import numpy as np

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import State, log_intensity


def share_out(density: Density, state: State) -> Density:
    """Return ``density`` with each remainder shared out in proportion to the intensities at ``state``."""
    layout = density.layout
    if not layout.remainders:
        return density
    counts, intensity = layout.counts.copy(), np.exp(log_intensity(density, state))
    for remainder in layout.remainders:
        part = intensity[remainder.cities, remainder.channel]
        counts[remainder.cities, remainder.channel] = remainder.total * part / part.sum()
    return replace(density, layout=replace(layout, counts=counts))
