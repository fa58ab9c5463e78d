"""Read the fields of JSON records, and refuse records and rows that are not what their parser expects."""

from collections.abc import Mapping, Sequence
from reprlib import repr as shortened
from typing import Any

import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.text import CHANGED

#: Whole numbers beyond this do not fit a column.
MOST = 2**63

_KINDS = {
    bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list", dict: "an object",
    type(None): "null",
}  # fmt: skip


def field(record: Any, name: str, *kinds: type, row: int | None = None) -> Any:
    """Return the value of a field of a JSON object.

    Raise Refused, naming ``row`` and the field, if the field is missing, if its value is of none of ``kinds``, or if it is
    a whole number of more than 64 bits.
    """
    if not isinstance(record, dict):
        raise refuse(f"{shortened(record)} is not a JSON object", CHANGED, row=row)
    if name not in record:
        raise refuse("the field is missing", CHANGED, row=row, column=name)
    value = record[name]
    if type(value) not in kinds or (isinstance(value, int) and not -MOST <= value < MOST):
        expected = " or ".join(_KINDS[kind] for kind in kinds)
        raise refuse(f"contains {shortened(value)}, expected {expected}", CHANGED, row=row, column=name)
    return value


def text_rows(records: Sequence[Any], fields: Mapping[str, str], *kinds: type) -> pl.DataFrame:
    """Return one row per JSON record, numbered from 1: the ``fields`` (column → field) as stripped text, null where blank.

    Raise Refused for a record that lacks a field, or has a value of none of ``kinds`` in it.
    """
    rows = [[field(record, name, *kinds, row=row) for name in fields.values()] for row, record in enumerate(records, start=1)]
    cleaned = [[None if value is None else str(value).strip() or None for value in row] for row in rows]
    return pl.DataFrame(cleaned, schema=dict.fromkeys(fields, pl.String), orient="row").with_row_index(ROW, offset=1)


def refuse_rows(rows: pl.DataFrame, is_wrong: pl.Expr, column: str, problem: str, remedy: str) -> None:
    """Raise Refused for the first row where ``is_wrong`` holds; ``{value}`` in ``problem`` stands for its cell in ``column``."""
    for value, row in rows.filter(is_wrong).select(column, ROW).head(1).iter_rows():
        raise refuse(problem.format(value=repr(value)), remedy, row=row, column=column)
