"""Run the whole refresh in this process, recorded by Dagster like any of its runs."""

from contextlib import chdir
from dataclasses import dataclass, field
from typing import Any

from pipelines import loading, settings
from pipelines.ingest import fetchers, sources
from pipelines.orchestration import failures
from pipelines.publish import state
from pipelines.resolve import scope
from pipelines.warehouse import engines, fingerprint, lock


class RefreshFailed(Exception):
    """The refresh stopped; the message says why."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: whether a new release was published, which sources failed, and what is odd about those that landed."""

    published: bool
    failures: str
    remarks: list[str] = field(default_factory=list)


def is_current() -> bool:
    """Return whether the published release was made from the present inputs and code, as far as one can tell offline."""
    published = state.input_fingerprint()
    return published is not None and published == fingerprint.present()


def refresh() -> Refreshed:
    """Land the selected sources, then build, compute, test and publish from what has landed.

    A source that fails keeps its last good landing and does not stop the rest, unless the project curates it.
    Raise RefreshFailed, BuildBusy, or InputError for a setting; the published file then stays as it was.
    """
    # The build needs them first, but by then everything would have landed in vain.
    scope.named()
    engines.check()
    fetchers.require_known_recordings()
    lock.acquire()
    settings.set_dagster_home()
    # Imported here because Dagster takes seconds to import and a refresh with nothing to do does not need it.
    with loading.unswept():
        import dagster as dg

        from pipelines.orchestration import history, progress, retention
        from pipelines.orchestration.assets import landing
        from pipelines.orchestration.code_location import assemble

    defs = assemble()
    # The paths in dagster.yaml are relative to the working directory.
    with chdir(settings.HOME), history.kept_open(), dg.DagsterInstance.get() as instance:
        retention.close_dead_runs(instance)
        progress.console.print("Landing the sources")
        with landing.ahead():
            landed = _run(defs, instance, "land")
        failed = "" if landed.success else failures.why(landed.all_events)
        if failures.was_interrupted(landed.all_events):
            raise RefreshFailed(failed)
        curated = {f"land_{source.name}" for source in sources.ALL if source.is_curated}
        if any(event.step_key in curated for event in landed.all_events if event.is_step_failure):
            raise RefreshFailed(failed)
        remarks = failures.remarks(landed.all_events)
        if fingerprint.of_landed() == state.input_fingerprint():
            return Refreshed(published=False, failures=failed, remarks=remarks)
        progress.console.print("Building the release")
        built = _run(defs, instance, "build")
        if not built.success:
            raise RefreshFailed("\n".join(filter(None, [failed, failures.why(built.all_events)])))
        retention.tidy(instance)
    return Refreshed(published=True, failures=failed, remarks=remarks)


def _run(defs: Any, instance: Any, job: str) -> Any:
    selected = defs.resolve_job_def(job)
    return selected.execute_in_process(
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"progress": {"config": {"steps": [node.name for node in selected.nodes]}}}},
    )
