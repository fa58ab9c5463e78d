"""The release for those who do not speak SQL: Parquet, CSV, a workbook, and the description of all of them.

What belongs here: writing the published tables in other formats and describing the files (Frictionless Data Package).
What does not: what the tables hold (the published file says so itself).
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter

from pipelines import settings
from pipelines.index import METHOD_VERSION
from pipelines.ingest import archive
from pipelines.warehouse.engine import quoted
from pipelines.warehouse.model import Model

#: Tables most people come for: these are also CSV files and sheets of the workbook.
MAIN = (
    "index.ranking",
    "index.scores",
    "index.distance",
    "claims.scorecard",
    "core.indicators",
    "marts.city_profile",
    "core.companies",
    "core.deals",
    "core.founders",
    "core.investors",
    "core.universities",
    "core.service_offices",
    "core.sources",
    "core.release",
)

#: Rows of a sheet; a longer table is cut there, and the first sheet says so.
SHEET_ROWS = 5_000

WORKBOOK = f"{settings.PUBLISHED.stem}.xlsx"

#: What a spreadsheet may take for a formula when a cell begins with it.
_FORMULA = r"^[=+\-@\t\r]"

_TYPES = {"VARCHAR": "string", "BOOLEAN": "boolean", "DOUBLE": "number", "TIMESTAMP": "datetime", "DATE": "date"}


def export(file: Path, folder: Path, models: list[Model]) -> None:
    """Write every public table of ``file`` as Parquet, the main ones as CSV and in a workbook, and ``datapackage.json``."""
    resources = []
    sheets: dict[str, tuple[str, pl.DataFrame]] = {}
    unique, required = _promises(models)
    with duckdb.connect(file, read_only=True) as connection:
        for table, comment in _tables(connection):
            parquet = folder / f"{table}.parquet"
            connection.execute(f"copy (from {table}) to {quoted(parquet.as_posix())} (format parquet)")
            fields = _fields(connection, table, unique, required)
            # A file to frictionless: it reads Parquet through a library of its own, and would not find the bytes it counts.
            described = {"type": "file", "format": "parquet", "mediatype": "application/vnd.apache.parquet"}
            resources.append(_resource(parquet, table, comment, described) | {"schema": {"fields": fields}})
            if table in MAIN:
                frame = neutralised(pl.DataFrame(connection.sql(f"from {table}")))
                csv = folder / f"{table}.csv"
                frame.write_csv(csv, datetime_format="%Y-%m-%dT%H:%M:%SZ")
                described = {"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
                resources.append(_resource(csv, f"{table}.csv", comment, described) | {"schema": {"fields": fields}})
                sheets[table] = (comment, frame)
        _workbook(folder / WORKBOOK, {table: sheets[table] for table in MAIN})
        mediatype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        described = {"type": "file", "format": "xlsx", "mediatype": mediatype}
        resources.append(_resource(folder / WORKBOOK, "workbook", "The main tables as sheets of one workbook.", described))
        package = _package(connection) | {"resources": resources}
    text = json.dumps(package, indent=2, ensure_ascii=False)
    archive.write_atomically(folder / "datapackage.json", (text + "\n").encode())


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """Text that a spreadsheet may take for a formula gets an apostrophe before it; numbers stay as they are."""
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text.str.contains(_FORMULA)).then("'" + text).otherwise(text).name.keep())


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    sql = "select schema_name || '.' || table_name, comment from duckdb_tables() order by all"
    return [(str(table), str(comment)) for table, comment in connection.execute(sql).fetchall()]


def _promises(models: list[Model]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The (table, column) pairs that the models' checks keep unique, and those they keep filled."""
    kept = [(check.kind, model.table, column.name) for model in models for column in model.columns for check in column.checks]
    unique = {(table, column) for kind, table, column in kept if kind == "unique"}
    return unique, {(table, column) for kind, table, column in kept if kind == "not_null"}


def _fields(
    connection: duckdb.DuckDBPyConnection, table: str, unique: set[tuple[str, str]], required: set[tuple[str, str]]
) -> list[dict[str, Any]]:
    fields = []
    for column, kind, comment in connection.execute(
        "select column_name, data_type, comment from duckdb_columns() where schema_name || '.' || table_name = ? "
        "order by column_index",
        [table],
    ).fetchall():
        kind = kind.split("(")[0]
        field = {"name": column, "type": _TYPES.get(kind) or ("integer" if "INT" in kind else "number"), "description": comment}
        promised = {"unique": (table, column) in unique, "required": (table, column) in required}
        if any(promised.values()):
            field["constraints"] = {name: True for name, is_promised in promised.items() if is_promised}
        fields.append(field)
    return fields


def _resource(file: Path, name: str, comment: str, described: dict[str, str]) -> dict[str, Any]:
    content = file.read_bytes()
    size = {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    return {"name": name.lower().replace("_", "-"), "path": file.name, "description": comment} | described | size


def _workbook(file: Path, sheets: dict[str, tuple[str, pl.DataFrame]]) -> None:
    """One sheet per table, after a first one that says what each holds."""
    contents = pl.DataFrame(
        {
            "sheet": list(sheets),
            "holds": [comment for comment, _ in sheets.values()],
            "rows": [frame.height for _, frame in sheets.values()],
            "shown": [
                "all" if frame.height <= SHEET_ROWS else f"the first {SHEET_ROWS:,}; all are in {table}.csv"
                for table, (_, frame) in sheets.items()
            ],
        }
    )
    # Text stays text: no address becomes a link, of which a sheet takes few, and nothing becomes a formula.
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        for name, frame in {"contents": contents, **{table: frame for table, (_, frame) in sheets.items()}}.items():
            sheet = workbook.add_worksheet(name)
            frame.head(SHEET_ROWS).write_excel(workbook, sheet, autofit=True, float_precision=4, freeze_panes=(1, 0))


def _package(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    sources = connection.execute(
        "select distinct title, publisher, licence from core.sources where n_rows > 0 order by all"
    ).fetchall()
    ((redistribution, made_at),) = connection.execute("select redistribution, made_at from core.release").fetchall()
    return {
        "name": "nextvalley",
        "title": "nextvalley: city indices, the facts behind them and the claims they test",
        "description": "In CSV and XLSX, text that a spreadsheet may take for a formula begins with an apostrophe.",
        "version": METHOD_VERSION,
        "created": f"{made_at:%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [{"name": "MIT", "title": "MIT for the compilation; facts are attributed row by row"}],
        "redistribution": redistribution,
        "sources": [{"title": f"{title} ({publisher}; {licence})"} for title, publisher, licence in sources],
    }
