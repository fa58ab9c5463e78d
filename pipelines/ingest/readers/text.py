"""Read text, CSV and JSON: bytes come in, text cells or JSON values go out, or one refusal that says what is wrong."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO, Any, Literal

import dataframely as dy
import polars as pl

from pipelines.errors import Problem, Refused, refuse
from pipelines.ingest.contract import ROW, conform
from pipelines.ingest.readers.regular_csv import regular_rows

# Outlines of provinces and descriptions of companies exceed the library's limit.
csv.field_size_limit(1 << 28)

#: Bytes beyond which a CSV file is read at once, if it is regular.
LARGE = 1_000_000
#: Media types under which servers send CSV files.
CSV_TYPES = ("text/plain", "text/csv")

CHANGED = "Correct the file, or fetch it again; if the source changed for good, change its parser"
DAMAGED = "Fetch the file again; it was damaged, or is in another encoding"
CUT = "Fetch it again; it was cut off or damaged"
#: What may separate columns, in words.
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_HTML = re.compile(rb"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def not_html(content: bytes) -> None:
    """Raise Refused for an empty body, or for a web page instead of data."""
    if not content.strip():
        remedy = "Restore it if it is your own; otherwise fetch it again. If it stays empty, the source has withdrawn it"
        raise refuse("the file is empty", remedy)
    if content.startswith(b"version https://git-lfs.github.com/"):
        remedy = "Fetch it from media.githubusercontent.com/media, or clone its repository with Git LFS"
        raise refuse("is a pointer of Git LFS, not the file it stands for", remedy)
    if _HTML.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise refuse("is a web page, not data", "Open its address in a browser: it may show an error, a login or a captcha")


def decode(content: bytes, encoding: str = "utf-8") -> str:
    """Return ``content`` as text in exactly this encoding; raise Refused for any other, for a web page and for an empty file."""
    not_html(content)
    remedy = f"Save or fetch the file again as {encoding.upper()}"
    if encoding in ("latin-1", "mac_roman") and not content.isascii():
        # Every byte is valid in both, so only the reverse can be tested: real text in them is hardly ever valid UTF-8.
        with suppress(UnicodeDecodeError):
            content.decode("utf-8")
            raise refuse(f"is UTF-8 where {encoding.upper()} was expected", remedy)
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        row = len(re.findall(rb"\r\n?|\n", content[: error.start])) + 1
        raise refuse(f"byte {content[error.start]:#04x} is not {encoding.upper()}", remedy, row=row) from error
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise refuse("contains a NUL character", DAMAGED, row=row)
    return text


def csv_rows(
    content: bytes, columns: Sequence[str], *, encoding: str = "utf-8", delimiter: str = ",", ignores_others: bool = False
) -> pl.DataFrame:
    """Return the records of a CSV file with exactly these ``columns``, in any order, or with others that are ignored.

    Every column is a stripped string, null where blank; ``source_row`` is added. If ``delimiter`` is a tab, quotes are ordinary
    characters.
    """
    if len(content) > LARGE:
        stream = io.BytesIO(content if encoding == "utf-8" else decode(content, encoding).encode())
        frame = rows_at_once(stream, columns, delimiter, ignores_others)
        if frame is not None:
            return frame
    reader = _reader(io.StringIO(decode(content, encoding), newline=""), delimiter)
    try:
        header: list[str] = next(reader, [])
        if problems := _header_problems(header, columns, ignores_others, delimiter):
            raise Refused(*problems)
        rows, numbers = _records(reader, header, columns)
    except csv.Error as error:
        raise refuse(f"invalid CSV: {error}", "Check the quotes in this row", row=reader.line_num) from error
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_columns(pl.Series(ROW, numbers, dtype=pl.Int32))


def _reader(lines: Iterable[str], delimiter: str) -> Any:
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    return csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)


def rows_at_once(
    stream: IO[bytes], columns: Sequence[str], delimiter: str = ",", ignores_others: bool = False
) -> pl.DataFrame | None:
    """Return the records if the file is regular; None leaves it, or its errors, to ``csv_rows``, which goes record by record."""
    line = stream.readline().removesuffix(b"\n").removesuffix(b"\r")
    with suppress(UnicodeDecodeError, csv.Error):
        header: list[str] = next(_reader([line.decode("utf-8-sig")], delimiter), [])
        if not _header_problems(header, columns, ignores_others, delimiter):
            return regular_rows(stream, header, columns, delimiter)
    return None


def _records(reader: Any, header: list[str], columns: Sequence[str]) -> tuple[list[list[str | None]], list[int]]:
    """Return ``columns`` of the records that are not blank, and the row each begins in; raise Refused for another width."""
    positions, width = [header.index(name) for name in columns], len(header)
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    start = reader.line_num + 1
    for record in reader:
        if any(record):
            if len(record) != width:
                problem = f"{len(record)} {'field' if len(record) == 1 else 'fields'} where the header has {width}"
                remedy = "Quote fields that contain a comma, or add the missing fields"
                problems.append(Problem("content", problem, remedy, row=start))
            else:
                rows.append([record[position].strip() or None for position in positions])
            numbers.append(start)
        start = reader.line_num + 1
    if problems:
        raise Refused(*problems)
    return rows, numbers


def day_in(column: str, form: str) -> pl.Expr:
    """Return the ISO dates of texts in a form with the groups y, m and d; others stay, so that the contract refuses them."""
    parts = pl.col(column).str.extract_groups(form).struct
    day = pl.concat_str(parts.field("y"), parts.field("m").str.zfill(2), parts.field("d").str.zfill(2), separator="-")
    return pl.coalesce(day, column)


def json_value(content: bytes) -> Any:
    values = list(json_values(decode(content)))
    if len(values) != 1:
        raise refuse(f"contains {len(values)} JSON values, expected 1", CHANGED)
    return values[0]


def json_values(text: str) -> Iterator[Any]:
    """Yield each JSON value of ``text``; blanks may separate them."""
    position = 0
    while (position := _BLANKS.match(text, position).end()) < len(text):  # type: ignore[union-attr]
        value, position = json_at(text, position)
        yield value


def json_at(text: str, position: int) -> tuple[Any, int]:
    """Return the JSON value that begins at ``position``, and where it ends."""

    def refused(problem: str, remedy: str, place: int) -> Refused:
        return refuse(problem, remedy, row=text.count("\n", 0, place) + 1)

    try:
        value, end = _JSON.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise refused(f"invalid JSON: {error.msg}", CUT, error.pos) from error
    except (RecursionError, ValueError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else "NaN, Infinity or an over-long number"
        raise refused(f"invalid JSON: {problem}", "Open the file; the source no longer writes valid JSON", position) from error
    escape = text.find("\\u0000", position, end)  # many times faster than the pattern, which decides
    if escape >= 0 and (nul := _NUL.search(text, position, end)):
        raise refused("contains a NUL character", DAMAGED, nul.start())
    if half := _SURROGATE.search(text, position, end):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise refused("invalid JSON: half of a surrogate pair", CUT, half.start()) from error
    return value, end


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


_BLANKS = re.compile(r"[ \t\r\n]*")
_JSON = json.JSONDecoder(parse_constant=_refuse_constant)
#: Characters beyond U+FFFF are escaped as two halves; half a pair is not a character and cannot be stored.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
#: The escape of a NUL, unless its backslash is itself escaped.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def read_csv(content: bytes, schema: type[dy.Schema]) -> pl.DataFrame:
    """Return the rows of a CSV file whose columns are those of its contract."""
    return conform(csv_rows(content, schema.column_names()), schema)


def _header_problems(header: list[str], expected: Sequence[str], ignores_others: bool, delimiter: str) -> list[Problem]:
    for other, signs in _DELIMITERS.items():
        if len(header) == 1 and other in header[0] and set(header[0].split(other)) & set(expected):
            ours = _DELIMITERS[delimiter]
            problem = f"its columns are separated by {signs}, not by {ours}"
            return [Problem("content", problem, f"Save it with {ours} between them", 1)]
    missing = [name for name in expected if name not in header]
    unknown = [] if ignores_others else [name for name in header if name not in expected]
    renamed = f"; it may be {missing[0]} under a new name" if len(missing) == len(unknown) == 1 else ""
    remedy = f"The columns expected are {', '.join(expected)}"
    twice = {name for name in header if header.count(name) > 1}
    return [
        *(Problem("content", "the column is missing", remedy, 1, name) for name in missing),
        *(Problem("content", f"the column is unknown{renamed}", CHANGED, 1, name) for name in unknown),
        *(Problem("content", "the column occurs twice", "Keep one of them", 1, name) for name in twice),
    ]
