"""Twenty readers query through twenty publications: none may meet an error, a lock, or two generations at once."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from torture import crashes

READERS = 20
PUBLICATIONS = 20
#: Seconds between two readings of one reader, so that twenty leave the publisher its share of the machine.
PAUSE = 0.8


def _read(home: Path, stop: Path, patient: bool) -> dict[str, Any]:
    """Query until told to stop; a ``patient`` reader keeps its connection through several publications."""
    published = home / "data" / "nextvalley.duckdb"
    reads = 0
    faults: list[str] = []
    seen: set[object] = set()
    while not stop.exists():
        try:
            with duckdb.connect(published, read_only=True, config={"threads": 1}) as connection:
                for _ in range(5 if patient else 1):
                    generations = set(connection.execute("select generation from core.toys").fetchall())
                    time.sleep(0.05 if patient else 0.0)
                    generations |= set(connection.execute("select generation from core.makers").fetchall())
                    generations |= set(connection.execute("select generation from marts.by_city").fetchall())
                    reads += 1
                    seen |= generations
                    if len(generations) != 1:
                        faults.append(f"generations {sorted(generations)} at once")
            time.sleep(PAUSE)
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")
    return {"reads": reads, "faults": faults, "seen": len(seen)}


def run(folder: Path) -> tuple[int, list[str]]:
    """Return (reads, what went wrong)."""
    home, stop = folder / "read", folder / "stop"
    (home / "data").mkdir(parents=True)
    crashes.run(home, 1)
    readers = [crashes.start(partial(_read, home, stop, number % 4 == 0)) for number in range(READERS)]
    faults = [
        f"publication {generation}: {ended}"
        for generation in range(2, PUBLICATIONS + 2)
        if not isinstance(ended := crashes.run(home, generation), int)
    ]
    stop.touch()
    reads = 0
    for reader in readers:
        result = crashes.result(reader)
        if not isinstance(result, dict):
            faults.append(f"a reader died: {result}")
            continue
        reads += result["reads"]
        faults += result["faults"]
    return reads, faults
