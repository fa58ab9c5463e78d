"""A refresh publishes whatever the clock says: set back by two years, or never set at all."""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from tests.support.register import edit, replace_cell


@pytest.mark.skipif(shutil.which("faketime") is None, reason="no faketime")
@pytest.mark.parametrize("clock", ["-2y", "1970-01-02 00:00:00"])
def test_changed_register_is_published_as_the_newest_release(released_copy: Path, clock: str) -> None:
    before = settings.RELEASE.resolve()
    edit(released_copy, "zones.csv", replace_cell(1, "别名"))
    command = ["faketime", "-f", clock if clock.startswith("-") else f"@{clock}", sys.executable, "-m", "pipelines", "refresh"]
    environment = settings.environment(
        NEXTVALLEY_HOME=str(released_copy), PYTHONPATH=str(settings.CODE.parent), FAKETIME_DONT_FAKE_MONOTONIC="1"
    )
    done = subprocess.run(command, cwd=released_copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-400:] + done.stderr[-400:]
    after = settings.RELEASE.resolve()
    assert after != before
    assert max(path for path in settings.RELEASES.iterdir() if path.is_dir()) == after
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        assert connection.execute("select count(*) from core.zones where zone_zh = '别名'").fetchall() == [(1,)]
