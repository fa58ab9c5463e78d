"""Write how the project compares with other tools into ``docs/performance.md``: a part of ``bench.pages``."""

from collections.abc import Callable
from typing import Any

from bench.tables import table

Results = dict[str, Any]

#: Task → its description, and how the result of each side is worded.
TASKS: dict[str, tuple[str, Callable[[Results], str]]] = {
    "names": (
        "match the names of 50,000 made-up companies in two sources",
        lambda did: f"{did['duplicates_found'] / did['duplicates']:.0%} found, {did['joined_wrongly']} joined wrongly",
    ),
    "rank sets": ("rank sets of 100 units, 10,000 draws", lambda did: f"{did['mean_width']:.1f} ranks wide"),
    "ranks": ("rank 358 cities in each of 20,000 draws", lambda did: f"ranks add up to {did['sum_of_ranks']:,}"),
    "models": ("run the SQL of all models on 200,000 made-up deals", lambda did: f"{did['rows']:,} rows"),
}


def peers(results: Results) -> str:
    """Return what both sides took and did; ratios above 1 say that the tool takes more."""
    rows = []
    for name, task in results["tasks"].items():
        what, did = TASKS.get(name, (name, str))
        if "left_out" in task:
            rows.append([f"{what}: {task['peer']}", *["–"] * 4, f"not run: {task['left_out']}"])
            continue
        ours, theirs = task["ours"], task["theirs"]
        ratios = [f"{theirs[measure] / ours[measure]:.2f}" for measure in ("cpu_seconds", "peak_gb")]
        for who, side, (cpu, memory) in (("here", ours, ("", "")), (f"{task['peer']} {task['version']}", theirs, ratios)):
            took = f"{side['cpu_seconds']:.2f}", cpu, f"{side['peak_gb']:.2f}", memory
            rows.append([f"{what}: {who}, fastest of {task['runs']}", *took, did(side)])
    head = ["", "CPU seconds", "of ours", "peak memory, GB", "of ours", "what it did"]
    machine = results["machine"]
    where = f"Measured on an {machine['cpu']} with {machine['cores']} cores, at a load of {machine['load_before']:.1f} before."
    return f"{where}\n\n{table(head, rows)}"
