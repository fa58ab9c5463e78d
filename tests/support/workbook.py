"""Make a workbook of text cells."""

import io
from collections.abc import Sequence

import xlsxwriter


def workbook(rows: Sequence[Sequence[str | None]], sheets: int = 1, more: Sequence[Sequence[str | None]] = ()) -> bytes:
    """Return a workbook whose sheets all contain ``rows``, and one of ``more`` rows if there are any; None leaves a cell out."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for number, cells in enumerate([rows] * sheets + ([more] if more else []), 1):
            sheet = book.add_worksheet(f"sheet{number}")
            for place, row in enumerate(cells):
                for column, text in enumerate(row):
                    if text is not None:
                        sheet.write_string(place, column, text)
    return buffer.getvalue()
