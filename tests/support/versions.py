"""Tell what tables of a build hold."""

import duckdb

from pipelines.warehouse import versions


def contents(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> dict[str, str]:
    """Return a hash of what each table holds: its rows, in any order, and its columns."""
    return versions._contents(connection, versions._present(connection, tables), tables)
