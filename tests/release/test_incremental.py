"""A refresh makes again what is out of date alone, and publishes what one from nothing publishes, whatever the clock says."""

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.index import gather
from pipelines.ingest import catalogue
from pipelines.orchestration import run_settings
from pipelines.orchestration.assets import claims, index, names, places
from pipelines.orchestration.assets.schemas import BUILT
from pipelines.warehouse import database, queries, syntax, versions
from tests.support.homes import copy_home, made_once
from tests.support.register import edit, retold

#: What a release says of its tables and their columns.
DESCRIBED = """
select 'table', schema_name, table_name, '', comment from duckdb_tables()
union all select 'column', schema_name, table_name, column_name, comment from duckdb_columns() where not internal
order by all
"""


#: The command, but for the pages, of which none reads the clock, and with a rough index if it is made again.
REFRESH = """
from tests.support.blank_pages import blank_pages
from tests.support.draws import use_rough
blank_pages(setattr)
use_rough(setattr)
from pipelines import cli
cli.app(["refresh"])
"""


def made(home: Path) -> dict[str, str]:
    """Return every table of a home's build that passed its checks, with its version."""
    with duckdb.connect(home / "data" / settings.BUILD.name, read_only=True) as connection:
        return {table: version for table, version, _ in connection.execute(queries.read("release/made")).fetchall()}


def published(home: Path) -> tuple[str, list[tuple[str, ...]]]:
    """Return the hash of what the published file of a home holds, and everything that it says of its tables."""
    with duckdb.connect(home / "data" / settings.PUBLISHED.name, read_only=True) as connection:
        ((content,),) = connection.execute("select content_hash from core.release").fetchall()
        return content, connection.execute(DESCRIBED).fetchall()


@pytest.fixture(scope="module")
def retold_home(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the released home that the command has refreshed after a text had changed; tests only read it.

    Its draws would be too rough to make the same index again. The clock was never set, where there is a program to say so.
    """
    return made_once(tmp_path_factory, "retold", partial(_refresh, released)) / "home"


def _refresh(released: Path, folder: Path) -> None:
    home = copy_home(released, folder / "home")
    edit(home, "companies.csv", retold)
    clock = ["faketime", "-f", "@1970-01-02 00:00:00"] if shutil.which("faketime") else []
    environment = settings.environment(
        NEXTVALLEY_HOME=str(home), PYTHONPATH=str(settings.CODE.parent), FAKETIME_DONT_FAKE_MONOTONIC="1"
    )
    command = [*clock, sys.executable, "-c", REFRESH]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-400:] + done.stderr[-400:]


def test_changed_text_is_published_as_by_a_refresh_from_nothing(released: Path, retold_home: Path, from_nothing: Path) -> None:
    before, after = made(released), made(retold_home)
    assert after.keys() == before.keys()
    changed = {table for table in after if after[table] != before[table]}
    assert {"staging.companies", "core.companies"} <= changed
    of_files = {table.table for table in catalogue.TABLES}
    assert changed & {table.table for table in BUILT} == of_files, "no other table of Python reads the text"
    with duckdb.connect(retold_home / "data" / settings.PUBLISHED.name, read_only=True) as connection:
        assert connection.execute("select count(*) from core.companies where source like '%told anew%'").fetchall() == [(1,)]
    assert published(released)[0] != published(retold_home)[0]
    assert published(from_nothing) == published(retold_home)


@pytest.mark.skipif(shutil.which("faketime") is None, reason="no faketime")
def test_release_is_the_newest_though_the_clock_was_never_set(released: Path, retold_home: Path) -> None:
    before, after = ((home / "data" / "release").resolve() for home in (released, retold_home))
    assert max(path for path in after.parent.iterdir() if path.is_dir()) == after
    assert after.name != before.name


@pytest.fixture
def tables_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return what will hold the tables of the build that are read from now on."""
    found: set[str] = set()
    query = database.query

    def noted(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
        found.update(table for table in syntax.parse(sql).tables if "." in table)
        return query(connection, sql)

    monkeypatch.setattr(database, "query", noted)
    monkeypatch.setattr(versions, "wanted", lambda *_: versions.Wanted("a version", is_made=False))
    return found


@pytest.mark.parametrize(
    ("step", "deps"), [(names.ASSETS[0], names.DEPS), (places.ASSETS[0], places.DEPS)], ids=["names", "places"]
)
def test_step_reads_what_its_version_is_made_of(
    released_copy: Path, tables_read: set[str], step: dg.AssetsDefinition, deps: tuple[str, ...]
) -> None:
    assert dg.materialize([step], resources={run_settings.KEY: run_settings.RunSettings()}).success
    assert set() < tables_read - {table.table for table in BUILT} <= {*deps}


def test_index_reads_what_its_version_is_made_of(
    released_copy: Path, tables_read: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "draws_of", lambda *_: None)
    with database.connect() as connection:
        gather.inputs(connection, print)
        gather.method_hash(connection)
        assert tables_read <= {*index._READ}
        claims.read(connection)
    assert tables_read <= {*index._READ, *claims.DEPS}


def test_published_release_counts_for_the_index_if_its_method_is_another(
    released_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.connect() as connection:
        assert gather.compared_with(connection, "CN") == ""
        monkeypatch.setattr(gather, "METHOD_VERSION", "another")
        assert gather.compared_with(connection, "CN") == published(released_copy)[0]
