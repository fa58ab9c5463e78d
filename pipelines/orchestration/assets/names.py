"""Every company and investor that a source names, matched across sources."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from pipelines.orchestration import run_settings
from pipelines.orchestration.assets import promises, python_tables
from pipelines.orchestration.assets.python_tables import check_spec, make, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve import names
from pipelines.resolve.names.links import Names
from pipelines.warehouse import database, versions
from pipelines.warehouse.engines import engine
from pipelines.warehouse.engines.duckdb import DuckDB

_DEPS = ("staging.name_mentions", "landing.reference__name_overrides", "landing.reference__name_words")


def wanted(connection: duckdb.DuckDBPyConnection) -> versions.Wanted:
    """Return the version that the table would have if it were made now."""
    return python_tables.wanted(connection, [Names], _DEPS)


@dg.multi_asset(
    name="resolve_names",
    specs=[spec(Names, _DEPS)],
    check_specs=[check_spec(Names)],
    required_resource_keys={run_settings.KEY},
)
def resolve_names(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
    with database.connect() as connection:
        now = wanted(connection)
        if now.is_made:
            yield promises.kept(context, Names.table)
            return
        frame = matched(connection, engine())
        how = frame.group_by("kind", "how").agg(pl.len().alias("names"), pl.col("entity").n_unique().alias("entities"))
        yield from make(connection, Names, frame, now.version, matched=markdown(how.sort("kind", "how")))


def matched(connection: duckdb.DuckDBPyConnection, where: DuckDB) -> pl.DataFrame:
    """Return the rows of ``core.names``, compared where the engine has them compared."""
    # A name without letter or digit leads to nobody; its rows stay, without an entity.
    mentions = database.query(connection, "from staging.name_mentions order by mention").filter(
        pl.col("name").str.contains(r"[\p{L}\p{N}]")
    )
    overrides = database.query(connection, "from landing.reference__name_overrides")
    links = names.resolve(mentions, overrides, where.lend)
    return links.join(mentions.select("mention", "kind", pl.col("source").alias("dataset"), "name"), on="mention")


ASSETS = [resolve_names]
