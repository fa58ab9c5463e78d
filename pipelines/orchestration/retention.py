"""What is kept of what is made, and for how long; releases are kept by ``pipelines/publish/release``, which makes them.

What belongs here: forgetting runs with their logs, and archived bytes, that nothing refers to any more. What does not: files
that a killed process left half-written (``warehouse.claim`` removes them).
"""

import json
import shutil
import time
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from pipelines import settings
from pipelines.ingest import archive
from pipelines.warehouse import lock

#: Runs kept beside those that hold the last materialisation of an asset.
KEPT_RUNS = 60

#: Retrievals of one address whose bytes are kept, beside those that a landing or a release kept was made from.
KEPT_RETRIEVALS = 3

#: Seconds within which a run that has started claims what it writes; one that has not, and does not hold the claim, is dead.
CLAIMS_WITHIN = 900.0


def tidy(instance: dg.DagsterInstance) -> None:
    """Forget what nothing refers to. The caller holds the claim."""
    forget_runs(instance)
    prune_archive()


def close_dead_runs(instance: dg.DagsterInstance, now: float | None = None) -> int:
    """Report runs as failed that say they go on while no other process holds the claim; returns how many.

    A killed process cannot say that it ended. Every run of ours holds the claim from its first step to its end.
    """
    if lock.is_held_elsewhere():
        return 0
    before = (now or time.time()) - CLAIMS_WITHIN
    started = instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]))
    dead = [one.dagster_run for one in started if (one.start_time or 0.0) < before]
    for run in dead:
        instance.report_run_failed(run, "Its process is gone: it was killed, or the machine went down.")
    return len(dead)


def forget_runs(instance: dg.DagsterInstance) -> int:
    """Delete finished runs, their events, logs and artifacts, that are neither recent nor some asset's last; returns how many."""
    records = instance.get_asset_records(instance.all_asset_keys())
    latest = {one.asset_entry.last_run_id for one in records}
    latest |= {
        one.asset_entry.last_materialization_record.run_id for one in records if one.asset_entry.last_materialization_record
    }
    runs = [one for one in instance.get_runs()[KEPT_RUNS:] if one.is_finished and one.run_id not in latest]
    for run in runs:
        instance.delete_run(run.run_id)
        instance.compute_log_manager.delete_logs(prefix=[run.run_id])
        shutil.rmtree(Path(instance.storage_directory()) / run.run_id, ignore_errors=True)
    _remove_events_of_no_run(instance)
    return len(runs)


def _remove_events_of_no_run(instance: dg.DagsterInstance) -> None:
    """SQLite keeps a file of events per run: deleting the run only empties it, and a process killed meanwhile not even that."""
    files = list((settings.DAGSTER / "history" / "runs").glob("*.db*"))  # before the runs are listed
    known = {run.run_id for run in instance.get_runs()} | {"index"}
    for file in files:
        if file.name.partition(".")[0] not in known:
            file.unlink()


def prune_archive() -> int:
    """Delete archived bytes that neither a landing, nor a release kept, nor a recent retrieval refers to; returns how many.

    The manifest keeps its line of every retrieval, so the hash of what was there stays on record.
    """
    needed = _of_landings() | _of_releases()
    removed = 0
    for folder in sorted(path for path in settings.ARCHIVE.glob("*") if path.is_dir()):
        by_address: dict[tuple[str, str], list[str]] = {}
        for one in archive.snapshots(folder.name):
            by_address.setdefault((one.url, one.via), []).append(one.sha256)
        recent = {
            sha256 for retrieved in by_address.values() for sha256 in list(dict.fromkeys(reversed(retrieved)))[:KEPT_RETRIEVALS]
        }
        for path in sorted(folder.glob("?" * 64)):
            if path.name not in recent and (folder.name, path.name) not in needed:
                path.unlink()
                removed += 1
    return removed


def _of_landings() -> set[tuple[str, str]]:
    """(source, hash) of every file that a landing was made from."""
    stamps = [json.loads(pl.read_parquet_metadata(path).get("nextvalley") or "{}") for path in settings.LANDING.glob("*.parquet")]
    return {(file["source"], file["sha256"]) for stamp in stamps for file in stamp.get("files", [])}


def _of_releases() -> set[tuple[str, str]]:
    """(source, hash) of every file that a release kept was made from; one that cannot be read stops the pruning."""
    found: set[tuple[str, str]] = set()
    for file in settings.RELEASES.glob(f"*/{settings.PUBLISHED.name}"):
        with duckdb.connect(file, read_only=True) as release:
            found |= {tuple(archived.split("/")) for (archived,) in release.execute("select archived from core.files").fetchall()}
    return found
