"""A project home so small that a refresh takes a fraction of a second: one source of three tables, four models.

It runs the project's own fetch, archive, landing, build, checks and publication; only the orchestrator, the index and the
page are left out, with what compares releases. Every row carries its generation, so that a mix of two would show.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import dataframely as dy
import duckdb
import polars as pl

from pipelines import beside, settings
from pipelines.index import gather
from pipelines.ingest import archive, catalogue, sources
from pipelines.ingest.landing import land
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.request import Reply, Request
from pipelines.ingest.source import Source, Table
from pipelines.orchestration import retention
from pipelines.publish import exports, history, identities, llms, release, release_file, wording
from pipelines.publish.report import city_pages, page
from pipelines.schema import TableSchema
from pipelines.warehouse import database, fingerprint, lock
from pipelines.warehouse.checks import examine
from pipelines.warehouse.model import read_all

ROWS = 500
#: Tables of every release, which know no generation.
UNDATED = [table.table for table in (*catalogue.TABLES, *release_file.TABLES)]
_ROOT = settings.SHIPPED

_STATUS = dg.DagsterRunStatus
#: States of a run that has not ended.
UNFINISHED = (_STATUS.QUEUED, _STATUS.NOT_STARTED, _STATUS.STARTING, _STATUS.STARTED, _STATUS.CANCELING)

_MODELS = {
    "staging/toys.sql": """-- One row per toy.
select
    toy as toy,  -- Toy. #unique #not_null
    maker as maker,  -- Maker.
    price as price,  -- Price. #check price >= 0
    generation as generation,  -- Generation of the world.
    source_file as source_file,  -- File.
    source_row as source_row  -- Row.
from landing.shop__toys
""",
    "core/makers.sql": """-- One row per maker.
select
    maker as maker,  -- Maker. #unique
    city as city,  -- City.
    generation as generation  -- Generation of the world.
from landing.shop__makers
""",
    "core/toys.sql": """-- One row per toy whose maker is known.
select
    t.toy as toy,  -- Toy. #unique
    t.maker as maker,  -- Maker. #in core.makers.maker
    t.price as price,  -- Price.
    t.generation as generation  -- Generation of the world.
from staging.toys as t
""",
    "index/headline.sql": """-- One row.
select
    'CN' as scope,  -- Scope.
    'CN' as countries,  -- Countries.
    max(generation) as year,  -- Year.
    max(generation) as generation  -- Generation of the world.
from core.makers
""",
    "index/ranking.sql": """-- One row per city.
select
    'Readiness' as measure,  -- Measure.
    city as city,  -- City.
    cast(row_number() over (order by price desc, city) as integer) as rank,  -- Rank.
    cast(price as double) as score,  -- Score.
    generation as generation  -- Generation of the world.
from marts.by_city
""",
    "claims/scorecard.sql": """-- One row.
select
    'current' as period,  -- Period.
    '1' as claim,  -- Claim.
    cast(price as double) as estimate,  -- Estimate.
    'supported' as verdict,  -- Verdict.
    generation as generation  -- Generation of the world.
from marts.by_city
where city = 'city 1'
""",
    "marts/by_city.sql": """-- One row per city.
select
    m.city as city,  -- City. #unique
    count(*) as toys,  -- Toys made there.
    sum(t.price) as price,  -- Sum of their prices.
    min(t.generation) as generation  -- Generation of the world.
