"""Compare results of small made-up worlds with those in ``tests/expected``, so that a changed figure shows in a diff.

``make expected`` writes them anew, from one run of the tests that compare. Numbers are written with seven digits and compared
with a little less, since another processor adds up in another order.
"""

import csv
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from io import StringIO
from itertools import zip_longest
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

FOLDER = Path(__file__).parents[1] / "expected"

#: Set to write what the tests find instead of comparing it.
REWRITE = "REWRITE_EXPECTED"

#: Rows of a table that are written down at most; the last line sums up all of them.
MOST_ROWS = 30

#: Differences listed when a test fails.
_LISTED = 20

#: A number; within words too.
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")

Table = list[list[str]]


def compare(name: str, tables: Mapping[str, pl.DataFrame], tolerance: float = 2e-5, most: int = MOST_ROWS) -> None:
    """Fail with the differences unless each table is as the file ``name``.csv says, its numbers but for a share ``tolerance``."""
    file, found = FOLDER / f"{name}.csv", [line for table, frame in tables.items() for line in _lines(table, frame, most)]
    if os.environ.get(REWRITE):
        file.write_text(_text(_changed(file, found, tolerance)), "utf-8")
    with file.open(encoding="utf-8", newline="") as opened:
        written = list(csv.reader(opened))
    if len(found) != len(written):
        pytest.fail(f"{file.name}: {len(found)} lines instead of {len(written)}")
    differences = [
        f"line {number}, {new[0]}: {different}"
        for number, (old, new) in enumerate(zip(written, found, strict=True), 1)
        if (different := _different(old, new, tolerance))
    ]
    if differences:
        remedy = f"{len(differences)} lines of tests/expected/{file.name} changed. If that was meant: `make expected`"
        pytest.fail("\n".join([remedy, *differences[:_LISTED]]))


def _changed(file: Path, found: Table, tolerance: float) -> Table:
    """Return the lines found, keeping those in the file that say the same, so that a diff shows changes only."""
    if not file.exists():
        return found
    with file.open(encoding="utf-8", newline="") as opened:
        written = list(csv.reader(opened))
    pairs = zip_longest(written[: len(found)], found, fillvalue=[""])
    return [new if _different(old, new, tolerance) else old for old, new in pairs]


def _different(old: Sequence[str], new: Sequence[str], tolerance: float) -> str:
    """Return how two lines differ; nothing if they do not."""
    if len(old) != len(new):
        return f"{len(new)} cells instead of {len(old)}"
    cells = zip(old, new, strict=True)
    return "; ".join(f"{after} instead of {before}" for before, after in cells if not _same(before, after, tolerance))


def arrays(values: Mapping[str, Any]) -> pl.DataFrame:
    """Return a table of arrays: their shape, sums that change with any of their numbers, and the first few of these."""
    rows = []
    for name, value in values.items():
        array = np.asarray(value)
        numbers = np.nan_to_num(array.astype(float), posinf=1e9, neginf=-1e9, nan=-1e6).ravel()
        shape = "×".join(map(str, array.shape)) or "1"
        firsts: dict[str, float | None] = dict.fromkeys(("first", "second", "third"))
        firsts |= dict(zip(firsts, numbers.tolist(), strict=False))
        rows.append({"array": name, "shape": shape, "sum": _weighted(numbers), "below 0": _negative(numbers)} | firsts)
    return pl.DataFrame(rows, infer_schema_length=None)


def _weighted(numbers: np.ndarray) -> float:
    """Return a sum that changes with the size of any number, and when two of them change places."""
    return float(np.abs(numbers) @ (1 + (np.arange(numbers.size) * 7919 % 101) / 101))


def _negative(numbers: np.ndarray) -> int:
    return int((numbers < -1e-6).sum())


def _lines(name: str, frame: pl.DataFrame, most: int) -> Table:
    """Return a table as lines: its columns, some of its rows, and one that sums up all of them."""
    step = max(1, -(-frame.height // most))
    lines = [[name, *frame.columns]] + [[name, *map(cell, row)] for row in frame[::step].rows()]
    return [*lines, [f"{name}: {frame.height} rows", *(summed(frame[column]) for column in frame.columns)]] if step > 1 else lines


def summed(column: pl.Series) -> str:
    """Return a checksum of a column; that of numbers hardly depends on their last digits."""
    if column.dtype.is_numeric():
        numbers = column.cast(pl.Float64).fill_null(-7.0).to_numpy()
        return cell(_weighted(numbers) + _negative(numbers))
    return hashlib.sha256("\n".join(map(cell, column)).encode()).hexdigest()[:8]


def cell(value: object) -> str:
    """Return a value as a cell of the file: floats with seven digits, null as an empty text."""
    if isinstance(value, float):
        return f"{value:.7g}"
    return "" if value is None else str(value)


def _same(old: str, new: str, tolerance: float) -> bool:
    """Return whether two cells are equal, with the numbers in them compared within the tolerance."""
    return old == new or (
        _NUMBER.sub("#", old) == _NUMBER.sub("#", new)
        and all(
            isclose(float(before), float(after), rel_tol=tolerance, abs_tol=tolerance / 2)
            for before, after in zip(_NUMBER.findall(old), _NUMBER.findall(new), strict=True)
        )
    )


def _text(lines: Table) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
