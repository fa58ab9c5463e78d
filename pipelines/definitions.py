"""Assets, checks, jobs, schedule and sensors: the one place where Dagster is wired."""

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines import sources as upstream
from pipelines.assets import index, landing, models, names, places, release, sources
from pipelines.progress import progress

BUILD = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("landing"),
    description="Build the warehouse from what has landed, compute the index, test the claims and publish.",
)


def _land() -> UnresolvedAssetJobDefinition:
    return dg.define_asset_job(
        "land",
        selection=[key for source in upstream.selected() for key in landing.keys(source)],
        description="Fetch, archive and parse the selected sources; each fails alone and keeps its last good landing.",
    )


def _build_after(land: UnresolvedAssetJobDefinition, status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        name=f"build_after_landing_{status.value.lower()}",
        run_status=status,
        monitored_jobs=[land],
        request_job=BUILD,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Builds when a landing has ended; a source that failed counts with its last good landing.",
    )
    def build(context: dg.RunStatusSensorContext) -> dg.RunRequest:
        return dg.RunRequest(run_key=context.dagster_run.run_id)

    return build


def assemble() -> dg.Definitions:
    """Everything, with the job that lands limited to the sources selected now."""
    land = _land()
    weekly = dg.ScheduleDefinition(
        name="weekly_landing",
        job=land,
        cron_schedule="17 4 * * 1",
        execution_timezone="UTC",
        description="Every Monday, 04:17 UTC; the build follows.",
    )
    return dg.Definitions(
        assets=[*landing.ASSETS, *sources.ASSETS, *places.ASSETS, *names.ASSETS, *models.ASSETS, *index.ASSETS, *release.ASSETS],
        jobs=[land, BUILD],
        schedules=[weekly],
        sensors=[_build_after(land, dg.DagsterRunStatus.SUCCESS), _build_after(land, dg.DagsterRunStatus.FAILURE)],
        # One process builds; a process per step would take minutes, and DuckDB takes one writer.
        executor=dg.in_process_executor,
        loggers={"console": dg.colored_console_logger, "progress": progress},
    )


defs = assemble()
