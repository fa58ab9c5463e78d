"""What the sensors ask for: landings of new sources and of a changed inbox, and a build for what landed."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.landing import land
from pipelines.orchestration import retention, sensors, unattended
from pipelines.orchestration.assets import landing
from pipelines.warehouse import fingerprint
from tests.support import shelf

LONG_AGO = 1_000_000_000


@pytest.fixture
def inbox(home: Path) -> Path:
    settings.INBOX.mkdir(parents=True, exist_ok=True)
    return settings.INBOX


def is_asked_for(cursors: list[str]) -> bool:
    """Return whether a tick of the sensor asks for a landing, and keep its cursor."""
    context = dg.build_sensor_context(cursor=cursors[-1])
    request = sensors.request_inbox(context)
    cursors.append(context.cursor or "")
    return isinstance(request, dg.RunRequest)


def write(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("mine.csv", True),
        ("Chengdu/mine.csv", True),
        ("~mine.csv", True),
        ("~$mine.xlsx", False),
        (".mine.csv", False),
        ("README.md", False),
    ],
)
def test_sensor_watches_the_files_that_the_landing_reads(inbox: Path, name: str, is_read: bool) -> None:
    cursors = [""]
    is_asked_for(cursors)
    (inbox / name).parent.mkdir(exist_ok=True)
    write(inbox / name, "a")
    assert is_asked_for(cursors) == is_read
    write(inbox / name, "ab")
    assert is_asked_for(cursors) == is_read


def test_file_that_may_still_be_written_is_waited_for(inbox: Path) -> None:
    cursors = [""]
    is_asked_for(cursors)
    (inbox / "mine.csv").write_text("a")
    assert not is_asked_for(cursors)
    for written in (LONG_AGO, 4 * LONG_AGO):
        os.utime(inbox / "mine.csv", (written, written))
        assert is_asked_for(cursors), "whatever the clock of the one who wrote it says"


def test_link_that_leads_nowhere_stops_no_sensor(inbox: Path) -> None:
    cursors = [""]
    is_asked_for(cursors)
    (inbox / "mine.csv").symlink_to(inbox.parent / "mine.csv")
    assert is_asked_for(cursors)
    assert not is_asked_for(cursors)
    write(inbox.parent / "mine.csv", "a")
    assert is_asked_for(cursors)


def test_source_is_landed_when_it_comes_to_be_selected_unless_it_has_landed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toys, games = shelf.source(shelf.table()), replace(shelf.source(shelf.table()), name="games")
    monkeypatch.setattr(sources, "ALL", (toys, games))
    asked, cursor = [], ""
    for named in ("shop", "shop", "shop,games", "shop,games", "shop", "shop,games"):
        monkeypatch.setenv("SOURCES", named)
        context = dg.build_sensor_context(cursor=cursor)
        request = sensors.request_new_sources(context)
        asked.append(list(request.asset_selection or ()) if isinstance(request, dg.RunRequest) else [])
        cursor = context.cursor or ""
        if len(asked) == 4:
            assert land(games, games.tables[0], shelf.Shelf())
    assert asked == [landing.keys(toys), [], landing.keys(games), [], [], []]


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setattr(fingerprint, "_code", lambda: "code")  # which takes a second to hash
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def asked_after(instance: dg.DagsterInstance, *keys: str) -> dg.RunRequest | dg.SkipReason:
    """Return what is asked for after some assets were materialized in the graph of all of them."""

    @dg.multi_asset(name="land_shop", specs=[dg.AssetSpec("landed")])
    def land_shop() -> dg.MaterializeResult:  # type: ignore[type-arg]
        return dg.MaterializeResult()

    @dg.asset(key=["release", "nextvalley"], deps=["landed"])
    def published() -> None: ...

    ran = dg.materialize([land_shop, published], instance=instance, selection=list(keys))
    event = next(event for event in ran.all_events if event.event_type_value == "PIPELINE_SUCCESS")
    return sensors.request_build(dg.build_run_status_sensor_context("x", event, instance, ran.dagster_run))


def build_after(instance: dg.DagsterInstance) -> dg.RunRequest:
    """Return the build that is asked for after one more landing."""
    request = asked_after(instance, "landed")
    assert isinstance(request, dg.RunRequest)
    return request


@pytest.mark.parametrize("keys", [["release/nextvalley"], ["landed", "release/nextvalley"]])
def test_no_build_is_asked_for_after_a_run_that_lands_nothing_or_publishes(
    home: Path, instance: dg.DagsterInstance, keys: list[str]
) -> None:
    assert isinstance(asked_after(instance, *keys), dg.SkipReason)


def begin(instance: dg.DagsterInstance, request: dg.RunRequest) -> dg.DagsterRun:
    """Return the run of the build that was asked for."""
    return instance.create_run_for_job(dg.job(name="build")(lambda: None), tags=dict(request.tags))


def test_what_landed_is_built_once_however_many_landings_end_before(
    home: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_after(instance)
    assert build_after(instance).run_key == first.run_key
    begin(instance, first)
    assert build_after(instance).run_key == first.run_key, "the build waits for its turn"
    monkeypatch.setenv("SCOPE", "US")
    assert build_after(instance).run_key != first.run_key


def test_build_that_keeps_failing_is_asked_for_anew_only_once_something_new_lands(
    home: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(1 + unattended.RETRIES):
        instance.report_run_failed(begin(instance, build_after(instance)))
    assert isinstance(asked_after(instance, "landed"), dg.SkipReason)
    monkeypatch.setenv("SCOPE", "US")
    build_after(instance)


def test_build_is_asked_for_again_after_one_that_failed_or_was_cancelled_and_after_another_release(
    home: Path, instance: dg.DagsterInstance
) -> None:
    keys = [build_after(instance)]
    for report in (instance.report_run_failed, instance.report_run_canceled):
        report(begin(instance, keys[-1]))
        keys.append(build_after(instance))
    (settings.RELEASES / "20260102T030405Z-a").mkdir(parents=True)
    settings.RELEASE.symlink_to(settings.RELEASES / "20260102T030405Z-a")
    keys.append(build_after(instance))
    assert len({request.run_key for request in keys}) == 4


def test_runs_whose_process_is_gone_are_closed(home: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(instance, build_after(instance))
    instance.report_dagster_event(dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, "build"), run_id=run.run_id)
    monkeypatch.setattr(retention, "LOCKS_WITHIN", -1.0)
    skipped = sensors.close_dead_runs(dg.build_sensor_context(instance=instance))
    assert isinstance(skipped, dg.SkipReason)
    assert skipped.skip_message == "Dead runs closed: 1."
    assert instance.get_run_by_id(run.run_id).is_failure


def test_only_a_run_that_nobody_waits_for_waits_for_the_lock() -> None:
    assert unattended.patience(unattended.TAGS | {unattended.ATTEMPT: "1"}) == unattended.PATIENCE
    assert unattended.patience({unattended.ATTEMPT: "1"}) == 0.0
