"""Measure the distance to the benchmark: the gap of each score and pillar, and how long ago the benchmark was there.

The record has a first year. If the benchmark was above the city's score in all of it, the answer is "beyond the record" and
not the length of the record. A record of undated evidence gives no answer.
"""

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import BENCHMARK, UNDATED
from pipelines.index import draws as uncertainty
from pipelines.index.inputs import Inputs
from pipelines.index.result import Result
from pipelines.index.table import CITY, IndexTable

WITHIN, BEYOND, LEVEL_WITH, NO_DATA = "within the record", "beyond the record", "level or ahead", "no data"


class Distance(IndexTable):
    """One row per score or pillar and city in the headline year: how far from the benchmark, and how long ago it stood there."""

    table = "index.distance"

    measure = dy.String(primary_key=True, description="Readiness, Realised, or a pillar.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    year = dy.Int64(description="Headline year.")
    score = dy.Float64(nullable=True, description="Its score; null where there is not enough data.")
    benchmark_score = dy.Float64(nullable=True, description="The benchmark's score in the same year.")
    gap = dy.Float64(nullable=True, description="Points the benchmark is ahead.")
    gap_low = dy.Float64(
        nullable=True, description="Lower end of its 90% interval, companies resampled and detection rates drawn."
    )
    gap_high = dy.Float64(nullable=True, description="Upper end of that interval.")
    years_behind = dy.Float64(
        nullable=True,
        min=0,
        description="Years since the benchmark last stood where the city stands; null unless within the record.",
    )
    years_low = dy.Float64(
        nullable=True, min=0, description="Lower end of its 90% interval; null: beyond the record, or no data."
    )
    years_high = dy.Float64(nullable=True, min=0, description="Upper end of that interval; null: beyond the record, or no data.")
    record_from = dy.Int64(nullable=True, description="First year of the benchmark's record.")
    how = dy.String(
        description="within the record; beyond the record: the benchmark was above in all of it; level or ahead; no data, "
        "also where most of the benchmark's pieces have no year. Scores that hold such a pillar lean on its "
        "present state."
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


def undated(inputs: Inputs) -> set[str]:
    """Return the pillars for which most of the benchmark's evidence has no year."""
    pillar_of = dict(inputs.indicators.select("indicator", "pillar").iter_rows())
    pieces = inputs.evidence.filter((pl.col("city") == BENCHMARK) & pl.col("indicator").is_in(list(pillar_of)))
    shares = (
        pieces.group_by(pl.col("indicator").replace_strict(pillar_of, return_dtype=pl.String).alias("pillar"))
        .agg((pl.col("year") == UNDATED).mean().alias("share"))
        .filter(pl.col("share") > 0.5)
    )
    return set(shares["pillar"])


def table(result: Result, undated: set[str]) -> pl.DataFrame:
    """Return one row per score or pillar and city in the headline year; intervals are from resampled companies."""
    rows = []
    upto = result.years <= result.headline
    benchmark = result.cities.index(BENCHMARK)
    points = result.scores.filter(pl.col("year") <= result.headline)
    for measure, draws in result.company_draws.items():
        grid = points.filter(pl.col("measure") == measure).pivot("city", index="year", values="score").sort("year")
        point = grid.select(result.cities).cast(pl.Float64).fill_null(float("nan")).to_numpy().T
        record = np.vstack([point[benchmark], draws[:, upto, benchmark]])
        known = ~np.isnan(record).any(0)
        years, record = result.years[upto][known], record[:, known]
        for index, city in enumerate(result.cities):
            if index == benchmark:
                continue
            level = np.append(point[index, -1], draws[:, upto, index][:, -1])
            rows.append({"measure": measure, "city": city, "year": result.headline})
            if np.isnan(level[0]) or not known[-1]:
                rows[-1] |= {"how": NO_DATA}
                continue
            gap = record[:, -1] - level
            behind = np.full(len(level), np.nan) if measure in undated else years_behind(record, years, level)
            gap_low, gap_high = uncertainty.bias_corrected(gap[1:], gap[0])
            low, high = uncertainty.bias_corrected(behind[1:], behind[0])
            rows[-1] |= {
                "score": level[0],
                "benchmark_score": record[0, -1],
                "gap": gap[0],
                "gap_low": gap_low,
                "gap_high": gap_high,
                "years_behind": behind[0],
                "years_low": low,
                "years_high": high,
                "record_from": int(years[0]),
                "how": _how(float(behind[0])),
            }
    columns = ["score", "benchmark_score", "gap", "gap_low", "gap_high", "years_behind", "years_low", "years_high"]
    frame = pl.DataFrame(rows, Distance.types())
    finite = [pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in columns]
    return frame.with_columns(finite)


def _how(behind: float) -> str:
    if np.isnan(behind):
        return NO_DATA
    return LEVEL_WITH if behind == 0 else BEYOND if np.isinf(behind) else WITHIN
