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


#: Lists that count without evidence. No indicator counts the population.
WITHOUT_EVIDENCE = [
    ("backed_companies", "ycombinator"),
    ("founders", "yc_founders_schools"),
    ("population", "census_county"),
    ("population", "register: population"),
]


def test_what_a_list_counts_in_a_city_is_the_sum_of_its_evidence(world: duckdb.DuckDBPyConnection) -> None:
    """Of unicorns, which stand for some years, that of the years in which the list counts."""
    apart = """
        with editions as (
            select distinct list, year from marts.list_counts where quantity = 'unicorns' and year is not null
        ),
        evidence as (
            select e.indicator as quantity, e.list, e.city, sum(e.value) as n
            from marts.evidence as e
            left join editions as d on e.indicator = 'unicorns' and d.list = e.list
            where e.city is not null and e.indicator in (select quantity from marts.list_counts)
                and (d.list is null or d.year between e.year and coalesce(e.year_to, d.year))
            group by all
        ),
        counts as (
            select quantity, list, city, sum(n) as n from marts.list_counts where city is not null group by all
        )
        select quantity, list, list_sort(list((city, e.n, c.n))) as apart
        from evidence as e full join counts as c using (quantity, list, city)
        where abs(coalesce(e.n, 0) - coalesce(c.n, 0)) > 1e-5 group by all order by all
    """
    rows = world.execute(apart).fetchall()
    assert [row for row in rows if row[:2] not in WITHOUT_EVIDENCE] == []
    assert [row[:2] for row in rows] == WITHOUT_EVIDENCE
    counted = {row[0] for row in world.execute("select distinct dataset from marts.list_counts").fetchall()}
    assert {"hurun", "wikipedia_unicorns", "cb_insights", "amac", "gawc", "pcaob", "edgar_covers"} <= counted


def test_no_model_has_numbers_that_parquet_does_not(world: duckdb.DuckDBPyConnection) -> None:
    wide = "select schema_name, table_name, column_name from duckdb_columns() where data_type like '%HUGEINT'"
    assert world.execute(wide).fetchall() == []


def test_every_model_has_rows_in_the_small_world_and_every_column_a_value() -> None:
    with (expected.FOLDER / "models.csv").open(encoding="utf-8", newline="") as file:
        _, *lines = csv.reader(file)
    assert {table for _, table, *_ in lines} == {made.table for made in model.read_all(settings.SQL)}
    assert [(table, column) for _, table, column, filled, *_ in lines if filled == "0"] == []
