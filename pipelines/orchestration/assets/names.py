"""Every company and investor that a source names, matched across sources."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from pipelines.orchestration import run_settings
from pipelines.orchestration.assets.python_tables import check_spec, make, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve import names
from pipelines.resolve.names.links import Names
from pipelines.warehouse import database

_DEPS = ("staging.name_mentions", "landing.reference__name_overrides", "landing.reference__name_words")


@dg.multi_asset(
    name="resolve_names",
    specs=[spec(Names, _DEPS)],
    check_specs=[check_spec(Names)],
    required_resource_keys={run_settings.KEY},
)
def resolve_names() -> Iterator[dg.MaterializeResult[Any]]:
    with database.connect() as connection:
        # A name without letter or digit leads to nobody; its rows stay, without an entity.
        mentions = database.query(connection, "from staging.name_mentions order by mention").filter(
            pl.col("name").str.contains(r"[\p{L}\p{N}]")
        )
        overrides = database.query(connection, "from landing.reference__name_overrides")
        links = names.resolve(mentions, overrides).links
        frame = links.join(mentions.select("mention", "kind", pl.col("source").alias("dataset"), "name"), on="mention")
        how = frame.group_by("kind", "how").agg(pl.len().alias("names"), pl.col("entity").n_unique().alias("entities"))
        yield from make(connection, Names, frame, matched=markdown(how.sort("kind", "how")))


ASSETS = [resolve_names]
