"""Make every model of tables without rows, so that a query which cannot be read is told in a second, without a build."""

import duckdb
import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.ingest import sources
from pipelines.ingest.landing import table_name
from pipelines.ingest.source import with_origin
from pipelines.orchestration.assets import schemas
from pipelines.warehouse import database, landings, model


def problems() -> list[Problem]:
    """Return every file of the models whose query does not fit what it reads; none where a model cannot be read at all."""
    try:
        models = model.of_project()
        landings.require_known(table for made in models for table in made.depends)
    except InputError:
        return []
    found, lost = list[Problem](), set[str]()
    with duckdb.connect() as connection:
        for table, rows in _empty().items():
            schema, _, _ = table.partition(".")
            connection.execute(f"create schema if not exists {schema}")
            connection.register("rows", rows)
            connection.execute(f"create table {table} as from rows")
        for made in models:
            connection.execute(f"create schema if not exists {made.schema}")
            # What reads a table that could not be made is not to blame.
            if lost.isdisjoint(made.depends):
                try:
                    connection.execute(f"create table {made.table} as {made.sql}")
                    continue
                except duckdb.Error as error:
                    found.append(database.fault(connection, made) or _of_table(made, error))
            lost.add(made.table)
    return found


def _empty() -> dict[str, pl.DataFrame]:
    """Return every table that no model makes, without rows: those that sources land, and those that Python makes."""
    landed = {table_name(source, table): with_origin(table.empty(), "", "") for source in sources.ALL for table in source.tables}
    return landed | {table.table: table.empty() for table in schemas.ALL}


def _of_table(made: model.Model, error: duckdb.Error) -> Problem:
    """Return what is wrong with the files of a model together, each of which can be read by itself."""
    return Problem(f"sql/{made.schema}/{made.name}", str(error).splitlines()[0], "Correct the query")
