"""Read the cells of a user's file: CSV in UTF-8, UTF-16 or GBK, Parquet, or a workbook, new or old."""

import csv
import io
import re
from collections.abc import Iterable

import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.characters import damage
from pipelines.ingest.readers.text import decode, not_html
from pipelines.ingest.readers.workbook import sheets
from pipelines.ingest.sandbox import isolated, unreadable

Cells = list[str | None]
#: Rows with their number in the file.
Sheet = list[tuple[int, Cells]]

#: How a workbook of Excel before 2007 begins.
_OLD_WORKBOOK = bytes.fromhex("D0CF11E0")
#: Characters that text has not, in any encoding.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
#: The delimiter is the character that is most frequent in so many lines.
_LINES_FOR_DELIMITER = 20


def read_sheets(content: bytes) -> list[Sheet]:
    """Return every sheet of the file as rows of stripped cells, without blank rows."""
    not_html(content)
    if content.startswith((b"PK", _OLD_WORKBOOK)):
        raw: list[Iterable[tuple[int, Iterable[str | None]]]] = [enumerate(rows, 1) for rows in sheets(content)]
    elif content.startswith(b"PAR1"):
        raw = [enumerate(isolated(_parquet, content, "Parquet"), 1)]
    else:
        raw = [_csv(_text(content))]
    stripped = [[(number, [(cell or "").strip() or None for cell in row]) for number, row in sheet] for sheet in raw]
    return [[(number, row) for number, row in sheet if any(row)] for sheet in stripped]


def _parquet(content: bytes) -> list[tuple[str | None, ...]]:
    """Return header and rows as text."""
    with unreadable("Parquet", pl.exceptions.PolarsError):
        frame = pl.read_parquet(content).cast(pl.String)
    return [tuple(frame.columns), *frame.rows()]


def _csv(text: str) -> list[tuple[int, list[str]]]:
    top = "".join(text.splitlines(keepends=True)[:_LINES_FOR_DELIMITER])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=top.count), strict=True)
    rows = []
    start = 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise refuse(f"invalid CSV: {error}", "Check the quotes in this row", row=reader.line_num) from error
    return rows


def _text(content: bytes) -> str:
    """Return the text of a CSV file in UTF-16 (with byte order mark), UTF-8 or GBK."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode(content, "utf-16")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if _BINARY.search(content):
            raise refuse("is not a table", "Unpack it if it is packed; otherwise export it as CSV or XLSX") from None
        # A GBK character is mostly two high bytes; a single one is an accented letter of a Western encoding.
        runs = re.findall(rb"[\x80-\xff]+", content)
        text = "" if 2 * sum(len(run) == 1 for run in runs) > len(runs) else decode(content, "gb18030")
        if not text or any(map(damage, text.splitlines())):
            raise refuse("is neither UTF-8, UTF-16 nor GBK", "Save it as UTF-8") from None
        return text
    return decode(content)
