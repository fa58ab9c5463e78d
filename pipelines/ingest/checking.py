"""Check the project's own files, register, reference and inbox, as landing them would, and write nothing."""

from dataclasses import dataclass, replace

import polars as pl

from pipelines.errors import FetchFailed, InputError, Problem, Refused
from pipelines.ingest import contract, landing
from pipelines.ingest.fetchers import Project
from pipelines.ingest.source import Source, Table, with_origin
from pipelines.ingest.sources import inbox, mainland_listings, reference, register

#: What a person edits.
SOURCES = (register.SOURCE, mainland_listings.SOURCE, reference.SOURCE, inbox.SOURCE)


@dataclass(frozen=True)
class Checked:
    """What was read of a source, what stops a refresh, what is odd beside what landed before, and the rows of its tables."""

    source: Source
    files: int
    rows: int
    problems: list[Problem]
    remarks: list[str]
    tables: dict[tuple[str, str], pl.DataFrame]


def check(source: Source) -> Checked:
    """Return what is wrong with the files of a source."""
    files, rows, problems, remarks = 0, 0, list[Problem](), list[str]()
    tables: dict[tuple[str, str], pl.DataFrame] = {}
    for table in source.tables:
        frames, wrong = _frames(source, table)
        files += len(frames)
        rows += sum(frame.height for frame in frames)
        problems += wrong
        if frames and not wrong:
            tables[source.name, table.name] = pl.concat(frames)
            try:
                odd = landing.remarks(source, table, tables[source.name, table.name])
                remarks += [f"{table.name}: {remark}" for remark in odd]
            except InputError as error:
                problems += error.problems
    # A file of no known form is named by every table that it might have been for.
    return Checked(source, files, rows, list(dict.fromkeys(problems)), remarks, tables)


def _frames(source: Source, table: Table) -> tuple[list[pl.DataFrame], list[Problem]]:
    """Return the rows of each file that was read, and what is wrong with any file."""
    origin, frames, problems = Project(), list[pl.DataFrame](), list[Problem]()
    try:
        for request in origin.requests(source, table):
            frame, broken = _read(table, request.url, origin.fetch(request, None).content)
            frames += [frame]
            problems += [replace(problem, file=request.url) for problem in broken]
    except InputError as error:
        problems += error.problems
    except FetchFailed as error:
        problems.append(Problem(table.name, error.problem, error.remedy))
    return frames, problems


def _read(table: Table, url: str, content: bytes) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the rows of a file that keep the contract, and what is wrong with the others."""
    try:
        kept, broken = contract.sift(table.parse(content), table.contract)
    except Refused as refused:
        return table.empty(), list(refused.problems)
    return with_origin(kept, url, ""), broken
