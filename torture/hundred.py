"""A hundred days in one process: the source changes every day, and disk, memory and open files must not grow for ever.

``python -m torture.hundred [DAYS] [PLOT]`` prints what each took half-way and at the end, and draws it into PLOT, an SVG. Each
day fetches, lands, builds and publishes as a run of Dagster, and tidies as every night does. As many runs are kept as releases,
ten, so that everything soon comes to its full size.
"""

import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines import settings
from pipelines.orchestration import retention
from pipelines.publish import release
from pipelines.warehouse import lock
from torture import crashes, soak, world

DAYS = 100

MEASURES = {
    "events": "Event log, MB",
    "archive": "Archive, MB",
    "releases": "Releases, MB",
    "memory": "Memory, MB",
    "files": "Open files",
}

#: Growth, after everything has come to its full size, that is no growth: pages of databases and of memory come in steps.
LEEWAY = 1.15


def _days(home: Path, days: int) -> list[dict[str, float]]:
    """Live through the days; return what each took."""
    world.settle(home)
    os.chdir(home)
    os.environ["DAGSTER_HOME"] = str(home)
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
    retention.KEPT_RUNS = release.KEPT
    taken = []
    for day in range(1, days + 1):
        lock.acquire()
        with dg.DagsterInstance.get() as instance:
            done = soak.soak_job.execute_in_process(instance=instance, tags={"generation": str(day)}, raise_on_error=False)
            if not done.success:
                raise RuntimeError(f"day {day} failed")
            retention.tidy(instance)
        lock.release()
        taken.append(_taken(home / "data", day))
    return taken


def _taken(data: Path, day: int) -> dict[str, float]:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    sizes = {name: soak.size(data / folder) / 1e6 for name, folder in
             (("events", "dagster"), ("archive", "archive"), ("releases", "releases"))}  # fmt: skip
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    manifests = sum(path.stat().st_size for path in (data / "archive").glob("*/manifest.jsonl")) / 1e6
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return {"day": day, **sizes, "memory": memory, "files": files, "manifests": manifests}


def grown(taken: list[dict[str, float]]) -> list[str]:
    """Return what still grew after everything had come to its full size.

    Manifests of the archive are left out: they keep a line of every retrieval for good.
    """
    kept = [row | {"archive": row["archive"] - row["manifests"]} for row in taken]
    full, end = kept[min(len(kept) - 1, 2 * release.KEPT)], kept[-1]
    return [f"{words}: {full[name]:.1f} on day {full['day']:.0f}, {end[name]:.1f} at the end"
            for name, words in MEASURES.items() if end[name] > full[name] * LEEWAY]  # fmt: skip


def plot(taken: list[dict[str, float]]) -> str:
    """Return what the days took as an SVG."""
    import vl_convert

    rows = [{"day": row["day"], "measure": words, "value": row[name]} for row in taken for name, words in MEASURES.items()]
    axes = {
        "x": {"field": "day", "type": "quantitative", "title": "Day"},
        "y": {"field": "value", "type": "quantitative", "title": None},
    }
    charts = [
        {"title": words, "width": 200, "height": 110, "mark": "line", "encoding": axes,
         "transform": [{"filter": {"field": "measure", "equal": words}}]}
        for words in MEASURES.values()
    ]  # fmt: skip
    chart: dict[str, Any] = {"data": {"values": rows}, "columns": 3, "concat": charts, "background": "white"}
    return str(vl_convert.vegalite_to_svg(chart))


def main(days: int, picture: Path | None) -> int:
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        home = Path(folder) / "hundred"
        (home / "data").mkdir(parents=True)
        shutil.copy(settings.SHIPPED / "dagster.yaml", home)
        taken = crashes.in_child(partial(_days, home, days))
    if not isinstance(taken, list):
        raise RuntimeError(f"the days did not end: {taken}")
    for name, words in MEASURES.items():
        print(f"{words}: {taken[len(taken) // 2][name]:.1f} half-way, {taken[-1][name]:.1f} at the end")
    for line in grown(taken) or ["nothing grows any more"]:
        print(line)
    if picture is not None:
        picture.write_text(plot(taken), "utf-8")
    return min(len(grown(taken)), 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS, Path(sys.argv[2]) if len(sys.argv) > 2 else None))
