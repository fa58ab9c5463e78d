"""The city index from the lists of a release: how long the measurement model and the scores take, on one core.

The fit of the measurement model, draws from it, and what each list moves; then values, scores and ranks of every year with all
choices of the index. Reads the release that ``make refresh`` made, data aside.
"""

import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import duckdb

from pipelines import settings
from pipelines.index import gather
from pipelines.index.compute import DRAWS, Result
from pipelines.index.measurement import posterior
from pipelines.index.measurement.fit import fit
from pipelines.index.measurement.influence import without_each
from pipelines.index.measurement.posterior import Posterior

T = TypeVar("T")


def main() -> None:
    """Print seconds and peak memory."""
    if not settings.PUBLISHED.exists():
        sys.exit(f"no release at {settings.PUBLISHED}: run `make refresh` first")
    with duckdb.connect(str(settings.PUBLISHED), read_only=True) as connection:
        layout = gather.layout(connection, gather.counts_of(connection))
        print(f"{len(layout.lists)} lists, {len(layout.cities)} cities, {layout.columns.count} columns")
        found = _timed("the fit", lambda: fit(layout, print))
        _timed(f"{posterior.DRAWS} draws", lambda: Posterior.of(found))
        _timed("what each list moves", lambda: without_each(found))
        inputs = gather.inputs(connection, print)
    _timed(f"scores of every year, {DRAWS} draws", lambda: Result.of(inputs))


def _timed(what: str, work: Callable[[], T]) -> T:
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s of CPU, {peak:.0f} MB at most")
    return made


if __name__ == "__main__":
    main()
