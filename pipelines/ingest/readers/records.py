"""Read JSON records field by field; one that is not what its parser expects is kept out with the reason."""

from collections.abc import Callable, Iterable, Mapping
from reprlib import repr as shortened
from typing import Any

import polars as pl

from pipelines.errors import Refused, refuse
from pipelines.ingest.contract import ODD, ODDITY, ROW
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


def read_each(
    records: Iterable[Any], read: Callable[[Any], list[dict[str, Any]]], schema: Mapping[str, Any], *, first: int = 1
) -> pl.DataFrame:
    """Return the rows that ``read`` makes of each record, which are numbered from ``first``; a type that is None is inferred.

    A record that ``read`` refuses is an odd row: ``contract.sift`` keeps it out with the reason, and the others land.
    """
    rows: list[dict[str, Any]] = []
    for number, record in enumerate(records, first):
        try:
            rows += [row | {ROW: number} for row in read(record)]
        except Refused as refused:
            problem = refused.problems[0]
            rows.append({ROW: number, ODD: {name: getattr(problem, name) for name in ("problem", "remedy", "column")}})
    types = {**schema, ROW: pl.Int32, ODD: ODDITY}
    return pl.DataFrame(rows, schema=types, infer_schema_length=None, strict=None not in types.values())


def text_rows(records: Iterable[Any], fields: Mapping[str, str], *kinds: type) -> pl.DataFrame:
    """Return one row per JSON record, numbered from 1: the ``fields`` (column → field) as stripped text, null where blank.

    A record that lacks a field, or has a value of none of ``kinds`` in it, is an odd row.
    """

    def read(record: Any) -> list[dict[str, Any]]:
        values = {column: field(record, name, *kinds) for column, name in fields.items()}
        return [{column: None if value is None else str(value).strip() or None for column, value in values.items()}]

    return read_each(records, read, dict.fromkeys(fields, pl.String))


def refuse_rows(rows: pl.DataFrame, is_wrong: pl.Expr, column: str, problem: str, remedy: str) -> None:
    """Raise Refused for the first row where ``is_wrong`` holds; ``{value}`` in ``problem`` stands for its cell in ``column``."""
    for value, row in rows.filter(is_wrong).select(column, ROW).head(1).iter_rows():
        raise refuse(problem.format(value=repr(value)), remedy, row=row, column=column)
