"""Find what an index can be computed from: the years the evidence covers, and the indicators it has rows for.

Every list begins and ends somewhere, and none is complete. What is missing is left out and named; it is never a zero.
"""

from collections.abc import Collection

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import BENCHMARK, FIRST_YEAR, LAST_YEAR
from pipelines.index.table import INDICATOR, IndexTable

#: Years of the window in which deals are counted.
WINDOW = 3

#: A year is covered if its window holds at least this share of the fullest window's deals.
LEAST_COVERED = 0.50


class Availability(IndexTable):
    """One row per indicator: does the basis of this release have it."""

    table = "index.availability"

    indicator = dy.String(primary_key=True, metadata=INDICATOR, description="Indicator.")
    pillar = dy.String(description="Pillar.")
    is_available = dy.Bool(description="Is it part of the index of this release.")
    reason = dy.String(nullable=True, description="Why not; null if it is.")


def first_covered_year(evidence: pl.DataFrame) -> int | None:
    """Return the first year whose three-year window begins no earlier than the deals, or None without deals."""
    first = evidence.filter(pl.col("indicator") == "deals_received")["year"].min()
    return None if first is None else int(first) + WINDOW - 1  # type: ignore[arg-type]


def latest_covered_year(evidence: pl.DataFrame, cities: set[str]) -> int:
    """Return the last year whose three-year window still holds enough deals of ``cities``.

    Later years have fewer deals because the sources end, not because the cities were quiet. ``evidence`` has at least one of
    their deals; no year after the last deal is covered.
    """
    deals = evidence.filter((pl.col("indicator") == "deals_received") & pl.col("city").is_in(sorted(cities)))
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    when = deals["year"].to_numpy()
    in_window = np.array([((when > year - WINDOW) & (when <= year)).sum() for year in years])
    is_covered = (in_window >= LEAST_COVERED * in_window.max()) & (years <= when.max())
    return int(years[is_covered][-1])


def availability(
    indicators: pl.DataFrame, evidence: pl.DataFrame, cities: Collection[str], years: tuple[int, int], base_year: int
) -> pl.DataFrame:
    """Return which indicators the evidence has rows for: indicator, pillar, is_available, reason (null where available).

    An indicator needs a piece that counts in ``years`` for a city of the scope (``cities``) and, unless its upper goalpost is
    fixed, one for the benchmark in ``base_year``. One that does not count in the score is nothing without one that does
    in its pillar.
    """
    last = pl.col("year_to").fill_null(years[1])
    pieces = evidence.join(indicators.select("indicator", "window"), on="indicator").with_columns(
        (last + pl.col("window") - 1).alias("counts_to")
    )
    seen = pieces.filter((pl.col("year") <= years[1]) & (pl.col("counts_to") >= years[0]) & (pl.col("value") > 0))
    at_home = set(seen.filter(pl.col("city").is_in(list(cities)))["indicator"])
    at_base = (pl.col("year") <= base_year) & (pl.col("counts_to") >= base_year) & (pl.col("city") == BENCHMARK)
    compared = set(seen.filter(at_base)["indicator"])
    table = indicators.select("indicator", "pillar", "weight", "ceiling").with_columns(
        pl.when(~pl.col("indicator").is_in(list(at_home)))
        .then(pl.lit(f"no source of the basis that is loaded has it for a city of the scope in {years[0]}–{years[1]}"))
        .when(pl.col("ceiling").is_null() & ~pl.col("indicator").is_in(list(compared)))
        .then(pl.lit(f"{BENCHMARK} has none in {base_year}, so there is no goalpost"))
        .alias("reason")
    )
    counts = pl.col("reason").is_null() & (pl.col("weight") > 0)
    return table.select(
        "indicator",
        "pillar",
        (pl.col("reason").is_null() & counts.any().over("pillar")).alias("is_available"),
        pl.when(pl.col("reason").is_null() & ~counts.any().over("pillar"))
        .then(pl.lit("nothing else of its pillar is there, and it does not count by itself"))
        .otherwise("reason")
        .alias("reason"),
    )


def resting_on_one(indicators: pl.DataFrame, available: pl.DataFrame) -> list[str]:
    """Return the pillars with only one counted indicator of several, each as "P5 returnees (Foreign capital)"."""
    counted = indicators.filter(pl.col("weight") > 0)
    usable = counted.join(available.filter("is_available"), on="indicator", how="semi")
    alone = usable.filter(pl.len().over("pillar") == 1).sort("pillar")
    return [f"{row['pillar']} {row['pillar_name']} ({row['name']})" for row in alone.iter_rows(named=True)]


def left_out(indicators: pl.DataFrame, available: pl.DataFrame) -> list[str]:
    """Return the pillars without any indicator, each as "P4 culture"."""
    present = set(available.filter("is_available")["pillar"])
    names = indicators.select("pillar", "pillar_name").unique().sort("pillar")
    return [f"{pillar} {name}" for pillar, name in names.iter_rows() if pillar not in present]
