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

#: So many times the most rows expected are no growth but a fault, such as a file pasted together twice over.
FAR_TOO_MANY = 3

#: Letters of an address in a message.
LONGEST_SHOWN = 240


@dataclass(frozen=True)
class Quarantined:
    """A row that broke its contract and did not land: where it stands in which bytes, and one reason."""

    source_file: str
    source_sha256: str
    source_row: int | None
    column_name: str | None
    reason: str


@dataclass(frozen=True)
class Landed:
    """What landing one table did: the files it came from, how many rows, and what a person should know."""

    snapshots: list[archive.Snapshot]
    rows: int
    is_new: bool
    warning: str | None = None
    quarantined: list[Quarantined] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)


def landing_path(source: str, table: str) -> Path:
    return settings.LANDING / f"{source}__{table}.parquet"


def _failure_path(source: str, table: str) -> Path:
    return landing_path(source, table).with_suffix(".failed")


def note_failure(source: Source, table: Table, error: InputError) -> None:
    """Leave beside the last good landing why the newest attempt failed; the next success removes it."""
    archive.write_atomically(_failure_path(source.name, table.name), str(error).encode())


def failure_of(source: str, table: str) -> str | None:
    """Why the newest attempt to land the table failed; None if it did not."""
    path = _failure_path(source, table)
    return path.read_text("utf-8") if path.exists() else None


def landing_of(source: Source, table: Table) -> Path | None:
    """The table's landing; None if nothing has landed, or if what has keeps an older contract."""
    path = landing_path(source.name, table.name)
    return path if path.exists() and pl.read_parquet_schema(path) == _kept_schema(table) else None


@cache
def _kept_schema(table: Table) -> pl.Schema:
    """Columns and types of the table's landing files, as Parquet keeps them."""
    return pl.Schema(pl.read_parquet_schema(io.BytesIO(_parquet(table.empty()))))


def empty_landing(source: Source, table: Table) -> Path:
    """A landing file without rows, made once and again when the contract changes."""
    version = hashlib.sha256(str(table.empty().schema).encode()).hexdigest()[:12]
    path = settings.LANDING / "empty" / f"{source.name}__{table.name}.{version}.parquet"
    if not path.exists():
        _write(path, table.empty())
    return path


def landed_from(source: Source, table: Table) -> list[archive.Snapshot]:
    """The files the table's landing was made from; empty if nothing has landed under its contract."""
    path = landing_of(source, table)
    return _stamp(path)[1] if path else []


def land(source: Source, table: Table, origin: Origin) -> Landed | None:
    """Fetch, archive, parse and land one table; on any error the last good landing stays as it was.

    Returns None, and leaves nothing landed, if a recording or the project has nothing for the table. Bytes and parser
    unchanged: nothing is parsed again. Raises InputError, naming source, file, row and remedy, for what cannot be fetched
    or breaks the contract. One process lands a source at a time.
    """
    path = landing_path(source.name, table.name)
    with FileLock(settings.ARCHIVE / source.name / ".lock"):
        snapshots = _fetch(source, table, origin)
        if snapshots:
            return _land(source, table, snapshots, path)
        if origin.via == "live":
            remedy = "Compare the page or answer that lists them with what its finder expects"
            raise InputError(source.name, [Problem(table.name, "no file was found to fetch", remedy)])
        for gone in (path, _failure_path(source.name, table.name)):
            gone.unlink(missing_ok=True)
        return None


def _land(source: Source, table: Table, snapshots: list[archive.Snapshot], path: Path) -> Landed:
    version = table.code_version()
    before = landing_of(source, table)
    landed_version, landed = _stamp(path) if before else ("", [])
    if (landed_version, _bytes(landed)) == (version, _bytes(snapshots)):
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
        result = Landed(
            snapshots, rows, is_new=False, warning=_in_range(source, table, rows), quarantined=quarantine_of(source, table)
        )
    else:
        frame, broken = _parse(source, table, snapshots)
        quarantined = [_quarantined(problem, snapshot) for snapshot, problem in broken]
        warning = _in_range(source, table, frame.height, [problem for _, problem in broken])
        for snapshot in snapshots:
            _check_whole(source, snapshot, path, landed)
        shifts = drift.shifts(pl.read_parquet(before), frame, table.contract.column_names()) if before else []
        result = Landed(snapshots, frame.height, True, warning, quarantined, shifts)
        stamp = {
            "version": version,
            "files": [asdict(one) for one in snapshots],
            "quarantine": [asdict(one) for one in quarantined],
        }
        _write(path, frame, json.dumps(stamp, ensure_ascii=False))
    _failure_path(source.name, table.name).unlink(missing_ok=True)
    return result


