"""Plausible mistakes, planted in every table that was recorded: hardly any lands over a good landing without a word."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipelines.ingest import agreement, contract, drift, sources
from pipelines.ingest.review import FILE, damaged_cells
from pipelines.ingest.source import Table
from tests.support.planting import mistakes

#: Rows of a table that are tried, and the share of mistakes that may pass.
ROWS, MOST_SILENT = 300, 0.02
#: Outlines are not text that a person reads.
SKIPPED = ("natural_earth", "inbox")


def is_silent(table: Table, before: pl.DataFrame, damaged: int, now: pl.DataFrame) -> bool:
    """Return whether rows land over those of before, with so many damaged cells, without being refused or remarked upon."""
    kept, broken = contract.sift(now, table.contract)
    low, high = table.rows
    if broken or not low <= kept.height <= high:
        return False
    columns = table.contract.column_names()
    kept = kept.with_columns(before[FILE])
    if drift.shifts(before, kept, columns) or any(remarks(table, before, kept, columns)):
        return False
    return len(damaged_cells(kept)) <= damaged


def remarks(table: Table, before: pl.DataFrame, kept: pl.DataFrame, columns: list[str]) -> Iterator[object]:
    """Yield what is remarked upon rows of now that were there before."""
    if key := agreement.identity(table.contract, before, is_final=table.is_final):
        rows = agreement.pairs(before, kept, key)
        yield from agreement.moved(rows, columns)
        yield from agreement.lost(before, kept, rows, is_final=table.is_final)
        yield from agreement.changes(rows, columns, is_final=table.is_final)


def test_hardly_any_mistake_lands_without_a_word(replayed: Path) -> None:
    planted: Counter[str] = Counter()
    silent = []
    for source in (source for source in sources.ALL if not source.is_curated and source.name not in SKIPPED):
        for table in source.tables:
            path = replayed / "data" / "landing" / f"{source.name}__{table.name}.parquet"
            if not path.exists():
                continue
            columns = table.contract.column_names()
            key = table.contract.primary_key() or None
            landed = pl.read_parquet(path).unique(key, keep="first", maintain_order=True).head(ROWS)
            before, _ = contract.sift(landed, table.contract)
            before = before.with_columns(landed[FILE])
            damaged = len(damaged_cells(before))
            small = replace(table, rows=(1, before.height))
            for kind, what, now in mistakes(before.with_columns(pl.col(pl.Enum).cast(pl.String)), columns):
                planted[kind] += 1
                silent += [(source.name, table.name, kind, what)] if is_silent(small, before, damaged, now) else []
    assert planted.keys() >= {"swapped", "shifted", "encoded twice", "letters lost", "repeated", "year moved", "other units"}
    assert planted.total() > 1_000
    assert len(silent) <= MOST_SILENT * planted.total(), silent
