"""The recipe of docs/deploy.md saves what cannot be made again, and a restored home goes on from there."""

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from pipelines.orchestration.refresh import is_current, refresh
from pipelines.warehouse import lock
from tests.support.homes import ROOT, make_home, move_paths

COMMANDS = re.findall(r"```text\n((?:flock|tar) .*?)\n```", (ROOT / "docs" / "deploy.md").read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock")
def test_restored_home_has_the_release_and_nothing_to_do(
    released_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, restore = COMMANDS
    inbox = released_copy / "data" / "inbox" / "mine.csv"
    inbox.parent.mkdir(exist_ok=True)
    inbox.write_text("kept", "utf-8")
    subprocess.run(["sh", "-c", save], cwd=released_copy, check=True)
    new = make_home(tmp_path / "new")
    shutil.move(released_copy / "backup.tar.gz", new)
    shutil.rmtree(released_copy)
    subprocess.run(["sh", "-c", restore], cwd=new, check=True)
    assert (new / "data" / "inbox" / "mine.csv").read_text("utf-8") == "kept"
    (new / "data" / "inbox" / "mine.csv").unlink()
    assert not (new / "data" / settings.BUILD.name).exists()
    move_paths(monkeypatch, new)
    assert is_current()
    assert not refresh().published
    lock.release()
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        ((ranked,),) = connection.execute("select count(*) from index.ranking").fetchall()
    assert ranked > 0


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock")
def test_nothing_is_saved_while_a_refresh_writes(home: Path, holder: subprocess.Popen[str]) -> None:
    impatient = COMMANDS[0].replace("flock ", "flock --nonblock ")
    assert subprocess.run(["sh", "-c", impatient], cwd=home).returncode != 0
    assert not (home / "backup.tar.gz").exists()
