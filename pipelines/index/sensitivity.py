"""Which choice moves the result? Sobol's shares of variance, first order and total, by SALib.

For composite indicators: Saisana, Saltelli & Tarantola (2005), J. R. Stat. Soc. A 168, 307–323. Estimators: Saltelli et al.
(2010), Computer Physics Communications 181, 259–270.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as design


@dataclass(frozen=True)
class Indices:
    """Per factor, or group of factors: share of variance it explains alone, and in all; half-widths of their intervals."""

    names: tuple[str, ...]
    first: np.ndarray
    total: np.ndarray
    first_reach: np.ndarray
    total_reach: np.ndarray


def sobol(
    model: Callable[[np.ndarray], np.ndarray],
    factors: Sequence[str],
    base: int,
    seed: int,
    level: float,
    groups: Sequence[str] | None = None,
) -> Indices:
    """Indices of ``model``, which maps points (run, factor) of the unit cube to a number each, (run,).

    Args:
        base: size of the base sample, a power of two; the model sees base × (factors or groups + 2) points.
        groups: group of each factor, where several move together.
        level: of the bootstrap intervals.
    """
    problem = {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}
    if groups is not None:
        problem["groups"] = list(groups)
    points = design.sample(problem, base, calc_second_order=False, seed=seed)
    found = analysis.analyze(problem, model(points), calc_second_order=False, conf_level=level, seed=seed)
    names = tuple(dict.fromkeys(factors if groups is None else groups))
    return Indices(names, found["S1"], found["ST"], found["S1_conf"], found["ST_conf"])
