"""Word what is wrong with rows that keep their contract."""

from collections.abc import Callable, Iterable, Iterator

import polars as pl

from pipelines.errors import Problem
from pipelines.ingest import missing
from pipelines.ingest.characters import REMEDY, damaged
from pipelines.ingest.contract import ROW
from pipelines.ingest.spelling import Names

#: Returns the rows of another file.
Rows = Callable[[str], pl.DataFrame]
#: Returns what is wrong with rows, also beside those of other files.
Check = Callable[[pl.DataFrame, Rows], Iterable[Problem]]
#: Columns that every landed row has, with the file it comes from.
FILE, HASH = "source_file", "source_sha256"


def problems(frame: pl.DataFrame, is_wrong: pl.Expr, column: str | None, problem: str, remedy: str) -> list[Problem]:
    """Return a problem for each row that is wrong; ``{name}`` in its words stands for the row's cell of the name."""
    wrong = frame.filter(is_wrong.fill_null(False)).iter_rows(named=True)
    return [Problem(row.get(FILE, "content"), problem.format(**row), remedy.format(**row), row[ROW], column) for row in wrong]


def unknown(frame: pl.DataFrame, column: str, known: Names, problem: str, remedy: str) -> Iterator[Problem]:
    """Yield a problem for each cell that is none of the names ``known``; the remedy is to write the name that it nearly is."""
    for name, row in frame.select(column, ROW).iter_rows():
        if name not in known:
            meant = next(known.alike(name), None)
            yield Problem("content", f"{name!r} {problem}", f"Write {meant!r}" if meant else remedy, row, column)


def texts(frame: pl.DataFrame) -> list[str]:
    """Return the columns of text that the rows have in their file."""
    return [name for name, kind in frame.schema.items() if kind == pl.String and name not in (FILE, HASH)]


def damaged_cells(frame: pl.DataFrame) -> list[Problem]:
    """Return a problem for each cell whose text was damaged on its way."""
    found = []
    for name in texts(frame):
        damage = damaged(frame[name])
        if damage.null_count() < damage.len():
            marked = frame.with_columns(damage=damage)
            found += problems(marked, pl.col("damage").is_not_null(), name, f"{{{name}!r}} {{damage}}", REMEDY)
    return found


def placeholders(frame: pl.DataFrame, column: str) -> list[Problem]:
    """Return a problem for each cell, or name in a list, that only says that something is missing."""
    words = f"{{{column}!r}} stands for a missing value"
    return problems(frame, pl.col(column).str.contains(missing.PATTERN), column, words, "Leave it empty if it is unknown")
