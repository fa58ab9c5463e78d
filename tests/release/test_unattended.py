"""Runs that nobody waits for: when they start, what they do about trouble, and what alerts they send."""

import json
import os
import subprocess
import sys
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from pipelines import settings
from pipelines.definitions import assemble
from pipelines.errors import FetchFailed
from pipelines.ingest import sources
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import landing_path
from pipelines.ingest.sources import register
from pipelines.orchestration import alerts, failures, retention, schedules, sensors, unattended
from pipelines.orchestration.assets import landing
from pipelines.publish import state
from pipelines.warehouse import fingerprint
from tests.support.site import Page, Site

INBOX = next(source for source in sources.ALL if source.name == "inbox")


# Times


def days_of(cron: str) -> int:
    """Return the days of four years on which a cron expression comes up."""
    _, _, day, month, weekday = cron.split()
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(4 * 365 + 1)]
    return sum(
        day in ("*", str(each.day))
        and (month == "*" or str(each.month) in month.split(","))
        and weekday in ("*", str(each.isoweekday() % 7))
        for each in days
    )


def test_source_comes_up_as_often_as_its_cadence_says() -> None:
    often = {"daily": (1461,), "when edited": (1461,), "weekly": (208, 209), "monthly": (48,), "once": (48,)}
    often |= {"quarterly": (16,), "yearly": (4,)}
    found = {source.name: (source.cadence, days_of(schedules.cron(source))) for source in sources.ALL}
    assert {name: each for name, each in found.items() if each[1] not in often[each[0]]} == {}


def test_no_two_sources_share_a_time() -> None:
    assert len({tuple(schedules.cron(source).split()[:2]) for source in sources.ALL}) == len(sources.ALL)


def test_selected_sources_have_a_schedule_that_lands_them_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES", "gawc")
    defs = assemble()
    assert {one.name for one in defs.schedules or ()} == {  # type: ignore[union-attr]
        "land_reference", "land_register", "land_inbox", "land_gawc", "tidy_nightly",
    }  # fmt: skip
    plan = defs.resolve_schedule_def("land_inbox").evaluate_tick(dg.build_schedule_context())
    assert plan.run_requests is not None
    (request,) = plan.run_requests
    assert request.asset_selection == landing.keys(INBOX)
    assert unattended.is_unattended(request.tags)
    with dg.instance_for_test() as instance:
        ran = defs.resolve_job_def("land").execute_in_process(instance=instance, asset_selection=list(request.asset_selection))
        assert {event.step_key for event in ran.all_events if event.step_key} == {"land_inbox"}


def test_source_published_once_is_skipped_when_it_has_landed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES", "gawc")
    monkeypatch.setattr(schedules, "landed_from", lambda *_: ["something"])
    plan = assemble().resolve_schedule_def("land_gawc").evaluate_tick(dg.build_schedule_context())
    assert plan.skip_message == "Global network connectivity of cities 2020 (data set 31) was published once, and has landed."


