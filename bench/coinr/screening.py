"""Tell who has enough data to be compared: COINr's ``Screen`` (Becker et al. 2022, J. Open Source Software 7, 4567)."""

import numpy as np


def screen(present: np.ndarray, parent: np.ndarray, overall: float, per_group: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of indicators each unit has, and whether that is enough.

    Args:
        present: boolean (…, unit, indicator).
        parent: group number of each indicator, (indicator,), from 0.
        overall, per_group: least share of the indicators, of all and of each group.

    Returns two arrays (…, unit): the share of indicators present, and whether that is enough.
    """
    share = present.mean(-1)
    each = np.stack([present[..., parent == group].mean(-1) for group in range(parent.max() + 1)], axis=-1)
    return share, (share >= overall) & (each >= per_group).all(-1)
