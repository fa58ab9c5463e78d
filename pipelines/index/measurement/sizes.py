"""Say how much of a count is chance: the size of its negative binomial, and how many counts one is worth."""

import numpy as np

from pipelines.index.measurement.layout import Layout

#: How far attention drifts from one period to the next (standard deviation, log): 1 / √size of the negative binomial.
DRIFT = 0.15

#: A size at which the negative binomial is a Poisson distribution.
POISSON = 1e6

#: How many counts one of a census is worth: what it counts once is known to a fifth. Large counts of it are right to so much
#: (standard deviation, log).
CENSUS, CENSUS_NOISE = 25.0, 0.05


def size_of(layout: Layout) -> np.ndarray:
    """Return the size of the negative binomial of each cell, (city, channel).

    Where a row that is dealt stands for several, the drift is that of the rows dealt: they are chance enough.
    """
    size = np.where(layout.is_exact[layout.list_of], 1 / (CENSUS * CENSUS_NOISE**2), 1 / DRIFT**2)
    return np.asarray(np.where(layout.is_summed, POISSON, size) / layout.dealt_worth)


def repeated(layout: Layout) -> np.ndarray:
    """Return how many lists count the same standing companies, (city, channel): 1 for what happens in a year.

    Reports of who is a unicorn, or may become one, name mostly the same companies, edition after edition. Their errors of
    coverage differ, and each list has its own attention for them; the chance in how many companies there are is one, so
    together they are worth one count.
    """
    is_flow = layout.column_of < len(layout.columns.flows) * layout.columns.periods
    is_standing = layout.is_stock[layout.list_of] & is_flow & ~layout.is_summed
    times = np.ones(layout.covers.shape)
    for column in np.unique(layout.column_of[is_standing]):
        channels = is_standing & (layout.column_of == column)
        times[:, channels] = np.maximum(layout.covers[:, channels].sum(1, keepdims=True), 1)
    return times
