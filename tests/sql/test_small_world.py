"""Every model, on a small world full of awkward rows, gives what it gave when somebody last looked."""

import csv

import duckdb
import pytest

from pipelines import settings
from pipelines.warehouse import model
from tests.support import expected, landed_world


@pytest.fixture(scope="module")
def world() -> duckdb.DuckDBPyConnection:
    return landed_world.build()


def test_every_model_of_the_small_world_is_as_written_down(world: duckdb.DuckDBPyConnection) -> None:
    summary = landed_world.summary(world)
    expected.compare("models", {"model": summary}, tolerance=0.0, most=summary.height)


def test_no_model_has_numbers_that_parquet_does_not(world: duckdb.DuckDBPyConnection) -> None:
    wide = "select schema_name, table_name, column_name from duckdb_columns() where data_type like '%HUGEINT'"
    assert world.execute(wide).fetchall() == []


def test_every_model_has_rows_in_the_small_world_and_every_column_a_value() -> None:
    with (expected.FOLDER / "models.csv").open(encoding="utf-8", newline="") as file:
        _, *lines = csv.reader(file)
    assert {table for _, table, *_ in lines} == {made.table for made in model.read_all(settings.SQL)}
    assert [(table, column) for _, table, column, filled, *_ in lines if filled == "0"] == []
