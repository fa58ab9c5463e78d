"""Choose the cities that are measured."""

import polars as pl

#: Outside the census, a city is measured if at least this many lists name it, at least this many times in all; of each country,
#: at most this many cities are.
LEAST_LISTS, LEAST_ROWS, MOST_OF_COUNTRY = 4, 10, 100

#: A report that prints so many cities has looked at all of a country's, as a list does; others print the first few.
LEAST_PRINTED = 40

#: Share of what lists have in a country from which on its measured cities are taken for all of it.
WHOLE = 0.9


def looking(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the ``counts`` above 0 of what has looked at all cities, not only at the first few: lists, and long reports."""
    named = counts.filter(pl.col("n") > 0)
    return named.filter(~pl.col("is_report") | (pl.col("city").n_unique().over("quantity", "list") >= LEAST_PRINTED))


def measured_cities(counts: pl.DataFrame, cities: pl.DataFrame, always: pl.Expr) -> pl.DataFrame:
    """Return the cities that are measured: those that ``always`` are, and those lists name often.

    They have city, country and province, and ``is_whole``: nearly all that lists have in the country is in measured cities.
    """
    counted = counts.filter(pl.col("city").is_not_null() & (pl.col("quantity") != "population"))
    held = counted.group_by("city").agg(
        pl.col("list").n_unique().alias("lists"),
        pl.col("n").clip(upper_bound=LEAST_ROWS).sum().alias("rows"),
        pl.col("n").sum().alias("held"),
    )
    named = (
        held.filter((pl.col("lists") >= LEAST_LISTS) & (pl.col("rows") >= LEAST_ROWS))
        .join(cities.select("city", "country"), on="city")
        .sort("lists", "rows", "city", descending=[True, True, False])
        .group_by("country", maintain_order=True)
        .head(MOST_OF_COUNTRY)
    )
    is_measured = always | pl.col("city").is_in(named["city"].to_list())
    held_there = pl.col("held").filter(is_measured).sum() / pl.col("held").sum()
    return (
        cities.join(held.select("city", "held"), on="city", how="left")
        .with_columns(is_whole=held_there.over("country") >= WHOLE)
        .filter(is_measured)
        .select("city", "country", pl.coalesce("province", "city").alias("province"), "is_whole")
        .sort("city")
    )
