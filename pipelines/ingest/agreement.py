"""Compare the rows of a landing with the same rows of the one before: facts rarely change, and never many at once.

Two columns that have changed places, or one that stands a row too low, keep every range and every distribution, and move each
number to another city. Row by row they show.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

import dataframely as dy
import polars as pl

from pipelines.errors import Problem
from pipelines.ingest.contract import ROW

#: Rows that both landings must have before a column is said to have moved.
FEW_ROWS = 10
#: Share of the rows that must fit before a column is said to have moved.
MOST = 0.9
#: Share of the rows that columns tell apart if they serve as a key.
TELLING = 0.95
#: Factor by which a figure may change between two landings of a source that goes on.
USUAL = 2.0
#: Share of its rows that a source which goes on keeps from one landing to the next.
LEAST_COMMON = 0.9
#: Integers in this range are taken for years, which rarely change.
YEARS = (1500, 2200)
#: How a row is found where no column is its key: by its place, if rows are never inserted.
POSITION = ["source_file", ROW]

REMEDY = "Compare the file with its description; if it was wrong before, delete its file in data/landing and land it again"

_BEFORE = "_before"


def identity(contract: type[dy.Schema], rows: pl.DataFrame, *, is_final: bool) -> list[str]:
    """Return the columns by which a row is found again; none if rows without a key may be inserted before it."""
    return contract.primary_key() or (POSITION if is_final else telling(rows, contract.column_names()))


def telling(rows: pl.DataFrame, columns: Sequence[str]) -> list[str]:
    """Return the first columns that together tell almost all rows apart, without the last one; none if they do not."""
    prefixes = (list(columns[:count]) for count in range(1, len(columns)))
    return next((prefix for prefix in prefixes if rows.select(prefix).n_unique() >= TELLING * rows.height), [])


def pairs(before: pl.DataFrame, now: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return the rows that stand in both landings, in the order of now, with the columns of before beside them."""
    once = [frame.unique(key, keep="none", maintain_order=True) for frame in (now, before)]
    return once[0].join(once[1], on=key, how="inner", suffix=_BEFORE, maintain_order="left")


def moved(rows: pl.DataFrame, columns: Sequence[str]) -> list[Problem]:
    """Return the columns that have changed places, and those that stand one row too high or too low."""
    changed = [name for name in columns if f"{name}{_BEFORE}" in rows.columns and _differ(rows, name, name).sum() >= FEW_ROWS]
    swapped = [
        (name, other)
        for name, other in combinations(changed, 2)
        if rows[name].dtype == rows[other].dtype and _fits(rows, name, other) and _fits(rows, other, name)
    ]
    found = [Problem("content", f"it has changed places with column {other}", REMEDY, column=name) for name, other in swapped]
    for name in (name for name in changed if name not in chain(*swapped)):
        for step, where in ((1, "low"), (-1, "high")):
            if _fits(rows, name, name, step):
                problem = f"its values stand one row too {where}"
                found.append(Problem("content", problem, REMEDY, column=name))
    return found


def _differ(rows: pl.DataFrame, name: str, other: str, step: int = 0) -> pl.Series:
    """Return where a column differs from what ``other`` was before, ``step`` rows above."""
    return rows[name].ne_missing(rows[f"{other}{_BEFORE}"].shift(step))


def _fits(rows: pl.DataFrame, name: str, other: str, step: int = 0) -> bool:
    """Return whether a column is what ``other`` was, also where it changed: most rows of a flag are like those above anyway."""
    same, changed = ~_differ(rows, name, other, step), _differ(rows, name, name)
    return all(float(part.mean()) >= MOST for part in (same, same.filter(changed)))  # type: ignore[arg-type]


def changes(rows: pl.DataFrame, columns: Sequence[str], *, is_final: bool) -> Iterator[str]:
    """Yield a sentence for each column of which rows have another value than before, that a growing source does not explain."""
    for name in (name for name in columns if f"{name}{_BEFORE}" in rows.columns):
        differ = _differ(rows, name, name)
        if rows[name].dtype.is_numeric() and not is_final:
            differ &= _jumps(rows[name], rows[f"{name}{_BEFORE}"])
        if count := int(differ.sum()):
            now, before, row = rows.filter(differ).select(name, f"{name}{_BEFORE}", ROW).row(0)
            example = f"such as row {row}: {before!r} became {now!r}"
            yield f"column {name}: {count:,} of {rows.height:,} rows have another value than before, {example}"


def _jumps(now: pl.Series, before: pl.Series) -> pl.Series:
    """Return where a figure more than doubled or halved, or appeared, or vanished, or a year is another one."""
    low, high = YEARS
    if now.dtype.is_integer() and now.is_between(low, high).all() and before.is_between(low, high).all():
        return pl.repeat(True, now.len(), eager=True)
    ratio = now.cast(pl.Float64) / before.cast(pl.Float64)
    return ratio.is_null() | ~ratio.is_between(1 / USUAL, USUAL)


def lost(before: pl.DataFrame, now: pl.DataFrame, rows: pl.DataFrame, *, is_final: bool) -> Iterator[str]:
    """Yield a sentence if rows that landed before are gone: all that a finished source had, or most of one that goes on.

    Then the file may be that of another subject.
    """
    least = min(before.height, now.height)
    if rows.height < least * (1 if is_final else LEAST_COMMON) and least >= FEW_ROWS:
        yield f"only {rows.height:,} of the {before.height:,} rows of the previous landing are present: is this a different file?"
