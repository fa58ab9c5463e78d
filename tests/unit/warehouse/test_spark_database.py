"""Names are compared in a session elsewhere, which sees nothing but files, as they are in DuckDB."""

import shutil
from pathlib import Path
from typing import Any, Self

import duckdb
import polars as pl
import pytest
import sqlglot

from pipelines.orchestration.assets.names import matched
from pipelines.resolve.names import NO_OVERRIDES
from pipelines.resolve.names.clustering import Partition
from pipelines.resolve.names.database import InMemory, lend
from pipelines.resolve.names.linkage import database
from pipelines.resolve.names.mentions import read_mentions
from pipelines.warehouse.engines.spark import Spark
from pipelines.warehouse.engines.spark_database import SparkDatabase
from tests.support.names import frame, mention

MENTIONS = frame(
    mention("a", "Tarragon Foods", "龙蒿", mention="a1", key="1", country="GB", city="Leeds", founded=2001),
    mention("b", "TARRAGON FOODS", "龙蒿", mention="b1", key="1", country="GB", city="Leeds"),
    mention("a", "Bellwether", mention="a2", key="2", country="GB", city="York"),
    mention("b", "Belwether", mention="b2", key="2", country="GB", city="York"),
    mention("b", "Bellwether Sheep", mention="b3", key="3", country="GB", city="York"),
)


class Rows:
    """Stand in for rows of a session, and for what writes them."""

    def __init__(self, session: "Session", query: str):
        self._session, self._query, self.write = session, query, self
        self.schema = session.database.execute(f"describe {query}").fetchall()

    def to(self, schema: object) -> Self:
        return self

    def mode(self, mode: str) -> Self:
        assert mode == "overwrite"
        return self

    def parquet(self, place: str) -> None:
        """Write the rows, but no file if there are none."""
        shutil.rmtree(place, ignore_errors=True)
        if (rows := self.toArrow()).height:
            rows.write_parquet(Path(place) / "rows.parquet", mkdir=True)

    def createOrReplaceTempView(self, name: str) -> None:
        self._session.database.execute(f"create or replace view {name} as {self._query}")

    def toArrow(self) -> pl.DataFrame:
        return pl.DataFrame(self._session.database.sql(self._query))


class Session:
    """Stand in for a session and its reader, by a database of its own."""

    def __init__(self) -> None:
        self.database, self.read, self._schema = duckdb.connect(), self, list[Any]()
        self.database.execute("create macro xxhash64(a, b) as hash(a, b), (a, b, c) as hash(a, b, c)")

    def sql(self, query: str) -> Rows:
        return Rows(self, sqlglot.transpile(query, read="spark", write="duckdb")[0])

    def schema(self, schema: list[Any]) -> Self:
        self._schema = schema
        return self

    def parquet(self, place: str) -> Rows:
        files = list(Path(place).glob("*.parquet")) or [file for file in [Path(place)] if file.is_file()]
        if files:
            return Rows(self, f"from read_parquet({[file.as_posix() for file in files]})")
        columns = ", ".join(f'null::{kind} as "{name}"' for name, kind, *_ in self._schema)
        return Rows(self, f"select {columns} where false")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Spark:
    made = object.__new__(Spark)  # which would look for a server
    made.files, made._session = tmp_path.as_posix(), Session()
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "tables"),
    [
        (("same_names",), ("borne", "bearers", "alike", "torn", "pairs")),
        (("name_rows", "name_blocks"), ("rows", "parts", "sizes", "crowded", "blocked")),
        (("name_rows", "near_names"), ("lone", "town_parts", "near", "chances", "near_pairs")),
    ],
    ids=["same", "alike", "near"],
)
def test_tables_are_those_of_duckdb(files: tuple[str, ...], tables: tuple[str, ...], elsewhere: Spark) -> None:
    records = read_mentions(MENTIONS)
    with (
        database(Partition(records, {}, lend), *files) as here,
        database(Partition(records, {}, elsewhere.lend), *files) as there,
    ):
        assert (type(here), type(there)) == (InMemory, SparkDatabase)
        for table in tables:
            columns = ", ".join(here.query(f"from {table}").drop("parts", strict=False).columns)  # in any order
            query = f"select {columns} from {table}"
            assert sorted(there.query(query).rows(), key=str) == sorted(here.query(query).rows(), key=str), table
        condition = there.condition("core_l is not null and one_begins_other(core_l, core_r)")
    assert condition == "NOT core_l IS NULL AND (STARTSWITH(core_l, core_r || ' ') OR STARTSWITH(core_r, core_l || ' '))"
    assert not list(Path(elsewhere.files).iterdir())


@pytest.mark.slow
def test_engine_says_where_names_are_compared(elsewhere: Spark, monkeypatch: pytest.MonkeyPatch) -> None:
    lent, given = list[str](), elsewhere.lend
    monkeypatch.setattr(elsewhere, "lend", lambda *tables: (lent.append("elsewhere"), given(*tables))[1])
    mentions, overrides = frame(mention("a", "Tarragon"), mention("b", "Bellwether"), mention("b", "–")), NO_OVERRIDES
    with duckdb.connect() as connection:
        connection.execute("create schema staging; create schema landing")
        for table, rows in (("staging.name_mentions", mentions), ("landing.reference__name_overrides", overrides)):
            connection.register("rows", rows)
            connection.execute(f"create table {table} as from rows")
        found = matched(connection, elsewhere)
    assert found.select("mention", "entity", "dataset").rows() == [
        ("a:Tarragon", "Tarragon", "a"),
        ("b:Bellwether", "Bellwether", "b"),
    ]
    assert lent == ["elsewhere", "elsewhere"], "for equal names and for alike ones; no source has keys"
