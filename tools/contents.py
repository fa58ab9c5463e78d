"""Sum up what every table holds that SQL makes from the shipped sources: its rows, and a hash of them.

``python -m tools.contents`` rewrites ``tests/release/contents.csv`` from the last refresh; a test compares. So a change of a
query shows which tables it changes, and one that was to change nothing shows that it did not.
"""

import csv
import sys
from io import StringIO
from pathlib import Path

import duckdb

from pipelines import settings
from pipelines.publish.release_file import UNHASHED
from pipelines.warehouse.model import read_all

FILE = settings.SHIPPED / "tests" / "release" / "contents.csv"

#: Schemas whose tables rest on facts alone. What rests on draws differs in the last digits from machine to machine.
FACTUAL = ("staging", "core", "marts")


def tables() -> list[str]:
    """Return the tables that SQL makes of facts, without those that change with time or rest on the index."""
    rests_on_draws: set[str] = set()
    factual = []
    for model in read_all(settings.SQL):
        if any(table in rests_on_draws or table.startswith(("index.", "claims.")) for table in model.depends):
            rests_on_draws.add(model.table)
        elif model.schema in FACTUAL and model.table not in UNHASHED:
            factual.append(model.table)
    return sorted(factual)


def contents(build: Path) -> str:
    """Return the tables of a build file with their rows and hashes, as CSV."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "rows", "hash"])
    with duckdb.connect(build, read_only=True) as connection:
        for table in tables():
            sql = f"select count(*), coalesce(sum(hash(t)::hugeint), 0) % 1000000000000 from {table} as t"
            ((rows, content),) = connection.execute(sql).fetchall()
            writer.writerow([table, rows, f"{content:012}"])
    return text.getvalue()


if __name__ == "__main__":
    sys.stdout.write(f"{FILE.name}: {len(tables())} tables\n")
    FILE.write_text(contents(settings.BUILD), "utf-8")
