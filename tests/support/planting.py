"""Plant plausible mistakes in the rows of a table: each keeps the form of every cell, and changes what the table says."""

import random
from collections.abc import Iterator
from itertools import combinations

import polars as pl

from pipelines.ingest.contract import ROW

#: What is planted, where, and the rows with it.
Planted = tuple[str, str, pl.DataFrame]
#: Columns of a table that are swapped with another or shifted, at most.
MOST = 12


def mistakes(rows: pl.DataFrame, columns: list[str]) -> Iterator[Planted]:
    """Yield the rows with each of the mistakes that they can have."""
    chance = random.Random(1)
    yield from _swapped(rows, columns, chance)
    yield from _shifted(rows, columns)
    yield from _misread(rows, columns)
    yield from _single_cells(rows, columns, chance)
    middle = rows.height // 2
    yield "repeated", "half of the rows", pl.concat([rows, rows.head(middle)])


def _swapped(rows: pl.DataFrame, columns: list[str], chance: random.Random) -> Iterator[Planted]:
    pairs = [(a, b) for a, b in combinations(columns, 2) if rows[a].dtype == rows[b].dtype]
    for a, b in chance.sample(pairs, min(MOST, len(pairs))):
        swapped = rows.with_columns(pl.col(b).alias(a), pl.col(a).alias(b))
        if not swapped.equals(rows):
            yield "swapped", f"{a} and {b}", swapped


def _shifted(rows: pl.DataFrame, columns: list[str]) -> Iterator[Planted]:
    for name in columns[:MOST]:
        shifted = rows.with_columns(pl.col(name).shift(1).fill_null(pl.col(name).first()))
        if not shifted.equals(rows):
            yield "shifted", name, shifted


def _misread(rows: pl.DataFrame, columns: list[str]) -> Iterator[Planted]:
    for name in (name for name in columns if rows[name].dtype == pl.String):
        for how, change in _MISREADINGS.items():
            changed = rows.with_columns(pl.col(name).map_elements(change, pl.String))
            if not changed.equals(rows):
                yield how, name, changed


def _twice(text: str) -> str:
    return text.encode().decode("cp1252", errors="replace")


def _lost(text: str) -> str:
    return text.encode("ascii", errors="replace").decode()


_MISREADINGS = {"encoded twice": _twice, "letters lost": _lost}


def _single_cells(rows: pl.DataFrame, columns: list[str], chance: random.Random) -> Iterator[Planted]:
    """Yield the rows with one cell changed: a year moved, a figure in other units, a letter that looks the same."""
    for name in columns:
        filled = rows.filter(pl.col(name).is_not_null())
        if filled.is_empty():
            continue
        row = filled.row(chance.randrange(filled.height), named=True)
        for what, value in _other_values(name, row[name]):
            cell = pl.when(pl.col(ROW) == row[ROW]).then(pl.lit(value)).otherwise(name).cast(rows[name].dtype, strict=False)
            yield what, f"{name}: {row[name]!r} to {value!r}", rows.with_columns(cell.alias(name))


def _other_values(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "year" in name or name in ("founded", "established", "edition"):
            yield from (("year moved", int(value) + step) for step in (10, -10, -100))
        elif isinstance(value, float) and value:
            yield from (("other units", value * 1_000), ("other units", value * 1e23 if value < 1e80 else value))
    elif isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-" and value[5:7].isdigit():
        moved = (f"{int(value[:4]) + step}{value[4:]}" for step in (10, -100))
        yield from (("year moved", text) for text in moved)
        if len(value) >= 10:
            yield "no such day", f"{value[:5]}02-31{value[10:]}"
            yield "far future", f"2199{value[4:]}"
    elif isinstance(value, str) and "e" in value and "://" not in value:
        yield "look-alike", value.replace("e", "\u0435", 1)
