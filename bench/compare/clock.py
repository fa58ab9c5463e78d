"""Measure work done in this process; runs beside any tool, so it imports nothing that has to be installed."""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

#: Takes the folder of the input; returns what it did, to compare, after calling ``ready`` once all imports are done.
Work = Callable[[Path, Callable[[], None]], dict[str, Any]]


def measure(work: Work, folder: Path) -> dict[str, Any]:
    """Return CPU seconds and seconds of the work once it is ready, peak memory in GB, imports and all, and what it did."""
    began: list[float] = []

    def ready() -> None:
        began[:] = [_cpu(), time.perf_counter()]

    done = work(folder, ready)
    cpu, elapsed = _cpu() - began[0], time.perf_counter() - began[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    return {"cpu_seconds": round(cpu, 2), "seconds": round(elapsed, 2), "peak_gb": round(peak, 2), **done}


def run(works: Mapping[str, Work]) -> None:
    """Do the work that the command line names, on the folder it names, and print the measures as its last line."""
    task, folder = sys.argv[1:]
    print(json.dumps(measure(works[task], Path(folder))))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
