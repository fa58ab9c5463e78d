"""What takes a reading process down, or never ends, is refused, and the next file is read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import Refused, refuse
from pipelines.ingest import sandbox
from pipelines.ingest.sandbox import isolated
from tests.support.processes import has_ended

ROOT = Path(__file__).parents[3]
# Each of these starts processes.
pytestmark = pytest.mark.slow


def letters(content: bytes) -> str:
    return content.decode()


def aborts(content: bytes) -> str:
    os.abort()


def hangs(content: bytes) -> str:
    time.sleep(60)
    return ""


def takes_much(content: bytes) -> str:
    return str(len(bytearray(2 * sandbox.MEMORY)))


def refuses(content: bytes) -> str:
    raise refuse("the sheet is empty", "Fetch it again", row=2)


@pytest.mark.parametrize("read", [aborts, takes_much, hangs])
def test_a_file_that_brings_its_reader_down_is_refused(read: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch) -> None:
    isolated(letters, b"", "a workbook")  # the process has started
    with monkeypatch.context() as patch:
        if read is hangs:
            patch.setattr(sandbox, "SECONDS", 0.3)
        with pytest.raises(Refused, match=r"not readable as a workbook .*more memory or time"):
            isolated(read, b"", "a workbook")
    assert isolated(letters, b"toy", "a workbook") == "toy"


def test_a_refusal_crosses_processes_whole() -> None:
    with pytest.raises(Refused) as caught:
        isolated(refuses, b"", "a workbook")
    (problem,) = caught.value.problems
    assert (problem.problem, problem.remedy, problem.row) == ("the sheet is empty", "Fetch it again", 2)


def whose(content: bytes) -> int:
    print("noise of a library")
    return os.getpid()


#: A plain script, whose code a process of ``multiprocessing`` would run once more.
KILLED = """
import os, signal
from pipelines.ingest.sandbox import isolated
from tests.unit.ingest.test_sandbox import whose

print(isolated(whose, b"", "a workbook"), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_reading_process_ends_with_its_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text(KILLED)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert has_ended(int(done.stdout)), "the reading process goes on"
