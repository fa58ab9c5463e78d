"""Find which choice moves the result: Sobol's shares of variance, first order and total.

For composite indicators: Saisana, Saltelli & Tarantola (2005), J. R. Stat. Soc. A 168, 307–323. Estimators: Saltelli et al.
(2010), Computer Physics Communications 181, 259–270.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

#: Resamples of the base sample behind each interval.
RESAMPLES = 100


@dataclass(frozen=True)
class Indices:
    """Share of variance that each group of factors explains alone, and in all; half-widths of their intervals.

    Arrays are (group,), or (output, group) where the model has several outputs.
    """

    names: tuple[str, ...]
    first: np.ndarray
    total: np.ndarray
    first_reach: np.ndarray
    total_reach: np.ndarray


def sobol(model: Callable[[np.ndarray], np.ndarray], groups: Sequence[str], base: int, seed: int, level: float) -> Indices:
    """Return the indices of ``model``, which maps points (run, factor) of the unit cube to (run,) or (run, output).

    Args:
        groups: the group of each factor; factors of one group vary together.
        base: size of the base sample, a power of two; the model is run at base × (number of groups + 2) points.
        level: level of the bootstrap intervals.
    """
    names = tuple(dict.fromkeys(groups))
    # `seed`, since `rng` spawns another stream and so would give another sample than in earlier releases.
    a, b = np.split(stats.qmc.Sobol(2 * len(groups), seed=seed).random(base), 2, axis=1)
    mixed = [np.where(np.array(groups) == name, b, a) for name in names]
    values = model(np.concatenate([a, b, *mixed]))
    runs = values.reshape(len(names) + 2, base, -1).swapaxes(1, 2)
    point = _estimates(runs)
    rows = np.random.default_rng(seed).integers(base, size=(base, RESAMPLES)).T
    reach = stats.norm.ppf(0.5 + level / 2) * np.std([_estimates(runs[..., row]) for row in rows], axis=0, ddof=1)
    shape = (*values.shape[1:], len(names))
    first, total, first_reach, total_reach = (array.reshape(shape) for array in (*point, *reach))
    return Indices(names, first, total, first_reach, total_reach)


def _estimates(runs: np.ndarray) -> np.ndarray:
    """Return first-order and total indices, (2, output, group), from ``runs`` (A, B and one AB per group; output; run)."""
    indices = stats.sobol_indices(func={"f_A": runs[0], "f_B": runs[1], "f_AB": runs[2:]}, n=runs.shape[-1])
    estimates = np.reshape([indices.first_order, indices.total_order], (2, runs.shape[1], len(runs) - 2))
    # An output that never varies owes nothing to any factor; rounding must not suggest otherwise.
    return np.where(np.ptp(runs, axis=(0, 2))[:, None] > 0, estimates, 0.0)
