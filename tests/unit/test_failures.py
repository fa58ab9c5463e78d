"""Trouble with the machine is said in one sentence, with what to do about it."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import archive
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_of, landing_path
from pipelines.ingest.sources import register
from pipelines.orchestration import failures
from pipelines.warehouse import database, lock, queries, versions

FULL = "The disk is full. Free some space"
CLOSED = "cannot be written. Give this user the right to write there"


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError(28, "No space left on device", "data/x"), FULL),
        ("(sqlite3.OperationalError) database or disk is full", FULL),
        ("IO Error: Could not write file: No space left on device", FULL),
        (OSError(122, "Disk quota exceeded"), FULL),
        (OSError(30, "Read-only file system", "data/x"), CLOSED),
        (PermissionError(13, "Permission denied", "data/x"), CLOSED),
        ("(sqlite3.OperationalError) attempt to write a readonly database", CLOSED),
    ],
)
def test_nothing_can_be_stored_is_one_sentence(error: object, advice: str) -> None:
    sentence = failures.storage_fault(error)
    assert sentence is not None and advice in sentence and "\n" not in sentence
    assert str(settings.HOME) in sentence


def test_other_errors_are_left_alone() -> None:
    assert failures.storage_fault(ValueError("a bug")) is None


def test_failed_step_of_a_full_disk_has_no_traceback() -> None:
    error = SimpleNamespace(cause=None, cls_name="OSError", message="OSError: [Errno 28] No space left on device: 'data/landing'")
    event = SimpleNamespace(is_step_failure=True, step_failure_data=SimpleNamespace(error=error))
    words = failures.why([event, event])
    assert words.startswith(FULL)
    assert "\n" not in words, "several steps that fail alike say it once"


def test_step_that_was_interrupted_has_no_traceback() -> None:
    name = DagsterExecutionInterruptedError.__name__
    error = SimpleNamespace(cause=None, cls_name=name, message=name, to_string=lambda: "Stack Trace: …")
    event = SimpleNamespace(is_step_failure=True, step_failure_data=SimpleNamespace(error=error))
    assert failures.was_interrupted([event])
    assert failures.why([event, event]) == "The run was interrupted."
    error.cls_name = "KeyError"
    assert not failures.was_interrupted([event])
    assert not failures.was_interrupted([SimpleNamespace(is_step_failure=False)])


def test_warnings_of_landings_are_remarks_and_failures_are_not() -> None:
    def check(passed: bool, severity: str, description: str) -> SimpleNamespace:
        data = SimpleNamespace(
            passed=passed,
            severity=SimpleNamespace(value=severity),
            description=description,
            check_name="check",
            asset_key=SimpleNamespace(path=["landing", "shop__toys"]),
        )
        return SimpleNamespace(event_type_value="ASSET_CHECK_EVALUATION", asset_check_evaluation_data=data)

    events = [
        check(False, "WARN", "doubtful cells, used as they are: 2\ncolumn price: 1 of 9 rows have another value than before"),
        check(True, "WARN", "nothing has shifted"),
        check(False, "ERROR", "the file is empty"),
        SimpleNamespace(event_type_value="STEP_SUCCESS"),
    ]
    assert failures.remarks(events) == [
        "shop__toys: doubtful cells, used as they are: 2",
        "shop__toys: column price: 1 of 9 rows have another value than before",
    ]


def command(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = settings.environment(NEXTVALLEY_HOME=str(folder), PYTHONPATH=str(settings.SHIPPED), **changes)
    return subprocess.run([sys.executable, "-m", "pipelines", *arguments], env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_terminal_of_another_encoding_gets_text_escaped(in_released: Path) -> None:
    done = command(in_released, "rank", PYTHONIOENCODING="ascii", LC_ALL="POSIX", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Beijing" in done.stdout and "\\u2013" in done.stdout


def test_home_that_duckdb_cannot_write_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path / "what?" / "data")
    monkeypatch.setattr(lock, "_held", None)
    with pytest.raises(InputError, match=r"has a \? in its path\. Move it, or set NEXTVALLEY_HOME"):
        lock.acquire()


@pytest.mark.parametrize("name", [*(pytest.param(name, marks=pytest.mark.slow) for name in ("a[b]c", "star*")), "[x]*"])
def test_home_with_the_signs_of_patterns_lands_and_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (zones,) = (table for table in register.SOURCE.tables if table.name == "zones")
    folder = tmp_path / name / "data"
    for variable, part in (("LANDING", "landing"), ("ARCHIVE", "archive"), ("BUILD", "build.duckdb"), ("LOCK", "build.lock")):
        monkeypatch.setattr(settings, variable, folder / part)
    monkeypatch.setattr(settings, "DATA", folder)
    monkeypatch.setattr(lock, "_held", None)
    assert land(register.SOURCE, zones, Project()) is not None
    assert land(register.SOURCE, zones, Project()) is not None, "the second time it is read, and compared with the first"
    path = landing_path("register", "zones")
    assert landing_of(register.SOURCE, zones) == path
    with database.connect() as connection:
        assert database.query(connection, "from landing.register__zones").height == pl.read_parquet(path, glob=False).height
        assert versions.of_file(connection, path)
        database.write(connection, "core.toys", pl.DataFrame({"toy": ["bear"]}))
        assert database.query(connection, "from core.toys").rows() == [("bear",)]
    assert queries.parquet(Path("a[*?")) == "a[[][*][?]"
    assert archive.snapshots("register")
    lock.release()


def test_killed_process_is_told_from_one_that_ended_by_itself() -> None:
    started = "Launched run in process 7"
    assert failures.of_process([started]) is None
    killed = "[DagsterApiServer] Run execution process for 1234 was terminated by signal 9 (SIGKILL)."
    assert failures.of_process([started, killed]) == failures.GONE
    ended = "[DagsterApiServer] Run execution process for 1234 unexpectedly exited with code 3."
    assert failures.of_process([started, ended]) == ended
