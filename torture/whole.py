"""The whole refresh, killed at any moment: orchestrator, index, claims and page, on the register.

A release of the register stands; the register changes, and the refresh that takes it up is killed. What is published must then
be wholly the old release or wholly the new one, and the next refresh must end in the very release that another machine makes of
the same inputs from nothing: in another time zone and locale, on one core, with another hash seed, its folders listed backwards.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from pipelines import settings
from torture import world

#: What a refresh of the register needs of the project.
_PROJECT = ("pipelines", "sql", "torture", "data/register", "data/reference")
_FILES = ("dagster.yaml", "pyproject.toml", "requirements.lock")

HERE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "1", "TZ": "UTC"}
ELSEWHERE = {
    "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2", "POLARS_MAX_THREADS": "3", "PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu",
    "LC_ALL": "C",
}  # fmt: skip
#: Register file whose last row goes: most of the warehouse and all of the index depend on it.
CHANGED = "deals.csv"

#: Kills at once.
AT_ONCE = 2


def _settle(home: Path) -> None:
    for folder in _PROJECT:
        shutil.copytree(settings.SHIPPED / folder, home / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in _FILES:
        shutil.copy(settings.SHIPPED / file, home)


def _change(home: Path) -> None:
    file = home / "data" / "register" / CHANGED
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))


def _start(home: Path, machine: dict[str, str], module: str) -> subprocess.Popen[bytes]:
    environment = os.environ | machine | {"SOURCES": "register", "DAGSTER_HOME": str(home), "PYTHONPATH": str(home)}
    command = [sys.executable, "-m", module, "refresh"]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log, start_new_session=True)


def _published(home: Path) -> tuple[str | None, str | None]:
    """Return (content hash of the published release, what of it is not whole)."""
    published = home / "data" / "nextvalley.duckdb"
    if not published.exists():
        return None, "there is none"
    with duckdb.connect(published, read_only=True) as connection:
        ((content,),) = connection.execute("select content_hash from core.release").fetchall()
    return content, world.unlike_its_package(published.resolve().parent)


def _ended(home: Path, process: subprocess.Popen[bytes]) -> str:
    """The release of a refresh that nothing disturbed; raises RuntimeError if it is none."""
    if process.wait() != 0:
        raise RuntimeError(f"an undisturbed refresh fails: {(home / 'log').read_text()[-400:]}")
    content, fault = _published(home)
    if content is None or fault is not None:
        raise RuntimeError(f"an undisturbed refresh publishes what is not whole: {fault}")
    return content


def run(folder: Path, until: float, seed: int) -> tuple[int, list[str]]:
    """Kill refreshes until time is up, two at least; return how many were killed, and what went wrong."""
    base, other = folder / "whole", folder / "elsewhere"
    for home in (base, other):
        _settle(home)
    _change(other)
    began = time.monotonic()
    undisturbed = [_start(base, HERE, "pipelines"), _start(other, ELSEWHERE, "torture.elsewhere")]
    old, new = (_ended(home, process) for home, process in zip((base, other), undisturbed, strict=True))
    seconds = time.monotonic() - began
    chance = random.Random(seed)
    kills, wrong = 0, []
    while not kills or time.monotonic() + 2 * seconds < until:
        homes = [folder / f"killed-{kills + number}" for number in range(AT_ONCE)]
        moments = [chance.uniform(0, seconds) for _ in homes]
        for home in homes:
            world.copy(base, home)
            _change(home)
        running = [_start(home, HERE, "pipelines") for home in homes]
        began = time.monotonic()
        for moment, process in sorted(zip(moments, running, strict=True), key=lambda pair: pair[0]):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        states = [_published(home) for home in homes]
        again = [_start(home, HERE, "pipelines") for home in homes]
        for home, moment, (content, fault), process in zip(homes, moments, states, again, strict=True):
            process.wait()
            healed = _published(home)
            if fault or content not in (old, new):
                wrong.append(f"killed after {moment:.1f} s: {fault or 'another release'}")
            elif healed != (new, None):
                wrong.append(f"killed after {moment:.1f} s, the next refresh made {healed}, and elsewhere it is {new}")
            shutil.rmtree(home)
        kills += len(homes)
    return kills, wrong
