"""Every place name in the sources, resolved."""

import dagster as dg
import polars as pl

from pipelines.orchestration.assets.landing import landing_key
from pipelines.orchestration.assets.models import asset_key
from pipelines.orchestration.assets.python_tables import materialised, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve.places import resolve
from pipelines.warehouse import database
from pipelines.warehouse.docs import DOCS

_REFERENCE = ("place_aliases", "areas", "provinces", "prefectures", "districts")
_DEPS = [
    asset_key("staging.place_mentions"),
    *(landing_key("reference", name) for name in (*_REFERENCE, "countries", "place_words")),
]


def keyed(resolved: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """The resolved places with the key by which the other tables refer to them, and how many rows do."""
    return resolved.join(
        mentions.select("country", "region", "place", "place_key", "n"), on=["country", "region", "place"], nulls_equal=True
    ).select(DOCS["core.places"][1].keys())


@dg.multi_asset(name="resolve_places", specs=[spec("core.places", _DEPS)])
def resolve_places() -> dg.MaterializeResult[None]:
    with database.connect() as connection:
        mentions = database.query(connection, "from staging.place_mentions order by all")
        reference = {name: database.query(connection, f"from landing.reference__{name}") for name in _REFERENCE}
        frame = keyed(resolve.resolve_all(mentions, **reference), mentions)
        database.write(connection, "core.places", frame)
    levels = frame.group_by("level").agg(pl.len().alias("names"), pl.col("n").sum().alias("rows")).sort("level")
    return materialised("core.places", frame, resolved=markdown(levels))


ASSETS = [resolve_places]
