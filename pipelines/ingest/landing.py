"""Land a source's tables: fetch → archive → parse → check → one Parquet file per table.

Every source takes this one path, whether its bytes come from the network, a recording, or a file of the project.
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path

import polars as pl
from filelock import FileLock

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest import agreement, archive, drift, landmarks, table_files
from pipelines.ingest.source import Origin, Source, Table
from pipelines.ingest.sources import reference
from pipelines.ingest.table_files import Contents, Fetched, Identity, Quarantined

#: A table with this many times the most rows expected has not grown but is at fault, such as a file pasted together repeatedly.
FAR_TOO_MANY = 3


@dataclass(frozen=True)
class Landed:
    """The result of landing a table: the files it came from, its number of rows, and what a person should know."""

    snapshots: list[archive.Snapshot]
    rows: int
    is_new: bool
    warning: str | None = None
    quarantined: list[Quarantined] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)


def landing_path(source: str, table: str) -> Path:
    return settings.LANDING / f"{source}__{table}.parquet"


def table_name(source: Source, table: Table) -> str:
    """Return the name under which models read the table."""
    return f"landing.{source.name}__{table.name}"


def _failure_path(source: str, table: str) -> Path:
    return landing_path(source, table).with_suffix(".failed")


def note_failure(source: Source, table: Table, error: InputError) -> None:
    """Write the reason of the newest failure beside the last good landing; the next success removes it."""
    archive.write_atomically(_failure_path(source.name, table.name), str(error).encode())


def failure_of(source: str, table: str) -> str | None:
    """Return why the newest attempt to land the table failed; None if it succeeded."""
    path = _failure_path(source, table)
    return path.read_text("utf-8") if path.exists() else None


def landing_of(source: Source, table: Table) -> Path | None:
    """Return the table's landing file; None if nothing has landed under its present contract."""
    path = landing_path(source.name, table.name)
    return path if path.exists() and pl.scan_parquet(path, glob=False).collect_schema() == _parquet_schema(table) else None


def rows_in(path: Path) -> int:
    rows: int = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
    return rows


@cache
def _parquet_schema(table: Table) -> pl.Schema:
    """Return columns and types of the table's landing files as Parquet stores them."""
    return pl.Schema(pl.read_parquet_schema(io.BytesIO(_without_rows(table))))


@cache
def _without_rows(table: Table) -> bytes:
    """Return a landing file of the table without rows."""
    return _parquet(table.empty())


def empty_landing(source: Source, table: Table) -> Path:
    """Return a landing file without rows, which is written once for each version of the contract."""
    version = hashlib.sha256(str(table.empty().schema).encode()).hexdigest()[:12]
    path = settings.LANDING / "empty" / f"{source.name}__{table.name}.{version}.parquet"
    if not path.exists():
        archive.write_atomically(path, _without_rows(table))
    return path


def landed_from(source: Source, table: Table) -> list[archive.Snapshot]:
    """Return the files the table's landing was made from; empty if nothing has landed under its present contract."""
    return _stamp(landing_of(source, table)).files


def land(source: Source, table: Table, origin: Origin, anew: Collection[str] = ()) -> Landed | None:
    """Fetch, archive, parse and land one table; on any error the last good landing stays as it was.

    Returns None, and removes the landing, if a recording or the project has nothing for the table, or if it has no addresses.
    Unchanged bytes are not parsed again by an unchanged parser that looks up unchanged files, and give the same warnings. Parts
    of the table may be fetched ``anew``. Raises InputError, naming source, file, row and remedy, for what cannot be fetched or
    breaks the contract. Only one process lands a source at a time.
    """
    path = landing_path(source.name, table.name)
    with FileLock(settings.ARCHIVE / source.name / ".lock"):
        landed = [file for each in source.tables for file in landed_from(source, each)]
        fetched = table_files.fetch(source, table, origin, landed, anew)
        if fetched.offered:
            return _land(source, table, fetched, path)
        if origin.via == "live" and table.addresses:
            remedy = "Compare the page that lists the files with what the source's module looks for in it"
            raise InputError(source.name, [Problem(table.name, "there is no file to fetch", remedy)])
        for obsolete in (path, _failure_path(source.name, table.name)):
            obsolete.unlink(missing_ok=True)
        return None


def _land(source: Source, table: Table, fetched: Fetched, path: Path) -> Landed:
    version = table.parser_version()
    before = landing_of(source, table)
    stamp = _stamp(before)
    if before and (stamp.version, stamp.offered) == (version, fetched.offered):
        result = _again(source, table, before)
    else:
        contents = table_files.read(source, table, fetched, stamp.files)
        warning = _check(source, table, contents)
        frame = contents.frame
        _review(source, table, frame)
        shifts = _compare(source, table, before, frame, is_same_parser=stamp.version == version) if before else []
        odd = [*shifts, *_unlike_landmarks(source, table, frame)]
        result = Landed(contents.snapshots, frame.height, True, warning, contents.quarantined, odd)
        new = _Stamp(version, contents.snapshots, contents.quarantined, fetched.offered, shifts)
        archive.write_atomically(path, _parquet(frame, json.dumps(asdict(new), ensure_ascii=False)))
    _failure_path(source.name, table.name).unlink(missing_ok=True)
    return result


def present(source: Source, table: Table) -> Landed | None:
    """Return what landed last, reviewed again without being fetched; None if nothing has. Raise InputError if it is at fault."""
    path = landing_of(source, table)
    return _again(source, table, path) if path else None


def _again(source: Source, table: Table, path: Path) -> Landed:
    _review(source, table, path)
    rows, stamp = rows_in(path), _stamp(path)
    # Landmarks are not remembered but compared again, since they may have been corrected meanwhile.
    odd = [*stamp.drift, *_unlike_landmarks(source, table, path)]
    return Landed(stamp.files, rows, False, _check_rows(source, table, rows), stamp.quarantine, odd)


