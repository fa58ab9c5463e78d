"""Fetch the files of a table and read their rows. One bad file among many is set aside, and the others land without it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from pipelines.errors import FetchFailed, InputError, Problem, Refused, refuse
from pipelines.ingest import archive, contract
from pipelines.ingest.archive import Snapshot
from pipelines.ingest.request import Request
from pipelines.ingest.review import damaged_cells
from pipelines.ingest.source import Origin, Source, Table, with_origin
from pipelines.ingest.sources import reference

#: Share of a table's files that may be bad; of a few files, one may be.
SPARED, FEW = 0.05, 4

#: Share of a file's rows in which text may be damaged; beyond it the file was read in the wrong encoding.
DAMAGED = 0.01

#: The most characters of an address in a message; queries can run to thousands.
LONGEST_SHOWN = 240

#: Address and hash of a file.
Identity = tuple[str, str]


@dataclass(frozen=True)
class Quarantined:
    """A row that broke its contract and did not land, or a whole file that was set aside (no row), and the reason.

    There are no bytes of a file that could not be fetched. ``is_kept``: the row is doubtful, but landed.
    """

    source_file: str
    source_sha256: str | None
    source_row: int | None
    column_name: str | None
    reason: str
    is_kept: bool = False


@dataclass(frozen=True)
class Fetched:
    """The files of a table that were fetched, and by address why others were not."""

    snapshots: list[Snapshot]
    failures: dict[str, FetchFailed] = field(default_factory=dict)

    @property
    def offered(self) -> list[Identity]:
        """Return address and hash of every file; the hash of one that was not fetched is empty."""
        return [*identities(self.snapshots), *((url, "") for url in self.failures)]


@dataclass(frozen=True)
class Contents:
    """The rows of a table, the files they come from, what was left out, and what is wrong with the rows among that."""

    frame: pl.DataFrame
    snapshots: list[Snapshot]
    quarantined: list[Quarantined]
    problems: list[Problem]


def identities(snapshots: Sequence[Snapshot]) -> list[Identity]:
    """Return address and hash of each file."""
    return [(snapshot.url, snapshot.sha256) for snapshot in snapshots]


def short(url: str) -> str:
    """Return an address as messages show it."""
    return url if len(url) <= LONGEST_SHOWN else f"{url[:LONGEST_SHOWN]}…"


def fetch(source: Source, table: Table, origin: Origin, landed: Sequence[Snapshot], anew: Collection[str] = ()) -> Fetched:
    """Fetch and archive what has changed; raise InputError if more files fail than may be bad.

    Bytes that never change are fetched until they have ``landed`` in a table of the source, since those that were refused may
    have been damaged. If parts of the table are to be fetched ``anew``, they are, whether they have changed or not, and of the
    other files only those that are missing.
    """
    try:
        requests = list(origin.requests(source, table))
    except Refused as refused:
        raise refused.located(source.name, f"the page that lists {table.name}") from refused
    except FetchFailed as error:
        raise InputError(source.name, [Problem(table.name, error.problem, error.remedy)]) from error
    _check_parts(source, table, requests, anew)
    known = archive.latest(source.name, origin.via)
    final = identities(landed) if table.is_final and origin.via == "live" else []
    fetched = Fetched([])
    try:
        for request in requests:
            last = known.get(str(request))
            is_wanted = part_of(table, request.url) in anew if anew else last is None or (last.url, last.sha256) not in final
            if last and not is_wanted:
                fetched.snapshots.append(last)
                continue
            try:
                fetched.snapshots.append(_retrieve(source, table, origin, request, None if anew else last))
            except FetchFailed as error:
                fetched.failures[str(request)] = error
                if len(fetched.failures) > _spared(len(requests), origin.via):
                    raise InputError(source.name, [_problem(url, failed) for url, failed in fetched.failures.items()]) from error
    finally:
        # What was fetched before a failure need not be fetched again.
        archive.record(source.name, fetched.snapshots)
    return fetched


def part_of(table: Table, url: str) -> str | None:
    """Return the part of the table that the file at an address stands for; None if it stands for none."""
    return table.parts.of(url) if table.parts else None


def _check_parts(source: Source, table: Table, requests: list[Request], names: Collection[str]) -> None:
    """Raise InputError if the table has no part of one of these names."""
    known = {part for request in requests if (part := part_of(table, request.url))}
    kind = table.parts.kind if table.parts else "part"
    remedy = f"Name any of {', '.join(sorted(known))}" if known else "Leave it out; this table has no parts"
    if unknown := sorted(set(names) - known):
        raise InputError(source.name, [Problem(table.name, f"there is no {kind} {name!r}", remedy) for name in unknown])


def _retrieve(source: Source, table: Table, origin: Origin, request: Request, last: Snapshot | None) -> Snapshot:
    reply = origin.fetch(request, last)
    if reply.status == 304 and last is not None:
        return last
    return archive.store(source.name, table.name, str(request), origin.via, reply, last)


def _spared(files: int, via: str) -> int:
    """Return how many files may be bad; of the project's own none may, since a person can mend them."""
    return 0 if via == "project" or files < FEW else max(1, int(SPARED * files))


def _problem(url: str, error: FetchFailed) -> Problem:
    return Problem(short(url), error.problem, error.remedy)


