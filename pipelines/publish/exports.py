"""Write the release as Parquet, CSV and a workbook, and describe the files for people and programs."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter

from pipelines import settings
from pipelines.index import METHOD_VERSION
from pipelines.index.definitions import SCORES
from pipelines.publish import croissant, llms, release_file, wording
from pipelines.schema import TableSchema
from pipelines.warehouse import queries
from pipelines.warehouse.model import Model
from pipelines.warehouse.queries import quoted

#: Tables most people come for: these are also CSV files and sheets of the workbook.
MAIN = (
    "index.ranking",
    "index.scores",
    "index.distance",
    "index.lists",
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

#: Rows of a sheet; a longer table is cut there, and its sheet's note and the first sheet say so. The ranking and the claims are
#: shorter.
SHEET_ROWS = 3_000

WORKBOOK = f"{settings.PUBLISHED.stem}.xlsx"

#: Columns of years, which a sheet shows without a separator of thousands.
_YEAR = re.compile(r"(^|_)year$|^founded$|^record_from$")

#: Formats of a sheet's numbers: of counts, of others, and of years.
_COUNT, _NUMBER, _PLAIN = "#,##0;[Red]-#,##0", "#,##0.0000;[Red]-#,##0.0000", "0"

#: Beginnings of a cell that a spreadsheet may take for a formula.
_FORMULA = r"^[=+\-@\t\r]"

_TYPES = {"VARCHAR": "string", "BOOLEAN": "boolean", "DOUBLE": "number", "TIMESTAMP": "datetime", "DATE": "date"}

# Parquet is a file to frictionless: it reads it through a library of its own, and would not find the bytes it counts.
_PARQUET = {"type": "file", "format": "parquet", "mediatype": "application/vnd.apache.parquet"}
_CSV = {"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
_XLSX = {"type": "file", "format": "xlsx", "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_DUCKDB = {"type": "file", "format": "duckdb", "mediatype": "application/vnd.duckdb"}


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: what the table holds, its rows, and what each column holds."""

    comment: str
    rows: pl.DataFrame
    notes: Mapping[str, str]


#: A workbook's sheets by name.
Sheets = dict[str, Sheet]


@dataclass(frozen=True)
class Keys:
    """The columns that identify a row, and those whose values stand in a column of another table (schema.table.column)."""

    primary: tuple[str, ...]
    foreign: Mapping[str, str]


def export(file: Path, folder: Path, models: list[Model], tables: Sequence[type[TableSchema]]) -> None:
    """Write every public table of ``file`` as Parquet, the main ones as CSV and in a workbook, and what describes the files."""
    resources = []
    sheets: Sheets = {}
    constraints = _constraints(models)
    keys = {model.table: _keys_of_model(model) for model in models}
    keys |= {table.table: Keys(tuple(table.primary_key()), table.references()) for table in (*tables, *release_file.TABLES)}
    with duckdb.connect(file, read_only=True) as connection:
        every = _fields(connection, constraints)
        for table, comment in _tables(connection):
            fields = every[table]
            sources = _sources_of(connection, table, fields)
            parquet = folder / f"{table}.parquet"
            connection.execute(f"copy (from {table}) to {quoted(parquet.as_posix())} (format parquet)")
            resources.append(_resource(parquet, table, comment, _PARQUET | _schema(fields, keys[table], "") | sources))
            if table in MAIN:
                frame = ordered(neutralised(pl.DataFrame(connection.sql(f"from {table}"))))
                csv = folder / f"{table}.csv"
                # With the mark at the start, spreadsheets read the text as UTF-8.
                frame.write_csv(csv, datetime_format="%Y-%m-%dT%H:%M:%SZ", include_bom=True)
                resources.append(_resource(csv, f"{table}.csv", comment, _CSV | _schema(fields, keys[table], ".csv") | sources))
                sheets[table] = Sheet(comment, frame, {field["name"]: field["description"] for field in fields})
        write_workbook(folder / WORKBOOK, {table: sheets[table] for table in MAIN})
        resources.append(_resource(folder / WORKBOOK, "workbook", "The main tables as sheets of one workbook.", _XLSX))
        resources.append(_resource(file, file.name, "All tables with comments, and macros for common questions.", _DUCKDB))
        package = _package(connection) | {"resources": resources}
        ranking = pl.DataFrame(connection.sql("from index.ranking where measure = 'Readiness'"))
        about = pl.DataFrame(connection.sql("from index.headline")).row(0, named=True)
        headline = wording.headline(ranking.to_dicts(), wording.ranked_in(about))
        leaders = _leaders(connection)
        macros = connection.execute(queries.read("release/macros")).fetchall()
    _write_json(folder / "datapackage.json", package)
    _write_json(folder / croissant.FILE, croissant.describe(package))
    (folder / llms.FILE).write_bytes(llms.text(package, headline, leaders, macros).encode())


