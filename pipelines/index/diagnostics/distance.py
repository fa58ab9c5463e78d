"""Measure the distance to the benchmark: how many times less, and how long ago the benchmark was where a city is.

The record has a first year. If the benchmark was above the city's score in all of it, the answer is "beyond the record" and
not the length of the record.
"""

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import BENCHMARK, draws, scale
from pipelines.index.compute import Result
from pipelines.index.table import CITY, IndexTable
from pipelines.schema import one_of

WITHIN, BEYOND, LEVEL_WITH = "within the record", "beyond the record", "level or ahead"


class Distance(IndexTable):
    """One row per city and score or pillar that the benchmark has in the headline year: how far behind, and how long ago."""

    table = "index.distance"

    measure = dy.String(primary_key=True, description="Readiness, Realised, or a pillar.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    year = dy.Int64(description="Headline year.")
    times_less = dy.Float64(
        min=0, description="How many times less it has than the benchmark in that year, by their scores (index.scores)."
    )
    times_less_low = dy.Float64(min=0, description="Lower end of its 90% interval.")
    times_less_high = dy.Float64(min=0, description="Upper end of that interval.")
    years_behind = dy.Float64(
        nullable=True, min=0, description="Years since the benchmark stood where the city stands; null unless within the record."
    )
    years_low = dy.Float64(nullable=True, min=0, description="Lower end of its 90% interval; null: beyond the record.")
    years_high = dy.Float64(nullable=True, min=0, description="Upper end of that interval; null: beyond the record.")
    record_from = dy.Int64(description="First year of the benchmark's record.")
    how = dy.String(
        check=one_of(WITHIN, BEYOND, LEVEL_WITH),
        description="within the record; beyond the record: the benchmark was above in all of it; level or ahead.",
    )


def years_behind(record: np.ndarray, years: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return the years since ``record`` (draw, year) last passed ``level`` (draw,), interpolated between years.

    ``years`` (year,) ends with the year asked about. 0 where the record ends at or below the level, infinite where it
    is above in every year.
    """
    below = record <= level[:, None]
    last = len(years) - 1 - below[:, ::-1].argmax(1)
    after = np.minimum(last + 1, len(years) - 1)
    each = np.arange(len(record))
    start, rise = record[each, last], record[each, after] - record[each, last]
    part = np.where(rise > 0, (level - start) / np.where(rise > 0, rise, 1.0), 0.0)
    passed = years[-1] - (years[last] + part * (years[after] - years[last]))
    return np.where(below.any(1), np.where(below[:, -1], 0.0, passed), np.inf)


def distance(result: Result) -> pl.DataFrame:
    """Return ``Distance``."""
    upto = result.years <= result.headline
    years = result.years[upto]
    benchmark = result.cities.index(BENCHMARK)
    rows = []
    for measure, drawn in {**result.draws, **result.pillar_draws}.items():
        record = drawn[:, upto, benchmark].astype(float)
        scores = draws.median(result.posterior_draws.get(measure, drawn)[:, result.place]).astype(float)
        if np.isnan(record).any():
            continue
        for place in np.flatnonzero(result.is_scope):
            level = drawn[:, result.place, place].astype(float)
            # Where a pillar rests on one indicator, draws that leave it out know nothing of it.
            if np.isnan(level).any():
                continue
            behind = years_behind(record, years, level)
            gap = record[:, -1] - level
            less = scale.times_less(100.0 - gap)
            (less_low, less_high), (low, high) = draws.interval(less), np.quantile(behind, [0.05, 0.95], method="lower")
            times_less = float(scale.times_less(100.0 - scores[benchmark] + scores[place]))
            middle = float(np.quantile(behind, 0.5, method="lower"))
            rows.append(
                {
                    "measure": measure,
                    "city": result.cities[place],
                    "year": result.headline,
                    "times_less": times_less,
                    "times_less_low": min(float(less_low), times_less),
                    "times_less_high": max(float(less_high), times_less),
                    "years_behind": middle,
                    "years_low": float(low),
                    "years_high": float(high),
                    "record_from": int(years[0]),
                    "how": LEVEL_WITH if middle == 0 else BEYOND if np.isinf(middle) else WITHIN,
                }
            )
    finite = [
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in ("years_behind", "years_low", "years_high")
    ]
    return pl.DataFrame(rows, Distance.types()).with_columns(finite)
