"""Assets, checks, job and schedule: the one place where Dagster is wired."""

import dagster as dg

from pipelines.assets import index, landing, models, release
from pipelines.progress import progress

REFRESH = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    description="Land every source, build the warehouse, compute the index, test the claims and publish.",
)

# One process builds; a process per step would take minutes, and DuckDB takes one writer.
defs = dg.Definitions(
    assets=[*landing.ASSETS, *models.ASSETS, *index.ASSETS, *release.ASSETS],
    jobs=[REFRESH],
    schedules=[
        dg.ScheduleDefinition(
            name="weekly_refresh",
            job=REFRESH,
            cron_schedule="17 4 * * 1",
            execution_timezone="UTC",
            description="Every Monday, 04:17 UTC.",
        )
    ],
    executor=dg.in_process_executor,
    loggers={"console": dg.colored_console_logger, "progress": progress},
)
