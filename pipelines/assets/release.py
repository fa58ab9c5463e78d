"""The release as an asset: the last step of every refresh."""

from datetime import timedelta

import dagster as dg

from pipelines import fingerprint, paths, release
from pipelines.assets.landing import OWNER
from pipelines.assets.models import MODELS, asset_key
from pipelines.docs import DOCS

PUBLISHED = sorted({model.table for model in MODELS if model.schema in release.PUBLIC} | set(DOCS) - release.MADE_HERE)


@dg.asset(
    key=["release", "nextvalley"],
    deps=[asset_key(table) for table in PUBLISHED],
    group_name="release",
    kinds={"duckdb", "parquet"},
    owners=[OWNER],
    # The schedule is weekly: a day over is worth a look, two weeks mean that it does not run.
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=14), warn_window=timedelta(days=8)),
)
def published() -> dg.MaterializeResult[None]:
    """The DuckDB file everyone opens, with Parquet files and their description beside it."""
    folder = release.publish(MODELS, fingerprint.of_landed())
    size = (folder / paths.PUBLISHED.name).stat().st_size
    return dg.MaterializeResult(metadata={"folder": folder.name, "bytes": size, "file": dg.MetadataValue.path(paths.PUBLISHED)})


ASSETS = [published]
