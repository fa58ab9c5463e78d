"""Read the cells of a user's file: CSV in UTF-8, UTF-16 or GBK, Parquet, or a workbook, new or old."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress

import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.characters import damage
from pipelines.ingest.readers.archives import BROKEN_ZIP
from pipelines.ingest.readers.text import decode
from pipelines.ingest.readers.workbook import sheets
from pipelines.ingest.sandbox import isolated, unreadable

Cells = list[str | None]
#: Rows with their number in the file.
Sheet = list[tuple[int, Cells]]

#: What to do with a file that is not a table, although the program it comes from may show one.
_SAVE = "open it and save it as XLSX or CSV"
#: How a web page, which portals also call .xls, XML or JSON begins.
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*(<[!?a-zA-Z]|[\[{]\s*[\[{\"])")
#: How a workbook of Excel before 2007 begins.
_OLD_WORKBOOK = bytes.fromhex("D0CF11E0")
#: The byte order marks of UTF-16.
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
#: Characters that text has not, in any encoding.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
#: The delimiter shows in so many lines: it is the one that makes a header of them, or else the most frequent.
_LINES_FOR_DELIMITER = 20


def read_sheets(content: bytes, is_header: Callable[[Cells], bool]) -> dict[str, Sheet]:
    """Return every sheet of the file, by its name, as rows of stripped cells, without blank rows.

    ``is_header`` tells which delimiter a CSV file has: commas may be the most frequent in a file of semicolons.
    """
    if not content.strip():
        raise refuse("the file is empty", "Export it again, or remove it")
    if _MARKUP.match(content):
        raise refuse("is a web page, XML or JSON, not a table", f"Remove it, or {_SAVE}")
    if content.startswith((b"PK", _OLD_WORKBOOK)):
        _require_no_archive(content)
        raw: dict[str, Iterable[tuple[int, Iterable[str | None]]]] = {
            name: enumerate(rows, 1) for name, rows in sheets(content).items()
        }
    elif content.startswith(b"PAR1"):
        raw = {"": enumerate(isolated(_parquet, content, "Parquet"), 1)}
    else:
        raw = {"": _csv(_text(content), is_header)}
    stripped = {name: [(number, _stripped(row)) for number, row in sheet] for name, sheet in raw.items()}
    return {name: [(number, row) for number, row in sheet if any(row)] for name, sheet in stripped.items()}


def _stripped(row: Iterable[str | None]) -> Cells:
    return [(cell or "").strip() or None for cell in row]


def _require_no_archive(content: bytes) -> None:
    """Raise Refused for a ZIP archive that is not a workbook; the reader of workbooks deals with a broken one."""
    with suppress(*BROKEN_ZIP), zipfile.ZipFile(io.BytesIO(content)) as archive:
        if not any(name == "content.xml" or name.startswith("xl/") for name in archive.namelist()):
            raise refuse("is packed, and no workbook", f"Unpack it, and put the files in it here, or {_SAVE}")


def _parquet(content: bytes) -> list[tuple[str | None, ...]]:
    """Return header and rows as text."""
    with unreadable("Parquet", pl.exceptions.PolarsError):
        frame = pl.read_parquet(content).cast(pl.String)
    return [tuple(frame.columns), *frame.rows()]


def _csv(text: str, is_header: Callable[[Cells], bool]) -> list[tuple[int, list[str]]]:
    top = "".join(text.splitlines(keepends=True)[:_LINES_FOR_DELIMITER])
    likely = sorted(",;\t", key=top.count, reverse=True)
    tried = {each: csv.reader(io.StringIO(top, newline=""), delimiter=each) for each in likely}
    delimiter = next((each for each, rows in tried.items() if any(is_header(_stripped(row)) for row in rows)), likely[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    start = 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise refuse(f"invalid CSV: {error}", "Check the quotes in this row", row=reader.line_num) from error
    return rows


def is_gbk(content: bytes) -> bool:
    """Return whether a file is read as CSV in GBK, which is what is left if it is nothing else."""
    if content.startswith((b"PK", _OLD_WORKBOOK, b"PAR1", *_UTF_16)):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _is_unmarked_utf_16(content: bytes) -> bool:
    """Return whether a file is text in UTF-16 that does not say so: its line ends are whole characters, and nothing is binary."""
    for encoding in ("utf-16-le", "utf-16-be"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\n" in text and not _BINARY.search(text.encode()):
                return True
    return False


def _text(content: bytes) -> str:
    """Return the text of a CSV file in UTF-16 (with byte order mark), UTF-8 or GBK."""
    if b"\0" in content and not content.startswith(_UTF_16) and _is_unmarked_utf_16(content):
        raise refuse("is UTF-16 without a byte order mark", "Save it as UTF-8")
    if not is_gbk(content):
        return decode(content, "utf-16" if content.startswith(_UTF_16) else "utf-8")
    if _BINARY.search(content):
        raise refuse("is not a table", f"Unpack it if it is packed; otherwise {_SAVE}")
    # A GBK character is mostly two high bytes; a single one is an accented letter of a Western encoding.
    runs = re.findall(rb"[\x80-\xff]+", content)
    text = "" if 2 * sum(len(run) == 1 for run in runs) > len(runs) else decode(content, "gb18030")
    if not text or any(map(damage, text.splitlines())):
        raise refuse("is neither UTF-8, UTF-16 nor GBK", "Save it as UTF-8")
    return text
