"""What of the build is out of date, by content and not by clock.

Every table has a key: a hash of what makes it (the query without comments and layout, with its checks; or the Python code),
of the engine it is made on, and of the keys of what it is made from, down to the rows that landed. A table's key stands
beside it in the build file, as its comment, which goes when the table is replaced: so a table that a failed or killed run
left behind has none, and is made again. What belongs here: keys, and which tables lack theirs. What does not: making
tables, or in which order.
"""

import hashlib
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.landing import empty_landing, landing_of
from pipelines.warehouse import engines
from pipelines.warehouse.model import Model, paths, sql_files
from pipelines.warehouse.queries import quoted

#: Table → the tables it is made from. Tables that nothing makes are landings.
Graph = Mapping[str, set[str]]


def python_code() -> str:
    """Return a hash of what makes every table that is not an SQL model: Python, its queries and packages, and the gazetteer."""
    digest = hashlib.sha256()
    queries = set(settings.SQL.glob("*/*.sql")) - {file for path in paths(settings.SQL) for file in sql_files(path)}
    code = sorted([*settings.CODE.rglob("*.py"), *queries])
    for path in [*code, settings.REQUIREMENTS, settings.GAZETTEER]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def landed(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Landing table → hash of its rows and columns, whatever their order; those of sources not selected are empty."""
    chosen = {source.name for source in sources.selected()}
    return {
        f"landing.{source.name}__{table.name}": content(
            connection, (landing_of(source, table) if source.name in chosen else None) or empty_landing(source, table)
        )
        for source in sources.ALL
        for table in source.tables
    }


def content(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    file = path.as_posix()
    found = connection.execute("select count(*), coalesce(sum(hash(t)::hugeint), 0) from read_parquet(?) as t", [file]).fetchall()
    columns = connection.execute("describe from read_parquet(?)", [file]).fetchall()
    return _hash(str(found), str([(name, kind) for name, kind, *_ in columns]))


def keys(graph: Graph, makers: Mapping[str, str], landings: Mapping[str, str]) -> dict[str, str]:
    """Table → its key; ``makers`` gives what makes a table, ``landings`` the content of those that nothing makes."""
    found = dict(landings)
    for table in TopologicalSorter(graph).static_order():
        if table in graph:
            found[table] = _hash(engines.setting(), makers[table], *(f"{one} {found[one]}" for one in sorted(graph[table])))
    return {table: found[table] for table in graph}


def maker(model: Model) -> str:
    """What makes a model's table and lets it pass: its query and its checks."""
    return _hash(model.code_version, *(f"{one.name} {one.argument}" for column in model.columns for one in column.checks))


def looked_into(model: Model) -> set[str]:
    """Tables that a model's checks look into."""
    return {one.argument.rpartition(".")[0] for column in model.columns for one in column.checks if one.kind == "in"}


def stale(connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, str]) -> set[str]:
    """The tables that are missing or have another key than ``wanted``."""
    tables = "select schema_name || '.' || table_name, comment from duckdb_tables()"
    return {table for table, _ in wanted.items() - set(connection.execute(tables).fetchall())}


def remember(connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, str], made: set[str]) -> None:
    """Set the keys of the tables that were made."""
    for table in sorted(made):
        connection.execute(f"comment on table {table} is {quoted(wanted[table])}")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
