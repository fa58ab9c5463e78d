"""What the published file says of its tables."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.publish import release_file
from pipelines.publish.release_file import TableDoc


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("attach ':memory:' as published; create schema published.core; create schema core")
        for table, rows in (("toys", 0), ("makers", 0), ("prices", 1), ("joined", 0), ("written", 0), ("kept", 0)):
            opened.execute(f"create table core.{table} as select 1 as x limit {rows}")
            opened.execute(f"create table published.core.{table} as from core.{table}")
        yield opened


def test_empty_table_says_which_sources_would_fill_it(connection: duckdb.DuckDBPyConnection) -> None:
    columns = {"x": "X."}
    docs = {
        "core.toys": TableDoc("Toys.", columns, ("landing.shop__toys", "landing.reference__sectors")),
        "core.makers": TableDoc("Makers.", columns, ("landing.fair__makers",), ("bazaar", "register")),
        "core.prices": TableDoc("Prices.", columns, ("landing.shop__prices",)),
        "core.joined": TableDoc("Joined.", columns, ("core.toys", "core.makers", "core.prices")),
        "core.written": TableDoc("Written.", columns, ("core.prices",)),
        "core.kept": TableDoc("Kept.", columns, ("landing.register__toys",)),
    }
    release_file._comment(connection, docs)
    sql = "select table_name, comment from duckdb_tables() where database_name = 'published'"
    assert dict(connection.execute(sql).fetchall()) == {
        "toys": "Toys. Empty in this release: it is filled by shop (SOURCES).",
        "makers": "Makers. Empty in this release: it is filled by bazaar (SOURCES).",
        "prices": "Prices.",
        "joined": "Joined. Empty in this release: it is filled by bazaar or shop (SOURCES).",
        "written": "Written.",
        "kept": "Kept.",
    }
    sql = "select distinct comment from duckdb_columns() where database_name = 'published'"
    assert connection.execute(sql).fetchall() == [("X.",)]