from core.toys as t
inner join core.makers as m on m.maker = t.maker
group by m.city
""",
}


class Toys(dy.Schema):
    """Toys"""

    toy = dy.String(primary_key=True)
    maker = dy.String(nullable=False)
    price = dy.Int32(min=0)
    generation = dy.Int32()


class Makers(dy.Schema):
    """Makers"""

    maker = dy.String(primary_key=True)
    city = dy.String(nullable=False)
    generation = dy.Int32()


def _rows_of(schema: type[dy.Schema]) -> Callable[[bytes], pl.DataFrame]:
    return lambda content: csv_rows(content, schema.column_names())


SHOP = Source(
    "shop", "Shop", "Shop", "https://shop.example", "CC0", "open", "Shop", "daily",
    tables=(
        Table("toys", Toys, (ROWS, 3 * ROWS), _rows_of(Toys), ("https://shop.example/toys-1.csv", "https://shop.example/toys-2.csv")),
        Table("makers", Makers, (5, 50), _rows_of(Makers), ("https://shop.example/makers.csv",)),
    ),
)  # fmt: skip


class Upstream:
    """An upstream that serves its files as they are in one generation."""

    via = "live"

    def __init__(self, generation: int) -> None:
        self._generation = generation

    def requests(self, _: Source, table: Table) -> list[Request]:
        assert isinstance(table.addresses, tuple)
        return [Request(url) for url in table.addresses]

    def fetch(self, request: Request, last: archive.Snapshot | None) -> Reply:
        now = self._generation
        if request.url.endswith("makers.csv"):
            lines = ["maker,city,generation", *(f"maker {number},city {number % 4},{now}" for number in range(20))]
        else:
            part = int(request.url[-5])
            rows = (f"toy {part} {number},maker {number % 20},{number * now % 97},{now}" for number in range(ROWS))
            lines = ["toy,maker,price,generation", *rows]
        content = "\n".join(lines).encode()
        if last is not None and last.sha256 == sha256(content).hexdigest():
            return Reply(304, {}, b"")
        return Reply(200, {"etag": str(now)}, content)


def settle(home: Path) -> None:
    """Make this process live in ``home``, for good: a process of its own calls it once."""
    # The committed tables stay where they are: a small world needs the names of countries.
    staying = settings.REFERENCE
    for name, value in vars(settings).copy().items():
        if isinstance(value, Path) and name != "SHIPPED" and not value.is_relative_to(staying):
            setattr(settings, name, home / value.relative_to(_ROOT))
    for file, text in _MODELS.items():
        if not (home / "sql" / file).exists():
            (home / "sql" / file).parent.mkdir(parents=True, exist_ok=True)
            (home / "sql" / file).write_text(text)
            for name in ("macros.sql", "readme.sql"):
                (home / "sql" / name).write_text("select 1;")
    for folder in ("facts", "release"):
        if not (home / "sql" / folder).exists():  # Another process may be reading it.
            shutil.copytree(_ROOT / "sql" / folder, home / "sql" / f".{folder}")
            os.rename(home / "sql" / f".{folder}", home / "sql" / folder)
    os.environ["SOURCES"] = "shop"
    # Another process would not see what is replaced here.
    here = SimpleNamespace(begin=lambda function, *given: lambda: function(*given))
    beside.another = lambda *_: nullcontext(here)  # type: ignore[assignment]
    sources.ALL = (SHOP,)
    exports.MAIN = ("index.ranking", "core.makers", "core.release")  # type: ignore[assignment]
    page.reading = nullcontext  # type: ignore[assignment]
    page.render = lambda file, code="en": f"<!doctype html><title>{file.parent.name}</title>"  # type: ignore[assignment]
    page.render_brief = page.render_picture = page.render
    city_pages.render = lambda frames, code="en": {}
    wording.headline = lambda ranking, place: ""
    exports._leaders = lambda connection: ""
    llms.text = lambda package, headline, leaders, macros: ""
    gather.method_hash = lambda connection: ""
    history.write = partial(_leave_empty, history.MADE)
    identities.write = partial(_leave_empty, identities.MADE)


def _leave_empty(tables: Iterable[type[TableSchema]], connection: duckdb.DuckDBPyConnection) -> None:
    """Leave the tables empty that compare releases: this world has neither an index nor names."""
    for table in tables:
        database.write(connection, f"published.{table.table}", table.empty())


def refresh(generation: int) -> None:
    """Fetch, land, build, check, publish and tidy."""
    lock.acquire()
    for table in SHOP.tables:
        land(SHOP, table, Upstream(generation))
    models = read_all(settings.SQL)
    with database.connect() as connection:
        for name, frame in catalogue.catalogue().items():
            database.write(connection, name, frame)
        for model in models:
            database.build(connection, model)
            for check in model.checks:
                if examine(connection, model.table, check).failing:
                    raise AssertionError(f"{model.table}: {check.says}")
    release.publish(models, catalogue.TABLES, fingerprint.of_landed())
    retention.prune_archive()


def inspect(home: Path) -> dict[str, object]:
    """Return what a reader finds: generation and content hash of the release; ``fault`` if it is not whole."""
    published = home / "data" / "nextvalley.duckdb"
    if not published.exists():
        return {"generation": 0, "hash": None, "fault": "a dangling link" if published.is_symlink() else None}
    with duckdb.connect(published, read_only=True) as connection:
        tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
        dated = [table for (table,) in tables if table not in UNDATED]
        union = " union ".join(f"select generation from {table}" for table in dated)
        generations = sorted(row[0] for row in connection.execute(union).fetchall())
        ((toys,),) = connection.execute("select count(*) from core.toys").fetchall()
        ((content,),) = connection.execute("select content_hash from core.release").fetchall()
    folder = published.resolve().parent
    if len(generations) != 1:
        fault = f"generations {generations} in one file"
    elif toys != 2 * ROWS or len(dated) != 6:
        fault = f"{toys} rows in {len(dated)} tables"
    elif folder != (home / "data" / "release").resolve():
        fault = "the folder and the file are of two releases"
    else:
        page_text = (folder / "report.html").read_text()
        is_cut = folder.name not in page_text and not page_text.endswith("</title>")
        fault = "report.html was cut" if is_cut else unlike_its_package(folder)
    return {"generation": generations[0] if generations else None, "hash": content, "fault": fault}


def unlike_its_package(folder: Path) -> str | None:
    """Return what of a release is not as its ``datapackage.json`` says."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        if "sha256:" + sha256((folder / resource["path"]).read_bytes()).hexdigest() != resource["hash"]:
            return f"{resource['path']} is not what datapackage.json says"
    return None


def listing_of(home: Path) -> set[str]:
    """Return every file that a world holds, releases counted as one."""
    files = set()
    for path in (home / "data").rglob("*"):
        parts = path.relative_to(home / "data").parts
        if parts[0] == "releases" and len(parts) > 1 and not parts[1].startswith("."):
            parts = (parts[0], "*", *parts[2:])
        if not path.is_dir() or path.is_symlink():
            files.add("/".join(parts))
    return files


def copy(home: Path, to: Path) -> None:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(home, to, symlinks=True)
