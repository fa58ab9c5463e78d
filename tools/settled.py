"""Write what pilots settle of the lists that ship, so that a first refresh does without them.

``python -m tools.settled`` reads the last release and runs eight pilots, four times as many as a refresh does of its own lists:
about two minutes on two cores. It does nothing if ``data/reference/settled.json`` is of the same lists and code, and fails if it
wrote the file, since the release does not rest on it yet. With ``--check`` it runs the pilots all the same, and fails unless they
settle what the file says; that holds on x86-64 processors with AVX2.
"""

import pickle
import sys

import duckdb
import numpy as np

from pipelines import settings
from pipelines.index import gather
from pipelines.index.measurement import run, settled

#: The means of so many pilots scatter half as much as those of two.
PILOTS = 8


def main() -> None:
    """Write the file unless it is of these lists."""
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        layout = gather.layout(connection, gather.counts_of(connection))
    key = run.lists_key(layout)
    known = settled.read(settings.SETTLED, key)
    if known is not None and "--check" in sys.argv:
        found = run.settle(pickle.dumps(layout), PILOTS)
        if not (found.keys() == known.keys() and all(np.allclose(found[name], known[name]) for name in found)):
            sys.exit(f"{settings.SETTLED.name} is not what pilots settle")
    if known is None:
        settled.write(settings.SETTLED, key, run.settle(pickle.dumps(layout), PILOTS))
        sys.exit(f"{settings.SETTLED.name} is of {len(layout.lists)} lists now: refresh once more")


if __name__ == "__main__":
    main()
