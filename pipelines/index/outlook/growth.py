"""Measure growth: the change of five years, and the years to catch up with the benchmark at the present pace.

What stands (schools, research, services, talent) has no change in the lists, so it counts as unchanged in a score. What no list
counts any more in the last period, as companies founded, moves in a score as the random walk does, and has no growth of its own.
After the middle of the last period the model stands still; growth is that of the five years up to it.

When a source begins to collect less, every city in it seems to shrink. The gap to the benchmark is therefore judged only where at
least ``LEAST_SOURCES`` sources count both places in every year of both periods.
"""

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import BENCHMARK, comparison, draws, scale
from pipelines.index.choices import score
from pipelines.index.compute import Result, drawn_choices, points_at
from pipelines.index.measurement.layout import CENTRES, PERIODS, Layout
from pipelines.index.table import CITY, IndexTable, fraction
from pipelines.index.values import period_of
from pipelines.schema import one_of

#: Years that a change is taken over.
SPAN = 5

#: Sources that have to count city and benchmark, before a change counts as growth.
LEAST_SOURCES = 2

NARROWS, WIDENS, LEVEL_WITH = "the gap narrows", "the gap widens: never at this pace", "level or ahead"
UNTOLD = "cannot be told: too few sources count both places in both periods"


class Growth(IndexTable):
    """One row per ranked city and score or indicator that moves in time: its change over five years, its gap to the benchmark."""

    table = "index.growth"

    measure = dy.String(
        primary_key=True, description="Readiness, Realised, or an indicator that lists count in the last of these years."
    )
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    year_from = dy.Int64(description="Year that the change begins in.")
    year_to = dy.Int64(description="Year it ends in: the headline year, or the middle of the last period, where the model ends.")
    change = dy.Float64(
        description="Points gained in five years, if sources collected evenly; ten points are a doubling. What stands, as "
        "schools do, counts as unchanged."
    )
    change_low = dy.Float64(description="Lower end of its 90% interval: what lists leave open, and the choices of the index.")
    change_high = dy.Float64(description="Upper end of that interval.")
    times = dy.Float64(min=0, description="The same as a ratio: how many times as much as five years before.")
    times_low = dy.Float64(min=0, description="Lower end of its interval.")
    times_high = dy.Float64(min=0, description="Upper end of that interval.")
    benchmark_change = dy.Float64(description="Points that the benchmark gained in the same years.")
    gap = dy.Float64(
        description="Points that it is behind the benchmark at the end, over the indicators that both have; below 0: ahead."
    )
    p_narrows = fraction("Probability that it gained on the benchmark in these years; null: cannot be told.", nullable=True)
    years_to_catch_up = dy.Float64(
        nullable=True,
        min=0,
        description="Years until it is level with the benchmark at the pace of these five; null: the gap does not narrow, or it "
        "cannot be told.",
    )
    years_low = dy.Float64(nullable=True, min=0, description="Lower end of its 90% interval; null: infinite, or cannot be told.")
    years_high = dy.Float64(nullable=True, min=0, description="Upper end of that interval; null: infinite, or cannot be told.")
    n_sources = dy.Int64(
        min=0,
        description="Sources with dated lists of it that count both city and benchmark in every year of both periods, of a score "
        "the fewest of its moving indicators; with fewer than two, a change in how much a source collects cannot be told from "
        "growth.",
    )
    how = dy.String(
        check=one_of(NARROWS, WIDENS, LEVEL_WITH, UNTOLD),
        description="What the median of the draws says, where two sources or more let it.",
    )


def growth(result: Result) -> pl.DataFrame:
    """Return ``Growth``."""
    year_to = min(result.headline, int(CENTRES[-1]))
    before, after = (_standing(result, year, year_to) for year in (year_to - SPAN, year_to))
    sources = _sources(result, year_to)
    parts = [Growth.empty()]
    for measure, (end, gap) in after.items():
        start, gap_before = before[measure]
        change = end - start
        frame = Growth.frame(
            measure=measure,
            city=result.cities,
            year_from=year_to - SPAN,
            year_to=year_to,
            benchmark_change=float(np.median(change[:, result.benchmark])),
            n_sources=sources[measure],
            **summary(change, gap_before, gap),
        )
        parts.append(frame[result.members])
    # What no list counts in a country, or of the benchmark, has no growth there.
    table = pl.concat(parts).filter(pl.col("change").is_not_nan() & pl.col("gap").is_not_nan())
    years = ["years_to_catch_up", "years_low", "years_high"]
    told = pl.col("n_sources") >= LEAST_SOURCES
    return table.with_columns(pl.col(years).replace(float("inf"), None)).with_columns(
        pl.when(told).then(pl.col("p_narrows", *years)), how=pl.when(told).then("how").otherwise(pl.lit(UNTOLD))
    )


