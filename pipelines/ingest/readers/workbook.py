"""Cells of a workbook, .xls or .xlsx, as the text they show.

What belongs here: opening the file and saying clearly that it cannot be opened. What does not: which row is the
header and what the cells mean (the source's module).
"""

import io
import zipfile
from contextlib import suppress

import fastexcel

from pipelines.errors import refuse
from pipelines.ingest.readers.archives import BROKEN_ZIP, not_a_bomb
from pipelines.ingest.readers.text import not_html
from pipelines.ingest.sandbox import isolated, unreadable

Row = tuple[str | None, ...]


def sheet_rows(content: bytes) -> list[Row]:
    """The rows of a workbook's only sheet, each as wide as the sheet: stripped text, None where blank.

    The first row of the list is row 1 of the sheet. Raises Refused for what is no workbook, or one of several sheets.
    """
    found = sheets(content)
    if len(found) != 1:
        raise refuse(f"the workbook holds {len(found)} sheets, expected one", "Look which of them holds the table")
    if not found[0]:
        raise refuse("the sheet is empty", "Fetch it again; if it stays empty, the source has withdrawn it")
    return [tuple((cell or "").strip() or None for cell in row) for row in found[0]]


def sheets(content: bytes) -> list[list[Row]]:
    """The rows of every sheet as the text they show, from row 1 on; raises Refused for what is no workbook."""
    return isolated(_sheets, content, "a workbook")


def _sheets(content: bytes) -> list[list[Row]]:
    not_html(content)
    if content.startswith(b"PK"):
        # What is no archive at all fastexcel says better.
        with suppress(*BROKEN_ZIP), zipfile.ZipFile(io.BytesIO(content)) as archive:
            not_a_bomb(archive)
    with unreadable("a workbook", fastexcel.FastExcelError):
        book = fastexcel.read_excel(content)
        return [
            book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars().rows() for name in book.sheet_names
        ]


def check_header(row: Row, expected: tuple[str, ...], number: int) -> None:
    """Raises Refused unless row ``number`` of a sheet holds exactly the ``expected`` column names."""
    for position, name in enumerate(expected):
        found = row[position] if position < len(row) else None
        if found != name:
            problem = f"column {position + 1} is called {found!r} where {name!r} was expected"
            raise refuse(problem, "Compare the file with the columns expected", row=number, column=name)
    if len(row) != len(expected):
        extra = ", ".join(str(name) for name in row[len(expected) :])
        raise refuse(f"columns not known: {extra}", "Compare the file with the columns expected", row=number)
