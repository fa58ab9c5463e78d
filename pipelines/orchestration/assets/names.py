"""Every company and investor that a source names, matched across sources."""

from typing import Any

import duckdb
import polars as pl

from pipelines.orchestration.assets.python_tables import table_asset
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve import names
from pipelines.resolve.names.links import Names
from pipelines.warehouse import database
from pipelines.warehouse.engines import engine
from pipelines.warehouse.engines.duckdb import DuckDB

DEPS = ("staging.name_mentions", "landing.reference__name_overrides", "landing.reference__name_words")


def _resolved(connection: duckdb.DuckDBPyConnection) -> tuple[pl.DataFrame, dict[str, Any]]:
    frame = matched(connection, engine())
    how = frame.group_by("kind", "how").agg(pl.len().alias("names"), pl.col("entity").n_unique().alias("entities"))
    return frame, {"matched": markdown(how.sort("kind", "how"))}


def matched(connection: duckdb.DuckDBPyConnection, where: DuckDB) -> pl.DataFrame:
    """Return the rows of ``core.names``, compared where the engine has them compared."""
    # A name without letter or digit leads to nobody; its rows stay, without an entity.
    mentions = database.query(connection, "from staging.name_mentions order by mention").filter(
        pl.col("name").str.contains(r"[\p{L}\p{N}]")
    )
    overrides = database.query(connection, "from landing.reference__name_overrides")
    links = names.resolve(mentions, overrides, where.lend)
    return links.join(mentions.select("mention", "kind", pl.col("source").alias("dataset"), "name"), on="mention")


ASSETS = [table_asset("resolve_names", Names, DEPS, _resolved)]
