"""What the method of today makes of the data of the release before: only where that release has another method."""

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipelines import settings
from pipelines.index import BENCHMARK, gather
from pipelines.index.compute import Inputs, Result
from pipelines.index.outlook.earlier import earlier_data
from tests.support import index as small

CITIES = (BENCHMARK, "Beijing", "Shanghai")


def inputs() -> Inputs:
    values = dict.fromkeys(CITIES, (4.0, 4.0, 4.0, 4.0, 4.0))
    return small.inputs(small.posterior(CITIES, small.logs_of(values, draws=20, spread=0.1)))


def lists(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create schema marts; create table marts.list_profiles as select 'deals_received' as quantity, 'a' as list, "
        "'survey' as family, 'sample' as completeness, false as is_report"
    )
    connection.execute("create table core.cities as select 'Beijing' as city, 'CN' as country")
    connection.execute(
        "create table marts.list_counts as select 'deals_received' as quantity, 'a' as list, 'Beijing' as city, null as country, "
        "2011 as year, 2012 as year_to, 9e0 as n"
    )


@pytest.fixture
def build() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema core")
    for table in ("indicators", "boundaries", "audited_errors"):
        connection.execute(f"create table core.{table} as select 1 as value, 'a file' as source_file")
    lists(connection)
    return connection


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A published file; how lists are laid out and sampled is not what is tested here."""
    monkeypatch.setattr(settings, "PUBLISHED", tmp_path / "published.duckdb")
    monkeypatch.setattr(gather, "layout", lambda connection, counts: None)
    monkeypatch.setattr(gather, "draws_of", lambda lists, progress: "drawn from the old lists")
    return tmp_path / "published.duckdb"


def release(file: Path, method: str, scope: str) -> None:
    with duckdb.connect(file) as connection:
        connection.execute("create schema core; create table core.audited_errors as select 1 as value, 'a file' as source_file")
        lists(connection)
        connection.execute(
            "create table core.release as select ? as method_hash, ? as scope, 'c' as content_hash", [method, scope]
        )


@pytest.mark.slow
def test_old_data_are_read_where_the_method_has_changed(build: duckdb.DuckDBPyConnection, published: Path) -> None:
    release(published, "another method", "CN")
    said: list[str] = []
    before = gather.earlier(build, inputs(), said.append)
    assert gather.compared_with(build, "CN") == "c"
    assert (before.posterior, before.headline, before.counts["n"].to_list()) == ("drawn from the old lists", 2012, [4.5, 4.5])
    assert said == ["the method has changed since the published release: its data are computed again"]


def test_nothing_is_computed_again_without_need(build: duckdb.DuckDBPyConnection, published: Path) -> None:
    assert gather.earlier(build, inputs(), print) is None, "there is no release"
    release(published, gather.method_hash(build), "CN")
    assert gather.earlier(build, inputs(), print) is None, "the method is the same"
    assert gather.compared_with(build, "CN") == ""
    assert gather.earlier(build, replace(inputs(), scope="US"), print) is None, "it is of another country"


def test_release_of_an_older_layout_or_a_damaged_file_is_none(build: duckdb.DuckDBPyConnection, published: Path) -> None:
    with duckdb.connect(published) as connection:
        connection.execute("create schema core; create table core.release as select 'CN' as scope")
    assert gather.earlier(build, inputs(), print) is None
    published.write_bytes(b"no database")
    assert gather.earlier(build, inputs(), print) is None


def test_release_whose_lists_say_less_is_none(build: duckdb.DuckDBPyConnection, published: Path) -> None:
    release(published, "another method", "CN")
    build.execute("alter table marts.list_profiles add column is_stock boolean")
    assert gather.earlier(build, inputs(), print) is None


def test_method_is_indicators_and_boundaries_and_not_where_they_stand(build: duckdb.DuckDBPyConnection) -> None:
    before = gather.method_hash(build)
    build.execute("update core.boundaries set source_file = 'another file'")
    assert gather.method_hash(build) == before
    build.execute("update core.boundaries set value = 2")
    assert gather.method_hash(build) != before


def test_scores_of_the_old_data_are_those_that_would_be_published() -> None:
    of = Result.of(inputs())
    table = earlier_data(of)
    assert set(table["city"]) == {"Beijing", "Shanghai"}
    (row,) = table.filter(measure="Readiness", city="Beijing").iter_rows(named=True)
    drawn = of.posterior_draws["Readiness"][of.place][:, of.cities.index("Beijing")]
    assert row["score"] == pytest.approx(float(np.median(drawn)))
    assert earlier_data(None).is_empty()
