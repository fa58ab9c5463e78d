"""Every place name in the sources, resolved."""

from typing import Any

import duckdb
import polars as pl

from pipelines.orchestration.assets.python_tables import table_asset
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve.places import folders, resolve
from pipelines.resolve.places.table import Places
from pipelines.warehouse import database

DEPS = (
    *("staging.place_mentions", "staging.inbox_files", "staging.inbox_rows"),
    *(f"landing.reference__{name}" for name in (*resolve.REFERENCE, "countries", "place_words")),
)


def _resolved(connection: duckdb.DuckDBPyConnection) -> tuple[pl.DataFrame, dict[str, Any]]:
    mentions = database.query(connection, "from staging.place_mentions order by all")
    reference = {name: database.query(connection, f"from landing.reference__{name}") for name in resolve.REFERENCE}
    keys = mentions.select("country", "region", "place", "place_key", "n")
    places = resolve.resolve_all(mentions, **reference).join(keys, on=["country", "region", "place"], nulls_equal=True)
    rows, files = (database.query(connection, f"from staging.inbox_{name} order by all") for name in ("rows", "files"))
    folders.require_inside(rows, files, reference)
    levels = places.group_by("level").agg(pl.len().alias("names"), pl.col("n").sum().alias("rows")).sort("level")
    return places, {"resolved": markdown(levels)}


ASSETS = [table_asset("resolve_places", Places, DEPS, _resolved)]
