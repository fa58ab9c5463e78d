"""Read a regular CSV file at once, many times faster than record by record.

Polars pads short rows and takes stray quotes in silence, and names no row in its errors. So the quotes are checked before, and
what it read is compared with the separators and line ends of the file. Whatever does not add up is left to the reader that goes
record by record and names the row.
"""

import re
from collections.abc import Sequence
from functools import cache

import polars as pl

from pipelines.ingest.contract import ROW

#: Characters that no text has, or that Python's blanks include and those of Polars do not; and line ends of old Macs.
_IRREGULAR = re.compile(rb"[\0\x1c-\x1f]|\r(?!\n)")


def regular_rows(content: bytes, header: Sequence[str], columns: Sequence[str], delimiter: str) -> pl.DataFrame | None:
    """Return ``columns`` of the records below a ``header`` of one line, as ``csv_rows`` does; None if the file is irregular."""
    if _IRREGULAR.search(content) or not _is_quoted_well(content, delimiter):
        return None
    try:
        frame = pl.read_csv(
            content,
            has_header=False,
            skip_lines=1,
            schema=dict.fromkeys(header, pl.String),
            separator=delimiter,
            quote_char=None if delimiter == "\t" else '"',
            empty_string_is_null=False,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    cells = frame.select(
        _occurrences(delimiter).alias("separators"),
        _occurrences("\n").alias("ends"),
        pl.all_horizontal(pl.all() == "").alias("blank"),
    )
    frame = frame.select(columns)
    if not _adds_up(content, cells, len(header), delimiter):
        return None
    first_lines = 2 + (cells["ends"] + 1).cum_sum().shift(1, fill_value=0)
    text = pl.all().exclude(ROW).str.strip_chars()
    kept = frame.with_columns(first_lines.cast(pl.Int32).alias(ROW)).filter(~cells["blank"])
    return kept.select(pl.when(text != "").then(text), ROW)


def _is_quoted_well(content: bytes, delimiter: str) -> bool:
    """Return whether every quote below the first line opens a cell, closes one, or is one of two within."""
    if delimiter == "\t":
        return True
    first_end = content.find(b"\n")
    return first_end < 0 or _quotes(delimiter).fullmatch(content, first_end) is not None


@cache
def _quotes(delimiter: str) -> re.Pattern[bytes]:
    separator = re.escape(delimiter).encode()
    cell = rb'(?<=[%b\n])"[^"]*+(?:""[^"]*+)*+"(?=[%b\r\n]|\Z)' % (separator, separator)
    return re.compile(rb'[^"]*+(?:%b[^"]*+)*+' % cell)


def _adds_up(content: bytes, cells: pl.DataFrame, width: int, delimiter: str) -> bool:
    """Return whether all separators and line ends of the file stand within ``cells`` or between cells and records."""
    first_line = content.partition(b"\n")[0]
    separator = delimiter.encode()
    separators = content.count(separator) - first_line.count(separator) - cells["separators"].sum()
    ends = content.count(b"\n") - cells["ends"].sum()
    return (separators, ends) == (cells.height * (width - 1), cells.height + content.endswith(b"\n"))


def _occurrences(character: str) -> pl.Expr:
    """Return how often a character stands within the cells of a row."""
    return pl.sum_horizontal(pl.all().str.count_matches(character, literal=True))
