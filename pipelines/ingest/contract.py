"""Check a typed frame against its contract, and word each broken rule.

A contract is a dataframely schema: types, ranges, vocabularies, keys and rules of one table, with each column's
documentation beside it.
"""

import re
from functools import cache
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import Problem, Refused

#: Added to every landed row: where it stands in its file. The header is row 1.
ROW = "source_row"

_KINDS = {dy.Int32: "whole number", dy.Float64: "number", dy.Bool: "flag (true or false)"}


def doc(text: str, form: str | None = None) -> dict[str, str]:
    """Metadata of a column: what it holds and, where a value can be malformed, the form it takes."""
    return {"doc": text} | ({"form": form} if form else {})


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
