"""A refresh says where it stands and how long it will take, as far as the last one tells."""

import io
import json
import logging
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from dagster import DagsterEventType
from rich.console import Console

from pipelines import settings
from pipelines.orchestration import progress

STEPS = ["land_deals", "build_warehouse", "compute_index"]


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    written = io.StringIO()
    monkeypatch.setattr(progress, "console", Console(file=written, highlight=False, width=200))
    monkeypatch.setattr(settings, "DURATIONS", tmp_path / "durations.json")
    return written


def finish(lines: logging.Handler, step: str, seconds: float, kind: DagsterEventType = DagsterEventType.STEP_SUCCESS) -> None:
    done = SimpleNamespace(duration_ms=1000 * seconds)
    record = logging.makeLogRecord({})
    record.dagster_meta = {"dagster_event": SimpleNamespace(event_type=kind, step_key=step, step_success_data=done)}
    lines.handle(record)


def run(seconds: dict[str, float]) -> None:
    lines = progress._Lines(STEPS)
    for step, took in seconds.items():
        finish(lines, step, took)


def test_first_run_counts_steps_without_an_estimate(screen: io.StringIO) -> None:
    run({"land_deals": 1.0, "build_warehouse": 20.0})
    assert screen.getvalue().splitlines() == ["✓ 1 of 3, land_deals 1.0 s", "✓ 2 of 3, build_warehouse 20.0 s"]


def test_later_run_says_what_is_left_by_the_last_one(screen: io.StringIO) -> None:
    run({"land_deals": 1.0, "build_warehouse": 20.0, "compute_index": 9.6})
    screen.truncate(0)
    run({"land_deals": 1.0, "build_warehouse": 15.0, "compute_index": 9.0})
    assert screen.getvalue().lstrip("\0").splitlines() == [
        "✓ 1 of 3, land_deals 1.0 s, about 30 s left",
        "✓ 2 of 3, build_warehouse 15.0 s, about 10 s left",
        "✓ 3 of 3, compute_index 9.0 s",
    ]
    assert json.loads(settings.DURATIONS.read_text("utf-8"))["build_warehouse"] == 15.0


def test_failed_step_counts_and_a_damaged_record_is_no_record(screen: io.StringIO) -> None:
    settings.DURATIONS.write_text("{", "utf-8")
    lines = progress._Lines(STEPS)
    finish(lines, "land_deals", 0, DagsterEventType.STEP_FAILURE)
    finish(lines, "build_warehouse", 1.0)
    assert screen.getvalue().splitlines() == ["✗ 1 of 3, land_deals", "✓ 2 of 3, build_warehouse 1.0 s"]


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
@pytest.mark.parametrize("text", ["'Orl\ufffdans [/i]' lost a letter", "row 7 of data/inbox/[Q3] deals.csv, column [x]: :cat:"])
def test_what_a_step_says_is_printed_as_it_is(screen: io.StringIO, text: str, level: int) -> None:
    record = logging.makeLogRecord({"levelno": level, "msg": "deals - %s", "args": (text,), progress.SAID: True})
    record.dagster_meta = {"orig_message": text}
    progress._Lines(STEPS).emit(record)
    assert screen.getvalue() == f"  {text}\n"


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.ERROR])
def test_what_dagster_notes_in_passing_is_not_printed(screen: io.StringIO, level: int) -> None:
    progress._Lines(STEPS).emit(logging.makeLogRecord({"levelno": level, "msg": "op did not yield", "args": ()}))
    assert screen.getvalue() == ""


def test_what_a_step_says_reaches_the_terminal_through_a_run(screen: io.StringIO) -> None:
    @dg.asset
    def scores(context: dg.AssetExecutionContext) -> int:
        progress.say(context)("measuring 2 cities by 3 lists")
        context.log.info("for the log alone")
        return 1

    build = dg.define_asset_job("build", [scores])
    job = dg.Definitions([scores], jobs=[build], loggers={"progress": progress.progress}).resolve_job_def("build")
    logged = {"loggers": {"progress": {"config": {"steps": ["scores"]}}}}
    assert job.execute_in_process(instance=dg.DagsterInstance.ephemeral(), run_config=logged).success
    assert [line.split(" 0.")[0] for line in screen.getvalue().splitlines()] == [
        "scores …",
        "  measuring 2 cities by 3 lists",
        "✓ 1 of 1, scores",
    ]
