"""Divide a model with a ``#part`` column into queries that each take in as many rows as fit into memory."""

from collections.abc import Set
from itertools import pairwise

import duckdb

from pipelines.warehouse.model import Model
from pipelines.warehouse.queries import quoted, read
from pipelines.warehouse.syntax import parse

#: Most rows of one table that a query takes in; twice as many can be joined and grouped in 4 GB, but take longer each.
ROWS_AT_ONCE = 3_000_000

#: Most rows of one table of which another that only says them in words is made and kept.
ROWS_IN_WORDS = 1_000_000


def views(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the tables of the build that were left views, each with its query."""
    return dict(connection.execute(read("release/views")).fetchall())


def is_large(connection: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Return whether one of the tables that a model reads is large; one that was left a view is."""
    if views(connection).keys() & {*model.depends}:
        return True
    counts = ", ".join(f"(select count(*) from {table})" for table in model.depends)
    ((largest,),) = connection.execute(f"select greatest(0, {counts})").fetchall()
    return bool(largest > ROWS_IN_WORDS)


def queries(connection: duckdb.DuckDBPyConnection, model: Model) -> list[str]:
    """Return the model's query, or one query for each part of its table."""
    column = model.part
    if column is None:
        return [model.sql]
    with_column = {table for (table,) in connection.execute(read("release/tables_with_column"), [column]).fetchall()}
    tables = with_column & {*model.depends}
    counted = with_column & _tables_behind(connection, tables)
    if not counted:
        return [model.sql]
    counts = " union all ".join(f"select {column} as part, count(*) as n from {table} group by part" for table in counted)
    largest = f"select part::varchar, max(n) from ({counts}) where part is not null group by part order by part"
    ends = [quoted(end) for end in last_values(connection.execute(largest).fetchall())]
    if not ends:
        return [model.sql]
    between = [f"{column} > {low} and {column} <= {high}" for low, high in pairwise(ends)]
    conditions = [f"{column} <= {ends[0]}", *between, f"{column} > {ends[-1]} or {column} is null"]
    return [restricted(model.sql, tables, condition) for condition in conditions]


def _tables_behind(connection: duckdb.DuckDBPyConnection, names: Set[str]) -> set[str]:
    """Return the tables that ``names`` are or, as views, read: to count the rows of a view takes as long as to make them."""
    left = views(connection)
    read_by_views = {table for name in left.keys() & names for table in parse(left[name]).tables}
    return (names - left.keys()) | (_tables_behind(connection, read_by_views) if read_by_views else set())


def last_values(counts: list[tuple[str, int]]) -> list[str]:
    """Return the last value of every part but the last.

    ``counts`` holds each value with its rows, in order. A part is a run of values with at most ``ROWS_AT_ONCE`` rows
    together, or one value with more.
    """
    ends, rows = [], 0
    for (value, n), (_, following) in pairwise(counts):
        rows += n
        if rows + following > ROWS_AT_ONCE:
            ends.append(value)
            rows = 0
    return ends


def restricted(sql: str, tables: Set[str], condition: str) -> str:
    """Return the query with only those rows of ``tables`` that meet ``condition``."""
    # Imported here because it takes a quarter of a second, and few tables are that large.
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(sql, read="duckdb")
    for table in list(tree.find_all(exp.Table)):
        if f"{table.db}.{table.name}" in tables:
            rows = exp.select("*").from_(exp.to_table(f"{table.db}.{table.name}")).where(condition)
            table.replace(rows.subquery(table.alias_or_name))
    return tree.sql(dialect="duckdb", comments=False)