def _check_whole(source: Source, snapshot: archive.Snapshot, path: Path, landed: list[archive.Snapshot]) -> None:
    """Raises InputError for bytes that are those landed before, cut short: too little may be lost to break any contract.

    Whoever edits a file of the project may well take its last rows out.
    """
    before = next((one for one in landed if one.url == snapshot.url and one.size > snapshot.size), None)
    if before is None or snapshot.via == "project":
        return
    if archive.read(before).startswith(archive.read(snapshot)):
        problem = f"the file is the first {snapshot.size:,} of the {before.size:,} bytes that landed before: it was cut"
        remedy = f"Fetch it again; if its end was really taken out, remove {path.relative_to(settings.HOME)} and land again"
        raise InputError(source.name, [Problem(_short(snapshot.url), problem, remedy)])


def _write(path: Path, frame: pl.DataFrame, stamp: str = "") -> None:
    archive.write_atomically(path, _parquet(frame, stamp))


def _parquet(frame: pl.DataFrame, stamp: str = "") -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={"nextvalley": stamp})
    return buffer.getvalue()


def _fetch(source: Source, table: Table, origin: Origin) -> list[archive.Snapshot]:
    try:
        requests = origin.requests(source, table)
    except Refused as refused:
        raise refused.at(source.name, f"the page that lists {table.name}") from refused
    except FetchFailed as error:
        raise InputError(source.name, [Problem(table.name, error.problem, error.remedy)]) from error
    known = archive.latest(source.name, origin.via)
    # Bytes that never change are asked for until they have landed: those that were refused may have been damaged.
    final = _bytes(landed_from(source, table)) if table.is_final and origin.via == "live" else []
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
    """An address that fits a message; queries can run to thousands of letters."""
    return url if len(url) <= LONGEST_SHOWN else f"{url[:LONGEST_SHOWN]}…"


def _parse(
    source: Source, table: Table, snapshots: list[archive.Snapshot]
) -> tuple[pl.DataFrame, list[tuple[archive.Snapshot, Problem]]]:
    """The rows of all files that keep the contract, and what is wrong with the others; InputError if these are too many."""
    frames, found = [], []
    for snapshot in snapshots:
        file = _short(snapshot.url)
        try:
            kept, problems = contract.sift(table.parse(archive.read(snapshot)), table.contract)
        except Refused as refused:
            raise refused.at(source.name, file) from refused
        frames.append(with_origin(kept, snapshot.url, snapshot.sha256))
        found += [(snapshot, replace(one, file=file)) for one in problems]
    frame = pl.concat(frames)
    rows = frame.height + len({(snapshot.sha256, one.row) for snapshot, one in found})
    if rows - frame.height > table.tolerates * rows:
        problems = [one for _, one in found]
        raise InputError(source.name, [*_of_whole_columns(table, problems, rows), *problems])
    return frame, found


def _quarantined(problem: Problem, snapshot: archive.Snapshot) -> Quarantined:
    reason = f"{problem.problem}. {problem.remedy}"
    return Quarantined(snapshot.url, snapshot.sha256, problem.row, problem.column, reason)


def _of_whole_columns(table: Table, problems: list[Problem], rows: int) -> list[Problem]:
    """A word on each column that breaks the contract in most rows: then it is the column that changed."""
    broken = Counter(column for column, _ in {(one.column, (one.file, one.row)) for one in problems if one.column})
    remedy = "Look whether the source writes it otherwise now, or means something else by it"
    return [
        Problem(
            table.name, f"{count} of {rows} rows break the contract here, so it is the column that changed", remedy, column=column
        )
        for column, count in broken.items()
        if count > rows / 2 and rows > 2
    ]


def _in_range(source: Source, table: Table, rows: int, set_aside: Sequence[Problem] = ()) -> str | None:
    """Raises InputError for a number of rows that cannot be, naming those that were set aside for it; returns a warning for one
    that is unexpected."""
    low, high = table.rows
    file = table.at[0] if isinstance(table.at, tuple) and len(table.at) == 1 else table.name
    if rows < low:
        problem = Problem(file, f"{rows} rows, expected at least {low}", "Restore or fetch again what is missing")
        raise InputError(source.name, [problem, *set_aside])
    if rows > high * FAR_TOO_MANY:
        problem = Problem(
            file, f"{rows} rows, expected at most {high}", "Look for repeated rows; if it grew for good, raise the range"
        )
        raise InputError(source.name, [problem])
    return f"{rows} rows, expected at most {high}" if rows > high else None


def _bytes(snapshots: list[archive.Snapshot]) -> list[tuple[str, str]]:
    return [(one.url, one.sha256) for one in snapshots]


def quarantine_of(source: Source, table: Table) -> list[Quarantined]:
    """The rows that were kept out of the table's landing."""
    path = landing_of(source, table)
    return [Quarantined(**one) for one in _metadata(path).get("quarantine", [])] if path else []


def _metadata(path: Path) -> dict[str, Any]:
    return json.loads(pl.read_parquet_metadata(path).get("nextvalley") or "{}")


def _stamp(path: Path) -> tuple[str, list[archive.Snapshot]]:
    """What a landing file says of itself: version of the parser, and the files it was made from."""
    if not path.exists():
        return "", []
    stamp = _metadata(path)
    return stamp.get("version", ""), [archive.Snapshot(**one) for one in stamp.get("files", [])]
