"""Plant faults and list those that no test notices: ``python -m tools.mutants [ROOM …] [--number N] [--seed S]``.

Without options a few faults of every room are tried. ``--number 0`` tries all.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from pipelines import settings
from pipelines.warehouse.model import SCHEMAS
from tools.mutants import python, sql
from tools.mutants.fault import Fault, accepted

ROOMS = ("index", "claims", "resolve", "warehouse", "publish", "ingest", "sql")


def files_of(room: str) -> list[Path]:
    """Return the files of a room: its Python modules, or all models."""
    if room == "sql":
        return [file for schema in SCHEMAS for file in sorted(Path("sql", schema).rglob("*.sql"))]
    return sorted(Path("pipelines", room).rglob("*.py"))


def drawn(room: str, number: int, seed: int) -> list[Fault]:
    """Return some faults of a room, drawn by the size of its files; all of them if ``number`` is 0."""
    find = sql.faults if room == "sql" else python.faults
    files = files_of(room)
    if number == 0:
        return [fault for file in files for fault in find(file.as_posix(), file.read_text("utf-8"))]
    chance = random.Random(f"{room} {seed}")
    chosen = Counter(chance.choices(files, [file.stat().st_size for file in files], k=number))
    faults = []
    for file, count in sorted(chosen.items()):
        of_file = find(file.as_posix(), file.read_text("utf-8"))
        faults += chance.sample(of_file, min(count, len(of_file)))
    return faults


def _copy(folder: Path) -> None:
    """Copy the project as it stands, without what git ignores."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if Path(name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, folder / name)


def judged(faults: list[Fault], tests: list[str], folder: Path, build: Path = settings.BUILD) -> list[tuple[str, int]]:
    """Try the faults in a copy of the project; return the verdict on each, and how many tests reach it."""
    _copy(folder / "project")
    (folder / "temporary").mkdir()
    (folder / "faults.json").write_text(json.dumps([asdict(fault) for fault in faults]), "utf-8")
    environment = os.environ | {
        "PYTHONPATH": str(folder / "project"), "TMPDIR": str(folder / "temporary"),
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1",
    }  # fmt: skip
    files = [folder / "faults.json", folder / "verdicts.jsonl", build.resolve()]
    command = [sys.executable, "-m", "tools.mutants.session", *map(str, files), *tests]
    subprocess.run(command, cwd=folder / "project", env=environment, check=True)
    return [tuple(json.loads(line)) for line in (folder / "verdicts.jsonl").read_text("utf-8").splitlines()]


def main() -> int:
    """Print the share of faults that the tests of each room notice, and the others; return 1 if that of all is below the limit.

    Of a dozen faults of one room, luck alone leaves out three.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", help=f"{', '.join(ROOMS)}; all by default")
    parser.add_argument("--number", type=int, default=12, help="faults of each room; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", nargs="*", default=["tests/unit", "tests/sql"], help="tests to run")
    parser.add_argument("--least", type=float, default=0.85, help="share of all faults to be noticed")
    parser.add_argument("--build", type=Path, default=settings.BUILD, help="build file of a refresh of the shipped sources")
    options = parser.parse_args()
    if unknown := set(options.rooms) - set(ROOMS):
        parser.error(f"there is no room {', '.join(sorted(unknown))}; name some of {', '.join(ROOMS)}")
    drawn_of = {room: drawn(room, options.number, options.seed) for room in options.rooms or ROOMS}
    known = accepted()
    faults = [fault for of_room in drawn_of.values() for fault in of_room if fault.key not in known]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        verdicts = dict(zip(faults, judged(faults, options.tests, Path(folder), options.build), strict=True))
    for room, of_room in drawn_of.items():
        tried = [fault for fault in of_room if fault in verdicts]
        left = [fault for fault in tried if verdicts[fault][0] != "killed"]
        share = 1 - len(left) / max(1, len(tried))
        print(f"{room}: {len(tried) - len(left)} of {len(tried)} noticed, {share:.0%}; {len(of_room) - len(tried)} accepted")
        for fault in left:
            print(f"  {verdicts[fault][0]} ({verdicts[fault][1]} tests): {fault}")
    noticed = sum(verdict == "killed" for verdict, _ in verdicts.values())
    print(f"in all: {noticed} of {len(verdicts)} noticed")
    return int(noticed < options.least * len(verdicts))


if __name__ == "__main__":
    sys.exit(main())
