"""Assemble assets, jobs, schedules and sensors into one code location."""

import dagster as dg
from threadpoolctl import threadpool_limits

from pipelines.ingest import sources as upstream
from pipelines.orchestration import run_settings, schedules, sensors
from pipelines.orchestration.assets import index, landing, models, names, parts, places, release, sources
from pipelines.orchestration.progress import progress

ASSETS = [*landing.ASSETS, *sources.ASSETS, *places.ASSETS, *names.ASSETS, *models.ASSETS, *index.ASSETS, *release.ASSETS]


def assemble() -> dg.Definitions:
    """Return everything, with the job that lands limited to the sources selected now."""
    # The last digits of a matrix product depend on how many threads share it; those of a release must not.
    threadpool_limits(1, user_api="blas")
    land = dg.define_asset_job(
        "land",
        selection=[key for source in upstream.selected() for key in landing.keys(source)],
        description="Fetch, archive and parse the selected sources; each fails alone and keeps its last good landing.",
    )
    build = dg.define_asset_job(
        "build",
        selection=dg.AssetSelection.all() - dg.AssetSelection.groups("landing"),
        description="Build the warehouse from what has landed, compute the index, test the claims and publish.",
    )
    by_part = parts.jobs()
    builds = [
        dg.RunStatusSensorDefinition(
            name=f"build_after_landing_{status.value.lower()}",
            run_status=status,
            run_status_sensor_fn=sensors.request_build,
            request_job=build,
            default_status=dg.DefaultSensorStatus.RUNNING,
            description="Builds when a landing has brought something new.",
        )
        for status in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE)
    ]
    return dg.Definitions(
        assets=ASSETS,
        jobs=[land, build, *by_part, schedules.tidy],
        resources={run_settings.KEY: run_settings.RunSettings()},
        schedules=schedules.schedules(land.name),
        sensors=[*builds, *sensors.landings(land), *sensors.SENSORS],
        # One process builds; a process per step would take minutes, and DuckDB takes one writer.
        executor=dg.in_process_executor,
        loggers={"console": dg.colored_console_logger, "progress": progress},
    )
