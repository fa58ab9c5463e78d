"""A refresh publishes whatever the clock says, also if it was never set."""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from tests.support.register import drop_last_row, edit


def rates() -> int:
    """Return how many exchange rates are published."""
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        ((n,),) = connection.execute("select count(*) from core.exchange_rates").fetchall()
    return int(n)


@pytest.mark.skipif(shutil.which("faketime") is None, reason="no faketime")
def test_changed_table_is_published_as_the_newest_release(released_copy: Path) -> None:
    before, published = settings.RELEASE.resolve(), rates()
    edit(released_copy, "exchange_rates.csv", drop_last_row, "reference")
    command = ["faketime", "-f", "@1970-01-02 00:00:00", sys.executable, "-m", "pipelines", "refresh"]
    environment = settings.environment(
        NEXTVALLEY_HOME=str(released_copy), PYTHONPATH=str(settings.CODE.parent), FAKETIME_DONT_FAKE_MONOTONIC="1"
    )
    done = subprocess.run(command, cwd=released_copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-400:] + done.stderr[-400:]
    after = settings.RELEASE.resolve()
    assert after != before
    assert max(path for path in settings.RELEASES.iterdir() if path.is_dir()) == after
    assert rates() == published - 1
