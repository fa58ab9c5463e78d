"""Every company and investor that a source names, matched across sources."""

import dagster as dg
import polars as pl

from pipelines.orchestration.assets.landing import landing_key
from pipelines.orchestration.assets.models import asset_key
from pipelines.orchestration.assets.python_tables import materialised, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve import names
from pipelines.warehouse import database

_DEPS = [asset_key("staging.name_mentions"), landing_key("reference", "name_overrides")]


@dg.multi_asset(name="resolve_names", specs=[spec("core.names", _DEPS)])
def resolve_names() -> dg.MaterializeResult[None]:
    with database.connect() as connection:
        # A name without letter or digit leads to nobody; its rows stay, without an entity.
        mentions = database.query(connection, "from staging.name_mentions order by mention").filter(
            pl.col("name").str.contains(r"[\p{L}\p{N}]")
        )
        overrides = database.query(connection, "from landing.reference__name_overrides")
        links = names.resolve(mentions, overrides).links
        frame = links.join(mentions.select("mention", "kind", pl.col("source").alias("dataset"), "name"), on="mention")
        database.write(connection, "core.names", frame)
    how = frame.group_by("kind", "how").agg(pl.len().alias("names"), pl.col("entity").n_unique().alias("entities"))
    return materialised("core.names", frame, matched=markdown(how.sort("kind", "how")))


ASSETS = [resolve_names]
