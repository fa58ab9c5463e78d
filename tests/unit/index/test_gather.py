"""What the index rests on is read from the build: which cities are measured, of which scope, and what is refused."""

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from pipelines.errors import InputError
from pipelines.index import BENCHMARK, gather
from pipelines.index.headline import headline_year
from pipelines.index.measurement import prepare
from pipelines.warehouse import database
from tests.support import counts_world

INDICATORS = [
    {"indicator": "deals", "pillar": "P2", "quantity": "deals_received", "per": "population", "part_of": None, "source_row": 3},
    {"indicator": "schools", "pillar": "P1", "quantity": "universities", "per": None, "part_of": "founders", "source_row": 2},
]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build with the counts of the small world; nothing is sampled."""
    monkeypatch.setattr(gather, "draws_of", lambda lists, progress: lists)
    monkeypatch.setattr(prepare, "LEAST_CITIES", 3)
    tables = {
        "core.cities": counts_world.cities(),
        "core.indicators": pl.DataFrame(INDICATORS),
        "core.audited_errors": pl.DataFrame(
            [{"dataset": "register", "quantity": "deals_received", "wrong": 0.04, "noise": None}]
        ),
        "core.boundaries": pl.DataFrame([{"preset": "gba", "city": "Shenzhen", "merged_into": "Delta", "why": "one area"}]),
        "marts.list_counts": counts_world.counts().with_columns(year_to="year"),
        "marts.list_profiles": counts_world.profiles(),
        "index.published_rankings": pl.DataFrame([{"ranking": "B", "source_row": 3}, {"ranking": "A", "source_row": 2}]),
        "index.ranking_contents": pl.DataFrame([{"ranking": "B", "source_row": 2}]),
    }
    with duckdb.connect() as connection:
        for name, frame in tables.items():
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            database.write(connection, name, frame)
        yield connection


def test_inputs_are_those_of_the_scope(build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", "CN")
    found = gather.inputs(build, print)
    assert (found.scope, found.headline) == ("CN", headline_year(counts_world.counts()))
    assert found.boundaries.rows() == [("gba", "Shenzhen", "Delta")]
    assert found.indicators["indicator"].to_list() == ["schools", "deals"]
    assert (found.rankings["ranking"].to_list(), found.contents["ranking"].to_list()) == (["A", "B"], ["B"])
    lists = found.posterior
    assert lists.cities == sorted(city for city in counts_world.CITIES if city != "Reno"), "few lists name Reno"
    assert set(lists.wrong) == {0.0, 0.04}


@pytest.mark.parametrize("scope", ["world", "JP"])
def test_world_and_any_country_with_a_measured_city_can_be_ranked(
    scope: str, build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCOPE", scope)
    assert gather.inputs(build, print).scope == scope


def test_country_of_which_no_list_knows_a_city_is_refused(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCOPE", "FR")
    with pytest.raises(InputError, match=r"FR: no list that is loaded names a city of it often enough") as caught:
        gather.inputs(build, print)
    assert len(caught.value.problems) == 1


def test_lists_without_the_benchmark_are_refused(build: duckdb.DuckDBPyConnection) -> None:
    build.execute("delete from core.cities where city = ?", [BENCHMARK])
    with pytest.raises(InputError, match="no list counts anything in San Francisco Bay Area"):
        gather.layout(build, counts_world.counts())


@pytest.mark.parametrize(("completeness", "is_measured"), [("sample", False), ("census", True)])
def test_residents_written_down_by_hand_make_no_city_measured(
    completeness: str, is_measured: bool, build: duckdb.DuckDBPyConnection
) -> None:
    build.execute("update marts.list_profiles set completeness = ? where list = 'register'", [completeness])
    residents = {"quantity": "population", "list": "register", "dataset": "register", "country": "US", "city": "Reno", "n": 50.0}
    counts = pl.concat([counts_world.counts(), pl.DataFrame([residents])], how="diagonal")
    assert ("Reno" in gather.layout(build, counts).cities) is is_measured


@pytest.mark.parametrize(("is_report", "n", "is_measured"), [(True, 50.0, False), (False, 50.0, True), (False, 0.0, False)])
def test_neither_reports_that_print_a_few_cities_nor_zero_make_one_measured(
    is_report: bool, n: float, is_measured: bool, build: duckdb.DuckDBPyConnection
) -> None:
    (like,) = counts_world.profiles().filter(list="press", quantity="exits").to_dicts()
    lists = [like | {"list": f"list {number}", "is_report": is_report} for number in range(4)]
    database.write(
        build, "marts.list_profiles", pl.concat([counts_world.profiles(), pl.DataFrame(lists)], how="vertical_relaxed")
    )
    named = [{key: row[key] for key in ("quantity", "list", "dataset")} for row in lists]
    rows = [row | {"country": "US", "province": "Nevada", "city": "Reno", "year": 2010, "n": n} for row in named]
    counts = pl.concat([counts_world.counts(), pl.DataFrame(rows)], how="diagonal")
    assert ("Reno" in gather.layout(build, counts).cities) is is_measured


def test_totals_of_several_years_count_in_each_of_them_and_add_up(build: duckdb.DuckDBPyConnection) -> None:
    rows = [("one year", 2019, 2019, 5.0), ("several", 2018, 2020, 100.0), ("undated", None, None, 7.0)]
    table = pl.DataFrame(rows, ["list", "year", "year_to", "n"], orient="row")
    database.write(build, "marts.list_counts", table)
    assert gather.counts_of(build).rows() == [
        ("one year", 2019, 5.0, False),
        *(("several", year, 33.333333, True) for year in (2018, 2019, 2020)),
        ("undated", None, 7.0, False),
    ]


def test_quantity_without_a_place_in_the_model_is_refused_with_its_row() -> None:
    gather.require_known(pl.DataFrame(INDICATORS))
    wrong = [INDICATORS[0] | {"per": "people"}, INDICATORS[1] | {"quantity": "schools", "part_of": "dealz"}]
    with pytest.raises(InputError) as caught:
        gather.require_known(pl.DataFrame(wrong))
    assert [(problem.file, problem.problem) for problem in caught.value.problems] == [
        ("data/reference/indicators.csv, row 3, column per", "'people' is not a quantity of the measurement model"),
        ("data/reference/indicators.csv, row 2, column quantity", "'schools' is not a quantity of the measurement model"),
        ("data/reference/indicators.csv, row 2, column part_of", "'dealz' is not a quantity of the measurement model"),
    ]
    assert "backed_companies, deals_originated" in caught.value.problems[0].remedy


def with_list_of_one_place(build: duckdb.DuckDBPyConnection, *rows: tuple[str, int, float]) -> None:
    """Add a list of one place to the build that counts so many deals of cities in years."""
    (like,) = counts_world.profiles().filter(list="press", quantity="deals_received").to_dicts()
    name = {"list": "inbox: Guangdong", "dataset": "inbox: Guangdong"}
    own = (
        like | name | {"publication": name["list"], "completeness": "selection", "covers": "CN", "last_year": 2020, "n_city": 9e9}
    )
    database.write(
        build, "marts.list_profiles", pl.concat([counts_world.profiles(), pl.DataFrame([own])], how="diagonal_relaxed")
    )
    added = [
        name | {"quantity": "deals_received", "country": "CN", "city": city, "year": year, "year_to": year, "n": n}
        for city, year, n in rows
    ]
    counts = counts_world.counts().with_columns(year_to="year")
    database.write(build, "marts.list_counts", pl.concat([counts, pl.DataFrame(added)], how="diagonal_relaxed"))


def test_list_of_one_place_looks_at_its_cities_and_sets_no_unit(build: duckdb.DuckDBPyConnection) -> None:
    with_list_of_one_place(build, ("Shenzhen", 2012, 30.0), ("Shenzhen", 2016, 5.0), ("Guangzhou", 2012, 0.0))
    lists = gather.layout(build, gather.counts_of(build))
    place = lists.lists.index("deals_received/inbox: Guangdong")
    channels = lists.list_of == place
    looked_at = {
        city: lists.counts[row, channels].tolist() for row, city in enumerate(lists.cities) if lists.covers[row, channels].any()
    }
    assert looked_at == {"Guangzhou": [0.0] * 8, "Shenzhen": [0.0, 0.0, 0.0, 30.0, 0.0, 5.0, 0.0, 0.0]}
    assert lists.covers[:, channels].all(1).sum() == 2, "in every period"
    assert not lists.anchor[place]


def test_list_of_one_place_sets_no_headline_year(build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", "CN")
    before = gather.inputs(build, print).headline
    with_list_of_one_place(build, *(("Shenzhen", year, 900.0) for year in range(2012, 2021)))
    assert headline_year(gather.counts_of(build)) == 2020
    assert gather.inputs(build, print).headline == before < 2020
