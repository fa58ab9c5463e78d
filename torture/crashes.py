"""Kill, fill the disk, or cut the power at every point of fetch, landing, build and publication; then look, and run again.

Survived means: what readers find is wholly the old release or wholly the new one; another run ends in the very content of a
run that nothing disturbed; and no file is left that an undisturbed world does not have.
"""

import os
import pickle
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from torture import faults, world

#: Generation that stands published, and the one whose refresh is disturbed.
OLD, NEW = 1, 2

RANDOM_KILLS = 60
SIZE_LIMITS = 40


@dataclass(frozen=True)
class Trial:
    """One fault: what, at which operation (or limit, or moment), and whether a release stood before."""

    kind: str
    at: float
    from_nothing: bool


@dataclass(frozen=True)
class Verdict:
    trial: Trial
    fault: str | None  # None: survived


Child = tuple[int, int]  # process, and the end of a pipe to read its result from


def start(work: Callable[[], Any]) -> Child:
    """Begin ``work`` in a forked process.

    This process has run neither polars nor DuckDB, so there is no thread of theirs that a fork would lose.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            result = work()
        except BaseException:
            result = RuntimeError(traceback.format_exc())
        with os.fdopen(writer, "wb") as pipe:
            pickle.dump(result, pipe)
        os._exit(0)
    os.close(writer)
    return child, reader


def result(child: Child) -> Any:
    """Return what the process made; None if it died, the exception if it failed."""
    process, reader = child
    with os.fdopen(reader, "rb") as pipe:
        content = pipe.read()
    os.waitpid(process, 0)
    try:
        return pickle.loads(content)
    except (EOFError, pickle.UnpicklingError):
        return None


def in_child(work: Callable[[], Any], kill_after: float | None = None) -> Any:
    """Return the result of ``work`` in a process of its own, which is killed after so many seconds."""
    child = start(work)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child[0], signal.SIGKILL)
    return result(child)


def run(home: Path, generation: int, trial: Trial | None = None) -> Any:
    """A refresh in a process of its own; returns how many operations it took, None if it was killed, or its error."""

    def work() -> int:
        from pipelines.warehouse import lock

        world.settle(home)
        disk = faults.Disk(home, "none", 0)
        if trial and trial.kind in ("kill", "full", "power"):
            disk = faults.Disk(home, trial.kind, int(trial.at))  # type: ignore[arg-type]
        if trial and trial.kind == "size":
            faults.limit_files(int(trial.at))
        else:
            disk.watch()
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
        world.refresh(generation)
        lock.release()
        return disk.operations

    return in_child(work, trial.at if trial and trial.kind == "moment" else None)


def judge(home: Path, trial: Trial, base: Path, expected: dict[str, Any]) -> Verdict:
    """Bring the fault about in a copy of ``base``, look, run again, and look again."""
    world.copy(base, home)
    run(home, NEW, trial)
    state = in_child(lambda: world.inspect(home))
    before = 0 if trial.from_nothing else OLD
    if not isinstance(state, dict):
        return Verdict(trial, f"unreadable: {state}")
    if state["fault"]:
        return Verdict(trial, f"not whole: {state['fault']}")
    if state["generation"] not in (before, NEW):
        return Verdict(trial, f"generation {state['generation']} is published")
    again = run(home, NEW)
    if not isinstance(again, int):
        return Verdict(trial, f"the run after it failed: {again}")
    healed = in_child(lambda: world.inspect(home))
    if not isinstance(healed, dict) or healed["fault"] or healed["hash"] != expected["hash"]:
        return Verdict(trial, f"the run after it made another release: {healed}")
    extra = world.listing_of(home) ^ expected["files"]
    return Verdict(trial, f"files left or missing: {sorted(extra)}" if extra else None)


def trials(expected: dict[bool, dict[str, Any]], seed: int) -> Iterator[Trial]:
    """Every operation killed; every one, in turn with the disk full or the power cut; limits of size; random moments."""
    chance = random.Random(seed)
    for from_nothing in (False, True):
        operations, seconds = expected[from_nothing]["operations"], expected[from_nothing]["seconds"]
        for operation in range(1, operations + 1):
            yield Trial("kill", operation, from_nothing)
            yield Trial("power" if operation % 2 else "full", operation, from_nothing)
        for _ in range(RANDOM_KILLS // 2):
            yield Trial("moment", chance.uniform(0, seconds), from_nothing)
        for number in range(SIZE_LIMITS // 2):
            yield Trial("size", int(2 ** (6 + 16 * number / (SIZE_LIMITS // 2))), from_nothing)


def expectations(folder: Path) -> tuple[dict[bool, Path], dict[bool, dict[str, Any]]]:
    """The worlds to begin from, with a release or without, and what an undisturbed run makes of each."""
    bases = {False: folder / "base", True: folder / "empty"}
    for base in bases.values():
        (base / "data").mkdir(parents=True)
    run(bases[False], OLD)
    in_child(lambda: world.settle(bases[True]))
    expected = {}
    for from_nothing, base in bases.items():
        home = folder / f"undisturbed-{from_nothing}"
        world.copy(base, home)
        start = time.monotonic()
        operations = run(home, NEW)
        seconds = time.monotonic() - start
        state = in_child(partial(world.inspect, home))
        if not isinstance(operations, int) or state["fault"]:
            raise RuntimeError(f"an undisturbed run fails: {operations} {state}")
        expected[from_nothing] = {"operations": operations, "seconds": seconds, "files": world.listing_of(home)} | state
    return bases, expected
