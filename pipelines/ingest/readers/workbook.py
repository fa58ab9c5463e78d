"""Read the cells of a workbook, .xls or .xlsx, as the text they show."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress

import fastexcel
import polars as pl
from xlsxwriter.utility import xl_col_to_name

from pipelines.errors import Problem, Refused, refuse
from pipelines.ingest.readers.archives import BROKEN_ZIP, not_a_bomb
from pipelines.ingest.readers.text import CHANGED, DAMAGED, not_html
from pipelines.ingest.sandbox import isolated, unreadable

Row = tuple[str | None, ...]

#: A cell with a formula and no value, with its attributes; a formula whose value is an empty text has the type str.
_UNCALCULATED = re.compile(rb"<c\b([^>]*)><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")


def sheet_rows(content: bytes) -> list[Row]:
    """Return the rows of a workbook's only sheet, each as wide as the sheet: stripped text, None where blank.

    The first row of the list is row 1 of the sheet. Raises Refused for anything but a workbook with a single sheet.
    """
    all_sheets = list(sheets(content).values())
    if len(all_sheets) != 1:
        raise refuse(f"the workbook has {len(all_sheets)} sheets, expected 1", "Open it to see which sheet has the table")
    if not all_sheets[0]:
        raise refuse("the sheet is empty", "Fetch it again; if it stays empty, the source has withdrawn it")
    return [tuple((cell or "").strip() or None for cell in row) for row in all_sheets[0]]


def sheets(content: bytes) -> dict[str, list[Row]]:
    """Return the rows of each sheet by its name, as text, beginning with row 1; raise Refused if this is not a workbook."""
    return isolated(_sheets, content, "a workbook")


def _sheets(content: bytes) -> dict[str, list[Row]]:
    not_html(content)
    if content.startswith(b"PK"):
        # For a broken archive fastexcel has the better error.
        with suppress(*BROKEN_ZIP), zipfile.ZipFile(io.BytesIO(content)) as archive:
            not_a_bomb(archive)
            if wrong := list(_uncalculated(archive)):
                raise Refused(*wrong)
    with unreadable("a workbook", fastexcel.FastExcelError):
        book = fastexcel.read_excel(content)
        read = {
            name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow_with_errors()
            for name in book.sheet_names
        }
    if wrong := [problem for name, (_, lost) in read.items() for problem in _error_cells(name, lost)]:
        raise Refused(*wrong)
    frames = {name: pl.DataFrame(batch) for name, (batch, _) in read.items()}
    if wrong := [problem for name, frame in frames.items() for problem in _nul_cells(name, frame)]:
        raise Refused(*wrong)
    return {name: frame.rows() for name, frame in frames.items()}


def _uncalculated(archive: zipfile.ZipFile) -> Iterator[Problem]:
    """Yield a problem for each formula without a stored value, which a reader takes for a blank cell."""
    for part in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
            for cell in _UNCALCULATED.finditer(archive.read(part)):
                if (place := re.search(rb'\br="([A-Z]+)([0-9]+)"', cell[1])) and b't="str"' not in cell[1]:
                    problem, remedy = "the formula of the cell has no stored value", "Open the file in Excel and save it"
                    yield Problem("content", problem, remedy, int(place[2]), place[1].decode())


def _error_cells(sheet: str, lost: fastexcel.CellErrors | None) -> list[Problem]:
    """Return a problem for each cell that shows an error such as #N/A; the reader leaves it blank, as if nothing were known."""
    remedy = "Correct its formula, or empty the cell if its value is unknown"
    return [
        Problem("content", f"the cell of sheet {sheet!r} shows an error, such as #N/A", remedy, row + 1, xl_col_to_name(column))
        for row, column in (error.position for error in (lost.errors if lost else []) if "'Error(" in error.detail)
    ]


def _nul_cells(sheet: str, cells: pl.DataFrame) -> Iterator[Problem]:
    """Yield a problem for each cell that holds a NUL, which a workbook writes as _x0000_."""
    for place, column in enumerate(cells.iter_columns()):
        for row in column.cast(pl.String).str.contains("\0", literal=True).arg_true():
            problem = f"the cell of sheet {sheet!r} contains a NUL character"
            yield Problem("content", problem, DAMAGED, int(row) + 1, xl_col_to_name(place))


def check_header(row: Row, expected: tuple[str, ...], number: int) -> None:
    """Raise Refused unless row ``number`` of a sheet contains exactly the ``expected`` column names."""
    for position, name in enumerate(expected):
        actual = row[position] if position < len(row) else None
        if actual != name:
            raise refuse(f"column {position + 1} is called {actual!r}, expected {name!r}", CHANGED, row=number, column=name)
    if len(row) != len(expected):
        extra = ", ".join(str(name) for name in row[len(expected) :])
        raise refuse(f"unknown columns: {extra}", CHANGED, row=number)
