"""A source, and the way its bytes become landing files: fetch → archive → parse → landing.

What belongs here: the record every upstream states about itself, and the one path all of them take.
What does not: how one upstream's bytes read (its module in ``pipelines/sources``).
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from pipelines import archive, paths
from pipelines.errors import InputError, Problem


@dataclass(frozen=True)
class Table:
    """One file of a source and the landing table made from it.

    ``url`` is a path below the project's root. ``parse`` is pure: bytes in, typed frame
    with ``source_row`` out. ``rows`` is the expected range: fewer is an error, more a warning.
    """

    name: str
    title: str
    url: str
    rows: tuple[int, int]
    parse: Callable[[bytes], pl.DataFrame]


@dataclass(frozen=True)
class Source:
    """What a source says about itself; every field is published in the ``core.sources`` table."""

    name: str
    title: str
    publisher: str
    landing_page: str
    licence: str
    licence_class: Literal["open", "terms", "restricted"]
    citation: str
    cadence: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Landed:
    """What landing one table did: the bytes it came from, how many rows, and what a person should know."""

    snapshot: archive.Snapshot
    rows: int
    warning: str | None = None


def landing_path(source: str, table: str) -> Path:
    return paths.LANDING / f"{source}__{table}.parquet"


def land(source: Source, table: Table) -> Landed:
    """Fetch, archive, parse and land one table; on any error the last good landing stays as it was.

    Raises InputError for a missing file, a broken contract, or fewer rows than expected.
    """
    path = paths.ROOT / table.url
    if not path.is_file():
        problem = Problem(table.url, "the file is missing", "Put it back, or remove the table from its source")
        raise InputError(source.name, [problem])
    content = path.read_bytes()
    snapshot = archive.store(source.name, table.name, table.url, content)
    frame = table.parse(content)
    low, high = table.rows
    if frame.height < low:
        problem = Problem(table.url, f"{frame.height} rows, expected at least {low}", "Restore the missing rows")
        raise InputError(source.name, [problem])
    warning = f"{frame.height} rows, expected at most {high}" if frame.height > high else None
    frame = frame.with_columns(
        pl.lit(table.url).alias("source_file"),
        pl.lit(snapshot.sha256).alias("source_sha256"),
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    archive.write_atomically(landing_path(source.name, table.name), buffer.getvalue())
    return Landed(snapshot, frame.height, warning)
