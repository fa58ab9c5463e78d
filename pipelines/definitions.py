"""Assets, checks, jobs, schedule and sensors: the one place where Dagster is wired."""

import dagster as dg

from pipelines import sources as upstream
from pipelines.assets import index, landing, models, names, places, release, sources
from pipelines.progress import progress

LAND = dg.define_asset_job(
    "land",
    selection=[key for source in upstream.selected() for key in landing.keys(source)],
    description="Fetch, archive and parse the selected sources; each fails alone and keeps its last good landing.",
)
BUILD = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("landing"),
    description="Build the warehouse from what has landed, compute the index, test the claims and publish.",
)


def _build_after(status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        name=f"build_after_landing_{status.value.lower()}",
        run_status=status,
        monitored_jobs=[LAND],
        request_job=BUILD,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Builds when a landing has ended; a source that failed counts with its last good landing.",
    )
    def build(context: dg.RunStatusSensorContext) -> dg.RunRequest:
        return dg.RunRequest(run_key=context.dagster_run.run_id)

    return build


# One process builds; a process per step would take minutes, and DuckDB takes one writer.
defs = dg.Definitions(
    assets=[*landing.ASSETS, *sources.ASSETS, *places.ASSETS, *names.ASSETS, *models.ASSETS, *index.ASSETS, *release.ASSETS],
    jobs=[LAND, BUILD],
    schedules=[
        dg.ScheduleDefinition(
            name="weekly_landing",
            job=LAND,
            cron_schedule="17 4 * * 1",
            execution_timezone="UTC",
            description="Every Monday, 04:17 UTC; the build follows.",
        )
    ],
    sensors=[_build_after(dg.DagsterRunStatus.SUCCESS), _build_after(dg.DagsterRunStatus.FAILURE)],
    executor=dg.in_process_executor,
    loggers={"console": dg.colored_console_logger, "progress": progress},
)
