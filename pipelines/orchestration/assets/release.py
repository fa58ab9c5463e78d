"""The release as an asset: the last step of every refresh."""

from datetime import timedelta
from typing import Any

import dagster as dg
import duckdb
import polars as pl

from pipelines import settings
from pipelines.orchestration import run_settings
from pipelines.orchestration.assets.landing import DAYS, LATE, OWNER
from pipelines.orchestration.assets.models import MODELS
from pipelines.orchestration.assets.promises import asset_key
from pipelines.orchestration.assets.schemas import BUILT
from pipelines.orchestration.ui.metadata import markdown
from pipelines.publish import release, release_file
from pipelines.warehouse import fingerprint

PUBLISHED = sorted({model.table for model in MODELS if model.schema in release_file.PUBLIC} | {table.table for table in BUILT})


@dg.asset(
    key=["release", "nextvalley"],
    deps=[asset_key(table) for table in PUBLISHED],
    group_name="release",
    kinds={"duckdb", "parquet", "csv"},
    owners=[OWNER],
    freshness_policy=dg.FreshnessPolicy.time_window(
        fail_window=timedelta(days=LATE * DAYS["monthly"] + 1), warn_window=timedelta(days=DAYS["monthly"] + 1)
    ),
    required_resource_keys={run_settings.KEY},
)
def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """The DuckDB file everyone opens, with the page and other formats beside it."""
    folder = release.publish(MODELS, BUILT, fingerprint.of_landed())
    file = folder / settings.PUBLISHED.name
    with duckdb.connect(file, read_only=True) as connection:
        ranking = pl.DataFrame(connection.sql("from index.ranking where measure = 'Readiness' order by rank limit 10"))
        about = pl.DataFrame(connection.sql("from core.release")).row(0, named=True)
        before = "(select made_at - interval 1 second from core.release)"
        changed = pl.DataFrame(connection.sql(f"select measure, subject, rank_before, rank_now, change from changed({before})"))
    # Runs are found by the release they made.
    context.instance.add_run_tags(
        context.run.run_id, {"nextvalley/release": folder.name, "nextvalley/method": about["method_version"]}
    )
    return dg.MaterializeResult(
        metadata={
            "ranking": markdown(ranking.select("rank", "city", "score", "score_low", "score_high", "p_first")),
            "release": folder.name,
            "redistribution": about["redistribution"],
            "changed since the release before": markdown(changed),
            "file": dg.MetadataValue.path(settings.PUBLISHED),
            "bytes": file.stat().st_size,
            "report": dg.MetadataValue.path(settings.RELEASE / "report.html"),
            "other formats": ", ".join(sorted({path.suffix for path in folder.iterdir()})),
        }
    )


ASSETS = [published]
