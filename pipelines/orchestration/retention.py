"""Remove runs with their logs, and archived bytes, that nothing refers to any more."""

import json
import logging
import time
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from pipelines import settings
from pipelines.ingest import archive
from pipelines.orchestration import failures
from pipelines.warehouse import lock

#: Runs kept beside those that hold the last materialisation of an asset.
KEPT_RUNS: int = 60

#: Retrievals of one address whose bytes are kept, beside those that a landing or a kept release was made from.
KEPT_RETRIEVALS = 3

#: Seconds within which a run takes the lock after its start; an older one is dead if no other process holds the lock.
LOCKS_WITHIN = 900.0


def tidy(instance: dg.DagsterInstance) -> None:
    """Remove what nothing refers to; the caller holds the lock.

    What cannot be read or removed now stays until the next time: a release that somebody has open for writing, for one.
    """
    for remove in (partial(delete_runs, instance), prune_archive):
        try:
            remove()
        except (OSError, duckdb.Error, SQLAlchemyError) as error:  # Each names the file.
            logging.getLogger(__name__).warning("Not all that is old was removed: %s", error)


def close_dead_runs(instance: dg.DagsterInstance, now: float | None = None) -> int:
    """Report runs as failed that are recorded as going on while no other process holds the lock; return how many.

    A killed process cannot record its end. Every run holds the lock from its first step to its end.
    """
    if lock.is_held_elsewhere():
        return 0
    now = now or time.time()
    started = instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]))
    # A start that lies ahead is old as well: the clock has been set back since.
    dead = [record.dagster_run for record in started if abs(now - (record.start_time or 0.0)) > LOCKS_WITHIN]
    for run in dead:
        instance.report_run_failed(run, failures.GONE)
    return len(dead)


def delete_runs(instance: dg.DagsterInstance) -> int:
    """Delete finished runs, their events, logs and artifacts, that are neither recent nor an asset's last; return how many."""
    entries = [record.asset_entry for record in instance.get_asset_records(instance.all_asset_keys())]
    latest = {entry.last_run_id for entry in entries}
    latest |= {entry.last_materialization_record.run_id for entry in entries if entry.last_materialization_record}
    runs = [run for run in instance.get_runs()[KEPT_RUNS:] if run.is_finished and run.run_id not in latest]
    for run in runs:
        instance.delete_run(run.run_id)
        instance.compute_log_manager.delete_logs(prefix=[run.run_id])
        archive.remove_folder(Path(instance.storage_directory()) / run.run_id)
    _remove_events_of_no_run(instance)
    _remove_checks_of_no_run(instance)
    return len(runs)


def _remove_events_of_no_run(instance: dg.DagsterInstance) -> None:
    """Delete the files of events whose run is gone: deleting a run only empties its file, if the process lives that long."""
    storage: Any = instance.event_log_storage
    if not hasattr(storage, "path_for_shard"):
        return  # They are not in files, but in Postgres.
    # The files are listed first, so that a run which starts meanwhile keeps its own.
    files = list(Path(storage.path_for_shard("any")).parent.glob("*.db*"))
    known = {run.run_id for run in instance.get_runs()} | {"index"}
    for file in files:
        if file.name.partition(".")[0] not in known:
            file.unlink()


def _remove_checks_of_no_run(instance: dg.DagsterInstance) -> None:
    """Delete the outcomes of checks whose run is gone: deleting a run leaves them, and every run has hundreds."""
    storage: Any = instance.event_log_storage
    checks = sql.table("asset_check_executions", sql.column("run_id"))
    with storage.index_transaction() as connection:
        # The runs of checks are listed first, so that a run which starts meanwhile keeps its own.
        checked = set(connection.execute(sql.select(checks.c.run_id).distinct()).scalars())
        gone = checked - {run.run_id for run in instance.get_runs()}
        connection.execute(sql.delete(checks).where(checks.c.run_id.in_(gone)))


def prune_archive() -> int:
    """Delete archived bytes that no landing, kept release or recent retrieval refers to; return how many files.

    The manifest keeps its line of every retrieval, so the hash of deleted bytes stays on record.
    """
    needed = _landed_files() | _released_files()
    removed = 0
    for folder in sorted(path for path in settings.ARCHIVE.glob("*") if path.is_dir()):
        by_address: dict[tuple[str, str], list[str]] = {}
        for snapshot in archive.snapshots(folder.name):
            by_address.setdefault((snapshot.url, snapshot.via), []).append(snapshot.sha256)
        recent = {
            sha256 for retrieved in by_address.values() for sha256 in list(dict.fromkeys(reversed(retrieved)))[:KEPT_RETRIEVALS]
        }
        for path in sorted(folder.glob("?" * 64)):
            if path.name not in recent and (folder.name, path.name) not in needed:
                path.unlink()
                removed += 1
    return removed


def _landed_files() -> set[tuple[str, str]]:
    """Return source and hash of every file that a landing was made from."""
    stamps = [json.loads(pl.read_parquet_metadata(path).get("nextvalley") or "{}") for path in settings.LANDING.glob("*.parquet")]
    return {(file["source"], file["sha256"]) for stamp in stamps for file in stamp.get("files", [])}


def _released_files() -> set[tuple[str, str]]:
    """Return source and hash of every file that a kept release was made from; one that cannot be read stops the pruning."""
    files: set[tuple[str, str]] = set()
    for file in settings.RELEASES.glob(f"*/{settings.PUBLISHED.name}"):
        with duckdb.connect(file, read_only=True) as release:
            files |= {tuple(archived.split("/")) for (archived,) in release.execute("select archived from core.files").fetchall()}
    return files