def read(source: Source, table: Table, fetched: Fetched, landed: Sequence[Snapshot]) -> Contents:
    """Return the rows of every file; a bad one is replaced by the bytes of its address that ``landed``, if there are any.

    Raises InputError if more files are bad than may be.
    """
    spared = _spared(len(fetched.offered), fetched.snapshots[0].via) if fetched.snapshots else 0
    contents = Contents(pl.DataFrame(), [], [], [])
    frames: list[pl.DataFrame] = []
    bad: dict[str, tuple[str | None, list[Problem]]] = {
        url: (None, [_problem(url, error)]) for url, error in fetched.failures.items()
    }
    refusals: list[Refused] = []
    for snapshot in fetched.snapshots:
        try:
            frames.append(_rows(table, snapshot, landed, contents, is_one_of_many=spared > 0))
        except Refused as refused:
            refusals.append(refused)
            bad[snapshot.url] = snapshot.sha256, refused.located(source.name, short(snapshot.url)).problems
    if len(bad) > spared:
        raise InputError(source.name, [problem for _, problems in bad.values() for problem in problems]) from refusals[0]
    for url, (sha256, problems) in bad.items():
        earlier = next((snapshot for snapshot in landed if snapshot.url == url and snapshot.sha256 != sha256), None)
        rows, instead = _in_its_place(table, earlier, contents)
        frames += rows
        contents.quarantined.append(Quarantined(url, sha256, None, None, f"The file is set aside, and {instead}: {problems[0]}"))
    return replace(contents, frame=pl.concat(frames))


def _in_its_place(table: Table, earlier: Snapshot | None, contents: Contents) -> tuple[list[pl.DataFrame], str]:
    """Return the rows that stand in for a bad file, those of ``earlier`` bytes if they can still be read, and a word on them."""
    if earlier is None:
        return [], "its rows are missing"
    try:
        rows = _rows(table, earlier, (), contents, is_one_of_many=False)
    except Refused as refused:
        also = f"what was retrieved at {earlier.retrieved_at} is refused too ({refused.problems[0].problem})"
        return [], f"its rows are missing, since {also}"
    return [rows], f"what was retrieved at {earlier.retrieved_at} is used"


def _rows(
    table: Table, snapshot: Snapshot, landed: Sequence[Snapshot], contents: Contents, *, is_one_of_many: bool
) -> pl.DataFrame:
    """Return the rows of a file that keep the contract, and note the others in ``contents``; raise Refused for a bad file.

    A file among many is bad if most of its rows break the contract.
    """
    kept, broken = contract.sift(table.parse(archive.read(snapshot)), table.contract)
    if is_one_of_many and len({problem.row for problem in broken}) > kept.height:
        raise Refused(*broken)
    _check_known(snapshot)
    _check_subject(table, snapshot, kept)
    _check_complete(table, snapshot, landed)
    doubtful = damaged_cells(kept)
    if len(doubtful) > DAMAGED * kept.height + FEW:
        raise Refused(*doubtful)
    contents.snapshots.append(snapshot)
    contents.problems.extend(replace(problem, file=short(snapshot.url)) for problem in broken)
    contents.quarantined.extend(_left_out(snapshot, problem) for problem in broken)
    # Without a remedy: the text is the publisher's, and no reader can correct it.
    landed_though_doubtful = (replace(_left_out(snapshot, problem), reason=problem.problem, is_kept=True) for problem in doubtful)
    contents.quarantined.extend(landed_though_doubtful)
    return with_origin(kept, snapshot.url, snapshot.sha256)


def _left_out(snapshot: Snapshot, problem: Problem) -> Quarantined:
    reason = f"{problem.problem}. {problem.remedy}"
    return Quarantined(snapshot.url, snapshot.sha256, problem.row, problem.column, reason)


def _check_known(snapshot: Snapshot) -> None:
    """Raise Refused for bytes other than those known at an address whose file never changes.

    Bytes that differ in a few cells break no contract. Where only a reduced recording is known, live bytes may be any.
    """
    known = reference.FILES.read("known_files").filter(url=snapshot.url)
    is_comparable = snapshot.via != "live" or not known.filter(is_derived=0).is_empty()
    if not known.is_empty() and is_comparable and snapshot.sha256 not in known["sha256"]:
        problem = f"the file is not the one known at this address, which never changes: its SHA-256 is {snapshot.sha256}"
        raise refuse(problem, "Fetch or restore it; if it was changed on purpose, correct data/reference/known_files.csv")


def _check_subject(table: Table, snapshot: Snapshot, rows: pl.DataFrame) -> None:
    """Raise Refused if a row is about somebody else than the address of its file says."""
    column, pattern = table.subject or ("", "")
    stated = re.search(pattern, snapshot.url)
    if not column or stated is None:
        return
    for subject, row in rows.select(column, contract.ROW).drop_nulls().iter_rows():
        if re.sub(r"\D", "", str(subject)) != stated[1]:
            problem = f"the file is about {subject!r}, but the address names {stated[1]}"
            raise refuse(problem, "Fetch it again; if the recording was misnamed, correct data/reference/replay.csv", row, column)


def _check_complete(table: Table, snapshot: Snapshot, landed: Sequence[Snapshot]) -> None:
    """Raise Refused for the beginning of a file that landed before: it may lack too little to break its contract.

    Files of the project are exempt, since a person may remove their last rows on purpose, and so is a recording after a live
    landing, since it may be older.
    """
    same = [longer for longer in landed if (longer.url, longer.via) == (snapshot.url, snapshot.via)]
    before = next((longer for longer in same if longer.size > snapshot.size), None)
    if before is None or snapshot.via == "project":
        return
    if archive.read(before).startswith(archive.read(snapshot)):
        problem = f"the file is cut off: it is the first {snapshot.size:,} of the {before.size:,} bytes that landed before"
        landing = f"data/landing/{snapshot.source}__{table.name}.parquet"
        raise refuse(problem, f"Fetch it again; if the source did remove its end, delete {landing} and land it again")
