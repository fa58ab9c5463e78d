"""Filling what is missing. Axes end in (unit, indicator), NaN is missing; what was observed is never touched."""

import numpy as np


def by_group(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the values with the mean of the unit's group where they are missing; ``group`` is (unit,).

    A cell stays missing where its whole group is. With one group for all it is the indicator's mean.
    """
    filled = values.copy()
    for one in np.unique(group):
        members = group == one
        part = values[..., members, :]
        known = ~np.isnan(part).all(-2, keepdims=True)
        centre = np.nanmean(np.where(known, part, 0.0), axis=-2, keepdims=True)
        filled[..., members, :] = np.where(np.isnan(part) & known, centre, part)
    return filled
