"""Read your own exports: files in ``data/inbox``, recognised by their header alone, whatever their names.

Those in a folder of it, which is named after a city or province, are a list of that place alone. Files are CSV (UTF-8, UTF-16
or Chinese GBK), Parquet, XLSX or XLS, and stay on your machine. ``forms`` lists the known exports and what their columns are
called here; columns that a form does not need are ignored. ``files`` reads the cells. Which places and companies are meant is
decided later, in ``pipelines/resolve``.

Real exports of rounds from Crunchbase have been read. The header of PitchBook is that which other programs read, and those of
IT桔子 are the names of the fields on its pages.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from pipelines import settings
from pipelines.errors import InputError, Problem, Refused, refuse
from pipelines.ingest import contract
from pipelines.ingest.amounts import currency_code, with_amounts
from pipelines.ingest.request import Request
from pipelines.ingest.source import Find, Get, Source, Table
from pipelines.ingest.sources.inbox.files import Cells, Sheet, is_gbk, read_sheets
from pipelines.ingest.sources.inbox.forms import CONTRACTS, FORMS, Form
from pipelines.ingest.sources.inbox.review import require_chinese, review

NAME = "inbox"
#: The file that says what the folder is for, and those that Windows leaves in a folder.
IGNORED = ("README.md", "Thumbs.db", "desktop.ini")
#: The header stands within so many rows; PitchBook prints the search above it.
HEADER_WITHIN = 20

#: Hash of a file that can be read → its table. Each table asks for the files of all.
_table_of: dict[bytes, str] = {}


def recognise(content: bytes) -> tuple[Form, pl.DataFrame]:
    """Return the form of an export and its rows; raise Refused, with what each form lacks, if it matches none."""
    sheets = read_sheets(content, lambda header: any(not form.missing(header) for form in FORMS))
    matches = [
        (form, name, sheet[position:])
        for name, sheet in sheets.items()
        for position, (_, header) in enumerate(sheet[:HEADER_WITHIN])
        for form in FORMS
        if not form.missing(header)
    ]
    if not matches:
        headers = [header for sheet in sheets.values() for _, header in sheet[:HEADER_WITHIN]]
        missing = {form.name: min((form.missing(header) for header in headers), key=len, default=["any row"]) for form in FORMS}
        # The form that has most of the file's columns, not the shortest: a list of deals is told what deals need.
        has = {form.name: len(form.headers) - len(missing[form.name]) for form in FORMS}
        nearest, *others = sorted(missing, key=lambda name: (-has[name], len(missing[name])))
        advice = f"the nearest form, {nearest}, also needs {', '.join(missing[nearest])}; others are {', '.join(others)}"
        raise refuse("its header is not that of a known export", f"Remove the file, or complete its columns: {advice}")
    if len(matches) > 1:
        names = " and ".join(
            f"{form.name} ({f'sheet {name!r}, ' if name else ''}row {rows[0][0]})" for form, name, rows in matches
        )
        raise refuse(f"its header matches {names}", "Keep one table per file, with the columns of one form")
    form, sheet, [(top, header), *rows] = matches[0]
    for name in form.repeated(header):
        raise refuse("the column occurs more than once", "Keep one of them", row=top, column=name)
    _require_all_is_read(header, rows, {name: rows for name, rows in sheets.items() if name != sheet})
    frame = form.read(header, rows)
    if frame.is_empty():
        raise refuse("has a header and no rows", "Export it again, or remove it", row=top)
    if is_gbk(content):
        require_chinese(frame)
    return form, frame


def _require_all_is_read(header: Cells, rows: Sheet, others: dict[str, Sheet]) -> None:
    """Raise Refused if rows differ from the header in width, repeat each other, or fill several columns of another sheet."""
    for name, sheet in others.items():
        if any(sum(cell is not None for cell in cells) > 1 for _, cells in sheet):
            remedy = "Put its rows under the header of the other sheet, save it as a file of its own, or delete it"
            raise refuse(f"its sheet {name!r} has rows too, and no header of a known export", remedy)
    first = dict[tuple[str | None, ...], int]()
    wrong = list[Problem]()
    for number, cells in rows:
        before = first.setdefault(tuple(cells), number)
        if len(cells) != len(header):
            problem = f"{len(cells)} {'field' if len(cells) == 1 else 'fields'} where the header has {len(header)}"
            wrong.append(Problem("content", problem, "Quote fields that contain a comma, or add the missing fields", number))
        elif before != number:
            remedy = "Remove it, or tell the two apart, by their dates or amounts"
            wrong.append(Problem("content", f"is the same as row {before}", remedy, number))
    if wrong:
        raise Refused(*wrong)


def _parse(content: bytes, table: str) -> pl.DataFrame:
    form, frame = recognise(content)
    if form.table != table:
        raise refuse(f"is an export of {form.table}, not of {table}", "Land the inbox again; the file has changed")
    frame = _with_amounts(frame) if table == "deals" else frame
    kept, broken = contract.sift(frame, CONTRACTS[table])
    if broken:
        raise Refused(*(replace(problem, column=problem.column and form.printed(problem.column)) for problem in broken))
    return kept


def _with_amounts(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.with_columns(pl.col("currency").map_elements(lambda word: currency_code(word) or word, pl.String))
    read = with_amounts(frame)
    is_unreadable = read["amount_kind"] == "unreadable"
    return read.with_columns(currency=pl.when(is_unreadable).then(frame["currency"]).otherwise("currency"))


def paths() -> list[Path]:
    """Return what is in the inbox and its folders, except READMEs and hidden files; raise InputError if that cannot be read."""
    if settings.INBOX.exists() and not settings.INBOX.is_dir():
        remedy = "Rename it, make a folder of this name, and move the file into it"
        raise InputError(NAME, [Problem("data/inbox", "is a file where a folder should be", remedy)])
    found = _inside(settings.INBOX) if settings.INBOX.is_dir() else []
    return [path for entry in found for path in (_inside(entry) if entry.is_dir() else [entry])]


def _inside(folder: Path) -> list[Path]:
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        problem = Problem(_named(folder), f"cannot be read ({error.strerror})", "Give this user the right to read it")
        raise InputError(NAME, [problem]) from error
    return [path for path in found if path.name not in IGNORED and not path.name.startswith((".", "~$"))]


def _named(path: Path) -> str:
    """Return the address of a file of the inbox; letters that are not in UTF-8 are escaped."""
    return os.fsencode(path.relative_to(settings.HOME).as_posix()).decode("utf-8", "backslashreplace")


def folder_of(url: str) -> str | None:
    """Return the name of the folder of the inbox that a file is in; None if it lies in the inbox itself."""
    *folders, _ = url.removeprefix("data/inbox/").split("/")
    return folders[0] if folders else None


def _find(table: str) -> Find:
    """Return a function that yields the files of ``table``, and then raises InputError if others match no form."""

    def find(get: Get) -> Iterator[Request]:
        problems = list[Problem]()
        for path in paths():
            request = Request(path.relative_to(settings.HOME).as_posix())
            if (named := _named(path)) != request.url:
                remedy = "Rename it, or unpack its archive anew with the encoding of its names"
                problems.append(Problem(named, "its name is not in UTF-8", remedy))
                continue
            if not path.is_file():
                remedy = "Move the files in it into data/inbox itself, or into a folder there that is named after their place"
                problems.append(Problem(request.url, "is not a file", remedy))
                continue
            try:
                content = get(request)
                key = hashlib.sha256(content).digest()
                if key not in _table_of:
                    _table_of[key] = recognise(content)[0].table
            except Refused as refused:
                problems += refused.located(NAME, request.url).problems
                continue
            if _table_of[key] == table:
                yield request
        if problems:
            raise InputError(NAME, problems)

    return find


SOURCE = Source(
    name=NAME,
    title="Your own exports",
    publisher="Whoever you took them from",
    landing_page="data/inbox",
    licence="As agreed between you and the publisher",
    licence_class="restricted",
    citation="Exports in data/inbox; a release built with them is for local use only",
    cadence="when edited",
    subjects=("deals", "companies", "investors"),
    priority=2,
    tables=tuple(
        Table(name, schema, (0, 10_000_000), partial(_parse, table=name), _find(name), tolerates=0.0, review=review)
        for name, schema in CONTRACTS.items()
    ),
    is_local=True,
)
