"""Read text, CSV and JSON: bytes come in, text cells or JSON values go out, or one refusal that says what is wrong."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import Problem, Refused, refuse
from pipelines.ingest.contract import ROW, conform

# Outlines of provinces and texts of companies are longer than the library allows for.
csv.field_size_limit(1 << 28)

CHANGED = "Compare the file with the columns expected; if the source changed for good, change its parser"
_HTML = re.compile(rb"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def not_html(content: bytes) -> None:
    """Raises Refused for an empty body, or for a web page where data were promised."""
    if not content.strip():
        raise refuse("the file is empty", "Fetch it again; if it stays empty, the source has withdrawn it")
    if _HTML.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise refuse("is a web page, not data", "Open its address in a browser: the source shows an error, a login or a wall")


def decode(content: bytes, encoding: str = "utf-8") -> str:
    """Text of ``content`` in exactly this encoding; raises Refused for any other, for a web page and for nothing."""
    not_html(content)
    remedy = f"Save or fetch the file again as {encoding.upper()}"
    if encoding == "latin-1" and any(byte > 127 for byte in content):
        # Every byte is latin-1, so only the reverse can be tested: real latin-1 text is hardly ever UTF-8.
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            raise refuse("is UTF-8 where LATIN-1 was expected", remedy)
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        row = len(re.findall(rb"\r\n?|\n", content[: error.start])) + 1
        raise refuse(f"byte {content[error.start]:#04x} is not {encoding.upper()}", remedy, row=row) from error
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise refuse("holds a NUL character", "Fetch the file again; it was damaged, or is in another encoding", row=row)
    return text


def csv_rows(content: bytes, columns: Sequence[str], *, encoding: str = "utf-8", delimiter: str = ",") -> pl.DataFrame:
    """The records of a CSV file with exactly these ``columns``, in any order.

    Returns one row per record, every column a stripped string (null where blank), plus ``source_row``.
    A tab as ``delimiter`` means that quotes are ordinary characters.
    """
    reader = csv.reader(
        io.StringIO(decode(content, encoding), newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL,
        strict=True,
    )
    rows: list[list[str]] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    try:
        header = next(reader, [])
        problems += _header_problems(header, columns)
        if problems:
            raise Refused(*problems)
        start = reader.line_num + 1
        for record in reader:
            if any(record):
                if len(record) != len(header):
                    counted = f"{len(record)} fields where the header has {len(header)}"
                    remedy = "Quote commas inside a field, or add the missing ones"
                    problems.append(Problem("content", counted, remedy, row=start))
                rows.append(record)
                numbers.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise refuse(f"not readable as CSV ({error})", "Check the quotes of that row", row=reader.line_num) from error
    if problems:
        raise Refused(*problems)
    cleaned = [[cell.strip() or None for cell in record] for record in rows]
    frame = pl.DataFrame(cleaned, schema=dict.fromkeys(header, pl.String), orient="row")
    return frame.select(columns).with_columns(pl.Series(ROW, numbers, dtype=pl.Int32))


def json_value(content: bytes) -> Any:
    """The JSON value of ``content``."""
    values = list(json_values(decode(content)))
    if len(values) != 1:
        raise refuse(f"holds {len(values)} JSON values, expected one", CHANGED)
    return values[0]


def json_values(text: str, between: str = " \t\r\n") -> Iterator[Any]:
    """Each JSON value that stands in ``text``, parted by any of the characters ``between``."""
    if nul := _NUL.search(text):
        row = text.count("\n", 0, nul.start()) + 1
        raise refuse("holds a NUL character", "Fetch the file again; it was damaged, or is in another encoding", row=row)
    gap = re.compile(f"[{re.escape(between)}]*")
    at = 0
    is_suspect = _SURROGATE.search(text) is not None
    try:
        while (at := gap.match(text, at).end()) < len(text):  # type: ignore[union-attr]
            value, at = _JSON.raw_decode(text, at)
            if is_suspect:
                json.dumps(value, ensure_ascii=False).encode()
            yield value
    except json.JSONDecodeError as error:
        raise refuse(f"not readable as JSON ({error.msg})", "Fetch it again; it was cut or damaged", row=error.lineno) from error
    except UnicodeEncodeError as error:
        remedy = "Fetch it again; it was cut within a character"
        raise refuse("not readable as JSON (it holds half a character)", remedy, row=text.count("\n", 0, at) + 1) from error
    except (RecursionError, ValueError) as error:
        problem = "is nested too deep" if isinstance(error, RecursionError) else "holds a number that is none, or endless"
        remedy = "Look what became of it; data are not written so"
        raise refuse(f"not readable as JSON (it {problem})", remedy, row=text.count("\n", 0, at) + 1) from error


def _no_number(name: str) -> Any:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_no_number)
#: Characters beyond U+FFFF are escaped as two halves; one alone is no character, and nothing can store it.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
#: The escape of a NUL, its backslash not itself escaped.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def read_csv(content: bytes, schema: type[dy.Schema]) -> pl.DataFrame:
    """Rows of a CSV file whose columns are those of its contract."""
    return conform(csv_rows(content, schema.column_names()), schema)


def _header_problems(header: list[str], expected: Sequence[str]) -> list[Problem]:
    problems = []
    missing = [name for name in expected if name not in header]
    unknown = [name for name in header if name not in expected]
    renamed = f"; it may be {missing[0]} renamed" if len(missing) == len(unknown) == 1 else ""
    for name in expected:
        if name in missing:
            text = f"Expected is {','.join(expected)}"
            problems.append(Problem("content", "the column is missing", text, row=1, column=name))
    for name in header:
        if name in unknown:
            problems.append(Problem("content", f"the column is not known{renamed}", CHANGED, row=1, column=name))
    for name in {name for name in header if header.count(name) > 1}:
        problems.append(Problem("content", "the column occurs twice", "Keep one of them", row=1, column=name))
    return problems
