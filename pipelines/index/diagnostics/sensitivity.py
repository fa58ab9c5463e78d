"""Which choice moves the result? Sobol's shares of variance, first order and total, by SALib.

For composite indicators: Saisana, Saltelli & Tarantola (2005), J. R. Stat. Soc. A 168, 307–323. Estimators: Saltelli et al.
(2010), Computer Physics Communications 181, 259–270.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as design

from pipelines.index.score.compose import LEAST


@dataclass(frozen=True)
class Indices:
    """Per factor, or group of factors: share of variance it explains alone, and in all; half-widths of their intervals.

    Arrays are (factor,), or (output, factor) where the model has several outputs.
    """

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
    """Indices of ``model``, which maps points (run, factor) of the unit cube to (run,), or to (run, output).

    Args:
        base: size of the base sample, a power of two; the model sees base × (factors or groups + 2) points.
        groups: group of each factor, where several move together.
        level: of the bootstrap intervals.
    """
    problem = {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}
    if groups is not None:
        problem["groups"] = list(groups)
    points = design.sample(problem, base, calc_second_order=False, seed=seed)
    values = model(points)
    names = tuple(dict.fromkeys(factors if groups is None else groups))
    # An output that never varies owes nothing to any factor.
    found = [
        analysis.analyze(problem, output, calc_second_order=False, conf_level=level, seed=seed)
        if np.ptp(output) > 0
        else dict.fromkeys(("S1", "ST", "S1_conf", "ST_conf"), np.zeros(len(names)))
        for output in np.atleast_2d(values.T)
    ]
    shape = (*values.shape[1:], len(names))
    first, total, first_reach, total_reach = (
        np.reshape([one[key] for one in found], shape) for key in ("S1", "ST", "S1_conf", "ST_conf")
    )
    return Indices(names, first, total, first_reach, total_reach)


#: What is asked of the ranking: how far it moves, where its leader lands, and how far ahead of the second the leader is.
OUTPUTS = ("mean rank shift", "rank of the leader", "log lead")

#: ``table`` without rows, for a ranking without a second.
EMPTY = pl.DataFrame(
    schema={"measure": pl.String, "year": pl.Int64, "output": pl.String, "factor": pl.String}
    | dict.fromkeys(("first", "first_reach", "total", "total_reach"), pl.Float64)
)


def outputs(scores: np.ndarray, ranks: np.ndarray, published: np.ndarray) -> np.ndarray:
    """``OUTPUTS`` of every run, (run, output).

    Args:
        scores, ranks: of the ranked cities in each run, (run, city).
        published: their published ranks, (city,); whoever is first and second there stays the leader and the second.
    """
    leader, second = published.argsort(kind="stable")[:2]
    lead = np.log(np.maximum(scores[:, [leader, second]], LEAST))
    return np.column_stack([np.abs(ranks - published).mean(1), ranks[:, leader], lead[:, 0] - lead[:, 1]])


def table(measure: str, year: int, found: Indices) -> pl.DataFrame:
    """One row per output and factor."""
    return pl.DataFrame(
        {
            "measure": measure,
            "year": year,
            "output": np.repeat(np.array(OUTPUTS, dtype=object), len(found.names)),
            "factor": np.tile(np.array(found.names, dtype=object), len(OUTPUTS)),
            "first": found.first.ravel(),
            "first_reach": found.first_reach.ravel(),
            "total": found.total.ravel(),
            "total_reach": found.total_reach.ravel(),
        },
        schema_overrides=EMPTY.schema,
    )
