"""Say what a list of the largest tells of the places it does not name: they have less than it asks for.

How much it asks for is not printed. A place that has as much as the least named one of its country is taken to be left out with
even chances, and one with ``x`` times as much with a chance of 1 / (1 + x^STEEP): a censored observation (Tobin 1958,
Econometrica 26, 24–36) with a soft border, since such lists also go by other things than what is counted. Where few places of a
country are named, the least one says little of the border, and the list nothing of the others.
"""

import numpy as np

from pipelines.index.measurement.layout import Unnamed

#: How sharp the border is: one of twice as much is left out with one in nine, of half as much with eight in nine.
STEEP = 3.0

#: Fewest named places of a country.
LEAST_NAMED = 5


def unnamed(counts: np.ndarray, country: np.ndarray, channel: int) -> list[Unnamed]:
    """Return the cities that a list of the largest leaves out, by country; ``counts`` and ``country`` (city,)."""
    parts = []
    for place in sorted(set(country)):
        named = counts[(country == place) & (counts > 0)]
        cities = np.flatnonzero((country == place) & (counts == 0))
        if len(named) >= LEAST_NAMED and len(cities):
            parts.append(Unnamed(channel, float(named.min()), cities))
    return parts


def terms(ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the log chance to be left out, its slope, and its information, by the log of what a place has over the least.

    All have the shape of ``ratio``.
    """
    chance = 1 / (1 + np.exp(-STEEP * ratio))
    return -np.logaddexp(0.0, STEEP * ratio), -STEEP * chance, STEEP**2 * chance * (1 - chance)
