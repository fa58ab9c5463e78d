"""Make mentions of places, and resolve them by the committed tables."""

from collections.abc import Iterable
from functools import cache

import polars as pl

from pipelines.ingest.sources import reference
from pipelines.resolve.places.resolve import REFERENCE, resolve_all
from tests.support.notes import note

NO_ALIASES = pl.DataFrame(schema={"country": pl.String, "place": pl.String, "geoname_id": pl.Int64})
BAY = "San Francisco Bay Area"

#: Country, region and place.
Mention = tuple[str | None, str | None, str | None]


@cache
def committed(name: str) -> pl.DataFrame:
    """Return a table of ``data/reference``."""
    return reference.FILES.read(name)


def mentions(places: Iterable[Mention], *, strict: bool = False) -> pl.DataFrame:
    """Return mentions as ``resolve_all`` takes them, all of the same place in a file."""
    frame = pl.DataFrame(list(places), schema=dict.fromkeys(("country", "region", "place"), pl.String), orient="row")
    return frame.with_columns(is_strict=pl.lit(strict), source_file=pl.lit("f.csv"), source_row=pl.lit(7), column=pl.lit("city"))


def resolve(frame: pl.DataFrame, **changed: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions resolved by the committed tables, or by those ``changed``."""
    found = resolve_all(frame, **({name: committed(name) for name in REFERENCE} | changed))
    note("places", found.height, found.write_csv())
    return found


def by_mention(frame: pl.DataFrame) -> dict[Mention, dict[str, object]]:
    """Return the rows of ``resolve`` by what was written."""
    return {(row["country"], row["region"], row["place"]): row for row in frame.iter_rows(named=True)}
