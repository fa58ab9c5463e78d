"""Denominators: COINr's ``Denominate`` (Becker et al. 2022, J. Open Source Software 7, 4567)."""

import numpy as np


def denominate(values: np.ndarray, denominators: np.ndarray) -> np.ndarray:
    """Return values per unit of their denominator, in the ratio of the two units of measurement.

    ``denominators`` has the shape of ``values``, 1 where an indicator has none; nothing can be said where it is
    missing or 0.
    """
    return values / np.where(denominators == 0, np.nan, denominators)
