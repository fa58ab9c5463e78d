"""Every place name in the sources, resolved."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from pipelines.orchestration import run_settings
from pipelines.orchestration.assets import promises, python_tables
from pipelines.orchestration.assets.python_tables import check_spec, make, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve.places import resolve
from pipelines.resolve.places.table import Places
from pipelines.warehouse import database, versions

_REFERENCE = ("place_aliases", "areas", "provinces", "prefectures", "districts")
_DEPS = (
    "staging.place_mentions",
    *(f"landing.reference__{name}" for name in (*_REFERENCE, "countries", "place_words")),
)


def wanted(connection: duckdb.DuckDBPyConnection) -> versions.Wanted:
    """Return the version that the table would have if it were made now."""
    return python_tables.wanted(connection, [Places], _DEPS)


@dg.multi_asset(
    name="resolve_places",
    specs=[spec(Places, _DEPS)],
    check_specs=[check_spec(Places)],
    required_resource_keys={run_settings.KEY},
)
def resolve_places(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
    with database.connect() as connection:
        now = wanted(connection)
        if now.is_made:
            yield promises.kept(context, Places.table)
            return
        mentions = database.query(connection, "from staging.place_mentions order by all")
        reference = {name: database.query(connection, f"from landing.reference__{name}") for name in _REFERENCE}
        keys = mentions.select("country", "region", "place", "place_key", "n")
        places = resolve.resolve_all(mentions, **reference).join(keys, on=["country", "region", "place"], nulls_equal=True)
        levels = places.group_by("level").agg(pl.len().alias("names"), pl.col("n").sum().alias("rows")).sort("level")
        yield from make(connection, Places, places, now.version, resolved=markdown(levels))


ASSETS = [resolve_places]
