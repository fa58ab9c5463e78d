"""Read a regular CSV file piece by piece, many times faster than record by record and in little memory.

Polars pads short rows and takes stray quotes in silence, and names no row in its errors. So the quotes are checked before, and
what it read is compared with the separators and line ends of the piece. Whatever does not add up is left to the reader that goes
record by record and names the row.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import IO

import polars as pl

from pipelines.ingest.contract import ROW

#: Bytes read at once, and those that a record cannot exceed.
PIECE, LONGEST = 1 << 22, 1 << 24

#: Characters that no text has, or that Python's blanks include and those of Polars do not; and line ends of old Macs.
_IRREGULAR = re.compile(rb"[\0\x1c-\x1f]|\r(?!\n)")


class _Irregular(Exception):
    """Report a piece that is left to the other reader."""


def regular_rows(
    stream: IO[bytes], header: Sequence[str], columns: Sequence[str], delimiter: str, *, piece: int = PIECE
) -> pl.DataFrame | None:
    """Return ``columns`` of the records that follow a ``header`` of one line, as ``csv_rows`` does; None if one is irregular."""
    row, frames = 2, [pl.DataFrame(schema={**dict.fromkeys(columns, pl.String), ROW: pl.Int32})]
    try:
        for records in _pieces(stream, delimiter, piece):
            frames.append(_read(records, row, header, columns, delimiter))
            row += records.count(b"\n") - 1
    except _Irregular:
        return None
    return pl.concat(frames)


def _pieces(stream: IO[bytes], delimiter: str, size: int) -> Iterator[bytes]:
    """Yield pieces of whole records, each after a line end, as the header has one."""
    rest = b"\n"
    while read := stream.read(size):
        text = rest + read
        end = _last_end(text, delimiter)
        if end > 1:
            yield text[:end]
        elif len(text) > LONGEST:
            raise _Irregular
        rest = b"\n" + text[end:] if end > 1 else text
    if len(rest) > 1:
        yield rest


def _last_end(text: bytes, delimiter: str) -> int:
    """Return where the last whole record of ``text`` ends: after a line end with an even number of quotes before it."""
    end, quotes = len(text), 0 if delimiter == "\t" else text.count(b'"')
    while end > 0:
        newline = text.rfind(b"\n", 0, end)
        quotes -= 0 if delimiter == "\t" else text.count(b'"', newline, end)
        if quotes % 2 == 0:
            return newline + 1
        end = newline
    return 0


def _read(piece: bytes, row: int, header: Sequence[str], columns: Sequence[str], delimiter: str) -> pl.DataFrame:
    """Return the records of a piece, of which the first begins in ``row``."""
    if _IRREGULAR.search(piece) or not (delimiter == "\t" or _quotes(delimiter).fullmatch(piece)):
        raise _Irregular
    try:
        frame = pl.read_csv(
            piece,
            has_header=False,
            skip_lines=1,
            schema=dict.fromkeys(header, pl.String),
            separator=delimiter,
            quote_char=None if delimiter == "\t" else '"',
            empty_string_is_null=False,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:  # pyrefly: ignore[unreachable-except-clause]
        raise _Irregular from error
    cells = frame.select(
        _occurrences(delimiter).alias("separators"),
        _occurrences("\n").alias("ends"),
        pl.all_horizontal(pl.all() == "").alias("blank"),
    )
    if not _adds_up(piece, cells, len(header), delimiter):
        raise _Irregular
    first_lines = row + (cells["ends"] + 1).cum_sum().shift(1, fill_value=0)
    text = pl.all().exclude(ROW).str.strip_chars()
    kept = frame.select(columns).with_columns(first_lines.cast(pl.Int32).alias(ROW)).filter(~cells["blank"])
    return kept.select(pl.when(text != "").then(text), ROW)


@cache
def _quotes(delimiter: str) -> re.Pattern[bytes]:
    """Return the pattern of a piece in which every quote opens a cell, closes one, or is one of two within."""
    separator = re.escape(delimiter).encode()
    cell = rb'(?<=[%b\n])"[^"]*+(?:""[^"]*+)*+"(?=[%b\r\n]|\Z)' % (separator, separator)
    return re.compile(rb'[^"]*+(?:%b[^"]*+)*+' % cell)


def _adds_up(piece: bytes, cells: pl.DataFrame, width: int, delimiter: str) -> bool:
    """Return whether all separators and line ends of a piece stand within ``cells`` or between cells and records."""
    separators = piece.count(delimiter.encode()) - cells["separators"].sum()
    ends = piece.count(b"\n") - cells["ends"].sum()
    return (separators, ends) == (cells.height * (width - 1), cells.height + piece.endswith(b"\n"))


def _occurrences(character: str) -> pl.Expr:
    """Return how often a character stands within the cells of a row."""
    return pl.sum_horizontal(pl.all().str.count_matches(character, literal=True))
