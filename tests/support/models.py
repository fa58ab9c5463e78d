"""Run one model of ``sql/`` on hand-made rows."""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import duckdb
import polars as pl

from pipelines import settings
from pipelines.ingest import catalogue
from pipelines.ingest.sources import reference
from pipelines.warehouse import database, model, syntax

MODELS = {one.table: one for one in model.read_all(settings.SQL)}
Rows = list[dict[str, object]]
#: Table that Python makes → the models it is made from, and what makes it.
Makers = Mapping[str, tuple[tuple[str, ...], Callable[[duckdb.DuckDBPyConnection], pl.DataFrame]]]


def run(table: str, inputs: dict[str, Rows]) -> Rows:
    """Return the rows of a model, or of a branch of the evidence, made from hand-made inputs and the models between."""
    return build(MODELS.get(table) or _branch(table), inputs)


def build(target: model.Model, inputs: dict[str, Rows]) -> Rows:
    """Return the rows of the model, after those between it and the tables in ``inputs``."""
    connection = _memory()
    for schema in ("landing", *model.SCHEMAS):
        connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute(f"create schema {schema}")
    for name, rows in inputs.items():
        frame = full(name, rows) if name in MODELS else pl.DataFrame(rows, infer_schema_length=None)
        connection.register("frame", frame)
        connection.execute(f"create table {name} as from frame")
    for name, frame in _given().items():
        database.write(connection, name, frame)
    make(connection, target.table, {*inputs}, MODELS | {target.table: target})
    return database.query(connection, f"from {target.table} order by all").to_dicts()


@cache
def _memory() -> duckdb.DuckDBPyConnection:
    """Return a database in memory for all models of a process, since to open one takes longer than to make most of them."""
    return duckdb.connect()


@cache
def _given() -> dict[str, pl.DataFrame]:
    """Return the tables that every model has: the records of the sources, and the periods that are compared."""
    periods = reference.FILES.read("periods")
    return {"core.source_profiles": catalogue.profiles(), "landing.reference__periods": periods}


def with_branch(table: str, name: str, folder: Path) -> model.Model:
    """Return the model of a branch folder as if this branch alone had rows, put together in ``folder``."""
    schema, folder_name = table.split(".")
    files = settings.SQL / schema / folder_name
    alone = folder / name / folder_name
    alone.mkdir(parents=True)
    for file in (model.TABLE_FILE, f"{name}.sql"):
        shutil.copy(files / file, alone / file)
    common = {column: None for file in model.branch_files(files) for column in syntax.parse(file.read_text("utf-8")).columns}
    nulls = ", ".join(f'null as "{column}"' for column in common)
    (alone / "without_rows.sql").write_text(f"select {nulls} where false", "utf-8")
    return model.read(alone, schema)


def full(table: str, rows: Rows) -> pl.DataFrame:
    """Return rows of a model's table with every column it has; those not given are null."""
    columns = [column.name for column in MODELS[table].columns]
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], infer_schema_length=None)


def _branch(name: str) -> model.Model:
    """Return a branch of the evidence as a model of its own."""
    sql = (settings.SQL / "marts" / "evidence" / f"{name}.sql").read_text("utf-8")
    reads = re.findall(r"(?:from|join) ((?:landing|staging|core|marts)\.\w+)", sql)
    return replace(MODELS["marts.evidence"], name=name, sql=sql, depends=tuple(reads))


def make(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    done: set[str],
    models: Mapping[str, model.Model] = MODELS,
    by_python: Makers = MappingProxyType({}),
) -> None:
    """Make a table after all it is made from, unless it is ``done``; tables that are neither are there already."""
    if table in done:
        return
    done.add(table)
    read, maker = by_python.get(table, (models[table].depends if table in models else (), None))
    for other in read:
        make(connection, other, done, models, by_python)
    if maker:
        database.write(connection, table, maker(connection))
    elif table in models:
        database.build(connection, models[table])
