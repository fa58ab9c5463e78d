"""Assemble assets, jobs, schedules and sensors into one code location."""

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from threadpoolctl import threadpool_limits

from pipelines.ingest import sources as upstream
from pipelines.orchestration import alerts, schedules
from pipelines.orchestration.assets import index, landing, models, names, places, release, sources
from pipelines.orchestration.progress import progress

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


def assemble() -> dg.Definitions:
    """Everything, with the job that lands limited to the sources selected now."""
    # The last digits of a matrix product depend on how many threads share it; those of a release must not.
    threadpool_limits(1, user_api="blas")
    land = _land()
    return dg.Definitions(
        assets=[*landing.ASSETS, *sources.ASSETS, *places.ASSETS, *names.ASSETS, *models.ASSETS, *index.ASSETS, *release.ASSETS],
        jobs=[land, BUILD, schedules.tidy],
        schedules=schedules.schedules(land),
        sensors=[*schedules.sensors(land, BUILD), *alerts.SENSORS],
        # One process builds; a process per step would take minutes, and DuckDB takes one writer.
        executor=dg.in_process_executor,
        loggers={"console": dg.colored_console_logger, "progress": progress},
    )
