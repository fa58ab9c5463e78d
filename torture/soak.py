"""Fifty refreshes, half of them struck by a fault: disk, memory and run storage must stay as large as they were half-way."""

import os
import random
import resource
import shutil
import sys
from functools import partial
from pathlib import Path

import dagster as dg

from pipelines import settings
from pipelines.orchestration import retention
from pipelines.publish import release
from pipelines.warehouse import lock
from torture import crashes, faults, world

REFRESHES = 50
#: Kept of each, so that everything has come to its full size by half-time.
KEPT = 5
#: Growth from half-time to the end that is no growth: pages of databases come in steps.
LEEWAY = 1.15


@dg.op
def refresh_once(context: dg.OpExecutionContext) -> None:
    world.refresh(int(context.run.tags["generation"]))


@dg.job(executor_def=dg.in_process_executor, logger_defs={})
def soak_job() -> None:
    refresh_once()


def _once(home: Path, generation: int, trial: crashes.Trial | None) -> dict[str, int]:
    """Run one refresh of the orchestrator, and tidying; return the memory it took at most, in kilobytes."""
    world.settle(home)
    os.chdir(home)
    os.environ["DAGSTER_HOME"] = str(home)
    release.KEPT = retention.KEPT_RUNS = KEPT
    lock.acquire()
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
    with dg.DagsterInstance.get() as instance:
        retention.close_dead_runs(instance, now=4e9)
        if trial and trial.kind in ("kill", "full", "power"):
            faults.Disk(home, trial.kind, int(trial.at)).watch()  # type: ignore[arg-type]
        soak_job.execute_in_process(instance=instance, tags={"generation": str(generation)}, raise_on_error=False)
        retention.tidy(instance)
    lock.release()
    return {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


def size(folder: Path) -> int:
    """Return the bytes that a folder holds."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def _fault(generation: int, chance: random.Random) -> crashes.Trial | None:
    """Draw the fault of one refresh: none for every other one, nor for those after which sizes are measured."""
    if chance.random() >= 0.5 or generation % (REFRESHES // 2) == 0:
        return None
    kind = chance.choice(("kill", "full", "power", "moment"))
    operation = chance.randint(1, 250)
    return crashes.Trial(kind, chance.uniform(0, 2) if kind == "moment" else operation, False)


def _growth(sizes: list[dict[str, int]]) -> tuple[list[str], str]:
    """Return what grew between the middle and the end, and both sizes in words."""
    if len(sizes) != 2:
        return [], "unmeasured"
    half, whole = sizes
    grown = [f"{name} grew from {half[name]:,} to {whole[name]:,}" for name in half if whole[name] > half[name] * LEEWAY]
    return grown, ", ".join(f"{name} {half[name]:,} → {whole[name]:,}" for name in half)


def run(folder: Path, seed: int) -> tuple[int, list[str], str]:
    """Return how many faults struck, what went wrong, and the sizes in words."""
    home = folder / "soak"
    (home / "data").mkdir(parents=True)
    shutil.copy(settings.SHIPPED / "dagster.yaml", home)
    chance = random.Random(seed)
    struck = 0
    wrong: list[str] = []
    sizes: list[dict[str, int]] = []
    for generation in range(1, REFRESHES + 1):
        trial = _fault(generation, chance)
        ended = crashes.in_child(partial(_once, home, generation, trial), trial.at if trial and trial.kind == "moment" else None)
        state = crashes.in_child(lambda: world.inspect(home))
        is_whole = isinstance(state, dict) and not state["fault"]
        if not is_whole:
            wrong.append(f"after refresh {generation} ({trial}): {state}")
        if trial is not None:
            struck += 1
        elif not isinstance(ended, dict) or not is_whole or state["generation"] != generation:
            wrong.append(f"refresh {generation}, undisturbed, did not publish: {ended} {state}")
        elif generation % (REFRESHES // 2) == 0:
            sizes.append({"disk": size(home / "data"), "runs": size(home / "data" / "dagster"), **ended})
    grown, words = _growth(sizes)
    return struck, wrong + grown, words
