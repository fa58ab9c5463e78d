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
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines import settings
from pipelines.index import METHOD_VERSION
from pipelines.ingest import archive
from pipelines.publish import exports, report
from pipelines.warehouse import database
from pipelines.warehouse.docs import DOCS
from pipelines.warehouse.engine import quoted
from pipelines.warehouse.model import Model

#: Schemas that users see.
PUBLIC = ("core", "marts", "index", "claims")

#: Releases kept; older ones go when a new one is published.
KEPT = 10

#: Tables that publishing itself makes; no part of the content hash.
MADE_HERE = {"core.release", "core.release_history"}

#: DuckDB clients from this version on can open the file.
STORAGE_VERSION = "v1.4.0"


def publish(models: list[Model], fingerprint: str) -> Path:
    """Copy the public tables of the build into a new release and swap it in; returns the release's folder.

    Nothing that is already published is touched before the swap, and the swap is one rename.
    """
    database.claim()
    settings.RELEASES.mkdir(parents=True, exist_ok=True)
    folder = staging = Path(tempfile.mkdtemp(dir=settings.RELEASES, prefix=archive.PART))
    try:
        file = staging / settings.PUBLISHED.name
        digest = _make(file, models, fingerprint)
        exports.export(file, staging, models)
        archive.write_atomically(staging / "report.html", report.render(file).encode())
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


def _make(file: Path, models: list[Model], fingerprint: str) -> str:
    """Write the published file; returns a hash of its tables' contents."""
    digest = hashlib.sha256()
    with database.connect() as connection:
        connection.execute(f"attach {quoted(file.as_posix())} as published (storage_version '{STORAGE_VERSION}')")
        # The build file may still hold tables of models that are gone; only what the code knows is published.
        known = {model.table for model in models} | set(DOCS) - MADE_HERE
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
        _comment(connection, models)
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


def _comment(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> None:
    """Every table and column says what it holds; one that does not is an error, not a gap."""
    docs = {model.table: (model.doc, {column.name: column.doc for column in model.columns}) for model in models} | DOCS
    described = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'published' order by all"
    ).fetchall()
    for schema, table in dict.fromkeys((schema, table) for schema, table, _ in described):
        connection.execute(f"comment on table published.{schema}.{table} is {quoted(docs[f'{schema}.{table}'][0])}")
    for schema, table, column in described:
        text = docs[f"{schema}.{table}"][1][column]
        connection.execute(f"comment on column published.{schema}.{table}.{column} is {quoted(text)}")
