"""Choose the year of the ranking: the last one that lists of deals still cover."""

import numpy as np
import polars as pl

from pipelines.index import FIRST_YEAR, LAST_YEAR

#: Years that are averaged to see whether a list still covers the last of them, and the least share of its fullest such window.
WINDOW, LEAST_COVERED = 3, 0.5

#: Deals of a list that may set the headline year.
LEAST_DEALS = 500


def headline_of(counts: pl.DataFrame, cities: pl.DataFrame, scope: str) -> int:
    """Return the headline year of what lists count in a scope: ``marts.list_counts`` by year, and ``core.cities``.

    Where no list counts deals there, it is that of all lists.
    """
    if scope == "world":
        return headline_year(counts)
    of_city = pl.col("city").is_in(cities.filter(pl.col("country") == scope)["city"].to_list())
    here = counts.filter(of_city | (pl.col("city").is_null() & (pl.col("country") == scope)))
    return headline_year(counts if _dated_deals(here).is_empty() else here)


def _dated_deals(counts: pl.DataFrame) -> pl.DataFrame:
    return counts.filter((pl.col("quantity") == "deals_received") & pl.col("year").is_not_null())


def headline_year(counts: pl.DataFrame) -> int:
    """Return the last year that a dated list of deals still covers.

    Later years have fewer deals because the lists end, not because the cities were quiet. Lists of few deals are passed over,
    unless there are no others.
    """
    deals = _dated_deals(counts)
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    last = FIRST_YEAR
    known = deals.filter(pl.col("n").sum().over("list") >= LEAST_DEALS)
    for (_,), rows in (deals if known.is_empty() else known).group_by("list"):
        by_year = dict(rows.group_by("year").agg(pl.col("n").sum()).iter_rows())
        windows = np.array([sum(by_year.get(int(year) - back, 0.0) for back in range(WINDOW)) for year in years])
        covered = years[(windows >= LEAST_COVERED * windows.max()) & (windows > 0) & (years <= max(by_year))]
        last = max(last, int(covered[-1]) if len(covered) else FIRST_YEAR)
    return last
