"""An engine is chosen by its name, and one elsewhere gives the tables that DuckDB would."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import polars as pl
import pytest
import sqlglot

from pipelines import settings
from pipelines.errors import InputError
from pipelines.warehouse import database, engines, model, partitions
from pipelines.warehouse.engines import engine
from pipelines.warehouse.engines.dialect import filled_in, macro, parsed, spark_sql
from pipelines.warehouse.engines.duckdb import DuckDB
from pipelines.warehouse.engines.spark import Spark
from tools.engines import difference


class Endpoint:
    """Stand in for a Spark endpoint: a database of its own, which sees nothing but files."""

    def __init__(self) -> None:
        self.conf = self.read = self.write = self
        self.settings: dict[str, str] = {}
        self.is_open, self.modes, self._files, self._query = True, list[str](), "", ""
        self._database = duckdb.connect()

    def set(self, name: str, value: str) -> None:
        self.settings[name] = value

    def parquet(self, place: str) -> "Endpoint":
        """Read a file or folder, or write the result of the last query, unless it is empty."""
        self._files = place.removeprefix("file://")
        if self._query:
            rows = pl.DataFrame(self._database.sql(self._query))
            if rows.height:
                rows.write_parquet(Path(self._files) / "rows.parquet", mkdir=True)
            self._query = ""
        return self

    def createOrReplaceTempView(self, name: str) -> None:
        files = self._files if self._files.endswith(".parquet") else f"{self._files}/*.parquet"
        self._database.execute(f"create or replace view {name} as from read_parquet('{files}')")

    def sql(self, query: str) -> "Endpoint":
        self._query = sqlglot.transpile(query, read="spark", write="duckdb")[0]
        return self

    def mode(self, mode: str) -> "Endpoint":
        self.modes.append(mode)
        return self

    def stop(self) -> None:
        self.is_open = False


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """Return what is reached at sc://there:1, with stand-ins for the packages of Spark."""
    stand_in, package = Endpoint(), ModuleType("pyspark.sql")
    there: dict[str, Any] = {"sc://there:1": type("Remote", (), {"getOrCreate": lambda self: stand_in})()}
    package.SparkSession = type("SparkSession", (), {"builder": type("Builder", (), {"remote": there.__getitem__})})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))
    monkeypatch.setitem(sys.modules, "pyspark.sql", package)
    return stand_in


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("create schema landing; create schema core")
    return opened


def made(name: str, sql: str, *reads: str, schema: str = "core") -> model.Model:
    return model.Model(schema, name, sql, "", (), reads, None)


