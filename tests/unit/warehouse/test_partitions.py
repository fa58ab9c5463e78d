"""A large table is made a few values at a time, and every row is in one of the parts."""

import duckdb
import pytest

from pipelines.warehouse import partitions
from pipelines.warehouse.engines.duckdb import DuckDB
from pipelines.warehouse.model import Column, Model

SQL = "select x.year, x.toy, m.maker from core.x as x left join core.m as m on m.toy = x.toy"
YEARLY = Model("core", "y", SQL, "", (Column("year", "", ()),), ("core.m", "core.x"), "year")


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("create schema core; create table core.m as select 'bear' as toy, 'A' as maker")
    opened.execute("create table core.x as select unnest([2001, null, 2003, 2002, null, 2001]) as year, 'bear' as toy")
    return opened


@pytest.mark.parametrize(
    ("counts", "ends"),
    [
        ([], []),
        ([("2000", 4), ("2001", 6)], []),
        ([("2000", 4), ("2001", 6), ("2002", 1)], ["2001"]),
        ([("2000", 4), ("2001", 7), ("2002", 3)], ["2000"]),
        ([("2000", 11), ("2001", 11), ("2002", 2), ("2003", 8)], ["2000", "2001"]),
    ],
)
def test_parts_hold_as_many_values_as_fit(
    counts: list[tuple[str, int]], ends: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "ROWS_AT_ONCE", 10)
    assert partitions.last_values(counts) == ends


@pytest.mark.parametrize(("rows_at_once", "parts"), [(1, 3), (3, 2), (100, 1)])
def test_parts_together_are_the_whole(
    connection: duckdb.DuckDBPyConnection, rows_at_once: int, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "ROWS_AT_ONCE", rows_at_once)
    queries = partitions.queries(connection, YEARLY)
    assert len(queries) == parts
    rows = [row for query in queries for row in connection.execute(query).fetchall()]
    assert sorted(rows, key=str) == sorted(connection.execute(SQL).fetchall(), key=str)


def test_view_is_divided_by_the_tables_that_it_reads(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "ROWS_AT_ONCE", 1)
    connection.execute("create view core.inner_x as select year, toy from core.x")
    connection.execute("create view core.v as select v.year, v.toy, m.maker from core.inner_x as v, core.m as m")
    of_view = Model("core", "y", "select year, toy from core.v", "", (Column("year", "", ()),), ("core.v",), "year")
    assert len(partitions.queries(connection, of_view)) == 3
    connection.execute("create or replace view core.v as select 2001 as year, maker as toy from core.m")
    assert partitions.queries(connection, of_view) == [of_view.sql], "no table that it reads has the column"


def test_table_that_nothing_divides_is_one_query(connection: duckdb.DuckDBPyConnection) -> None:
    undivided = Model("core", "y", SQL, "", YEARLY.columns, YEARLY.depends, None)
    assert partitions.queries(connection, undivided) == [SQL]


def test_large_table_in_words_is_left_a_view_that_reads_the_same(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = Model("core", "y", SQL, "", YEARLY.columns, YEARLY.depends, "year", is_view=True)
    after = Model("core", "z", "select toy from core.y", "", (), ("core.y",), None, is_view=True)
    for least, kind in ((6, "BASE TABLE"), (5, "VIEW"), (6, "BASE TABLE")):
        monkeypatch.setattr(partitions, "ROWS_IN_WORDS", least)
        for model in (words, after):
            DuckDB().build(connection, model)
        tables = "select table_name, table_type from information_schema.tables where table_name in ('y', 'z')"
        assert dict(connection.execute(tables).fetchall()) == {"y": kind, "z": kind}
        assert sorted(connection.execute("from core.y").fetchall(), key=str) == sorted(
            connection.execute(SQL).fetchall(), key=str
        )
    assert partitions.views(connection) == {}


@pytest.mark.parametrize(
    ("least", "years"), [(6, [2001, None, 2003, 2002, None, 2001]), (5, [2001, 2001, 2002, 2003, None, None])]
)
def test_large_table_is_kept_in_the_order_of_its_mark(
    connection: duckdb.DuckDBPyConnection, least: int, years: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "ROWS_IN_WORDS", least)
    DuckDB().build(connection, Model("core", "y", SQL, "", YEARLY.columns, YEARLY.depends, None, "year"))
    assert [year for (year,) in connection.execute("select year from core.y").fetchall()] == years


def test_other_tables_are_never_left_views(connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "ROWS_IN_WORDS", 0)
    DuckDB().build(connection, YEARLY)
    assert partitions.views(connection) == {}
