"""Running the whole refresh in this process, with Dagster recording it as it records its own runs."""

import os

import duckdb

from pipelines import fingerprint, paths, warehouse
from pipelines.errors import BuildBusy, InputError


class RefreshFailed(Exception):
    """The refresh stopped; the message says why and that the published file stays as it was."""


def is_current() -> bool:
    """Was the published release made from exactly the present inputs and code?"""
    if not paths.PUBLISHED.exists():
        return False
    try:
        with duckdb.connect(paths.PUBLISHED, read_only=True) as connection:
            ((published,),) = connection.execute("select input_fingerprint from core.release").fetchall()
    except duckdb.Error:
        return False
    return bool(published == fingerprint.present())


def refresh() -> None:
    """Land, build, compute, test and publish; raises RefreshFailed or BuildBusy."""
    warehouse.claim()
    os.environ.setdefault("DAGSTER_HOME", str(paths.ROOT))
    # Importing Dagster takes seconds; a refresh that has nothing to do never gets here.
    import dagster as dg

    from pipelines.definitions import defs

    with dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def("refresh").execute_in_process(
            instance=instance, raise_on_error=False, run_config={"loggers": {"progress": {}}}
        )
    if not result.success:
        raise RefreshFailed(_why(result))


def _why(result: "object") -> str:
    """What stopped the run, in the words of our own errors where one of them did."""
    reasons = []
    for event in result.all_events:  # type: ignore[attr-defined]
        if not event.is_step_failure:
            continue
        error = event.step_failure_data.error
        while error.cause is not None:
            error = error.cause
        if error.cls_name in (InputError.__name__, BuildBusy.__name__):
            reasons.append(error.message.split(": ", 1)[1].strip())
        else:
            reasons.append(error.to_string())
    return "\n".join(reasons)
