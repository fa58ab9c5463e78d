"""A hundred days on Dagster's daemon: the source changes every day, and disk, memory and open files must not grow for ever.

``python -m torture.hundred [DAYS] [PLOT]`` prints what each took half-way and at the end, and draws it into PLOT, an SVG. Each
day fetches, lands, builds, publishes and tidies, in two runs that daemon, code server and queue start as they do in service. As
many days of runs are kept as releases, ten, and the daemon's own records are dated back by a day every day, so that everything
soon comes to its full size.
"""

import json
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

from pipelines import settings
from pipelines.publish.report.vega import quantitative
from torture import crashes, soak, world
from torture.daemon import Soak, commands

DAYS = 100

MEASURES = {
    "events": "Event log, MB",
    "archive": "Archive, MB",
    "releases": "Releases, MB",
    "daemon memory": "Memory of the daemon, MB",
    "server memory": "Memory of the code server, MB",
    "worker memory": "Memory of a worker, MB",
    "daemon files": "Open files of the daemon",
    "server files": "Open files of the code server",
    "worker files": "Open files of a worker",
}

#: Day by which everything has come to its full size; from then on nothing may grow.
FULL = 20

#: Days whose smallest value is taken: some files are open for moments only.
WINDOW = 10

#: How many times more still counts as the same: pages of databases and of memory come in steps.
LEEWAY = 1.15

#: Seconds that a day may take before the days are given up, and between two looks.
PATIENCE, PAUSE = 1800.0, 1.0

#: The daemon deletes records by their age: some after three days, the others after thirty.
_AGE = "update job_ticks set timestamp = strftime('%Y-%m-%d %H:%M:%f', timestamp, '-1 day')"


def _processes(home: Path) -> dict[int, str]:
    """Return what each process of the home is: daemon, server or worker."""
    kinds = {"dagster-daemon": "daemon", "api grpc": "server", "multiprocessing.spawn": "worker"}
    return {
        process: kind
        for process, (command, environment) in commands().items()
        for mark, kind in kinds.items()
        if mark in command and f"TORTURE_HOME={home} " in environment
    }


def _held(processes: dict[int, str]) -> dict[str, float]:
    """Return memory in MB and open files of the largest process of each kind."""
    held: dict[str, float] = {}
    for process, kind in processes.items():
        with suppress(OSError):  # It may have ended meanwhile.
            pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
            memory, files = pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(list(Path(f"/proc/{process}/fd").iterdir()))
            held[f"{kind} memory"] = max(memory, held.get(f"{kind} memory", 0.0))
            held[f"{kind} files"] = max(files, held.get(f"{kind} files", 0.0))
    return held


def _kept(data: Path) -> dict[str, float]:
    """Return what is on disk, in MB."""
    folders = {"events": "dagster", "archive": "archive", "releases": "releases"}
    sizes = {name: soak.size(data / folder) / 1e6 for name, folder in folders.items()}
    return sizes | {"manifests": sum(path.stat().st_size for path in (data / "archive").glob("*/manifest.jsonl")) / 1e6}


def _live(home: Path, days: int) -> list[dict[str, float]]:
    """Watch the daemon live through the days; return what each took."""
    taken: list[dict[str, float]] = []
    most: dict[str, float] = {}
    since = time.monotonic()
    while len(taken) < days:
        time.sleep(PAUSE)
        held = _held(_processes(home))
        most |= {name: max(value, most.get(name, 0)) for name, value in held.items()}
        today = int((home / "today").read_text() or 0) if (home / "today").exists() else 0
        if today > len(taken) + 1:
            with suppress(FileNotFoundError):  # A file may be removed while its folder is read.
                taken.append({"day": len(taken) + 1, **_kept(home / "data"), **most})
                most, since = {}, time.monotonic()
                with (home / "taken.jsonl").open("a") as lines:
                    lines.write(f"{json.dumps(taken[-1])}\n")
                with closing(sqlite3.connect(home / "data" / "dagster" / "schedules" / "schedules.db", timeout=60)) as records:
                    records.execute(_AGE)
                    records.commit()
        if time.monotonic() - since > PATIENCE:
            raise RuntimeError(f"day {len(taken) + 1} did not end; see {home / 'log'}")
    return taken


def grown(taken: list[dict[str, float]]) -> list[str]:
    """Return what still grew after everything had come to its full size.

    Manifests of the archive are left out, since they keep a line of every retrieval for good; and workers, since each lives for
    one run.
    """
    kept = [row | {"archive": row["archive"] - row["manifests"]} for row in taken]
    full, end = (_smallest(days) for days in (kept[FULL - WINDOW : FULL], kept[-WINDOW:]))
    more = [name for name in MEASURES if full and not name.startswith("worker") and end[name] > full[name] * LEEWAY]
    return [f"{MEASURES[name]}: {full[name]:.1f} by day {FULL}, {end[name]:.1f} at the end" for name in more]


def _smallest(days: list[dict[str, float]]) -> dict[str, float]:
    return {name: min(day[name] for day in days) for name in MEASURES if days}


def plot(taken: list[dict[str, float]]) -> str:
    """Return what the days took as an SVG."""
    import vl_convert

    rows = [{"day": row["day"], "measure": words, "value": row[name]} for row in taken for name, words in MEASURES.items()]
    axes = {"x": quantitative("day", title="Day"), "y": quantitative("value", title=None)}
    charts = [
        {"title": words, "width": 200, "height": 110, "mark": "line", "encoding": axes,
         "transform": [{"filter": {"field": "measure", "equal": words}}]}
        for words in MEASURES.values()
    ]  # fmt: skip
    chart: dict[str, Any] = {"data": {"values": rows}, "columns": 3, "concat": charts, "background": "white"}
    return str(vl_convert.vegalite_to_svg(chart))


def _inspect(home: Path) -> dict[str, object]:
    world.settle(home)
    return world.inspect(home)


def run(folder: Path, days: int) -> list[dict[str, float]]:
    """Live through the days in a home of their own; return what each took, or raise RuntimeError."""
    home = folder / "hundred"
    (home / "data").mkdir(parents=True)
    # The queue looks every second, since most of a day would be waiting.
    text = (settings.SHIPPED / "dagster.yaml").read_text("utf-8") + "run_queue: {dequeue_interval_seconds: 1}\n"
    (home / "dagster.yaml").write_text(text, "utf-8")
    service = Soak(home, days, {}, "torture.assets")
    service.start()
    try:
        taken = _live(home, days)
    finally:
        service.stop()
    found = crashes.in_child(partial(_inspect, home))
    if not isinstance(found, dict) or found["fault"] or found["generation"] != days:
        raise RuntimeError(f"after {days} days {found} is published")
    return taken


def main(days: int, picture: Path | None) -> int:
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-", ignore_cleanup_errors=True) as folder:
        taken = run(Path(folder), days)
    print(f"{days} days in {(time.monotonic() - begin) / 60:.0f} minutes")
    for name, words in MEASURES.items():
        print(f"{words}: {taken[len(taken) // 2][name]:.1f} half-way, {taken[-1][name]:.1f} at the end")
    for line in grown(taken) or ["nothing grows any more"]:
        print(line)
    if picture is not None:
        picture.write_text(plot(taken), "utf-8")
    return min(len(grown(taken)), 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS, Path(sys.argv[2]) if len(sys.argv) > 2 else None))
