"""A city's page says what was counted there, and why rows may be there although their list does not count the city."""

from pathlib import Path

import duckdb
import pytest

from pipelines.publish import wording
from pipelines.publish.report import city_pages, page
from tests.support import release_world


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return release_world.published(tmp_path / "published.duckdb")


def changed(file: Path, *statements: str) -> str:
    """Return the page of Beijing after changes to the published file."""
    with duckdb.connect(file) as connection:
        for statement in statements:
            connection.execute(statement)
    return city_pages.render(file)["beijing.html"]


FEWER = "delete from marts.evidence where city = 'Beijing' and indicator = 'founders'"
ONE = FEWER + " and source_row > 2"
INFERRED = "update marts.indicator_values set n_lists = 0 where city = 'Beijing' and indicator = 'founders'"


def test_one_row_is_no_rows(file: Path) -> None:
    made = changed(file, ONE)
    assert ": 1 row</summary>" in made
    assert ": 1 rows" not in made


def test_rows_of_an_inferred_indicator_are_said_to_be_too_few(file: Path) -> None:
    said = "3 rows, too few for their list to count here</summary>"
    assert said not in changed(file)
    made = changed(file, INFERRED)
    assert said in made
    assert "Not counted by any list, but inferred from what the city has otherwise: founders." in made


def test_number_of_a_complete_list_is_its_own(file: Path) -> None:
    quantity = "(select quantity from core.indicators where indicator = 'founders')"
    complete = (
        "delete from index.lists where rowid <> (select min(rowid) from index.lists)",
        "update index.lists set attention_noise = null, is_yardstick = true, list = 'all', dataset = 'moe', "
        f"quantity = {quantity}",
        "delete from marts.list_counts",
        f"insert into marts.list_counts by name select {quantity} as quantity, 'all' as list, 'moe' as dataset, 'CN' as country, "
        "'Beijing' as city, unnest([2010, 2020]) as year, unnest([7.0, 69.0]) as n",
    )
    made = changed(file, *complete)
    assert "<small>69 (" in made, "that of the last year, without an interval"
    with page.reading(file, "en") as frames:
        counted = {row["city"]: row["counted"] for row in frames["values"].to_dicts() if row["indicator"] == "founders"}
    assert (counted["Beijing"], counted["Shanghai"]) == (69.0, 0.0), "who is not on a complete list has none"
    assert counted["Suzhou"] is None, "no list counts it there"


def test_total_is_said_to_be_reported_by_whose_site_it_is_on(file: Path) -> None:
    made = changed(file, "update marts.evidence set url = 'https://www.example.org/a.html' where city = 'Beijing'")
    assert made.count(", as reported by example.org") == 3, (
        "one in each indicator; of the fourth, only its first ten rows are here"
    )
    assert wording.host("https://news.example.cn:80/x") == "news.example.cn:80"
