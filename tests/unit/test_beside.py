"""Work in a second process: results and errors come back, and nothing of it outlives the block."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pipelines import beside, settings
from pipelines.errors import InputError, Problem
from tests.support.processes import has_ended


def doubled(values: np.ndarray) -> tuple[int, np.ndarray]:
    return os.getpid(), values * 2


def refused() -> None:
    raise InputError("alpha", [Problem("deals.csv", "no city", "Name one")])


def ended() -> None:
    os._exit(7)


def asleep(file: Path) -> None:
    file.with_suffix(".part").write_text(str(os.getpid()))
    file.with_suffix(".part").rename(file)
    time.sleep(60)


def test_work_is_done_elsewhere_one_thing_after_another() -> None:
    with beside.another("fractions") as another:
        first, values = another.begin(doubled, np.arange(200_000))()
        second, _ = another.begin(doubled, np.arange(2))()
    assert first == second != os.getpid()
    assert values.sum() == 200_000 * 199_999


@pytest.mark.slow
def test_an_error_is_raised_where_the_result_is_awaited() -> None:
    with beside.another() as another:
        result = another.begin(refused)
        with pytest.raises(InputError, match="no city"):
            result()
        with pytest.raises(TypeError) as raised:
            another.begin(doubled, None)()  # type: ignore[arg-type]
        assert "in doubled" in raised.value.__notes__[0], "where it was raised is not lost"
        assert another.begin(doubled, np.arange(2))()[1].tolist() == [0, 2], "it goes on"


@pytest.mark.slow
def test_a_process_that_ends_by_itself_is_said() -> None:
    said = "the process of ended ended by itself, with exit code 7: see whether there is enough memory"
    with beside.another() as another, pytest.raises(RuntimeError, match=said):
        another.begin(ended)()


@pytest.mark.slow
def test_leaving_the_block_ends_the_process(tmp_path: Path) -> None:
    file, until = tmp_path / "process", time.monotonic() + 30
    with pytest.raises(ValueError, match="of the first"), beside.another() as another:
        another.begin(asleep, file)
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.01)
        raise ValueError("of the first")
    assert has_ended(int(file.read_text()), 1)


@pytest.mark.slow
def test_a_process_ends_with_the_one_that_asks() -> None:
    lines = [
        "import os, time", "from pipelines import beside", "with beside.another() as another:",
        "    print(another.begin(os.getpid)(), flush=True)", "    another.begin(time.sleep, 60)", "    os._exit(9)",
    ]  # fmt: skip
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=settings.SHIPPED, stdout=subprocess.PIPE)
    assert done.returncode == 9
    assert has_ended(int(done.stdout))