def remarks(source: Source, table: Table, rows: pl.DataFrame) -> list[str]:
    """Return what is odd about the rows of a table beside those that landed; raise InputError for what stops a landing."""
    warning = _check_rows(source, table, rows.height)
    _review(source, table, rows)
    before = landing_of(source, table)
    shifts = _compare(source, table, before, rows, is_same_parser=True) if before else []
    return [*([warning] if warning else []), *shifts]


def _compare(source: Source, table: Table, before: Path, now: pl.DataFrame, *, is_same_parser: bool) -> list[str]:
    """Return what is odd about rows beside those that landed ``before``; raise InputError if columns of the file have moved."""
    earlier, columns = pl.read_parquet(before, glob=False), table.contract.column_names()
    shifts = drift.shifts(earlier, now, columns)
    key = agreement.identity(table.contract, earlier, is_final=table.is_final)
    if not key:
        return shifts
    rows = agreement.pairs(earlier, now, key)
    if is_same_parser and (problems := agreement.moved(rows, columns)):
        raise InputError(source.name, [replace(problem, file=_only_file(table)) for problem in problems])
    lost = agreement.lost(earlier, now, rows, is_final=table.is_final)
    changes = agreement.changes(rows, columns, is_final=table.is_final)
    return [*lost, *changes, *shifts]


def _unlike_landmarks(source: Source, table: Table, rows: pl.DataFrame | Path) -> list[str]:
    """Return what is odd about rows beside the landmarks of the table."""
    known = reference.FILES.read("landmarks").filter(source=source.name, table=table.name)
    marks = {name: dict(mark.split("=") for mark in cells.split("|")) for name, cells in known.select("row", "marks").iter_rows()}
    if not marks:
        return []
    key, is_fixed = known["key"][0].split("|"), isinstance(table.addresses, tuple)
    return list(landmarks.disagreements(_frame(rows), table.contract, key, marks, are_expected=is_fixed))


def _review(source: Source, table: Table, rows: pl.DataFrame | Path | None) -> None:
    """Raise InputError if the table's review finds something wrong with its rows."""
    if table.review is None or rows is None:
        return
    if problems := table.review(_frame(rows)):
        here = [replace(problem, file=_only_file(table)) if problem.file == "content" else problem for problem in problems]
        raise InputError(source.name, here)


def _frame(rows: pl.DataFrame | Path) -> pl.DataFrame:
    return pl.read_parquet(rows, glob=False) if isinstance(rows, Path) else rows


def _parquet(frame: pl.DataFrame, stamp: str = "") -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={"nextvalley": stamp})
    return buffer.getvalue()


def _check(source: Source, table: Table, contents: Contents) -> str | None:
    """Raise InputError if too many rows break the contract, or if their number is out of range; return a warning about it."""
    rows = contents.frame.height
    rejected = len({(problem.file, problem.row) for problem in contents.problems})
    if rejected > table.tolerates * (rows + rejected):
        changed = _changed_columns(table, contents.problems, rows + rejected)
        raise InputError(source.name, [*changed, *contents.problems])
    return _check_rows(source, table, rows, contents.problems)


def _changed_columns(table: Table, problems: list[Problem], rows: int) -> list[Problem]:
    """Return a problem for each column that breaks the contract in most rows: then the column has changed, not its cells."""
    cells = {(problem.column, problem.file, problem.row) for problem in problems if problem.column}
    broken = Counter(column for column, *_ in cells)
    remedy = "Check whether the source now writes it in another way, or means something else by it"
    return [
        Problem(table.name, f"the column has changed: {count} of {rows} rows break the contract", remedy, column=column)
        for column, count in broken.items()
        if count > rows / 2 and rows > 2
    ]


def _check_rows(source: Source, table: Table, rows: int, rejected: Sequence[Problem] = ()) -> str | None:
    """Raise InputError if the number of rows is out of range, with what is wrong with those ``rejected``.

    Returns a warning if there are more rows than expected, but not so many that it must be a fault.
    """
    low, high = table.rows
    file = _only_file(table)
    if rows < low:
        problem = Problem(file, f"{rows} rows, expected at least {low}", "Restore or fetch again what is missing")
        raise InputError(source.name, [problem, *rejected])
    excess = f"{rows} rows, expected at most {high}"
    if rows > high * FAR_TOO_MANY:
        remedy = "Look for repeated rows; if the table has really grown, raise its expected range"
        raise InputError(source.name, [Problem(file, excess, remedy)])
    return excess if rows > high else None


def _only_file(table: Table) -> str:
    """Return the address of the table's file, or its name if it has several."""
    return table.addresses[0] if isinstance(table.addresses, tuple) and len(table.addresses) == 1 else table.name


def quarantine_of(source: Source, table: Table) -> list[Quarantined]:
    """Return the rows that were kept out of the table's landing."""
    return _stamp(landing_of(source, table)).quarantine


@dataclass(frozen=True)
class _Stamp:
    """What a landing file says of itself.

    The version of its parser, its files, what was kept out, all that was offered, and what was unlike the landing before.
    """

    version: str = ""
    files: list[archive.Snapshot] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    offered: list[Identity] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)


def _stamp(path: Path | None) -> _Stamp:
    text = pl.read_parquet_metadata(path).get("nextvalley") if path else None
    stamp = json.loads(text or "{}")
    return _Stamp(
        stamp.get("version", ""),
        [archive.Snapshot(**snapshot) for snapshot in stamp.get("files", [])],
        [Quarantined(**row) for row in stamp.get("quarantine", [])],
        [(url, sha256) for url, sha256 in stamp.get("offered", [])],
        stamp.get("drift", []),
    )
