"""Take landmarks from what has landed, for data/reference/landmarks.csv: ``python -m tools.landmarks HOME``.

HOME is refreshed from recordings, with all sources. The rows are spread over each table that goes on, so that a column which
stands a row too low disagrees with them.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.ingest import sources
from pipelines.ingest.agreement import telling
from pipelines.ingest.landmarks import key_of, mark
from pipelines.ingest.source import Table
from pipelines.ingest.sources.reference import Landmarks

#: Rows of a table that are taken.
TAKEN = 24


def landmarks(home: Path) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the file."""
    for source in (source for source in sources.ALL if not source.is_local):
        for table in source.tables:
            path = home / "data" / "landing" / f"{source.name}__{table.name}.parquet"
            if path.exists() and not (table.is_final and isinstance(table.addresses, tuple)):
                yield from ((source.name, table.name, *line) for line in _of_table(table, pl.read_parquet(path, glob=False)))


def _of_table(table: Table, rows: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    columns = table.contract.column_names()
    key = table.contract.primary_key() or telling(rows, columns)
    once = rows.unique(key, keep="none", maintain_order=True)
    step = max(1, once.height // TAKEN)
    for row in once.gather_every(step).head(TAKEN).iter_rows(named=True):
        marks = (f"{name}={mark(row[name], table.contract.columns()[name])}" for name in columns if name not in key)
        yield "|".join(key), key_of([row[name] for name in key]), "|".join(marks)


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(Landmarks.column_names())
    writer.writerows(landmarks(Path(sys.argv[1])))
