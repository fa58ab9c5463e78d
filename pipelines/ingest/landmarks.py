"""Compare a landing with rows that are known: a few of each table that goes on, of which only short hashes are kept.

The first landing of a source has none before it to be compared with. If two of its columns had changed places, or one stood a
row too low, each number would count for another city. ``python -m tools.landmarks`` takes the rows from recordings.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence

import dataframely as dy
import polars as pl

from pipelines.ingest.contract import ROW

#: Landmarks that a landing must have before it is compared, and the share of them that keep the value of a column.
FEW, MOST = 5, 0.9
#: Figures that may not exceed this are degrees or percentages, and those that may not be less than this are years: they hardly
#: change.
FULL_CIRCLE, FIRST_YEAR = 360, 700
#: Length of a hash, in hexadecimal digits: enough to tell the values of a column apart, too little to tell what they are.
DIGITS = 4


def mark(value: object, column: dy.Column) -> str:
    """Return what is kept of a cell: its size, to a factor of two, of a figure that may grow, else a hash."""
    low, high = getattr(column, "min", None) or 0, getattr(column, "max", None) or math.inf
    grows = high > FULL_CIRCLE and low < FIRST_YEAR
    if grows and isinstance(value, int | float) and not isinstance(value, bool):
        return f"~{round(math.log2(abs(value) + 1))}"
    return hashlib.sha256(str(value).encode()).hexdigest()[:DIGITS]


def key_of(values: Sequence[object]) -> str:
    """Return what is kept of the values that tell a row from others."""
    return hashlib.sha256("|".join(map(str, values)).encode()).hexdigest()[: 3 * DIGITS]


def agree(ours: str, theirs: str) -> bool:
    """Return whether two marks are of the same value, or of figures within a factor of four."""
    if ours.startswith("~") and theirs.startswith("~"):
        return abs(int(ours[1:]) - int(theirs[1:])) <= 1
    return ours == theirs


def disagreements(
    rows: pl.DataFrame,
    contract: type[dy.Schema],
    key: Sequence[str],
    known: Mapping[str, Mapping[str, str]],
    *,
    are_expected: bool,
) -> Iterator[str]:
    """Yield a sentence for each column of which too many landmarks have another value, or if ``are_expected`` and none is there.

    ``known`` has the marks of each landmark's columns, by its key.
    """
    columns = contract.columns()
    if not set(key) <= columns.keys():
        return
    positions = {key_of(values): position for position, values in enumerate(rows.select(key).iter_rows())}
    met = {name: rows.row(positions[name], named=True) for name in known if name in positions}
    if are_expected and not met:
        yield f"none of the {len(known)} known rows is present: is this a different file?"
    if len(met) < FEW:
        return
    for column in columns.keys() & next(iter(known.values())).keys():
        marks = {name: mark(row[column], columns[column]) for name, row in met.items()}
        others = [met[name] for name, ours in marks.items() if not agree(ours, known[name][column])]
        if len(met) - len(others) < MOST * len(met):
            example = f"such as {others[0][column]!r} in row {others[0][ROW]}"
            yield f"column {column}: {len(others)} of {len(met)} rows that are known have another value, {example}"
