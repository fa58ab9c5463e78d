"""One process at a time makes what stands under ``data/``, and what a dead one left behind is removed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from filelock import FileLock

from pipelines import settings
from pipelines.errors import BuildBusy, InputError
from pipelines.ingest import archive
from pipelines.orchestration import refresh
from pipelines.warehouse import database, lock
from tests.support.homes import make_home, move_paths


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield where what a home makes is to stand; the folder is not there yet, nor is the one above it."""
    move_paths(monkeypatch, make_home(tmp_path / "home", is_linked=True))
    for name in ("DATA", "LANDING", "ARCHIVE", "RELEASES", "BUILD", "LOCK"):
        monkeypatch.setattr(settings, name, tmp_path / "new" / getattr(settings, name).relative_to(tmp_path / "home"))
    yield settings.DATA
    lock.release()


def test_lock_is_of_one_holder_who_is_named(data: Path) -> None:
    assert not lock.is_held_elsewhere(), "there is nothing to hold yet"
    lock.acquire()
    assert not lock.is_held_elsewhere(), "it is held here"
    assert (data / "build.pid").read_text() == str(os.getpid())
    lock.acquire()
    lock.release()
    assert not (data / "build.pid").exists()
    lock.release()
    with FileLock(settings.LOCK, timeout=0):
        assert lock.is_held_elsewhere()
        with pytest.raises(
            BuildBusy, match=r"^Another refresh is using build.duckdb; it goes on. Try again when it has finished.$"
        ):
            lock.acquire()
        (data / "build.pid").write_text("41\n")
        with pytest.raises(BuildBusy, match=r"^Another refresh \(process 41\) is using build.duckdb"):
            lock.acquire()
    assert not lock.is_held_elsewhere()
    lock.acquire()


def test_lock_is_waited_for_as_long_as_asked_and_given_back_at_the_end(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits, at_end = [], []
    monkeypatch.setattr(FileLock, "acquire", lambda self, timeout: waits.append(timeout))
    monkeypatch.setattr("atexit.register", at_end.append)
    for patience in ((), (60.0,)):
        lock.acquire(*patience)
        lock.release()
    assert waits == [0.0, 60.0]
    assert at_end == [lock.release] * 2


def test_whoever_asks_for_the_lock_does_not_wait(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FileLock(settings.LOCK, timeout=0):
        monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail(f"waits {seconds} seconds"))
        assert lock.is_held_elsewhere()


def test_lock_is_given_back_although_its_files_are_gone_or_it_is_still_referred_to(data: Path) -> None:
    lock.acquire()
    held = lock._held
    assert held is not None
    (data / "build.pid").unlink()
    lock.release()
    assert not held.is_locked
    with FileLock(settings.LOCK, timeout=0):
        pass


def test_leftover_that_cannot_be_removed_holds_nobody_up(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*path: object, **of: object) -> None:
        raise PermissionError("somebody is in this folder")

    (data / f"{archive.PART}1").mkdir(parents=True)
    monkeypatch.setattr("os.rmdir", refuse)
    lock.acquire()
    assert (data / "build.pid").exists()


def test_only_what_a_dead_holder_left_unfinished_is_removed(data: Path) -> None:
    folders = (data, data / "releases", data / "landing" / "shop" / "deep", data / "archive" / "shop")
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{archive.PART}1").write_bytes(b"half")
        (folder / "whole").write_bytes(b"whole")
    (data / "releases" / f"{archive.PART}2").mkdir()
    (data / f"{archive.PART}link").symlink_to(data / "landing")
    settings.BUILD.write_bytes(b"kept, since nobody died with the lock")
    lock.acquire()
    assert list(data.rglob(f"{archive.PART}*")) == []
    assert [(folder / "whole").read_bytes() for folder in folders] == [b"whole"] * 4
    assert settings.BUILD.exists()
    lock.release()
    for name in ("build.pid", "build.duckdb.wal"):
        (data / name).write_text("41")
    (data / "build.duckdb.tmp" / "deep").mkdir(parents=True)
    lock.acquire()
    assert sorted(path.name for path in data.iterdir() if path.name.startswith("build")) == ["build.lock", "build.pid"]


def test_home_in_which_duckdb_cannot_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path / "what?" / "data")
    monkeypatch.setattr(lock, "_held", None)
    with pytest.raises(InputError, match=r"has a \? in its path. Move it, or set NEXTVALLEY_HOME to a folder without it"):
        lock.acquire()
    assert not settings.DATA.exists()


@pytest.mark.parametrize(("name", "problem"), [("file", "is not a folder"), ("misspelt", "does not exist")])
def test_home_that_is_no_folder_is_refused_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, problem: str
) -> None:
    (tmp_path / "file").touch()
    home = tmp_path / name
    monkeypatch.setattr(settings, "HOME", home)
    monkeypatch.setattr(settings, "DATA", home / "data")
    monkeypatch.setattr(settings, "LOCK", home / "data" / "build.lock")
    monkeypatch.setattr(lock, "_held", None)
    with pytest.raises(InputError) as refused:
        lock.acquire()
    remedy = "Make this folder, or set NEXTVALLEY_HOME to the one that you mean"
    assert str(refused.value) == f"home: {home}: {problem}. {remedy}"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.slow
def test_lock_is_held_until_its_process_ends_however_it_ends(home: Path, holder: subprocess.Popen[str]) -> None:
    for folder in (settings.LANDING, settings.ARCHIVE / "shop", settings.RELEASES, settings.DATA):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{archive.PART}1").write_bytes(b"half")
    (settings.RELEASES / f"{archive.PART}2").mkdir()
    settings.BUILD.write_bytes(b"no database any more")
    with pytest.raises(BuildBusy, match=rf"Another refresh \(process {holder.pid}\) .* it goes on. Try again"):
        lock.acquire()
    assert lock.is_held_elsewhere()
    assert len(list(settings.DATA.rglob(f"{archive.PART}*"))) == 5
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert not lock.is_held_elsewhere()
    lock.acquire()
    assert list(settings.DATA.rglob(f"{archive.PART}*")) == []
    with database.connect() as connection:
        assert connection.execute("select 1").fetchall() == [(1,)]


@pytest.mark.slow
def test_patient_process_gets_the_lock(home: Path, holder: subprocess.Popen[str]) -> None:
    Thread(target=lambda: (time.sleep(0.3), holder.kill())).start()
    lock.acquire(60.0)


@pytest.mark.slow
def test_second_refresh_stops_and_says_that_another_goes_on(home: Path, holder: subprocess.Popen[str]) -> None:
    # Without the file that names the holder, as between its locking and its writing of that file.
    settings.LOCK.with_suffix(".pid").unlink()
    with pytest.raises(BuildBusy, match=r"Another refresh is using build.duckdb; it goes on"):
        refresh.refresh()


@pytest.mark.parametrize(
    ("variable", "value", "says"), [(settings.SCOPE, "zz", "is not a country"), (settings.ENGINE, "dukdb", "is not an engine")]
)
def test_refresh_with_a_wrong_setting_stops_before_anything_lands(
    data: Path, monkeypatch: pytest.MonkeyPatch, variable: settings.Variable, value: str, says: str
) -> None:
    monkeypatch.setattr(lock, "acquire", lambda: pytest.fail("it has begun"))
    monkeypatch.setenv(variable.name, value)
    with pytest.raises(InputError, match=says):
        refresh.refresh()
    assert not data.exists()