def _sources(result: Result, year_to: int) -> dict[str, np.ndarray]:
    """Return how many sources can tell growth of each city, (city,), by moving indicator; of a score, the fewest of them."""
    layout = result.inputs.posterior.layout
    periods = [period_of(year) for year in (year_to - SPAN, year_to)]
    sources: dict[str, np.ndarray] = {}
    for row in result.definitions.table.iter_rows(named=True):
        if row["quantity"] in layout.columns.flows:
            columns = layout.columns.of(row["quantity"])
            looks = {dataset: np.zeros(len(layout.cities), dtype=bool) for dataset in layout.datasets}
            for place, dataset in enumerate(layout.datasets):
                looks[dataset] |= np.all([_covered(layout, place, columns[period], period) for period in periods], axis=0)
            count = np.sum([*looks.values()], axis=0)[result.kept]
            sources[row["indicator"]] = count
            sources[row["measure"]] = np.minimum(sources.get(row["measure"], count), count)
    return sources


def _covered(layout: Layout, place: int, column: int, period: int) -> np.ndarray:
    """Return the cities that a list counts beside the benchmark in every year of the period of ``column``, (city,).

    What stands is counted at one date of it.
    """
    whole = layout.is_stock[place] | (layout.exposure > np.log(PERIODS[period + 1] - PERIODS[period]) - 1e-6)
    channels = (layout.list_of == place) & (layout.column_of == column) & whole
    covers = layout.covers[:, channels]
    return np.asarray(covers[:, covers[layout.cities.index(BENCHMARK)]].any(1))


def _standing(result: Result, year: int, year_to: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return scores, and what moves and is counted up to ``year_to``, with the gap to the benchmark in a year, (draw, city) each.

    They are on the scale without its floor.
    """
    points = result.values.unbounded(year, {}, result.kept)
    chosen = drawn_choices(result.definitions, result.reliability, len(points), 1)
    flows = result.inputs.posterior.layout.columns.flows
    carried = result.values.is_carried(year_to, result.inputs.in_scope)
    moving = [place for place, name in enumerate(result.definitions.table["quantity"]) if name in flows and not carried[place]]
    only = result.values.only_known[result.kept]
    drawn = points_at([points], chosen)
    return {
        name: (total, comparison.gap(result, name, drawn, chosen))
        for name, total in score(drawn, chosen, result.definitions, only).totals.items()
    } | {
        result.definitions.names[place]: (points[..., place], points[:, [result.benchmark], place] - points[..., place])
        for place in moving
    }


def summary(change: np.ndarray, gap_before: np.ndarray, gap: np.ndarray) -> dict[str, object]:
    """Return the columns of ``Growth`` from changes and the gap to the benchmark before and after, (draw, city) each."""
    pace = (gap_before - gap) / SPAN
    years = years_to_catch_up(gap, pace)
    middle, low, high = draws.summary(change)
    times, times_low, times_high = 1.0 / scale.times_less(100.0 + np.stack([middle, low, high]))
    first, central, last = np.quantile(years, draws.QUANTILES, axis=0, method="lower")
    return {
        "change": middle,
        "change_low": low,
        "change_high": high,
        "times": times,
        "times_low": times_low,
        "times_high": times_high,
        "gap": draws.median(gap),
        "p_narrows": (pace > 0).mean(0),
        "years_to_catch_up": central,
        "years_low": first,
        "years_high": last,
        "how": np.where(central == 0, LEVEL_WITH, np.where(np.isinf(central), WIDENS, NARROWS)),
    }


def years_to_catch_up(gap: np.ndarray, pace: np.ndarray) -> np.ndarray:
    """Return the years until ``gap`` is closed at ``pace`` a year: 0 where there is none, infinite where it does not narrow."""
    closing = np.where(pace > 0, pace, 1.0)
    return np.where(gap <= 0, 0.0, np.where(pace > 0, gap / closing, np.inf)).astype(float)