def _leaders(connection: duckdb.DuckDBPyConnection) -> str:
    return wording.leaders(pl.DataFrame(connection.sql(queries.read("report/counted_indicators"))).to_dicts())


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_bytes((json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before text that a spreadsheet may take for a formula; numbers stay as they are."""
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text.str.contains(_FORMULA)).then("'" + text).otherwise(text).name.keep())


def ordered(frame: pl.DataFrame) -> pl.DataFrame:
    """Put claims in the order of their numbers, and distances in that of the cities; other rows stand as in the file."""
    if "claim_order" in frame.columns:
        return frame.sort("claim_order", "period", maintain_order=True)
    if {"measure", "times_less"} <= {*frame.columns} and "rank" not in frame.columns:
        is_pillar = ~pl.col("measure").is_in(SCORES)
        return frame.sort(is_pillar, "measure", "times_less", "city", nulls_last=True)
    return frame


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    sql = "select schema_name || '.' || table_name, comment from duckdb_tables() order by all"
    return [(str(table), str(comment)) for table, comment in connection.execute(sql).fetchall()]


def _constraints(models: list[Model]) -> dict[tuple[str, str], dict[str, bool]]:
    """Return (table, column) → the constraints that the models' checks enforce."""
    names = {"unique": "unique", "not_null": "required"}
    constraints: dict[tuple[str, str], dict[str, bool]] = {}
    for model in models:
        for column in model.columns:
            enforced = {names[check.kind] for check in column.checks if check.kind in names and check.column == column.name}
            constraints[model.table, column.name] = {name: True for name in names.values() if name in enforced}
    return constraints


def _keys_of_model(model: Model) -> Keys:
    """Return the keys that a model's checks enforce."""
    unique = [tuple(check.column.split(", ")) for check in model.checks if check.kind == "unique"]
    return Keys(unique[0] if unique else (), {check.column: check.argument for check in model.checks if check.kind == "in"})


def _schema(fields: list[dict[str, Any]], keys: Keys, kind: str) -> dict[str, Any]:
    """Return the schema of a table with its keys; those of CSV files, which ``kind`` ends the names of, refer to CSV files."""
    schema: dict[str, Any] = {"fields": fields}
    if keys.primary:
        schema["primaryKey"] = list(keys.primary)
    foreign = []
    for column, target in keys.foreign.items():
        table, _, referred = target.rpartition(".")
        if table.split(".")[0] in release_file.PUBLIC and (not kind or table in MAIN):
            foreign.append({"fields": [column], "reference": {"resource": _name(table + kind), "fields": [referred]}})
    if foreign:
        schema["foreignKeys"] = foreign
    return {"schema": schema}


def _sources_of(connection: duckdb.DuckDBPyConnection, table: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the sources of the files that the rows of a table name, each with its licence; nothing if they name none."""
    if not any(field["name"] == "source_file" for field in fields):
        return {}
    query = f"select table_name from core.files where url in (select source_file from {table})"
    sql = f"select distinct title, publisher, licence from core.sources where table_name in ({query}) order by all"
    named = connection.execute(sql).fetchall()
    return {"sources": _titles(named)} if named else {}


def _titles(sources: list[tuple[str, ...]]) -> list[dict[str, str]]:
    return [{"title": f"{title} ({publisher}; {licence})"} for title, publisher, licence in sources]


def _name(text: str) -> str:
    return text.lower().replace("_", "-")


def _fields(
    connection: duckdb.DuckDBPyConnection, constraints: dict[tuple[str, str], dict[str, bool]]
) -> dict[str, list[dict[str, Any]]]:
    """Return table → its columns, with their types, descriptions and constraints."""
    fields: dict[str, list[dict[str, Any]]] = {}
    for table, column, duckdb_type, comment in connection.execute(queries.read("release/fields")).fetchall():
        kind = duckdb_type.split("(")[0]
        field = {"name": column, "type": _TYPES.get(kind) or ("integer" if "INT" in kind else "number"), "description": comment}
        if enforced := constraints.get((table, column)):
            field["constraints"] = enforced
        fields.setdefault(table, []).append(field)
    return fields


def _resource(file: Path, name: str, comment: str, description: dict[str, Any]) -> dict[str, Any]:
    content = file.read_bytes()
    size = {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    return {"name": _name(name), "path": file.name, "description": comment} | description | size


def write_workbook(file: Path, sheets: Sheets) -> None:
    """Write one sheet per table, after a first one that says what each holds; a heading has a note on its column."""
    contents = pl.DataFrame(
        {
            "sheet": list(sheets),
            "holds": [sheet.comment for sheet in sheets.values()],
            "rows": [sheet.rows.height for sheet in sheets.values()],
            "shown": [
                "all" if sheet.rows.height <= SHEET_ROWS else f"the first {SHEET_ROWS:,}; all are in {table}.csv"
                for table, sheet in sheets.items()
            ],
        }
    )
    # Text stays text: no address becomes a link, since a sheet allows few of them, and nothing becomes a formula.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    with xlsxwriter.Workbook(file, options) as workbook:
        formats = {text: workbook.add_format({"num_format": text}) for text in (_COUNT, _NUMBER, _PLAIN)}
        for name, sheet in {"contents": Sheet("", contents, {}), **sheets}.items():
            page = workbook.add_worksheet(name)
            _write_rows(page, _first(sheet.rows), formats)
            is_cut = f"The first {SHEET_ROWS:,} of {sheet.rows.height:,} rows; all are in {name}.csv. "
            for place, column in enumerate(sheet.rows.columns):
                if column in sheet.notes:
                    cut = is_cut if place == 0 and sheet.rows.height > SHEET_ROWS else ""
                    page.write_comment(0, place, cut + sheet.notes[column])


def _write_rows(page: Any, rows: pl.DataFrame, formats: Mapping[str, Any]) -> None:
    """Write rows as a table whose headings stay in sight; columns have formats, so that empty cells take no room."""
    options = {"style": None, "columns": [{"header": name} for name in rows.columns]}
    page.add_table(0, 0, max(rows.height, 1), rows.width - 1, options)
    for place, column in enumerate(rows.iter_columns()):
        kind = _PLAIN if _YEAR.search(column.name) else _COUNT if column.dtype.is_integer() else _NUMBER
        page.set_column(place, place, None, formats[kind] if column.dtype.is_numeric() else None)
        page.write_column(1, place, column.to_list())
    page.autofit()
    page.freeze_panes(1, 0)


def _first(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that a sheet shows: those of the register before those of other sources, scores of every year by rank."""
    if "is_in_register" in frame.columns:
        frame = frame.sort("is_in_register", descending=True, maintain_order=True)
    if {"measure", "year", "rank"} <= {*frame.columns} and frame.height > SHEET_ROWS:
        frame = frame.filter(pl.col("measure").is_in(SCORES)).sort("rank", "measure", "year", "city", nulls_last=True)
    return frame.head(SHEET_ROWS)


def _package(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    sources = connection.execute(queries.read("release/attribution")).fetchall()
    columns = "redistribution, made_at, content_hash"
    ((redistribution, made_at, content_hash),) = connection.execute(f"select {columns} from core.release").fetchall()
    return {
        "name": "nextvalley",
        "id": content_hash,
        "title": "nextvalley: city indices, the facts behind them and the claims they test",
        "description": "In CSV and XLSX, text that a spreadsheet may take for a formula begins with an apostrophe.",
        "version": METHOD_VERSION,
        "created": f"{made_at:%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [
            {
                "name": "MIT",
                "title": "MIT for the compilation; facts are attributed row by row",
                "path": "https://opensource.org/license/mit",
            }
        ],
        "redistribution": redistribution,
        "sources": _titles(sources),
    }
