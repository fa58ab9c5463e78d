"""From the private build to the file everyone opens: documented, self-describing, and swapped in at once.

What belongs here: the published DuckDB file, the Parquet files and the page beside it, their description, and the swap.
A release is a folder of its own under ``data/releases``; ``data/release`` is a symlink to the current one and
``data/nextvalley.duckdb`` one through it, so that one rename publishes everything. Replacing the file itself
would not be safe: a write-ahead log left beside it by anyone would be taken up by the new file.
"""

import hashlib
import json
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from pipelines import archive, paths, report, warehouse
from pipelines.docs import DOCS
from pipelines.index import METHOD_VERSION
from pipelines.model import Model

#: Schemas that users see.
PUBLIC = ("core", "marts", "index", "claims")

#: Releases kept; older ones go when a new one is published.
KEPT = 10

#: DuckDB clients from this version on can open the file.
STORAGE_VERSION = "v1.4.0"


def publish(models: list[Model], fingerprint: str) -> Path:
    """Copy the public tables of the build into a new release and swap it in; returns the release's folder.

    Nothing that is already published is touched before the swap, and the swap is one rename.
    """
    paths.RELEASES.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=paths.RELEASES, prefix=".making-"))
    try:
        file = staging / paths.PUBLISHED.name
        digest = _make(file, models, fingerprint)
        _export(file, staging)
        archive.write_atomically(staging / "report.html", report.render(file).encode())
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        os.chmod(file, 0o444)
        os.chmod(staging, 0o755)
        for written in staging.iterdir():
            _sync(written)
        _sync(staging)
        folder = paths.RELEASES / f"{stamp}-{digest[:8]}"
        os.rename(staging, folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _swap(paths.RELEASE, Path(paths.RELEASES.name) / folder.name)
    if not paths.PUBLISHED.is_symlink():
        _swap(paths.PUBLISHED, Path(paths.RELEASE.name) / paths.PUBLISHED.name)
    prune()
    return folder


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(link: Path, target: Path) -> None:
    """Point ``link`` at ``target`` atomically."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    os.replace(temporary, link)
    _sync(link.parent)


def prune() -> None:
    """Keep the last releases; a reader who has an older one open keeps it until it closes."""
    folders = sorted(path for path in paths.RELEASES.iterdir() if path.is_dir() and not path.name.startswith("."))
    current = paths.RELEASE.resolve()
    for folder in folders[:-KEPT]:
        if folder != current:
            shutil.rmtree(folder)
    for leftover in paths.RELEASES.glob(".making-*"):
        shutil.rmtree(leftover)


def _make(file: Path, models: list[Model], fingerprint: str) -> str:
    """Write the published file; returns a hash of its tables' contents."""
    digest = hashlib.sha256()
    with warehouse.connect() as connection:
        connection.execute(f"attach '{file.as_posix()}' as published (storage_version '{STORAGE_VERSION}')")
        # The build file may still hold tables of models that are gone; only what the code knows is published.
        known = {model.table for model in models} | set(DOCS) - {"core.release"}
        tables = sorted(tuple(name.split(".")) for name in known if name.split(".")[0] in PUBLIC)
        for schema in PUBLIC:
            connection.execute(f"create schema published.{schema}")
        for schema, table in tables:
            connection.execute(f"create table published.{schema}.{table} as from {schema}.{table} order by all")
            # When the same bytes were first seen is no part of what they say.
            if table not in ("sources", "files"):
                ((content,),) = connection.execute(
                    f"select coalesce(sum(hash(t)::hugeint), 0)::varchar from published.{schema}.{table} t"
                ).fetchall()
                digest.update(f"{schema}.{table}:{content}\n".encode())
        connection.execute(
            "create table published.core.release as select "
            "? as content_hash, ? as input_fingerprint, ? as method_version, ? as redistribution, "
            "(now() at time zone 'UTC')::timestamp as made_at",
            [digest.hexdigest(), fingerprint, METHOD_VERSION, _redistribution(connection)],
        )
        _comment(connection, models)
        connection.execute("use published")
        connection.execute((paths.SQL / "macros.sql").read_text("utf-8"))
        connection.execute(
            "create view readme as select * from (values "
            "(1, 'from index.ranking: the cities in order, with intervals'), "
            "(2, 'from claims.scorecard: each claim with verdict, interval and sources'), "
            "(3, 'from why(''Beijing''): a score walked back to its indicators'), "
            "(4, 'from evidence(''Beijing'', ''deals_originated''): and from there to rows with sources'), "
            "(5, 'from compare(''Beijing'', ''Shanghai''): two cities side by side'), "
            "(6, 'from duckdb_columns() select table_name, column_name, comment: what every column holds')) "
            "as t(step, try_this) order by step"
        )
        connection.execute(f"use {paths.BUILD.stem}")
        connection.execute("detach published")
    return digest.hexdigest()


def _redistribution(connection: duckdb.DuckDBPyConnection) -> str:
    """Whether the licences of what is loaded let the release be passed on."""
    rows = connection.execute(
        "select distinct title, licence from core.sources where licence_class <> 'open' and n_rows > 0 order by all"
    ).fetchall()
    if not rows:
        return "may be redistributed, with its sources named"
    return "is for local use only: built with " + "; ".join(f"{title} ({licence})" for title, licence in rows)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _comment(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> None:
    """Every table and column says what it holds; one that does not is an error, not a gap."""
    docs = {model.table: (model.doc, {column.name: column.doc for column in model.columns}) for model in models} | DOCS
    described = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'published' order by all"
    ).fetchall()
    for schema, table in dict.fromkeys((schema, table) for schema, table, _ in described):
        connection.execute(f"comment on table published.{schema}.{table} is {_quoted(docs[f'{schema}.{table}'][0])}")
    for schema, table, column in described:
        text = docs[f"{schema}.{table}"][1][column]
        connection.execute(f"comment on column published.{schema}.{table}.{column} is {_quoted(text)}")


_TYPES = {"VARCHAR": "string", "BOOLEAN": "boolean", "DOUBLE": "number", "TIMESTAMP": "datetime", "DATE": "date"}


def _export(file: Path, folder: Path) -> None:
    """Each public table as Parquet, and ``datapackage.json`` that describes them (Frictionless Data Package 1)."""
    resources = []
    with duckdb.connect(file, read_only=True) as connection:
        rows = connection.execute(
            "select c.schema_name, c.table_name, c.column_name, c.data_type, c.comment, t.comment "
            "from duckdb_columns() c join duckdb_tables() t using (schema_name, table_name) "
            "order by c.schema_name, c.table_name, c.column_index"
        ).fetchall()
        sources = pl.DataFrame(
            connection.sql("select distinct title, publisher, licence from core.sources where n_rows > 0 order by all")
        )
        ((redistribution,),) = connection.execute("select redistribution from core.release").fetchall()
        for schema, table in dict.fromkeys((row[0], row[1]) for row in rows):
            name = f"{schema}.{table}"
            path = folder / f"{name}.parquet"
            connection.execute(f"copy (from {schema}.{table}) to '{path.as_posix()}' (format parquet)")
            content = path.read_bytes()
            fields = [
                {"name": column, "type": _TYPES.get(kind, "integer" if "INT" in kind else "string"), "description": text}
                for a, b, column, kind, text, _ in rows
                if (a, b) == (schema, table)
            ]
            resources.append(
                {
                    "name": name.lower().replace("_", "-"),
                    "path": path.name,
                    "format": "parquet",
                    "mediatype": "application/vnd.apache.parquet",
                    "bytes": len(content),
                    "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                    "description": next(row[5] for row in rows if (row[0], row[1]) == (schema, table)),
                    "schema": {"fields": fields},
                }
            )
    package = {
        "name": "nextvalley",
        "title": "nextvalley: city indices, the facts behind them and the claims they test",
        "version": METHOD_VERSION,
        "licenses": [{"name": "MIT", "title": "MIT for the compilation; facts are attributed row by row"}],
        "redistribution": redistribution,
        "sources": [{"title": f"{row['title']} ({row['publisher']}; {row['licence']})"} for row in sources.iter_rows(named=True)],
        "resources": resources,
    }
    text = json.dumps(package, indent=2, ensure_ascii=False)
    archive.write_atomically(folder / "datapackage.json", (text + "\n").encode())
