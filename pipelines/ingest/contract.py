"""Check a typed frame against its contract, and word each broken rule.

A contract is a dataframely schema: types, ranges, vocabularies, keys and rules of one table, with each column's
documentation beside it.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import Problem, Refused

#: The column of every landed row with its place in the file; the header is row 1.
ROW = "source_row"

#: The column of a parsed row that says why its record could not be read; null where it could.
ODD = "odd"
ODDITY = pl.Struct({"problem": pl.String, "remedy": pl.String, "column": pl.String})

#: The most characters of a value in a message.
LONGEST_SHOWN = 200

_CORRECT = "Correct it, or leave it empty if unknown"
_KINDS: dict[type[dy.Column], str] = {
    dy.Int32: "whole number", dy.Int64: "whole number", dy.Float64: "number", dy.Bool: "flag (true or false)"
}  # fmt: skip


def doc(text: str, form: str | None = None, empty: str | None = None) -> dict[str, str]:
    """Return a column's metadata: its meaning; the form it takes, where a value can be malformed; what to do if it is empty."""
    return {"doc": text} | ({"form": form} if form else {}) | ({"empty": empty} if empty else {})


def sift(frame: pl.DataFrame, schema: type[dy.Schema]) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the rows of ``frame`` that keep the contract, and what is wrong with the others.

    The rows have the schema's columns and types, and ``source_row``; of rows that share a key none is kept.
    """
    odd: list[Problem] = []
    if ODD in frame.columns:
        unread = frame.filter(pl.col(ODD).is_not_null()).select(ROW, ODD)
        odd = [Problem("content", row=row, **oddity) for row, oddity in unread.iter_rows()]
        frame = frame.filter(pl.col(ODD).is_null())
    carried = _with_row(schema)
    kept, failure = carried.filter(frame.select(*schema.column_names(), pl.col(ROW).cast(pl.Int32)), cast=True)
    return kept, sorted(odd + _row_problems(failure, schema), key=lambda problem: (problem.row or 0, problem.column or ""))


def conform(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """Return ``frame`` in the schema's columns and types, and its ``source_row``.

    Raises Refused, naming row, column and remedy, for everything that breaks the contract.
    """
    kept, problems = sift(frame, schema)
    if problems:
        raise Refused(*problems)
    return kept


def _row_problems(failure: dy.FailureInfo, schema: type[dy.Schema]) -> list[Problem]:
    """Describe each broken rule of each row: dataframely names the rule, and the schema has what it requires."""
    if not len(failure):
        return []
    details = failure.details()
    problems = []
    for rule in (name for name in details.columns if name not in (*schema.column_names(), ROW)):
        is_broken = details[rule] == "invalid"
        if not is_broken.any():
            continue
        columns, described = _columns_of(rule, schema), _described(rule, schema)
        for row, *values in details.filter(is_broken).select(ROW, *columns).iter_rows():
            problem, remedy = described(values)
            problems.append(Problem("content", problem, remedy, row=row, column=", ".join(columns) or None))
    return problems


@cache
def _with_row(schema: type[dy.Schema]) -> type[dy.Schema]:
    """Return the contract with a column for the row number, so that a failing row can be located."""
    return type(schema.__name__, (schema,), {ROW: dy.Int32()})


def _columns_of(rule: str, schema: type[dy.Schema]) -> list[str]:
    """Return the columns that a rule is about; dataframely calls a column's own rules ``column|kind``."""
    if "|" in rule:
        return [rule.partition("|")[0]]
    if rule == "primary_key":
        return schema.primary_key()
    # A rule is named after the sentence it enforces, which contains the names of its columns; one may begin like another.
    longest_first = sorted(schema.column_names(), key=len, reverse=True)
    named = {match.group() for match in re.finditer(rf"(?<![^_])({'|'.join(longest_first)})(?![^_])", rule)}
    return [name for name in schema.column_names() if name in named]


def _described(rule: str, schema: type[dy.Schema]) -> Callable[[list[Any]], tuple[str, str]]:
    """Return what tells problem and remedy by the values of the columns that a rule is about."""
    if "|" in rule:
        name, kind = rule.split("|", 1)
        column = schema.columns()[name]
        return lambda values: _cell_problem(kind, values[0], column)
    if rule == "primary_key":
        return lambda values: (f"{_values(values)} occurs more than once", "Keep one row per key")
    may_be_empty = any(schema.columns()[name].nullable for name in _columns_of(rule, schema))
    return lambda values: (
        f"{_values(values)} {'breaks' if len(values) == 1 else 'break'} the rule that {rule.replace('_', ' ')}",
        _CORRECT if may_be_empty else "Correct it",
    )


def _values(values: list[Any]) -> str:
    return ", ".join("an empty cell" if value is None else shown(value) for value in values)


def shown(value: Any) -> str:
    """Return a value as messages show it: cells can run to megabytes."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _cell_problem(kind: str, value: Any, column: dy.Column) -> tuple[str, str]:
    """Return problem and remedy of a cell that breaks a rule of its column."""
    correct = _CORRECT if column.nullable else "Correct it"
    match kind:
        case "nullability":
            return "is empty", (column.metadata or {}).get("empty", "Fill it, or leave the row out")
        case "min" | "min_exclusive":
            return f"{shown(value)} is below {_bound(getattr(column, kind))}", correct
        case "max" | "max_exclusive":
            return f"{shown(value)} is above {_bound(getattr(column, kind))}", correct
        case "dtype" if isinstance(column, dy.Enum):
            return f"{shown(value)} is not in the vocabulary", f"Use one of {', '.join(column.categories)}"
        case "dtype":
            expected = _KINDS.get(type(column), "value of the column's type")
            return f"{shown(value)} is not a {expected}", correct
        case _ if kind.startswith("check__"):
            return f"{shown(value)} {_denied(kind.removeprefix('check__'))}", correct
        case _:
            return f"{shown(value)} has the wrong form", (column.metadata or {}).get("form", "See the contract")


def _bound(bound: float) -> str:
    """Return a bound as a person writes it."""
    return f"{bound:,.15g}" if isinstance(bound, float) else str(bound)


def _denied(sentence: str) -> str:
    """Return the contrary of a sentence such as "is in the calendar" or "is not in the future"."""
    verb, _, rest = sentence.partition(" ")
    return f"{verb} {rest.removeprefix('not ')}" if rest.startswith("not ") else f"{verb} not {rest}"
