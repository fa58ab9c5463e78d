"""Declare a table that Python makes: its columns with types, documentation and checks, and what it is made from.

The declaration stands beside the code that makes the table, and everything else is taken from it: the columns and types of
the frame, the empty frame, the comments of the published file, the blocking checks and the lineage. A column's
``description`` is its documentation. Dataframely enforces its constraints: ``nullable``, ``primary_key``, ``unique``,
``min``, ``max`` and ``check``, whose rules are worded as sentences about the column.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import dataframely as dy
import polars as pl

from pipelines.errors import InputError, Problem


class TableSchema(dy.Schema):
    """A table that Python makes; the docstring of a subclass says what a row is."""

    #: Name of the table, with its database schema.
    table: ClassVar[str]
    #: Columns the maker reads that matter for what the table says, as patterns of ``schema.table.column``.
    reads: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def doc(cls) -> str:
        """Return what a row is; raise TypeError if the class does not say so."""
        if not cls.__doc__:
            raise TypeError(f"{cls.__qualname__}: begin its docstring with `One row per …`")
        return " ".join(cls.__doc__.split())

    @classmethod
    def column_docs(cls) -> dict[str, str]:
        """Return what each column holds; raise TypeError for a column that does not say so."""
        docs = {name: column.description or "" for name, column in cls.columns().items()}
        if undocumented := [name for name, text in docs.items() if not text]:
            raise TypeError(f"{cls.__qualname__}: give a description of {', '.join(undocumented)}")
        return docs

    @classmethod
    def types(cls) -> dict[str, pl.DataType]:
        """Return the type of each column, in order."""
        return {name: column.dtype for name, column in cls.columns().items()}

    @classmethod
    def empty(cls) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(schema=cls.types())

    @classmethod
    def frame(cls, **columns: Any) -> pl.DataFrame:
        """Return ``columns`` in the declared order and types, each an array or one value for all rows; some may be missing.

        NaN in a column that may be null becomes null.
        """
        given = {name: column for name, column in cls.columns().items() if name in columns}
        nullable = pl.selectors.float() & pl.selectors.by_name([name for name, column in given.items() if column.nullable])
        frame = pl.DataFrame(columns).with_columns(nullable.fill_nan(None))
        return frame.select(pl.col(name).cast(column.dtype) for name, column in given.items())

    @classmethod
    def references(cls) -> dict[str, str]:
        """Return the columns whose values all stand in a column of another table, with that column."""
        targets = {name: (column.metadata or {}).get(_TARGET) for name, column in cls.columns().items()}
        return {name: target for name, target in targets.items() if target}

    @classmethod
    def arrange(cls, frame: pl.DataFrame) -> pl.DataFrame:
        """Return ``frame`` with its columns in the declared order.

        Raises InputError naming every column that is missing, undeclared or of another type.
        """
        columns, where = cls.columns(), f"{cls.__module__}.{cls.__qualname__}"
        faults = [(name, "is missing", f"Make it, or drop it from {where}") for name in columns if name not in frame.columns]
        for name, dtype in frame.schema.items():
            if name not in columns:
                faults.append((name, "is not declared", f"Declare it in {where}, or drop it from the frame"))
            elif not columns[name].validate_dtype(dtype):
                faults.append((name, f"is {dtype}, not {columns[name].dtype}", f"Cast it, or correct {where}"))
        if faults:
            raise InputError(cls.table, [Problem(cls.table, problem, remedy, column=name) for name, problem, remedy in faults])
        return frame.select(columns.keys())


_TARGET = "refers_to"


def refers_to(target: str) -> dict[str, Any]:
    """Return the metadata of a column whose values all stand in ``target``, written as schema.table.column."""
    return {_TARGET: target}


def one_of(*values: str) -> dict[str, Callable[[pl.Expr], pl.Expr]]:
    """Return the check of a column that holds nothing but ``values``."""
    return {f"is one of {', '.join(values)}": lambda column: column.is_in(values)}
