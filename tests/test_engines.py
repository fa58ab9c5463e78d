"""One set of models, several engines: the whole warehouse of the register, row by row."""

from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from bench.engines import difference, rebuild, sail
from pipelines import paths
from pipelines.engine import Spark, engine, spark_sql
from pipelines.errors import InputError
from tests.conftest import move_paths


@pytest.mark.parametrize("mode", ["local", "local-cluster"])
def test_every_model_is_equal_on_sail(mode: str, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads of this process; then two workers, between which rows are shuffled."""
    move_paths(monkeypatch, released)
    monkeypatch.setenv("SAIL_MODE", mode)
    monkeypatch.setenv("SAIL_CLUSTER__WORKER_INITIAL_COUNT", "2")
    with sail() as remote, closing(Spark(remote, tmp_path.as_posix())) as spark:
        compared = {table: how for table, _, how in rebuild(spark, paths.BUILD)}
    assert len(compared) > 60
    assert {table: how for table, how in compared.items() if how} == {}


def test_difference_sees_what_is_not_equal() -> None:
    want = pl.DataFrame({"key": ["a", "b", None], "value": [1.0, 2.0, None]})
    assert difference(want.reverse(), want) == ""
    assert difference(want.with_columns(pl.col("value") * (1 + 1e-12)), want) == ""
    assert difference(want.with_columns(pl.col("value") * (1 + 1e-6)), want).startswith("value differs in 2 rows")
    assert difference(want.with_columns(pl.col("value").fill_null(0)), want).startswith("value differs in 1 rows")
    assert difference(want.head(2), want) == "2 rows instead of 3"
    assert difference(want.with_columns(key=pl.lit("a")), want).startswith("key differs in 2 rows")


def test_spark_reads_the_same_tree() -> None:
    sql = "select l.a / 2.0 as b from landing.x__y as l inner join core.z on z.a = l.a -- note"
    assert spark_sql(sql) == (
        "SELECT l.a / CAST('2.0' AS DOUBLE) AS b FROM landing__x__y AS l INNER JOIN core__z AS z ON z.a = l.a"
    )


@pytest.mark.parametrize(
    ("name", "remote", "says"),
    [
        ("sparc", "", "ENGINE: 'sparc': is no engine. Say duckdb or spark"),
        ("spark", "", "SPARK_REMOTE: '': is no Spark Connect endpoint. Give one as sc://host:port"),
    ],
)
def test_engine_that_is_none_is_refused(name: str, remote: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE", name)
    monkeypatch.setenv("SPARK_REMOTE", remote)
    with pytest.raises(InputError) as raised:
        engine()
    assert str(raised.value) == says
