"""Follow the names of rows in an answer to the rows they name."""

from urllib.parse import parse_qsl

import duckdb


def rows_named(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Return how many rows of the release have the name of a row."""
    table, key = name.split("?")
    columns, values = zip(*parse_qsl(key), strict=True)
    named = " and ".join(f"{column}::varchar = ?" for column in columns)
    ((count,),) = connection.execute(f"select count(*) from {table} where {named}", values).fetchall()
    return count
