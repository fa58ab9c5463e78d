"""From bytes of a CSV file to a typed frame that keeps its contract, or one clear error.

A contract is a dataframely schema: types, ranges, vocabularies, keys and rules of one file, with each
column's documentation beside it. What belongs here: reading, checking, and wording what is wrong.
"""

import csv
import io
import re
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import InputError, Problem

#: Added to every landed row: where it stands in its file. The header is row 1.
ROW = "source_row"

_KINDS = {dy.Int32: "whole number", dy.Float64: "number", dy.Bool: "flag (true or false)"}


def read_csv(content: bytes, schema: type[dy.Schema], *, source: str, file: str) -> pl.DataFrame:
    """Parse ``content`` and hold it against ``schema``.

    Returns one row per record with the schema's columns and types plus ``source_row``.
    Raises InputError naming file, row, column and remedy for everything that breaks the contract.
    """
    expected = schema.column_names()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        bad = Problem(file, f"byte {content[error.start]:#04x} is not UTF-8", "Save the file as UTF-8", row=row)
        raise InputError(source, [bad]) from error

    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise InputError(source, [Problem(file, "holds a NUL character", "Remove it; the file was damaged", row=row)])

    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    try:
        header = next(reader, [])
        problems += _header_problems(header, expected, file)
        if problems:
            raise InputError(source, problems)
        start = reader.line_num + 1
        for record in reader:
            if any(record):
                if len(record) != len(header):
                    counted = f"{len(record)} fields where the header has {len(header)}"
                    remedy = "Quote commas inside a field, or add the missing ones"
                    problems.append(Problem(file, counted, remedy, row=start))
                rows.append(record)
                numbers.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        bad = Problem(file, f"not readable as CSV ({error})", "Check the quotes of that row", row=reader.line_num)
        raise InputError(source, [bad]) from error
    if problems:
        raise InputError(source, problems)

    cleaned = [[cell.strip() or None for cell in record] for record in rows]
    raw = pl.DataFrame(cleaned, schema=dict.fromkeys(header, pl.String), orient="row").select(expected)
    _, failure = schema.filter(raw, cast=True)
    if len(failure):
        raise InputError(source, _row_problems(raw, numbers, schema, file))
    return schema.cast(raw).with_columns(pl.Series(ROW, numbers, dtype=pl.Int32))


def _header_problems(header: list[str], expected: list[str], file: str) -> list[Problem]:
    problems = []
    for name in expected:
        if name not in header:
            problems.append(
                Problem(file, "the column is missing", f"Add it; the header is {','.join(expected)}", row=1, column=name)
            )
    for name in header:
        if name not in expected:
            problems.append(Problem(file, "the column is not known", "Remove it, or add it to the contract", row=1, column=name))
    for name in {name for name in header if header.count(name) > 1}:
        problems.append(Problem(file, "the column occurs twice", "Keep one of them", row=1, column=name))
    return problems


def _row_problems(raw: pl.DataFrame, numbers: list[int], schema: type[dy.Schema], file: str) -> list[Problem]:
    """Word each broken rule of each row; dataframely says which rule broke, the schema says what it wanted."""
    indexed = raw.with_columns(pl.Series(ROW, numbers, dtype=pl.Int32))
    details = _with_row(schema).filter(indexed, cast=True)[1].details()
    rules = [name for name in details.columns if name not in indexed.columns]
    problems = []
    for record in details.iter_rows(named=True):
        for rule in rules:
            if record[rule] == "invalid":
                problems.append(_word(rule, record, schema, file))
    return sorted(problems, key=lambda one: (one.row or 0, one.column or ""))


def _with_row(schema: type[dy.Schema]) -> type[dy.Schema]:
    """The same contract with the row number carried along, so that a failing row knows where it stood."""
    return type(schema.__name__, (schema,), {ROW: dy.Int32()})


def _word(rule: str, record: dict[str, Any], schema: type[dy.Schema], file: str) -> Problem:
    row = record[ROW]
    if rule == "primary_key":
        key = schema.primary_key()
        shown = ", ".join(repr(record[name]) for name in key)
        return Problem(file, f"{shown} occurs more than once", "Keep one row per key", row=row, column=", ".join(key))
    if "|" not in rule:
        # A rule is named as the sentence it enforces, and so names its columns.
        columns = [name for name in schema.column_names() if re.search(rf"(^|_){name}(_|$)", rule)]
        shown = ", ".join(repr(record[name]) for name in columns)
        problem = f"{shown} breaks the rule that {rule.replace('_', ' ')}"
        return Problem(file, problem, "Correct it, or leave it empty if unknown", row=row, column=", ".join(columns) or None)
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
    return Problem(file, problem, remedy, row=row, column=column)
