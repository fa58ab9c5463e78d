"""Tell which tables of the build are out of date, by content and not by clock.

The version of a table is a hash of what makes it (the query without comments and layout, with its checks; or the Python
code), of the engine, and of the versions of what it is made from, down to the landed rows. It is stored in the build file as
the comment of the table, which is lost when the table is replaced; so a table that a failed or killed run left behind has
none, and is made again.
"""

import hashlib
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from pipelines import code, settings
from pipelines.ingest import sources
from pipelines.ingest.landing import empty_landing, landing_of
from pipelines.warehouse import engines
from pipelines.warehouse.model import Model, paths, sql_files
from pipelines.warehouse.partitions import views
from pipelines.warehouse.queries import parquet, quoted, read

#: Table → the tables it is made from; those that nothing makes are landings.
Graph = Mapping[str, set[str]]


def python_code() -> str:
    """Return a hash of what makes every table that is not an SQL model: Python, its queries and packages, and the gazetteer."""
    queries = set(settings.SQL.glob("*/*.sql")) - {file for path in paths(settings.SQL) for file in sql_files(path)}
    files = sorted([*settings.CODE.rglob("*.py"), *queries])
    return code.digest({path: path.read_bytes() for path in (*files, settings.REQUIREMENTS, settings.GAZETTEER)})


def landed(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the hash of each landing table; those of sources that are not selected are empty."""
    chosen = {source.name for source in sources.selected()}
    return {
        f"landing.{source.name}__{table.name}": content(
            connection, (landing_of(source, table) if source.name in chosen else None) or empty_landing(source, table)
        )
        for source in sources.ALL
        for table in source.tables
    }


def content(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return a hash of the rows, in any order, and the columns of a Parquet file."""
    file = parquet(path)
    rows = connection.execute("select count(*), coalesce(sum(hash(t)::hugeint), 0) from read_parquet(?) as t", [file]).fetchall()
    columns = connection.execute("describe from read_parquet(?)", [file]).fetchall()
    return _hash(str(rows), str([(name, kind) for name, kind, *_ in columns]))


def keys(graph: Graph, makers: Mapping[str, str], landings: Mapping[str, str]) -> dict[str, str]:
    """Return the version of each table from what makes it (``makers``) and the hashes of the ``landings``."""
    versions = dict(landings)
    for table in TopologicalSorter(graph).static_order():
        if table in graph:
            versions[table] = _hash(
                engines.setting(), makers[table], *(f"{name} {versions[name]}" for name in sorted(graph[table]))
            )
    return {table: versions[table] for table in graph}


def maker(model: Model) -> str:
    """Return a hash of what makes a model's table and lets it pass: its query and its checks."""
    return _hash(model.code_version, *(str(check) for column in model.columns for check in column.checks))


def stale(connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, str]) -> set[str]:
    """Return the tables that are missing or have another version than ``wanted``."""
    tables = connection.execute(read("release/made")).fetchall()
    return {table for table, _ in wanted.items() - set(tables)}


def remember(connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, str], made: set[str]) -> None:
    """Store the versions of the tables that were made."""
    left = views(connection)
    for table in sorted(made):
        kind = "view" if table in left else "table"
        connection.execute(f"comment on {kind} {table} is {quoted(wanted[table])}")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
