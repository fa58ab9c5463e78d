"""Land a source's tables: fetch → archive → parse → check → one Parquet file per table.

Every source takes this one path, whether its bytes come from the network, a recording, or a file of the project.
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock

from pipelines import settings
from pipelines.errors import FetchFailed, InputError, Problem, Refused
from pipelines.ingest import archive, contract, drift
from pipelines.ingest.request import Request
from pipelines.ingest.source import Origin, Source, Table, with_origin

#: A table with this many times the most rows expected has not grown but is at fault, such as a file pasted together repeatedly.
FAR_TOO_MANY = 3

#: The most characters of an address in a message; queries can run to thousands.
LONGEST_SHOWN = 240


@dataclass(frozen=True)
class Quarantined:
    """A row that broke its contract and did not land: its place in which bytes, and the reason."""

    source_file: str
    source_sha256: str
    source_row: int | None
    column_name: str | None
    reason: str


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
    """Return where the table lands."""
    return settings.LANDING / f"{source}__{table}.parquet"


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
    return path if path.exists() and pl.read_parquet_schema(path) == _parquet_schema(table) else None


@cache
def _parquet_schema(table: Table) -> pl.Schema:
    """Return columns and types of the table's landing files as Parquet stores them."""
    return pl.Schema(pl.read_parquet_schema(io.BytesIO(_parquet(table.empty()))))


def empty_landing(source: Source, table: Table) -> Path:
    """Return a landing file without rows, which is written once for each version of the contract."""
    version = hashlib.sha256(str(table.empty().schema).encode()).hexdigest()[:12]
    path = settings.LANDING / "empty" / f"{source.name}__{table.name}.{version}.parquet"
    if not path.exists():
        _write(path, table.empty())
    return path


def landed_from(source: Source, table: Table) -> list[archive.Snapshot]:
    """Return the files the table's landing was made from; empty if nothing has landed under its present contract."""
    path = landing_of(source, table)
    return _stamp(path)[1] if path else []


def land(source: Source, table: Table, origin: Origin) -> Landed | None:
    """Fetch, archive, parse and land one table; on any error the last good landing stays as it was.

    Returns None, and removes the landing, if a recording or the project has nothing for the table, or if it has no addresses.
    Unchanged bytes are not parsed again by an unchanged parser. Raises InputError, naming source, file, row and remedy, for
    what cannot be fetched or breaks the contract. Only one process lands a source at a time.
    """
    path = landing_path(source.name, table.name)
    with FileLock(settings.ARCHIVE / source.name / ".lock"):
        snapshots = _fetch(source, table, origin)
        if snapshots:
            return _land(source, table, snapshots, path)
        if origin.via == "live" and table.addresses:
            remedy = "Compare the page that lists the files with what the source's module looks for in it"
            raise InputError(source.name, [Problem(table.name, "there is no file to fetch", remedy)])
        for obsolete in (path, _failure_path(source.name, table.name)):
            obsolete.unlink(missing_ok=True)
        return None


def _land(source: Source, table: Table, snapshots: list[archive.Snapshot], path: Path) -> Landed:
    version = table.code_version()
    before = landing_of(source, table)
    landed_version, landed = _stamp(path) if before else ("", [])
    if (landed_version, _identities(landed)) == (version, _identities(snapshots)):
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
        result = Landed(snapshots, rows, False, _check_rows(source, table, rows), quarantine_of(source, table))
    else:
        frame, quarantined, warning = _parse(source, table, snapshots)
        for snapshot in snapshots:
            _check_complete(source, snapshot, path, landed)
        shifts = drift.shifts(pl.read_parquet(before), frame, table.contract.column_names()) if before else []
        result = Landed(snapshots, frame.height, True, warning, quarantined, shifts)
        stamp = {
            "version": version,
            "files": [asdict(snapshot) for snapshot in snapshots],
            "quarantine": [asdict(row) for row in quarantined],
        }
        _write(path, frame, json.dumps(stamp, ensure_ascii=False))
    _failure_path(source.name, table.name).unlink(missing_ok=True)
    return result


def _check_complete(source: Source, snapshot: archive.Snapshot, path: Path, landed: list[archive.Snapshot]) -> None:
    """Raise InputError for the beginning of a file that landed before: it may lack too little to break its contract.

    Files of the project are exempt, since a person may remove their last rows on purpose, and so is a recording after a live
    landing, since it may be older.
    """
    same = [longer for longer in landed if (longer.url, longer.via) == (snapshot.url, snapshot.via)]
    before = next((longer for longer in same if longer.size > snapshot.size), None)
    if before is None or snapshot.via == "project":
        return
    if archive.read(before).startswith(archive.read(snapshot)):
        problem = f"the file is cut off: it is the first {snapshot.size:,} of the {before.size:,} bytes that landed before"
        remedy = f"Fetch it again; if the source did remove its end, delete {path.relative_to(settings.HOME)} and land it again"
        raise InputError(source.name, [Problem(_short(snapshot.url), problem, remedy)])


