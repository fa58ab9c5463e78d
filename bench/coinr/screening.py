"""Tell who has enough data to be compared: COINr's ``Screen`` (Becker et al. 2022, J. Open Source Software 7, 4567)."""

import numpy as np


def screen(present: np.ndarray, least: float) -> np.ndarray:
    """Return which units have at least this share of the indicators; ``present`` is (…, unit, indicator)."""
    return np.asarray(present.mean(-1) >= least)
