"""Write what pilots settle of the lists that ship, so that a first refresh does without them.

``python -m tools.settled`` reads the last release and runs eight pilots, four times as many as a refresh does of other lists, and
eight more that begin from what these settle, so that less of the starting point is left: some four minutes on two cores. It does
nothing if ``data/reference/settled.json`` is of the same lists and code, and fails if it wrote the file, since the release does
not rest on it yet. With ``--check`` it runs the pilots all the same, and fails unless they settle what the file says; that holds
on x86-64 processors with AVX2.
"""

import pickle
import sys

import duckdb
import numpy as np

from pipelines import settings
from pipelines.index import gather
from pipelines.index.measurement import run, settled
from pipelines.index.measurement.layout import Layout

#: The means of so many pilots scatter half as much as those of two.
PILOTS = 8


def main() -> None:
    """Write the file unless it is of these lists."""
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        layout = gather.layout(connection, gather.counts_of(connection))
    known, name = settled.read(settings.SETTLED), settings.SETTLED.name
    if known is None or known.lists != run.lists_key(layout):
        settled.write(settings.SETTLED, _settled(layout))
        sys.exit(f"{name} is of {len(layout.lists)} lists now: refresh once more")
    if "--check" in sys.argv:
        found = _settled(layout).values
        if not all(np.allclose(value, known.values[unknown]) for unknown, value in found.items()):
            sys.exit(f"{name} is not what pilots settle")


def _settled(layout: Layout) -> settled.Settled:
    key, content = run.lists_key(layout), pickle.dumps(layout)
    first = settled.Settled.of(layout, key, run.settle(content, pilots=PILOTS))
    return settled.Settled.of(layout, key, run.settle(content, pickle.dumps(first), PILOTS))


if __name__ == "__main__":
    main()
