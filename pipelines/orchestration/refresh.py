"""Running the whole refresh in this process, with Dagster recording it as it records its own runs."""

from contextlib import chdir
from dataclasses import dataclass
from typing import Any

from pipelines import settings
from pipelines.ingest import sources
from pipelines.orchestration import failures
from pipelines.publish import state
from pipelines.resolve import scope
from pipelines.warehouse import database, fingerprint, lock, versions

#: Made in every build: what is said of the landing files themselves, which may change while no row of theirs does, and what
#: publishes it.
ALWAYS = {"core.sources", "core.files", "core.quarantine", "release.nextvalley"}


class RefreshFailed(Exception):
    """The refresh stopped; the message says why and that the published file stays as it was."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: whether a new release was published, and which sources failed, in their own words."""

    published: bool
    failures: str


def is_current() -> bool:
    """Was the published release made from exactly the present inputs and code, as far as one can tell offline?"""
    made_from = state.input_fingerprint()
    return made_from is not None and made_from == fingerprint.present()


def refresh() -> Refreshed:
    """Land the selected sources, then build, compute, test and publish from what has landed.

    A source that fails is left at its last good landing and does not stop the rest, unless it is curated here.
    Raises RefreshFailed or BuildBusy; the published file then stays as it was.
    """
    lock.acquire()
    settings.set_dagster_home()
    # Importing Dagster takes seconds; a refresh that has nothing to do never gets here.
    import dagster as dg

    from pipelines.orchestration import retention
    from pipelines.orchestration.code_location import assemble

    defs = assemble()

    def run(instance: dg.DagsterInstance, job: str, selection: list[dg.AssetKey] | None = None) -> Any:
        return defs.resolve_job_def(job).execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"progress": {}}},
            asset_selection=selection,
        )

    # The paths in dagster.yaml are relative to the working directory.
    with chdir(settings.HOME), dg.DagsterInstance.get() as instance:
        retention.close_dead_runs(instance)
        landed = run(instance, "land")
        failed = "" if landed.success else failures.why(landed.all_events)
        curated = {f"land_{source.name}" for source in sources.ALL if source.is_curated}
        if any(event.step_key in curated for event in landed.all_events if event.is_step_failure):
            raise RefreshFailed(failed)
        if fingerprint.of_landed() == state.input_fingerprint():
            return Refreshed(published=False, failures=failed)
        wanted, outdated = _outdated(defs)
        built = run(instance, "build", [dg.AssetKey(table.split(".")) for table in sorted(outdated | ALWAYS)])
        if not built.success:
            raise RefreshFailed("\n".join(filter(None, [failed, failures.why(built.all_events)])))
        with database.connect() as connection:
            versions.remember(connection, wanted, outdated)
        retention.tidy(instance)
    return Refreshed(published=True, failures=failed)


def _outdated(defs: Any) -> tuple[dict[str, str], set[str]]:
    """Return the key of every table of the build, and the tables to rebuild: those whose key changed, with all of their step."""
    from pipelines.orchestration.assets.models import MODELS

    models = {model.table: model for model in MODELS}
    graph = defs.resolve_asset_graph()
    parents = {
        ".".join(key.path): {".".join(parent.path) for parent in graph.get(key).parent_keys}
        for key in graph.materializable_asset_keys
        if key.path[0] not in ("landing", "release")
    }
    python = f"{versions.python_code()} {scope.country()}"
    makers = {table: versions.maker(models[table]) if table in models else python for table in parents}
    for table, model in models.items():
        parents[table] |= versions.looked_into(model)
    with database.connect() as connection:
        wanted = versions.keys(parents, makers, versions.landed(connection))
        found = versions.stale(connection, wanted)
    steps = [{".".join(key.path) for key in one.keys} for one in graph.assets_defs if not one.can_subset]
    return wanted, (found | set().union(*(step for step in steps if step & found))) & wanted.keys()
