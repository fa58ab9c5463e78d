"""Write the published DuckDB file: its tables with their comments, its macros, what it is, and what earlier releases said."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import dataframely as dy
import duckdb

from pipelines import settings
from pipelines.index import METHOD_VERSION, gather
from pipelines.publish import history, identities, state
from pipelines.schema import TableSchema
from pipelines.warehouse import checks, database, queries
from pipelines.warehouse.model import Model, branch_files
from pipelines.warehouse.partitions import ROWS_IN_WORDS
from pipelines.warehouse.queries import quoted

#: Schemas that users see.
PUBLIC = ("core", "marts", "index", "claims")

#: DuckDB clients from this version on can open the file.
STORAGE_VERSION = "v1.4.0"

#: Tables left out of the content hash: when the same bytes were first seen, and what was before, does not change what they say.
UNHASHED = ("core.sources", "core.files", "index.earlier_data")


class Release(TableSchema):
    """One row: what this release is."""

    table = "core.release"

    content_hash = dy.String(
        primary_key=True,
        description="Hash of the contents of every table that does not depend on time or on earlier releases.",
    )
    input_fingerprint = dy.String(description="Hash of the inputs and the code; equal fingerprints mean nothing changed.")
    method_version = dy.String(description="Version of the index method.")
    method_hash = dy.String(description="Hash of what makes index and claims of the data: their code, indicators and boundaries.")
    scope = dy.String(description="Country whose cities are ranked, ISO alpha-2, or world.")
    redistribution = dy.String(description="Whether the release may be redistributed; if not, because of which sources.")
    made_at = dy.Datetime(time_unit="us", description="When it was made, UTC.")


#: Tables that publishing itself makes; no part of the content hash.
TABLES: tuple[type[TableSchema], ...] = (Release, *history.MADE, *identities.MADE)


@dataclass(frozen=True)
class TableDoc:
    """What a row of a table is, what each column holds, and which tables and sources it is made from."""

    row: str
    columns: dict[str, str]
    inputs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


#: Table → its documentation.
Docs = dict[str, TableDoc]

#: Sources that every release has, so that they fill no table that is empty.
_ALWAYS_LOADED = {"register", "reference"}


def docs(models: list[Model], tables: Sequence[type[TableSchema]]) -> Docs:
    """Return the documentation of the SQL ``models``, of the Python ``tables`` and of the release's own tables."""
    of_models = {
        model.table: TableDoc(model.doc, {column.name: column.doc for column in model.columns}, model.depends, _branches(model))
        for model in models
    }
    return of_models | {table.table: TableDoc(table.doc(), table.column_docs()) for table in (*tables, *TABLES)}


def _branches(model: Model) -> tuple[str, ...]:
    """Return the sources that have a mapping file of their own in the model's folder."""
    folder = settings.SQL / model.schema / model.name
    return tuple(file.stem for file in branch_files(folder)) if folder.is_dir() else ()


def write(file: Path, docs: Docs, fingerprint: str) -> str:
    """Write the tables of the build that ``docs`` describes to ``file``; return the hash of their contents."""
    with database.connect() as connection:
        # A file that is left unfinished goes, so nothing would recover it from a log.
        connection.execute(
            f"attach {quoted(file.as_posix())} as published (storage_version '{STORAGE_VERSION}', recovery_mode no_wal_writes)"
        )
        # The build file may still hold tables of models that are gone; only what the code knows is published.
        content_hash = _copy_tables(connection, sorted(docs.keys() - {table.table for table in TABLES}))
        about = {
            "content_hash": content_hash,
            "input_fingerprint": fingerprint,
            "method_version": METHOD_VERSION,
            "method_hash": gather.method_hash(connection),
            "redistribution": _redistribution(connection),
            "made_at": state.moment(),
        }
        connection.execute(f"create table published.core.release as {queries.read('release/release')}", about)
        history.write(connection)
        identities.write(connection)
        connection.execute("use published")
        for own in TABLES:
            checks.require(connection, own, database.query(connection, f"from published.{own.table}"))
        with database.at_once(connection):
            connection.execute(f"use {settings.BUILD.stem}")
            _comment(connection, docs)
            connection.execute("use published")
            connection.execute(queries.read("macros"))
            connection.execute(queries.read("readme"))
        connection.execute(f"use {settings.BUILD.stem}")
        connection.execute("detach published")
    return content_hash


