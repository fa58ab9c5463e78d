"""The small world as the project's own assets, sensors and retention, for the daemon: two runs a day, without a pause.

The home is ``TORTURE_HOME``. A day lands what the source serves then; the sensor of the project asks for the build, which
publishes and tidies; and the next day begins, until there were ``TORTURE_DAYS``.
"""

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.ingest import catalogue
from pipelines.orchestration import retention, run_settings
from pipelines.publish import release, state
from pipelines.warehouse import fingerprint
from torture import world

HOME = Path(os.environ["TORTURE_HOME"])
DAYS = int(os.environ["TORTURE_DAYS"])

#: Holds the number of the present day: what the source serves now.
TODAY = HOME / "today"


def _is_idle(instance: dg.DagsterInstance) -> bool:
    """Say whether no run is left to do, and what landed has been published."""
    is_published = state.input_fingerprint() == fingerprint.of_landed()
    return is_published and not instance.get_runs_count(dg.RunsFilter(statuses=list(world.UNFINISHED)))


def _definitions() -> dg.Definitions:
    # Imported here because the assets are made of the sources and models that are settled when they are imported.
    from pipelines.orchestration import sensors
    from pipelines.orchestration.assets import landing, models, sources
    from pipelines.orchestration.ui import plots

    plots.PLOTS.clear()  # The small tables lack the columns that are drawn.
    setattr(landing, "origin_of", lambda source: nullcontext(world.Upstream(int(TODAY.read_text()))))  # noqa: B010

    @dg.asset(key=["release", "nextvalley"], deps=[spec.key for step in models.ASSETS for spec in step.specs])
    def published(context: dg.AssetExecutionContext) -> None:
        release.publish(models.MODELS, catalogue.TABLES, fingerprint.of_landed())
        retention.tidy(context.instance)

    land: Any = dg.define_asset_job("land", dg.AssetSelection.groups("landing"))
    build: Any = dg.define_asset_job("build", dg.AssetSelection.all() - dg.AssetSelection.groups("landing"))

    @dg.sensor(job=land, minimum_interval_seconds=1, default_status=dg.DefaultSensorStatus.RUNNING)
    def next_day(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        day = int(TODAY.read_text()) if TODAY.exists() else 0
        if day > DAYS or (day and not _is_idle(context.instance)):
            return dg.SkipReason("The day is not over yet, or was the last.")
        TODAY.write_text(str(day + 1))
        return dg.RunRequest() if day < DAYS else dg.SkipReason("All days are over.")

    after_landing = dg.RunStatusSensorDefinition(
        name="build_after_landing",
        run_status=dg.DagsterRunStatus.SUCCESS,
        run_status_sensor_fn=sensors.request_build,
        monitored_jobs=[land],
        request_job=build,
        minimum_interval_seconds=1,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    return dg.Definitions(
        assets=[*landing.ASSETS, *sources.ASSETS, *models.ASSETS, published],
        jobs=[land, build],
        resources={run_settings.KEY: run_settings.RunSettings()},
        sensors=[next_day, after_landing, *sensors.SENSORS],
        executor=dg.in_process_executor,
    )


world.settle(HOME)
# As many days of runs as of releases are kept, so that everything soon comes to its full size.
retention.KEPT_RUNS = 2 * release.KEPT
defs = _definitions()
