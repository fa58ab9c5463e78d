"""One set of models, several engines: the whole warehouse of the register, row by row."""

from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.warehouse import model
from pipelines.warehouse.engines import engine
from pipelines.warehouse.engines.spark import Spark, spark_sql
from pipelines.warehouse.partitions import last_values
from tests.support.partitions import built_in_parts
from tools.engines import difference, rebuild, sail


@pytest.mark.usefixtures("named_main")
@pytest.mark.parametrize(("mode", "scheme"), [("local", ""), ("local-cluster", "file://")])
def test_every_model_is_equal_on_sail(
    mode: str, scheme: str, in_released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads of this process; then two workers that shuffle rows, and tables at an address as in an object store."""
    monkeypatch.setenv("SAIL_MODE", mode)
    monkeypatch.setenv("SAIL_CLUSTER__WORKER_INITIAL_COUNT", "2")
    with sail() as remote, closing(Spark(remote, f"{scheme}{tmp_path.as_posix()}")) as spark:
        compared = {table: how for table, _, how in rebuild(spark, settings.BUILD)}
    assert len(compared) > 60
    assert {table: how for table, how in compared.items() if how} == {}


def test_every_model_is_equal_part_by_part(in_released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    differing, parts = built_in_parts(monkeypatch)
    assert differing == {}
    divided = {one.sql for one in model.read_all(settings.SQL) if one.part and not one.is_view}
    assert parts.keys() == divided
    assert min(parts.values()) > 1


def test_difference_sees_what_is_not_equal() -> None:
    want = pl.DataFrame({"key": ["a", "b", None], "value": [1.0, 2.0, None]})
    assert difference(want.reverse(), want) == ""
    assert difference(want.with_columns(pl.col("value") * (1 + 1e-12)), want) == ""
    assert difference(want.with_columns(pl.col("value") * (1 + 1e-6)), want).startswith("value differs in 2 rows")
    assert difference(want.with_columns(pl.col("value").fill_null(0)), want).startswith("value differs in 1 rows")
    assert difference(want.head(2), want) == "2 rows instead of 3"
    assert difference(want.with_columns(key=pl.lit("a")), want).startswith("key differs in 2 rows")


@pytest.mark.parametrize(
    ("rows", "ends"),
    [
        ([], []),
        ([("2000", 11)], []),
        ([("2000", 4), ("2001", 6)], []),
        ([("2000", 4), ("2001", 6), ("2002", 1)], ["2001"]),
        ([("2000", 11), ("2001", 11), ("2002", 2), ("2003", 8)], ["2000", "2001"]),
    ],
    ids=["no rows", "one value", "all at once", "one too many", "values too large"],
)
def test_parts_have_as_many_values_as_fit(rows: list[tuple[str, int]], ends: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.warehouse.partitions.ROWS_AT_ONCE", 10)
    assert last_values(rows) == ends


def test_rows_without_a_value_are_in_the_last_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.warehouse.partitions.ROWS_AT_ONCE", 1)
    column = model.Column("year", "", ())
    every = model.Model("core", "y", "select x.year from core.x as x", "", (column,), ("core.x",), "year")
    with duckdb.connect() as connection:
        connection.execute("create schema core; create table core.x as select unnest([2001, null, 2003, 2002, null]) as year")
        engine().build(connection, every)
        rows = connection.execute("from core.y order by year").fetchall()
    assert rows == [(2001,), (2002,), (2003,), (None,), (None,)]


def test_spark_reads_the_same_tree() -> None:
    sql = "select l.a / 2.0 as b from landing.x__y as l inner join core.z on z.a = l.a -- note"
    assert spark_sql(sql) == (
        "SELECT l.a / CAST('2.0' AS DOUBLE) AS b FROM landing__x__y AS l INNER JOIN core__z AS z ON z.a = l.a"
    )


@pytest.mark.parametrize(
    ("name", "remote", "says"),
    [
        ("sparc", "", "ENGINE: 'sparc': is not an engine. Set it to duckdb or spark"),
        ("spark", "", "SPARK_REMOTE: '': is not a Spark Connect endpoint. Set it to sc://host:port"),
    ],
)
def test_engine_that_is_none_is_refused(name: str, remote: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE", name)
    monkeypatch.setenv("SPARK_REMOTE", remote)
    with pytest.raises(InputError) as raised:
        engine()
    assert str(raised.value) == says
