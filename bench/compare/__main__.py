"""Run the tools that others use on the same work as the project: ``python -m bench.compare``, or ``… names ranks`` for some.

The tools go into a virtual environment of their own. Each side of a task runs by turns in processes of its own; the fastest run
counts, in CPU seconds, so that other work on the machine matters little. What both did stands beside it: a tool that is fast
and finds less does not do the same work. Prints CPU seconds, peak memory and their ratios; results
go to ``bench/results/compare.json``. A tool that cannot be installed or fails is left out, and the results say why.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import scratch
from bench.compare.report import peers

RESULTS = Path(__file__).parents[1] / "results" / "compare.json"
ROOT = Path(__file__).parents[2]

RUNS = 3
#: Task → the tool, and what is installed for it. Later versions of dbt-core fetch a parser from GitHub while they are installed.
PEERS = {
    "names": ("splink", ["splink"]),
    "rank sets": ("multiple-inference", ["multiple-inference"]),
    "ranks": ("scipy", ["scipy"]),
    "models": ("dbt-duckdb", ["dbt-core<1.11", "dbt-duckdb"]),
}


def measured(python: Path | str, module: str, task: str, folder: Path) -> dict[str, Any]:
    """Return the last line that a process prints; raise CalledProcessError if it fails."""
    command: list[str | Path] = [python, "-m", f"bench.compare.{module}", task, folder]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout
    done: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return done


def version(package: str) -> str:
    command = [str(scratch.python()), "-c", f"import importlib.metadata as m; print(m.version({package!r}))"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def compare(task: str, folder: Path) -> dict[str, Any]:
    """Return what the project and the tool took, each in its fastest run, and did."""
    peer, requirements = PEERS[task]
    try:
        scratch.install(*requirements)
        theirs, ours = [], []
        for _ in range(RUNS):
            theirs.append(measured(scratch.python(), "peers", task, folder))
            ours.append(measured(sys.executable, "ours", task, folder))
    except subprocess.CalledProcessError as error:
        return {"peer": peer, "left_out": f"{' '.join(map(str, error.cmd[1:4]))} failed"}
    return {"peer": peer, "version": version(peer), "runs": RUNS, "ours": fastest(ours), "theirs": fastest(theirs)}


def fastest(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return min(runs, key=lambda run: run["cpu_seconds"])


def main() -> None:
    tasks = sys.argv[1:] or list(PEERS)
    results: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"tasks": {}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results["machine"] = measured(sys.executable, "ours", "prepare", folder)["machine"]
        for task in tasks:
            results["tasks"][task] = compare(task, folder)
    # What COINr works out is compared by value in bench/coinr, which needs no R.
    left_out = "no task is written for it yet" if shutil.which("Rscript") else "R is not installed"
    results["tasks"]["an index as COINr builds it"] = {"peer": "COINr", "left_out": left_out}
    print(peers(results))
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