def test_what_ships_is_read_daily_like_files_of_the_project(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES", "shipped")
    monkeypatch.setattr(schedules, "landed_from", lambda *_: ["something"])
    schedule = assemble().resolve_schedule_def("land_census")
    assert schedule.evaluate_tick(dg.build_schedule_context()).run_requests
    assert str(schedule.cron_schedule).endswith("* * *")


def test_build_follows_a_landing_that_brought_something(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    defs = assemble()
    job = defs.resolve_job_def("land")
    with dg.instance_for_test() as instance:
        ran = job.execute_in_process(instance=instance, asset_selection=landing.keys(INBOX))
        event = next(event for event in ran.all_events if event.event_type_value == "PIPELINE_SUCCESS")
        sensor = defs.resolve_sensor_def("build_after_landing_success")
        context = dg.build_run_status_sensor_context("x", event, instance, ran.dagster_run)
        request = sensor(context)
        assert isinstance(request, dg.RunRequest)
        assert unattended.is_unattended(request.tags)
        monkeypatch.setattr(state, "input_fingerprint", fingerprint.of_landed)
        assert isinstance(sensor(context), dg.SkipReason)


def test_old_records_are_removed_every_night(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tidied: list[dg.DagsterInstance] = []
    monkeypatch.setattr(retention, "tidy", tidied.append)
    with dg.instance_for_test() as instance:
        schedule = assemble().resolve_schedule_def("tidy_nightly")
        assert (schedule.cron_schedule, schedule.job.execute_in_process(instance=instance).success) == ("41 2 * * *", True)
        assert tidied == [instance]


# Trouble


def down(monkeypatch: pytest.MonkeyPatch, *, is_transient: bool = True) -> list[str]:
    """Let every fetch fail, and return the list of the tables that are tried."""
    tried: list[str] = []

    def fail(_: Any, __: Any, table: Any) -> list[Any]:
        tried.append(table.name)
        raise FetchFailed("the server is down", "Try again later", is_transient=is_transient)

    monkeypatch.setattr(Project, "requests", fail)
    return tried


def requests(defs: dg.Definitions, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    """Return the attempts that the sensor asks for now and has not asked for yet: a key is asked for once."""
    tick = defs.resolve_sensor_def("land_again").evaluate_tick(dg.build_sensor_context(instance, definitions=defs))
    known = {run.tags.get("dagster/run_key") for run in instance.get_runs()}
    return [request for request in tick.run_requests or () if request.run_key not in known]


def alerted(defs: dg.Definitions, instance: dg.DagsterInstance, ran: Any) -> object:
    """Return what the sensor says that alerts the user to the failure of a run."""
    event = next(event for event in ran.all_events if event.event_type_value == "PIPELINE_FAILURE")
    run = instance.get_run_by_id(ran.run_id)
    context = dg.build_run_status_sensor_context("alert_on_failure", event, instance, run)
    return defs.resolve_sensor_def("alert_on_failure")(context.for_run_failure())


@pytest.mark.parametrize(
    ("tags", "is_transient", "attempts"),
    [(unattended.TAGS, True, 1 + unattended.RETRIES), (unattended.TAGS, False, 1), ({}, True, 1)],
    ids=["a server that is down", "a file that is gone", "a person waits"],
)
def test_only_transient_failures_of_unattended_runs_are_tried_again(
    home: Path, hook: Site, monkeypatch: pytest.MonkeyPatch, tags: dict[str, str], is_transient: bool, attempts: int
) -> None:
    tried = down(monkeypatch, is_transient=is_transient)
    monkeypatch.setattr(unattended, "FIRST_PAUSE", 0.0)
    defs = assemble()
    job, selection = defs.resolve_job_def("land"), landing.keys(INBOX)[:1]
    with dg.instance_for_test() as instance:
        while True:
            ran = job.execute_in_process(instance=instance, asset_selection=selection, tags=tags, raise_on_error=False)
            assert "the server is down. Try again later" in failures.why(ran.all_events)
            alerted(defs, instance, ran)
            if not (following := requests(defs, instance)):
                break
            (request,) = following
            assert list(request.asset_selection or ()) == selection
            tags = {**request.tags, "dagster/run_key": str(request.run_key)}
    assert tried == [INBOX.tables[0].name] * attempts
    assert len(heard(hook)) == 1, "of the last failure alone"


def test_attempt_waits_for_its_pause(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    down(monkeypatch)
    defs = assemble()
    with dg.instance_for_test() as instance:
        job, keys = defs.resolve_job_def("land"), landing.keys(INBOX)[:1]
        job.execute_in_process(instance=instance, asset_selection=keys, tags=unattended.TAGS, raise_on_error=False)
        assert requests(defs, instance) == []
        monkeypatch.setattr(unattended, "FIRST_PAUSE", 0.0)
        assert len(requests(defs, instance)) == 1


def test_pauses_grow_threefold_and_differ() -> None:
    pauses = [[unattended.pause(attempt, str(run)) for run in range(20)] for attempt in range(1, unattended.RETRIES + 1)]
    assert all(later == pytest.approx([3 * pause for pause in earlier]) for earlier, later in pairwise(pauses))
    assert all(len(set(one)) > 10 for one in pauses)


def test_landing_waits_for_the_lock(home: Path, holder: subprocess.Popen[str]) -> None:
    """So what a build reads stays as it is."""
    with dg.instance_for_test() as instance:
        ran = (
            assemble()
            .resolve_job_def("land")
            .execute_in_process(instance=instance, asset_selection=landing.keys(INBOX), raise_on_error=False)
        )
    assert failures.why(ran.all_events).startswith(f"Another refresh (process {holder.pid})")


# Telling


@pytest.fixture
def hook(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return a server that takes the alerts of the user."""
    site.pages["/secret-token"] = Page()
    monkeypatch.setenv(settings.ALERT_URL.name, site("/secret-token"))
    return site


def heard(hook: Site) -> list[dict[str, str]]:
    return [json.loads(alert.body) for alert in hook.seen]


def test_webhook_and_command_take_the_alert(hook: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        settings.ALERT_COMMAND.name, f"{sys.executable} -c \"import sys; open('{tmp_path}/told', 'w').write(sys.stdin.read())\""
    )
    assert alerts.send("title", "text") == (True, "the webhook took the alert and the command took the alert")
    assert heard(hook) == [{"title": "title", "text": "title\ntext", "content": "title\ntext"}]
    assert (tmp_path / "told").read_text() == "title\ntext\n"


@pytest.mark.parametrize("address", ["{hook}", "http://127.0.0.1:9/secret", "secret://x", "http://[secret"])
def test_failed_alert_does_not_show_the_address(hook: Site, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(settings.ALERT_URL.name, address.format(hook=hook("/other-secret")))
    monkeypatch.setenv(settings.ALERT_COMMAND.name, "/nowhere/secret --token secret")
    is_told, told = alerts.send("title", "text")
    assert not is_told
    assert "secret" not in told
    assert "the webhook answered HTTP 404" in told or "the webhook could not be reached" in told
    assert told.endswith("and the command could not be run (FileNotFoundError)")


def test_alert_on_a_failed_run_has_its_error(home: Path, hook: Site) -> None:
    (settings.DATA / "inbox").mkdir()
    (settings.DATA / "inbox" / "mine.csv").write_text("what,is,this\n1,2,3\n")
    defs = assemble()
    job = defs.resolve_job_def("land")
    with dg.instance_for_test() as instance:
        ran = job.execute_in_process(instance=instance, asset_selection=landing.keys(INBOX), raise_on_error=False)
        skipped = alerted(defs, instance, ran)
    assert "the webhook took the alert" in str(skipped)
    (alert,) = heard(hook)
    assert alert["title"] == "nextvalley: land failed"
    assert alert["text"].count("mine.csv") == 1
    assert "Traceback" not in alert["text"]


def test_alert_on_stale_data_is_sent_until_it_is_taken_and_then_weekly(
    home: Path, hook: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES", "gawc")
    day = 86_400
    with dg.instance_for_test() as instance:
        now = time.time()
        for table, key in zip(INBOX.tables, landing.keys(INBOX), strict=True):
            instance.report_runless_asset_event(dg.AssetMaterialization(key))
            file = landing_path(INBOX.name, table.name)
            file.parent.mkdir(exist_ok=True)
            pl.DataFrame({"what": [1]}).write_parquet(file)
            os.utime(file, (now + 30 * day, now + 30 * day))  # So that no build is missing.
        assert alerts.stale(instance, now) == []
        assert alerts.stale(instance, now + 2.5 * day) == []
        late = alerts.stale(instance, now + 4.2 * day)
        assert late[0].startswith("inbox, ")
        assert "last landed 4 days ago (when edited): no landing was tried" in late[0]
        for key in (*landing.keys(INBOX), *landing.keys(register.SOURCE)):
            # A run that built without landing a table does not count as a landing of it.
            why = {"not landed in this run": "it is skipped"}
            instance.report_runless_asset_event(dg.AssetMaterialization(key, metadata=why))
        assert alerts.stale(instance, now + 4.2 * day) == late
        cursor = ""
        for week, told, path in ((1, 1, "down"), (1, 2, "secret-token"), (1, 2, "secret-token"), (2, 3, "secret-token")):
            monkeypatch.setenv(settings.ALERT_URL.name, hook(f"/{path}"))
            monkeypatch.setattr(time, "time", lambda week=week: now + week * 7 * day)
            context = dg.build_sensor_context(instance, cursor)
            sensors.alert_on_staleness(context)
            cursor = context.cursor or ""
            assert len(heard(hook)) == told


def test_alert_on_stale_data_is_not_repeated_because_some_of_them_landed(hook: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a month without power a dozen sources land one after another."""
    cursor = ""
    for late, told in (("ab", 1), ("a", 1), ("ac", 2), ("", 2), ("a", 3)):
        monkeypatch.setattr(alerts, "stale", lambda *_, late=late: [f"{name}, table: last landed 31 days ago" for name in late])
        monkeypatch.setattr(time, "time", lambda: 0.0)
        with dg.DagsterInstance.ephemeral() as instance:
            context = dg.build_sensor_context(instance, cursor)
            sensors.alert_on_staleness(context)
        cursor = context.cursor or ""
        assert len(heard(hook)) == told, late
