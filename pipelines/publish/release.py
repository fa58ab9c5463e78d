"""From the private build to the file everyone opens: documented, self-describing, and swapped in at once.

What belongs here: the published DuckDB file with its comments, macros and history, and the swap. What does not: the other
formats beside it (``pipelines/publish/exports``, ``pipelines/publish/report``).
A release is a folder of its own under ``data/releases``; ``data/release`` is a symlink to the current one and
``data/nextvalley.duckdb`` one through it, so that one rename publishes everything. Replacing the file itself
would not be safe: a write-ahead log left beside it by anyone would be taken up by the new file.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import dataframely as dy
import duckdb

from pipelines import settings
from pipelines.index import METHOD_VERSION
from pipelines.ingest import archive
from pipelines.publish import exports
from pipelines.publish.report import page
from pipelines.schema import TableSchema
from pipelines.warehouse import checks, database
from pipelines.warehouse.engine import quoted
from pipelines.warehouse.model import Model

#: Schemas that users see.
PUBLIC = ("core", "marts", "index", "claims")

#: Releases kept; older ones go when a new one is published.
KEPT = 10

#: DuckDB clients from this version on can open the file.
STORAGE_VERSION = "v1.4.0"


class Release(TableSchema):
    """One row: what this release is."""

    table = "core.release"

    content_hash = dy.String(
        primary_key=True,
        description="Hash of the contents of every table but core.release, its history, core.sources and core.files.",
    )
    input_fingerprint = dy.String(description="Hash of the inputs and the code; equal fingerprints mean nothing changed.")
    method_version = dy.String(description="Version of the index method.")
    scope = dy.String(description="Country whose cities are ranked, ISO alpha-2.")
    redistribution = dy.String(description="May this release be passed on; if not, because of which sources.")
    made_at = dy.Datetime(time_unit="us", description="When it was made, UTC.")


class ReleaseHistory(TableSchema):
    """One row per release and number people follow, this release and those before it; what changed(since) compares."""

    table = "core.release_history"

    content_hash = dy.String(primary_key=True, description="Hash of the release's contents.")
    made_at = dy.Datetime(time_unit="us", description="When these contents were first released, UTC.")
    method_version = dy.String(description="Version of the index method.")
    country = dy.String(primary_key=True, description="Scope of the ranking.")
    measure = dy.String(primary_key=True, description="Readiness or Realised; claim, baseline or claim, current.")
    subject = dy.String(primary_key=True, description="City, or number of the claim.")
    rank = dy.Int32(nullable=True, min=1, description="Rank of the city in the release's headline year; null for a claim.")
    value = dy.Float64(nullable=True, description="Score of the city, or the claim's statistic.")
    verdict = dy.String(nullable=True, description="Verdict on the claim; null for a city.")


#: Tables that publishing itself makes; no part of the content hash.
TABLES: tuple[type[TableSchema], ...] = (Release, ReleaseHistory)

#: Table → what a row is, and what each column holds.
Docs = dict[str, tuple[str, dict[str, str]]]


def publish(models: list[Model], tables: Sequence[type[TableSchema]], fingerprint: str) -> Path:
    """Copy the public tables of the build, of SQL ``models`` and Python ``tables``, into a new release and swap it in.

    Returns the release's folder.

    Nothing that is already published is touched before the swap, and the swap is one rename.
    """
    database.claim()
    settings.RELEASES.mkdir(parents=True, exist_ok=True)
    folder = staging = Path(tempfile.mkdtemp(dir=settings.RELEASES, prefix=archive.PART))
    try:
        file = staging / settings.PUBLISHED.name
        docs = {model.table: (model.doc, {column.name: column.doc for column in model.columns}) for model in models}
        docs |= {table.table: (table.doc(), table.column_docs()) for table in (*tables, *TABLES)}
        digest = _make(file, docs, fingerprint)
        exports.export(file, staging, models)
        archive.write_atomically(staging / "report.html", page.render(file).encode())
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        os.chmod(file, 0o444)
        os.chmod(staging, 0o755)
        for written in staging.iterdir():
            archive.sync(written)
        archive.sync(staging)
        folder = _free(settings.RELEASES / f"{stamp}-{digest[:8]}")
        os.rename(staging, folder)
        archive.sync(settings.RELEASES)
        _swap(settings.RELEASE, Path(settings.RELEASES.name) / folder.name)
    except BaseException:
        for unpublished in {staging, folder} - {settings.RELEASE.resolve()}:
            shutil.rmtree(unpublished, ignore_errors=True)
        raise
    if not settings.PUBLISHED.is_symlink():
        _swap(settings.PUBLISHED, Path(settings.RELEASE.name) / settings.PUBLISHED.name)
    prune()
    return folder


def _free(folder: Path) -> Path:
    """``folder``, or the first of its name that is not taken: a run killed before its swap leaves one behind."""
    taken = (folder.with_name(f"{folder.name}-{number}") for number in range(2, 1000))
    return next(one for one in (folder, *taken) if not one.exists())


def _swap(link: Path, target: Path) -> None:
    """Point ``link`` at ``target`` atomically."""
    temporary = link.with_name(f"{archive.PART}{link.name}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    os.replace(temporary, link)
    archive.sync(link.parent)


def prune() -> None:
    """Keep the last releases; a reader who has an older one open keeps it until it closes."""
    folders = sorted(path for path in settings.RELEASES.iterdir() if path.is_dir() and not path.name.startswith("."))
    current = settings.RELEASE.resolve()
    for folder in folders[:-KEPT]:
        if folder != current:
            shutil.rmtree(folder)


def _make(file: Path, docs: Docs, fingerprint: str) -> str:
    """Write the published file; returns a hash of its tables' contents."""
    digest = hashlib.sha256()
    with database.connect() as connection:
        connection.execute(f"attach {quoted(file.as_posix())} as published (storage_version '{STORAGE_VERSION}')")
        # The build file may still hold tables of models that are gone; only what the code knows is published.
        known = docs.keys() - {table.table for table in TABLES}
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
            "? as content_hash, ? as input_fingerprint, ? as method_version, "
            "(select country from published.index.headline) as scope, ? as redistribution, "
            "(now() at time zone 'UTC')::timestamp as made_at",
            [digest.hexdigest(), fingerprint, METHOD_VERSION, _redistribution(connection)],
        )
        _remember(connection)
        for own in TABLES:
            checks.require(connection, own, database.query(connection, f"from published.{own.table}"))
        _comment(connection, docs)
        connection.execute("use published")
        connection.execute((settings.SQL / "macros.sql").read_text("utf-8"))
        connection.execute((settings.SQL / "readme.sql").read_text("utf-8"))
        connection.execute(f"use {settings.BUILD.stem}")
        connection.execute("detach published")
    return digest.hexdigest()


