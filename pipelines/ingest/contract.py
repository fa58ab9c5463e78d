"""From bytes to a typed frame that keeps its contract, or one clear refusal.

A contract is a dataframely schema: types, ranges, vocabularies, keys and rules of one table, with each
column's documentation beside it. What belongs here: decoding, reading, checking, and wording what is wrong.
What does not: what one upstream's columns mean (its module in ``pipelines/ingest/sources``).
"""

import csv
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import Problem, Refused, refuse

#: Added to every landed row: where it stands in its file. The header is row 1.
ROW = "source_row"

# Outlines of provinces and texts of companies are longer than the library allows for.
csv.field_size_limit(1 << 28)

#: An archive is taken for a bomb if it unfolds to more bytes than these, and to so many times its size.
LARGE = 100_000_000
MOST_UNFOLDING = 100

_CHANGED = "Compare the file with the columns expected; if the source changed for good, change its parser"
_KINDS = {dy.Int32: "whole number", dy.Float64: "number", dy.Bool: "flag (true or false)"}
_HTML = re.compile(rb"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def doc(text: str, form: str | None = None) -> dict[str, str]:
    """Metadata of a column: what it holds and, where a value can be malformed, the form it takes."""
    return {"doc": text} | ({"form": form} if form else {})


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
        raise refuse(f"holds {len(values)} JSON values, expected one", _CHANGED)
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


def zip_member(content: bytes, name: str) -> bytes:
    """The one member of a ZIP archive whose path ends with ``name``; nothing is unpacked to the disk."""
    not_html(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [one for one in archive.namelist() if one.endswith(name) and not one.startswith("__MACOSX/")]
            if len(found) != 1:
                raise refuse(f"the archive holds {len(found)} members called {name}, expected one", _CHANGED)
            not_a_bomb(archive)
            return archive.read(found[0])
    except BROKEN_ZIP as error:
        raise refuse(f"not readable as ZIP ({error})", "Fetch it again; it was cut or damaged") from error


#: Beside its own error, zipfile lets through those of what it reads with: of seeking, of decompressors, of passwords.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


@contextmanager
def unreadable(kind: str, *errors: type[Exception]) -> Iterator[None]:
    """Raises Refused, for content that was to be ``kind``, in place of a library's ``errors`` and of panics of one in Rust."""
    try:
        yield
    except BaseException as error:
        # A panic arrives as a BaseException of a class that cannot be imported.
        if not isinstance(error, errors) and type(error).__name__ != "PanicException":
            raise
        reason = (str(error).splitlines() or ["damaged"])[0]
        raise refuse(f"not readable as {kind} ({reason})", "Fetch or save it again; it was cut or damaged") from error


def not_a_bomb(archive: zipfile.ZipFile) -> None:
    """Raises Refused for an archive that unfolds to very much more than tables do; no member can unfold to more than it says."""
    packed = sum(one.compress_size for one in archive.infolist())
    unpacked = sum(one.file_size for one in archive.infolist())
    if unpacked > LARGE and unpacked > packed * MOST_UNFOLDING:
        problem = f"the archive unfolds from {packed:,} to {unpacked:,} bytes"
        raise refuse(problem, "Look what it holds before anything opens it; data do not repeat themselves so")


def sift(frame: pl.DataFrame, schema: type[dy.Schema]) -> tuple[pl.DataFrame, list[Problem]]:
    """The rows of ``frame`` that keep the contract, and what is wrong with each of the others.

    The rows have the schema's columns and types, plus their ``source_row``; of rows that share a key none is kept.
    """
    carried = _with_row(schema)
    kept, failure = carried.filter(frame.select(*schema.column_names(), pl.col(ROW).cast(pl.Int32)), cast=True)
    return kept, _row_problems(failure, schema) if len(failure) else []


def conform(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """``frame`` in the schema's columns and types, plus its ``source_row``.

    Raises Refused naming row, column and remedy for everything that breaks the contract.
    """
    kept, problems = sift(frame, schema)
    if problems:
        raise Refused(*problems)
    return kept


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
            problems.append(Problem("content", f"the column is not known{renamed}", _CHANGED, row=1, column=name))
    for name in {name for name in header if header.count(name) > 1}:
        problems.append(Problem("content", "the column occurs twice", "Keep one of them", row=1, column=name))
    return problems


def _row_problems(failure: dy.FailureInfo, schema: type[dy.Schema]) -> list[Problem]:
    """Word each broken rule of each row; dataframely says which rule broke, the schema says what it wanted."""
    details = failure.details()
    rules = [name for name in details.columns if name not in (*schema.column_names(), ROW)]
    problems = []
    for record in details.iter_rows(named=True):
        for rule in rules:
            if record[rule] == "invalid":
                problems.append(_word(rule, record, schema))
    return sorted(problems, key=lambda one: (one.row or 0, one.column or ""))


@cache
def _with_row(schema: type[dy.Schema]) -> type[dy.Schema]:
    """The same contract with the row number carried along, so that a failing row knows where it stood."""
    return type(schema.__name__, (schema,), {ROW: dy.Int32()})


def _word(rule: str, record: dict[str, Any], schema: type[dy.Schema]) -> Problem:
    row = record[ROW]
    if rule == "primary_key":
        key = schema.primary_key()
        shown = ", ".join(repr(record[name]) for name in key)
        return Problem("content", f"{shown} occurs more than once", "Keep one row per key", row=row, column=", ".join(key))
    if "|" not in rule:
        # A rule is named as the sentence it enforces, and so names its columns.
        columns = [name for name in schema.column_names() if re.search(rf"(^|_){name}(_|$)", rule)]
        shown = ", ".join(repr(record[name]) for name in columns)
        problem = f"{shown} breaks the rule that {rule.replace('_', ' ')}"
        return Problem("content", problem, "Correct it, or leave it empty if unknown", row=row, column=", ".join(columns) or None)
    column, kind = rule.split("|", 1)
    wanted = schema.columns()[column]
    value = record[column]
    match kind:
        case "nullability":
            problem, remedy = "is empty", "Fill it, or leave the row out"
        case "min" | "min_exclusive":
            problem, remedy = f"{value!r} is below {getattr(wanted, kind)}", "Correct it, or leave it empty if unknown"
        case "max" | "max_exclusive":
            problem, remedy = f"{value!r} is above {getattr(wanted, kind)}", "Correct it, or leave it empty if unknown"
        case "dtype" if isinstance(wanted, dy.Enum):
            problem, remedy = f"{value!r} is not in the vocabulary", f"Use one of {', '.join(wanted.categories)}"
        case "dtype":
            kind = _KINDS.get(type(wanted), "value of the column's type")
            problem, remedy = f"{value!r} is not a {kind}", "Correct it, or leave it empty if unknown"
        case _:
            problem, remedy = f"{value!r} has the wrong form", (wanted.metadata or {}).get("form", "See the contract")
    return Problem("content", problem, remedy, row=row, column=column)
