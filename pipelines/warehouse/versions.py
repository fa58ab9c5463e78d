"""Tell which tables of the build are out of date, by content and not by clock.

The version of a table is a hash of what makes it (the query without comments and layout, with its checks; or the Python
code), of the engine, of the release of DuckDB, and of the contents of what it is made from. So what reads a table that came
out as it was before is not made again. Version and contents are stored in the build file as the comment of the table, once its
checks have passed. The comment is lost when the table is replaced; so a table that a failed or killed run left behind has none,
and is made again.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from pipelines import code, settings
from pipelines.errors import InputError, Problem
from pipelines.warehouse import engines, landings
from pipelines.warehouse.model import Model, paths, sql_files
from pipelines.warehouse.partitions import views
from pipelines.warehouse.queries import parquet, quoted, read
from pipelines.warehouse.syntax import parse

#: A type of DuckDB whose values have no parts.
_FLAT = re.compile(r"[A-Z0-9_ ]+|DECIMAL\(.*\)")

#: Hashes of landing files, by path and time of writing: many tables are made from one of them.
_of_files: dict[tuple[Path, int], str] = {}


def python_code() -> str:
    """Return a hash of what makes every table that is not an SQL model: Python, its queries and packages, and the gazetteer."""
    return _python_code(settings.CODE, settings.SQL, settings.REQUIREMENTS, settings.GAZETTEER)


@cache  # What is edited during a run belongs to the next.
def _python_code(package: Path, sql: Path, *others: Path) -> str:
    queries = set(sql.glob("*/*.sql")) - {file for path in paths(sql) for file in sql_files(path)}
    files = [*sorted(package.rglob("*.py")), *sorted(queries), *others]
    return code.digest({path: path.read_bytes() for path in files}, with_classes=False)


def maker(model: Model) -> str:
    """Return a hash of what makes a model's table and lets it pass: its query and its checks."""
    return _hash(model.code_version, *(str(check) for check in model.checks))


@dataclass(frozen=True)
class Wanted:
    """The version that tables would have if they were made now, and whether they have it already."""

    version: str
    is_made: bool


@dataclass(frozen=True)
class _Present:
    """Version and contents of the tables noted in the build, the query of each view, and the files of landings."""

    noted: Mapping[str, tuple[str, str]]
    views: Mapping[str, str]
    landed: Mapping[str, Path]


def wanted(
    connection: duckdb.DuckDBPyConnection, made: Iterable[str], maker: str, tables: Iterable[str], queries: Iterable[str] = ()
) -> Wanted:
    """Return the version of what ``maker`` makes of the present contents of ``tables``, and of the results of ``queries``.

    It is ``made`` already if all of these tables have it and passed their checks.
    """
    named = set(tables)
    return _wanted(connection, _present(connection, named), made, maker, named, queries)


def of_models(connection: duckdb.DuckDBPyConnection, models: Iterable[Model]) -> dict[str, Wanted]:
    """Return the version of each model's table, made by its query and its checks of what it reads and what these refer to."""
    read_from = [(model, {*model.depends} | model.referred) for model in models]
    present = _present(connection, set().union(*(tables for _, tables in read_from)))
    return {model.table: _wanted(connection, present, [model.table], maker(model), tables) for model, tables in read_from}


def _present(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> _Present:
    return _Present(_noted(connection), views(connection), landings.files(tables))


def _wanted(
    connection: duckdb.DuckDBPyConnection,
    present: _Present,
    made: Iterable[str],
    maker: str,
    tables: set[str],
    queries: Iterable[str] = (),
) -> Wanted:
    read_from = _contents(connection, present, tables) | {sql: _rows(connection, f"({sql})") for sql in queries}
    version = _hash(
        engines.setting(), duckdb.__version__, maker, *(f"{name} {content}" for name, content in sorted(read_from.items()))
    )
    return Wanted(version, all(table in present.noted and present.noted[table][0] == version for table in made))


def _contents(connection: duckdb.DuckDBPyConnection, present: _Present, tables: set[str]) -> dict[str, str]:
    def content(table: str) -> str:
        if table in present.landed:
            return of_file(connection, present.landed[table])
        # To read a view would take as long as to make it, so what it holds is its query and what it reads.
        if table in present.views and (behind := parse(present.views[table]).tables):
            return _hash(present.views[table], *map(content, behind))
        try:
            return (table in present.noted and present.noted[table][1]) or _rows(connection, table)
        except duckdb.CatalogException as error:
            landings.require_known([table])
            raise not_made(table) from error

    return {table: content(table) for table in tables}


def not_made(table: str) -> InputError:
    """Return the error of a table that is not there, such as after a process was killed: the next one begins the build anew."""
    return InputError("build", [Problem(table, "is not made yet", "Run make refresh, or the job build in the UI")])


def of_file(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return a hash of what a landing file holds: its rows, in any order, and its columns."""
    key = path, path.stat().st_mtime_ns
    if key not in _of_files:
        _of_files[key] = _rows(connection, f"read_parquet({quoted(parquet(path))})")
    return _of_files[key]


def note(connection: duckdb.DuckDBPyConnection, table: str, version: str) -> None:
    """Store the version of a table that was made and has passed its checks, and a hash of what it holds.

    For what an engine left in files of its own the version stands, since little of it is ever read here.
    """
    content = version if table in views(connection) else _rows(connection, table)
    # Of a view too: DuckDB takes the word for either.
    connection.execute(f"comment on table {table} is {quoted(f'{version} {content}')}")


def _noted(connection: duckdb.DuckDBPyConnection) -> Mapping[str, tuple[str, str]]:
    """Return version and contents of every table that has them."""
    return {name: (version, content) for name, version, content in connection.execute(read("release/made")).fetchall()}


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    columns = [(name, kind) for name, kind, *_ in connection.execute(f"describe from {relation}").fetchall()]
    # As text, since DuckDB hashes a list like its members one by one: [1, 2] beside [3] like [1] beside [2, 3].
    values = (f'"{name}"' if _FLAT.fullmatch(kind) else f'"{name}"::varchar' for name, kind in columns)
    sql = f"select count(*), coalesce(sum(hash({', '.join(values)})::hugeint), 0) from {relation}"
    return _hash(str(connection.execute(sql).fetchall()), str(columns))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
