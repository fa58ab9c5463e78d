"""A refresh makes again what is out of date alone, and publishes what one from nothing publishes."""

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
from pipelines.orchestration.refresh import refresh
from pipelines.warehouse import database, queries, syntax, versions
from tests.support.blank_pages import file_alone
from tests.support.register import edit, retold

#: What a release says of its tables and their columns.
DESCRIBED = """
select 'table', schema_name, table_name, '', comment from duckdb_tables()
union all select 'column', schema_name, table_name, column_name, comment from duckdb_columns() where not internal
order by all
"""


def made() -> dict[str, str]:
    """Return every table of the build that passed its checks, with its version."""
    with duckdb.connect(settings.BUILD, read_only=True) as connection:
        return {table: version for table, version, _ in connection.execute(queries.read("release/made")).fetchall()}


def published(home: Path) -> tuple[str, list[tuple[str, ...]]]:
    """Return the hash of what the published file of a home holds, and everything that it says of its tables."""
    with duckdb.connect(home / "data" / settings.PUBLISHED.name, read_only=True) as connection:
        ((content,),) = connection.execute("select content_hash from core.release").fetchall()
        return content, connection.execute(DESCRIBED).fetchall()


def test_changed_text_is_published_as_by_a_refresh_from_nothing(
    released_copy: Path, from_nothing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is kept, and equal to the one that is made from nothing: here are too few draws to make it again."""
    file_alone(monkeypatch.setattr)
    before, (first, _) = made(), published(released_copy)
    edit(released_copy, "companies.csv", retold)
    assert refresh().published
    after, incremental = made(), published(released_copy)
    assert after.keys() == before.keys()
    changed = {table for table in after if after[table] != before[table]}
    assert {"staging.companies", "core.companies"} <= changed
    of_files = {table.table for table in catalogue.TABLES}
    assert changed & {table.table for table in BUILT} == of_files, "no other table of Python reads the text"
    assert incremental[0] != first
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        assert connection.execute("select count(*) from core.companies where source like '%told anew%'").fetchall() == [(1,)]
    assert published(from_nothing) == incremental


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