MODELS = (
    made("sold", "select shop, n * 2.5 as n, cast(n as integer) as i from landing.x__y where n > 1", "landing.x__y"),
    made(
        "after",
        "select s.shop, p.price from core.sold as s inner join core.prices as p on p.shop = s.shop",
        *("core.prices", "core.sold"),
    ),
    made("none", "select shop from core.sold where n < 0", "core.sold"),
)


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_engine_elsewhere_gives_what_duckdb_gives(
    scheme: str, endpoint: Endpoint, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    spark = Spark("sc://there:1", f"{scheme}{tmp_path.as_posix()}/files/")
    assert endpoint.settings == {"spark.sql.session.timeZone": "UTC"}
    file, prices = tmp_path / "landed.parquet", pl.DataFrame({"shop": ["a", "b"], "price": [1, 2]})
    for landed in ([1, 2, 3], [2, 4, 6]):
        pl.DataFrame({"shop": ["a", "b", "c"], "n": landed}).write_parquet(file)
        tables = []
        for built_by in (DuckDB(), spark):
            built_by.land(connection, "landing.x__y", file)
            built_by.write(connection, "core.prices", prices)
            for one in (*MODELS, MODELS[1]):
                built_by.build(connection, one)
            tables.append([database.query(connection, f"from core.{name} order by all") for name in ("sold", "after", "none")])
        for by_duckdb, by_spark in zip(*tables, strict=True):
            assert difference(by_spark, by_duckdb) == ""
    assert endpoint.modes == ["overwrite"] * 8
    assert {path.name for path in (tmp_path / "files").iterdir()} >= {"core.sold", "core.prices", "core.none"}
    assert (tmp_path / "files" / "landing.x__y.parquet").exists() == bool(scheme), "where the endpoint cannot see this machine"
    spark.close()
    assert not endpoint.is_open


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_build_file_shows_what_lands_and_is_written_for_an_engine_elsewhere(
    scheme: str, endpoint: Endpoint, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    spark = Spark("sc://there:1", f"{scheme}{tmp_path.as_posix()}/files")
    file = tmp_path / "landed.parquet"
    pl.DataFrame({"n": [1]}).write_parquet(file)
    spark.land(connection, "landing.x__y", file)
    spark.write(connection, "core.prices", pl.DataFrame({"price": [2]}))
    assert connection.execute("from landing.x__y, core.prices").fetchall() == [(1, 2)]


def test_table_that_loses_all_rows_is_empty(endpoint: Endpoint, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    spark = Spark("sc://there:1", f"{tmp_path.as_posix()}/files")
    for numbers in ([1, 2, 3], [0]):
        pl.DataFrame({"shop": ["a"] * len(numbers), "n": numbers}).write_parquet(tmp_path / "landed.parquet")
        spark.land(connection, "landing.x__y", tmp_path / "landed.parquet")
        spark.build(connection, MODELS[0])
    assert connection.execute("from core.sold").fetchall() == []


@pytest.mark.parametrize(("scheme", "left"), [("", {"staging.sold"}), ("file://", set[str]())])
def test_staging_is_left_where_it_is_unless_in_an_object_store(
    scheme: str, left: set[str], endpoint: Endpoint, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    connection.execute("create schema staging")
    spark, read = Spark("sc://there:1", f"{scheme}{tmp_path.as_posix()}/files"), "landing.x__y"
    sold = made("sold", f"select n::bigint as n, 'a' as word from {read}", read, schema="staging")
    kept = made("kept", "select sum(n) as n from staging.sold", "staging.sold")
    file = tmp_path / "landed.parquet"
    for numbers, built_by in (([1, 2], spark), ([3], spark), ([4], DuckDB()), ([5, 6], spark)):
        pl.DataFrame({"n": numbers}, schema={"n": pl.Int8}).write_parquet(file)
        for one in (sold, kept):
            built_by.land(connection, read, file)
            built_by.build(connection, one)
        assert connection.execute("from staging.sold order by all").fetchall() == [(n, "a") for n in numbers]
        assert connection.execute("from core.kept").fetchall() == [(sum(numbers),)]
        assert [kind for _, kind, *_ in connection.execute("describe staging.sold").fetchall()] == ["BIGINT", "VARCHAR"]
        assert partitions.views(connection).keys() == (left if built_by is spark else set())


def test_landing_is_sent_from_any_folder(endpoint: Endpoint, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A pattern in a path is part of the path."""
    home = tmp_path / "home [a]"
    home.mkdir()
    pl.DataFrame({"n": [1]}).write_parquet(home / "landed.parquet")
    Spark("sc://there:1", f"file://{tmp_path.as_posix()}").land(connection, "landing.x__y", home / "landed.parquet")
    assert pl.read_parquet(tmp_path / "landing.x__y.parquet").rows() == [(1,)]


def test_landing_is_sent_to_an_object_store_once(
    endpoint: Endpoint, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = tmp_path / "landed.parquet"
    pl.DataFrame({"n": [1]}).write_parquet(file)
    spark = Spark("sc://there:1", f"file://{tmp_path.as_posix()}")
    spark.land(connection, "landing.x__y", file)
    sent = tmp_path / "landing.x__y.parquet"
    sent.unlink()
    spark.land(connection, "landing.x__y", file)
    assert not sent.exists()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Yield what sets the engine; none that was chosen stays in use."""
    engines._engine.cache_clear()
    yield monkeypatch
    engines._engine.cache_clear()


def test_engine_is_duckdb_unless_another_is_named(chosen: pytest.MonkeyPatch, endpoint: Endpoint) -> None:
    for name in ("ENGINE", "SPARK_REMOTE", "SPARK_FILES"):
        chosen.delenv(name, raising=False)
    assert (type(engine()), engines.setting()) == (DuckDB, "duckdb")
    chosen.setenv("ENGINE", "spark")
    chosen.setenv("SPARK_REMOTE", "sc://there:1")
    default = engine()
    assert isinstance(default, Spark)
    assert (default.files, engine(), engines.setting()) == (settings.EXCHANGE.as_posix(), default, "spark")
    chosen.setenv("SPARK_FILES", "s3://bucket/")
    bucket = engine()
    assert isinstance(bucket, Spark)
    assert (bucket.files, engines.setting()) == ("s3://bucket", "spark s3://bucket/")


def test_missing_packages_of_spark_are_named(chosen: pytest.MonkeyPatch) -> None:
    chosen.setenv("ENGINE", "spark")
    chosen.setenv("SPARK_REMOTE", "sc://there:1")
    chosen.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(InputError, match=r"ENGINE: spark: pyspark\.sql is missing\. Install the packages of the extra engines"):
        engine()


def test_difference_sees_what_is_not_equal() -> None:
    want = pl.DataFrame({"key": ["a", "b", None], "value": [1.0, 2.0, None]})
    assert difference(want.reverse(), want) == ""
    assert difference(want.with_columns(pl.col("value") * (1 + 1e-12)), want) == ""
    assert difference(want.with_columns(pl.col("value") * (1 + 1e-6)), want).startswith("value differs in 2 rows")
    assert difference(want.with_columns(pl.col("value").fill_null(0)), want).startswith("value differs in 1 rows")
    assert difference(want.head(2), want) == "2 rows instead of 3"
    assert difference(want.with_columns(key=pl.lit("a")), want).startswith("key differs in 2 rows")


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
    sql = "select l.a / 2.0 as b, l.a + 2 as c, 'v. 2' as d from landing.x__y as l inner join core.z on z.a = l.a -- note"
    assert spark_sql(parsed(sql)[0]) == (
        "SELECT l.a / CAST('2.0' AS DOUBLE) AS b, l.a + 2 AS c, 'v. 2' AS d "
        "FROM landing__x__y AS l INNER JOIN core__z AS z ON z.a = l.a"
    )


def test_hash_has_64_bits_everywhere() -> None:
    assert spark_sql(parsed("select hash(a, b) as part from x")[0]) == "SELECT XXHASH64(a, b) AS part FROM x"


def test_calls_of_macros_become_what_they_stand_for() -> None:
    first, second, query = parsed(
        "create macro near(a, b) as abs(a - b) < getvariable('limit');"
        "create macro alike(a, b) as near(b, a) or x.a = b;"
        "select Alike(l.n, r.n + near(2, l.n)) from x"
    )
    assert macro(query) == {}
    filled = filled_in(query, {"limit": 3}, macro(first) | macro(second))
    given = "(r.n + (ABS((2) - l.n) < 3))"
    assert spark_sql(filled) == f"SELECT ((ABS({given} - l.n) < 3) OR x.a = {given}) FROM x"


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
