"""Runs, logs and archived bytes are removed when nothing refers to them any more."""

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.ingest import archive
from pipelines.ingest.request import Reply
from pipelines.orchestration import retention


@dg.asset
def daily() -> None: ...


@dg.asset
def yearly() -> None: ...


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.get() as opened:
        yield opened


def test_only_old_runs_that_are_no_asset_s_last_are_deleted(
    home: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEPT_RUNS", 3)

    going_on = instance.create_run_for_job(dg.Definitions([daily]).resolve_implicit_global_asset_job_def()).run_id
    first = dg.materialize([yearly], instance=instance).run_id
    later = [dg.materialize([daily], instance=instance).run_id for _ in range(6)]
    assert retention.delete_runs(instance) == 3
    assert {run.run_id for run in instance.get_runs()} == {going_on, first, *later[3:]}
    assert instance.get_latest_materialization_event(yearly.key) is not None
    for gone in later[:3]:
        assert list(settings.DAGSTER.rglob(f"*{gone}*")) == []


def test_events_of_a_half_deleted_run_are_removed_next_time(home: Path, instance: dg.DagsterInstance) -> None:
    kept, lost = (dg.materialize([daily], instance=instance).run_id for _ in range(2))
    instance.run_storage.delete_run(lost)
    assert list(settings.DAGSTER.rglob(f"{lost}.db"))
    retention.delete_runs(instance)
    assert not list(settings.DAGSTER.rglob(f"{lost}.db*"))
    assert list(settings.DAGSTER.rglob(f"{kept}.db"))


def test_events_are_removed_where_this_record_of_runs_has_them(
    home: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The services may be started in another folder than the home, whose record is the command line's."""
    lost = dg.materialize([daily], instance=instance).run_id
    instance.run_storage.delete_run(lost)
    (theirs,) = settings.DAGSTER.rglob(f"{lost}.db")
    ours = home / "elsewhere" / "history" / "runs" / "of_another_record.db"
    ours.parent.mkdir(parents=True)
    ours.touch()
    monkeypatch.setattr(settings, "DAGSTER", home / "elsewhere")
    retention.delete_runs(instance)
    assert not theirs.exists()
    assert ours.exists()


def test_checks_go_with_their_run(home: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "KEPT_RUNS", 1)

    @dg.asset_check(asset=daily)
    def is_right() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=True)

    runs = [dg.materialize([daily, is_right], instance=instance).run_id for _ in range(3)]
    retention.delete_runs(instance)
    with sqlite3.connect(settings.DAGSTER / "history" / "runs" / "index.db") as connection:
        assert connection.execute("select run_id from asset_check_executions").fetchall() == [(runs[-1],)]


@pytest.mark.parametrize("quarters", [2, -2], ids=["half an hour later", "the clock was set back"])
def test_run_of_a_dead_process_is_closed(
    home: Path, instance: dg.DagsterInstance, holder: subprocess.Popen[str], quarters: int
) -> None:
    @dg.op
    def nothing() -> None: ...

    @dg.job
    def long_dead() -> None:
        nothing()

    runs = [instance.create_run_for_job(long_dead).run_id for _ in range(2)]
    for run, event in ((runs[0], "PIPELINE_START"), (runs[1], "PIPELINE_START"), (runs[1], "PIPELINE_CANCELING")):
        instance.report_dagster_event(dg.DagsterEvent(event, long_dead.name), run)
    later = time.time() + quarters * retention.LOCKS_WITHIN
    assert retention.close_dead_runs(instance, later) == 0, "another process holds the lock, and may be this run's"
    holder.kill()
    holder.wait()
    assert retention.close_dead_runs(instance) == 0, "it has just started"
    assert retention.close_dead_runs(instance, later) == 2
    assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.FAILURE] * 2


def test_bytes_that_something_refers_to_are_kept(home: Path) -> None:
    bodies = [f"version {number}".encode() for number in range(9)]
    before = None
    for body in bodies:
        before = archive.store("shop", "toys", "https://shop/toys", "live", Reply(200, {}, body), before)
        archive.record("shop", [before])
    kept = archive.snapshots("shop")
    settings.LANDING.mkdir()
    stamp = json.dumps({"version": "1", "files": [{"source": "shop", "sha256": kept[0].sha256}]})
    pl.DataFrame({"a": [1]}).write_parquet(settings.LANDING / "shop__toys.parquet", metadata={"nextvalley": stamp})
    (settings.RELEASES / "r1").mkdir(parents=True)
    with duckdb.connect(settings.RELEASES / "r1" / settings.PUBLISHED.name) as release:
        release.execute("create schema core; create table core.files as select ? as archived", [f"shop/{kept[1].sha256}"])
    (settings.ARCHIVE / "shop" / ("f" * 64)).write_bytes(b"stored, then killed before it was recorded")
    assert retention.prune_archive() == 5, "four of nine versions, and one that was never recorded"
    left = [body for one, body in zip(kept, bodies, strict=True) if (settings.ARCHIVE / "shop" / one.sha256).exists()]
    assert left == [*bodies[:2], *bodies[-3:]]
    assert archive.snapshots("shop") == kept
    assert archive.latest("shop", "live")["https://shop/toys"] == kept[-1]


def test_what_keeps_old_bytes_from_being_removed_is_in_the_log(
    home: Path, instance: dg.DagsterInstance, caplog: pytest.LogCaptureFixture
) -> None:
    file = settings.RELEASES / "20260102T030405Z-a" / settings.PUBLISHED.name
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database")
    retention.tidy(instance)
    assert str(file) in caplog.text