def _write(path: Path, frame: pl.DataFrame, stamp: str = "") -> None:
    archive.write_atomically(path, _parquet(frame, stamp))


def _parquet(frame: pl.DataFrame, stamp: str = "") -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={"nextvalley": stamp})
    return buffer.getvalue()


def _fetch(source: Source, table: Table, origin: Origin) -> list[archive.Snapshot]:
    try:
        requests = list(origin.requests(source, table))
    except Refused as refused:
        raise refused.located(source.name, f"the page that lists {table.name}") from refused
    except FetchFailed as error:
        raise InputError(source.name, [Problem(table.name, error.problem, error.remedy)]) from error
    known = archive.latest(source.name, origin.via)
    # Bytes that never change are fetched until they have landed, since those that were refused may have been damaged.
    final = _identities(landed_from(source, table)) if table.is_final and origin.via == "live" else []
    retrieved = []
    try:
        for request in requests:
            last = known.get(str(request))
            is_final = last is not None and (last.url, last.sha256) in final
            retrieved.append(last if last and is_final else _retrieve(source, table, origin, request, last))
    finally:
        # What was fetched before a failure need not be fetched again.
        archive.record(source.name, retrieved)
    return retrieved


def _retrieve(source: Source, table: Table, origin: Origin, request: Request, last: archive.Snapshot | None) -> archive.Snapshot:
    try:
        reply = origin.fetch(request, last)
    except FetchFailed as error:
        raise InputError(source.name, [Problem(_short(str(request)), error.problem, error.remedy)]) from error
    if reply.status == 304 and last is not None:
        return last
    return archive.store(source.name, table.name, str(request), origin.via, reply, last)


def _short(url: str) -> str:
    return url if len(url) <= LONGEST_SHOWN else f"{url[:LONGEST_SHOWN]}…"


def _parse(source: Source, table: Table, snapshots: list[archive.Snapshot]) -> tuple[pl.DataFrame, list[Quarantined], str | None]:
    """Return the rows of all files that keep the contract, the others, and a warning if the number of rows is unexpected.

    Raises InputError if too many rows break the contract, or if their number is out of range.
    """
    frames: list[pl.DataFrame] = []
    problems: list[Problem] = []
    quarantined: list[Quarantined] = []
    for snapshot in snapshots:
        file = _short(snapshot.url)
        try:
            kept, broken = contract.sift(table.parse(archive.read(snapshot)), table.contract)
        except Refused as refused:
            raise refused.located(source.name, file) from refused
        frames.append(with_origin(kept, snapshot.url, snapshot.sha256))
        problems += [replace(problem, file=file) for problem in broken]
        quarantined += [_quarantined(problem, snapshot) for problem in broken]
    frame = pl.concat(frames)
    rejected = len({(row.source_sha256, row.source_row) for row in quarantined})
    if rejected > table.tolerates * (frame.height + rejected):
        raise InputError(source.name, [*_changed_columns(table, problems, frame.height + rejected), *problems])
    return frame, quarantined, _check_rows(source, table, frame.height, problems)


def _quarantined(problem: Problem, snapshot: archive.Snapshot) -> Quarantined:
    reason = f"{problem.problem}. {problem.remedy}"
    return Quarantined(snapshot.url, snapshot.sha256, problem.row, problem.column, reason)


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
    file = table.addresses[0] if isinstance(table.addresses, tuple) and len(table.addresses) == 1 else table.name
    if rows < low:
        problem = Problem(file, f"{rows} rows, expected at least {low}", "Restore or fetch again what is missing")
        raise InputError(source.name, [problem, *rejected])
    excess = f"{rows} rows, expected at most {high}"
    if rows > high * FAR_TOO_MANY:
        raise InputError(source.name, [Problem(file, excess, "Look for repeated rows; if it grew for good, raise the range")])
    return excess if rows > high else None


def _identities(snapshots: list[archive.Snapshot]) -> list[tuple[str, str]]:
    return [(snapshot.url, snapshot.sha256) for snapshot in snapshots]


def quarantine_of(source: Source, table: Table) -> list[Quarantined]:
    """Return the rows that were kept out of the table's landing."""
    path = landing_of(source, table)
    return [Quarantined(**row) for row in _metadata(path).get("quarantine", [])] if path else []


def _metadata(path: Path) -> dict[str, Any]:
    return json.loads(pl.read_parquet_metadata(path).get("nextvalley") or "{}")


def _stamp(path: Path) -> tuple[str, list[archive.Snapshot]]:
    """Return the version of the parser that made a landing file, and the files it was made from."""
    if not path.exists():
        return "", []
    stamp = _metadata(path)
    return stamp.get("version", ""), [archive.Snapshot(**snapshot) for snapshot in stamp.get("files", [])]
