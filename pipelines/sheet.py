"""Cells of a workbook, .xls or .xlsx, as the text they show.

What belongs here: opening the file and saying clearly that it cannot be opened. What does not: which row is the
header and what the cells mean (the source's module).
"""

import io
import zipfile
from contextlib import suppress

import fastexcel

from pipelines.contract import not_a_bomb, not_html
from pipelines.errors import Refused, refuse

Row = tuple[str | None, ...]


def sheet_rows(content: bytes) -> list[Row]:
    """The rows of a workbook's only sheet, each as wide as the sheet: stripped text, None where blank.

    The first row of the list is row 1 of the sheet. Raises Refused for what is no workbook, or one of several sheets.
    """
    not_html(content)
    if content.startswith(b"PK"):
        _not_a_bomb(content)
    try:
        book = fastexcel.read_excel(content)
        if len(book.sheet_names) != 1:
            raise refuse(f"the workbook holds {len(book.sheet_names)} sheets, expected one", "Look which of them holds the table")
        frame = book.load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except Refused:
        raise
    except BaseException as error:
        # On some damaged files calamine panics, which arrives as a BaseException of a class that cannot be imported.
        if not isinstance(error, fastexcel.FastExcelError) and type(error).__name__ != "PanicException":
            raise
        raise refuse("not readable as a workbook", "Fetch it again; it was cut or damaged") from error
    if frame.is_empty():
        raise refuse("the sheet is empty", "Fetch it again; if it stays empty, the source has withdrawn it")
    return [tuple((cell or "").strip() or None for cell in row) for row in frame.iter_rows()]


def _not_a_bomb(content: bytes) -> None:
    with suppress(zipfile.BadZipFile, ValueError), zipfile.ZipFile(io.BytesIO(content)) as archive:  # fastexcel words these
        not_a_bomb(archive)


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
