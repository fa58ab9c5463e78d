"""Check the figures of reports that become lists of the index: what the models cannot read would be left out without a word."""

from collections.abc import Iterator

import polars as pl

from pipelines.errors import Problem
from pipelines.ingest.contract import ROW
from pipelines.ingest.review import Rows, problems
from pipelines.ingest.spelling import Names

#: Metrics that become lists, and what the models read of their rows (sql/core/published_counts.sql).
COUNTED = ("unicorns", "potential_unicorns", "deals_received", "deals_originated", "exits")
NUMBER, EDITION = r"^[0-9]+(\.[0-9]+)?$", r"^[0-9]{4}(-[0-9]{2}| to [0-9]{4}$|$)"


def metrics(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    """Yield the metrics that are nearly one that is counted, or one that is shown beside a claim."""
    shown = rows("reference/claims")["figures"].drop_nulls().str.split("|").explode()
    known = Names([*COUNTED, *shown])
    for metric, row in frame.select("metric", ROW).iter_rows():
        if metric not in known and (meant := next(known.alike(metric), None)):
            yield Problem("content", f"{metric!r} is nearly {meant!r}", f"Write {meant!r}", row, "metric")


def unread(frame: pl.DataFrame, _: Rows) -> list[Problem]:
    """Return the cells of counted figures of which the models read no number, or no years."""
    figures, edition = frame.filter(pl.col("metric").is_in(COUNTED)), pl.col("edition_or_year")
    is_reversed = edition.str.contains(" to ") & (edition.str.slice(8, 4) < edition.str.head(4))
    no_year = ~edition.str.contains(EDITION) | is_reversed
    words, remedy = "no year can be read from {edition_or_year!r}", "Begin with YYYY or YYYY-MM, or write YYYY to YYYY"
    no_number = ~pl.col("value").str.contains(NUMBER)
    return [
        *problems(figures, no_number, "value", "{value!r} is not a number", "Write digits, and a point for decimals"),
        *problems(figures, no_year, "edition_or_year", words, remedy),
    ]


def _figures(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that become lists, with their number and edition as the models read them."""
    edition = pl.col("edition_or_year").str.replace(r"^([0-9]{4}-[0-9]{2}).*$", "$1")
    number = pl.col("value").cast(pl.Float64, strict=False)
    return frame.filter(pl.col("metric").is_in(COUNTED)).with_columns(edition=edition, number=number)


def twice(frame: pl.DataFrame, _: Rows) -> list[Problem]:
    """Return the figures of a city that the same edition has already."""
    is_later = ~pl.struct("metric", "source", "edition", "city").is_first_distinct()
    words = "{source} of {edition} has another row of {metric} in {city}"
    return problems(_figures(frame), is_later, "city", words, "Keep one row per city and edition")


def totals(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    """Yield the totals of countries that are below the sum of the cities that the same edition names."""
    countries = {name.lower(): code for code, name in rows("reference/countries").select("country", "name").iter_rows()}
    cities = dict(rows("register/city_population").select("city", "country").iter_rows())
    cities |= dict.fromkeys(rows("reference/prefectures")["city"], "CN")
    for _, edition in _figures(frame).group_by("metric", "source", "edition", maintain_order=True):
        for place, total, row in edition.select("city", "number", ROW).drop_nulls().iter_rows():
            if (country := countries.get(place.lower())) is None:
                continue
            parts = edition.filter(pl.col("city").replace_strict(cities, default=None) == country)
            if total < parts["number"].sum():
                problem = f"{total:g} of {place} is below the {parts['number'].sum():g} of its cities in the same edition"
                rest = ", ".join(map(str, parts[ROW]))
                yield Problem("content", problem, f"Correct it, or the values of rows {rest}", row, "value")