#: The numbers people follow from release to release, of the release being made.
_FOLLOWED = """
    select r.content_hash, r.made_at, r.method_version, h.country, k.measure, k.city as subject, k.rank, k.score as value,
        cast(null as varchar) as verdict
    from published.core.release as r cross join published.index.headline as h cross join published.index.ranking as k
    union all
    select r.content_hash, r.made_at, r.method_version, h.country, 'claim, ' || c.period, c.claim, null, c.estimate, c.verdict
    from published.core.release as r cross join published.index.headline as h cross join published.claims.scorecard as c
"""


def _remember(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``core.release_history``: what the file now published remembers, and this release if its contents are new.

    A macro cannot attach another file, so each release carries the followed numbers of those before it.
    """
    connection.execute(f"create table published.core.release_history as {_FOLLOWED}")
    if not settings.PUBLISHED.exists():
        return
    try:
        connection.execute(f"attach {quoted(settings.PUBLISHED.resolve().as_posix())} as earlier (read_only)")
    except duckdb.Error:
        return  # Unreadable, so nothing can be taken from it; the release being made replaces it.
    try:
        columns = (
            "select column_name from duckdb_columns() where table_name = 'release_history' and database_name = '{}' order by all"
        )
        mine, theirs = (connection.execute(columns.format(name)).fetchall() for name in ("published", "earlier"))
        if mine == theirs:
            ((last,),) = connection.execute(
                "select max_by(content_hash, made_at) from earlier.core.release_history "
                "where country = (select country from published.index.headline)"
            ).fetchall()
            connection.execute("delete from published.core.release_history where content_hash = ?", [last])
            connection.execute("insert into published.core.release_history by name from earlier.core.release_history")
    finally:
        connection.execute("detach earlier")


def _redistribution(connection: duckdb.DuckDBPyConnection) -> str:
    """Whether the licences of what is loaded let the release be passed on."""
    rows = connection.execute(
        "select distinct title, licence from core.sources where licence_class <> 'open' and n_rows > 0 order by all"
    ).fetchall()
    if not rows:
        return "may be redistributed, with its sources named"
    return "is for local use only: built with " + "; ".join(f"{title} ({licence})" for title, licence in rows)


def _comment(connection: duckdb.DuckDBPyConnection, docs: Docs) -> None:
    """Every table and column says what it holds; one that does not is an error, not a gap."""
    described = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'published' order by all"
    ).fetchall()
    for schema, table in dict.fromkeys((schema, table) for schema, table, _ in described):
        connection.execute(f"comment on table published.{schema}.{table} is {quoted(docs[f'{schema}.{table}'][0])}")
    for schema, table, column in described:
        text = docs[f"{schema}.{table}"][1][column]
        connection.execute(f"comment on column published.{schema}.{table}.{column} is {quoted(text)}")
