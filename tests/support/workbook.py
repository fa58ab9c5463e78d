"""Make a workbook of text cells, in the smallest .xlsx that can be opened."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _letters(column: int) -> str:
    """Return the letters of a column, counted from 0: A to Z, then AA."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _cell(column: int, row: int, text: str) -> str:
    return f'<c r="{_letters(column)}{row}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _body(rows: Sequence[Sequence[str | None]]) -> str:
    return "".join(
        f'<row r="{number}">{"".join(_cell(column, number, text) for column, text in enumerate(row) if text is not None)}</row>'
        for number, row in enumerate(rows, 1)
    )


def workbook(rows: Sequence[Sequence[str | None]], sheets: int = 1, more: Sequence[Sequence[str | None]] = ()) -> bytes:
    """Return a workbook whose sheets all contain ``rows``, and one of ``more`` rows if there are any; None leaves a cell out."""
    bodies = [_body(rows)] * sheets + ([_body(more)] if more else [])
    numbers = range(1, len(bodies) + 1)
    types = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>' for n in numbers)
    listed = "".join(f'<sheet name="sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    linked = "".join(f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{linked}</Relationships>',
    }
    parts |= {
        f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
        for n, body in enumerate(bodies, 1)
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()
