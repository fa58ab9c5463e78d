"""What takes a reading process down, or never ends, is a refusal, and the next file is read."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.errors import Refused, refuse
from pipelines.ingest import sandbox
from pipelines.ingest.sandbox import apart as read_apart

ROOT = Path(__file__).parents[3]


def letters(content: bytes) -> str:
    return content.decode()


def aborts(content: bytes) -> str:
    os.abort()


def hangs(content: bytes) -> str:
    time.sleep(60)
    return ""


def refuses(content: bytes) -> str:
    raise refuse("the sheet is empty", "Fetch it again", row=2)


def takes_much(content: bytes) -> str:
    return str(len(bytearray(2 * sandbox.MEMORY)))


def test_a_reading_that_takes_its_process_down_is_refused_and_the_next_one_goes_on() -> None:
    with pytest.raises(Refused, match="not readable as a workbook"):
        read_apart(aborts, b"", "a workbook")
    assert read_apart(letters, b"toy", "a workbook") == "toy"


def test_a_reading_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    read_apart(letters, b"", "a workbook")  # the process has started
    monkeypatch.setattr(sandbox, "SECONDS", 0.3)
    with pytest.raises(Refused, match="more memory or time"):
        read_apart(hangs, b"", "a workbook")


def test_memory_is_bounded() -> None:
    with pytest.raises(Refused, match="more memory or time"):
        read_apart(takes_much, b"", "a workbook")


def test_a_refusal_comes_whole() -> None:
    with pytest.raises(Refused) as caught:
        read_apart(refuses, b"", "a workbook")
    (problem,) = caught.value.problems
    assert (problem.problem, problem.remedy, problem.row) == ("the sheet is empty", "Fetch it again", 2)


KILLED = """
import os, signal
from pipelines.ingest.sandbox import apart
from tests.unit.ingest.test_sandbox import whose

if __name__ == "__main__":
    print(apart(whose, b"", "a workbook"), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def whose(content: bytes) -> int:
    return os.getpid()


def test_the_reading_process_ends_with_the_one_that_was_killed() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    reader, until = int(done.stdout), time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.kill(reader, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the reading process goes on")
