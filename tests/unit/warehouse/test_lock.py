"""One process at a time makes what stands under ``data/``, and what a dead one left behind is removed."""

import signal
import subprocess
import time
from pathlib import Path
from threading import Thread

import pytest

from pipelines import settings
from pipelines.errors import BuildBusy
from pipelines.ingest import archive
from pipelines.orchestration import refresh
from pipelines.warehouse import database, lock

pytestmark = pytest.mark.slow


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


def test_patient_process_gets_the_lock(home: Path, holder: subprocess.Popen[str]) -> None:
    Thread(target=lambda: (time.sleep(0.3), holder.kill())).start()
    lock.acquire(60.0)


def test_second_refresh_stops_and_says_that_another_goes_on(home: Path, holder: subprocess.Popen[str]) -> None:
    # Without the file that names the holder, as between its locking and its writing of that file.
    settings.LOCK.with_suffix(".pid").unlink()
    with pytest.raises(BuildBusy, match=r"Another refresh is using build.duckdb; it goes on"):
        refresh.refresh()