def _copy_tables(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> str:
    """Copy the public tables; return the hash of their contents."""
    for schema in PUBLIC:
        connection.execute(f"create schema published.{schema}")
    public = [table for table in tables if table.split(".")[0] in PUBLIC]
    sizes = (
        "select schema_name || '.' || table_name, estimated_size from duckdb_tables() where database_name = current_database()"
    )
    rows: dict[str, int] = dict(connection.execute(sizes).fetchall())
    # A large table, or one that was left a view, needs all the memory. To put the rows of others in order takes one thread, so
    # each of two copies every second of them, by their size.
    small = sorted((table for table in public if rows.get(table, ROWS_IN_WORDS) < ROWS_IN_WORDS), key=lambda table: rows[table])
    contents = _copy(connection.cursor(), [table for table in public if table not in small])
    with ThreadPoolExecutor(2) as pool:
        for copied in pool.map(lambda part: _copy(connection.cursor(), small[part::2]), range(2)):
            contents |= copied
    digest = hashlib.sha256()
    for table in public:
        if table not in UNHASHED:
            digest.update(f"{table}:{contents[table]}\n".encode())
    return digest.hexdigest()


def _copy(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> dict[str, str]:
    """Copy tables in a fixed order of rows; return the hash of the rows of each."""
    contents = {}
    with connection, database.at_once(connection):
        for table in tables:
            connection.execute(f"create table published.{table} as from {table} order by all")
            sql = f"select coalesce(sum(hash(t)::hugeint), 0)::varchar from published.{table} as t"
            ((contents[table],),) = connection.execute(sql).fetchall()
    return contents


def _redistribution(connection: duckdb.DuckDBPyConnection) -> str:
    """Return what the licences of the loaded sources allow: redistribution, or local use only."""
    restricted = connection.execute(queries.read("release/restricted")).fetchall()
    if not restricted:
        return "may be redistributed, with its sources named"
    return "is for local use only: built with " + "; ".join(f"{title} ({licence})" for title, licence in restricted)


def _comment(connection: duckdb.DuckDBPyConnection, docs: Docs) -> None:
    """Write the comment of every table and column; a missing one is a KeyError, not a gap."""
    sql = "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = 'published'"
    described = sorted(connection.execute(sql).fetchall())
    for table in dict.fromkeys(table for table, _ in described):
        comment = docs[table].row
        if _is_empty(connection, f"published.{table}") and (sources := _fillers(connection, docs, table)):
            comment += f" Empty in this release: it is filled by {' or '.join(sorted(sources))} (SOURCES)."
        connection.execute(f"comment on table published.{table} is {quoted(comment)}")
    for table, column in described:
        connection.execute(f"comment on column published.{table}.{column} is {quoted(docs[table].columns[column])}")


def _is_empty(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return not connection.execute(f"select 1 from {table} limit 1").fetchall()


def _fillers(connection: duckdb.DuckDBPyConnection, docs: Docs, table: str) -> set[str]:
    """Return the sources that would fill an empty table: its own, or those of the empty tables that it is made from."""
    doc = docs[table]
    if doc.sources:
        return set(doc.sources) - _ALWAYS_LOADED
    landed = {name.removeprefix("landing.").split("__")[0] for name in doc.inputs if name.startswith("landing.")}
    empty = [name for name in doc.inputs if name in docs and _is_empty(connection, name)]
    return (landed - _ALWAYS_LOADED).union(*(_fillers(connection, docs, name) for name in empty))
