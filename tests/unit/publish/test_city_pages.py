"""A city's page says what was counted there, and why rows may be there although their list does not count the city."""

import re
from pathlib import Path

import pytest

from pipelines.publish import texts, wording
from pipelines.publish.report import city_pages, explorer, templates
from tests.support import release_world
from tests.support.databases import written
from tests.support.rendering import rendered


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return release_world.published(tmp_path / "published.duckdb")


def changed(file: Path, *statements: str) -> str:
    """Return the page of Beijing after changes to the published file."""
    with written(file) as connection:
        for statement in statements:
            connection.execute(statement)
    return rendered(city_pages.render, file)["beijing.html"]


FEWER = "delete from marts.evidence where city = 'Beijing' and indicator = 'founders'"
ONE = FEWER + " and source_row > 2"
INFERRED = "update marts.indicator_detail set n_lists = 0 where city = 'Beijing' and indicator = 'founders'"


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


def test_number_of_a_complete_list_is_not_called_an_estimate(file: Path) -> None:
    count = "update marts.indicator_detail set census_count = 30 where city = 'Beijing' and indicator = 'founders'"
    made = re.sub('<[^>]+data-label="([^"]+)"[^>]*>', r"\1: ", changed(file, count))
    assert re.search(r"value: <small>30 [^<(]+, counted by [^<(]+<", made), "without an interval"
    assert "estimate:" not in made and "value, in the unit of one list" in made


def test_pillar_without_a_row_of_evidence_is_not_called_strong_or_weak(file: Path) -> None:
    assert "strongest in" in changed(file, "update index.scores set rank = ascii(right(measure, 1)) where city = 'Beijing'")
    assert "strongest in" not in changed(file, "delete from marts.evidence where city = 'Beijing'")


@pytest.mark.parametrize(
    ("ends", "chance", "says"),
    [
        ((1, 1), 0.97, "the 90% interval of its rank holds rank 1 alone. Its chance of ranking first is 97%."),
        ((1, 2), 0.6, "its rank is 1 or 2 with 90% probability. Its chance of ranking first is 60%."),
        ((3, 5), 0.0, "its rank is 3 to 5 with 90% probability. Beijing has 2 times as much"),
    ],
)
def test_rank_is_said_with_what_it_is_of_and_a_chance_where_there_is_one(
    ends: tuple[int, int], chance: float, says: str, file: Path
) -> None:
    low, high = ends
    made = changed(
        file, f"update index.ranking set rank_low = {low}, rank_high = {high}, p_first = {chance} where city = 'Beijing'"
    )
    assert re.search(r"<h1>Beijing 北京 ranks 1 of \d+ cities of mainland China</h1>", made)
    assert f'<p class="deck">By schools and venture deals, {says}' in made


def test_row_names_every_year_that_it_stands_for(file: Path) -> None:
    made = changed(file, "update marts.evidence set year = 2016, year_to = 2021 where city = 'Beijing' and label = 'deals 9'")
    assert "<li>deals 9, 2016–2021 <small>" in made


@pytest.mark.parametrize(("value", "says"), [(0.125, ", counts as 0.12 of one"), (1.0, ""), (0.0, ""), (6.0, "")])
def test_row_of_a_deal_of_several_investors_says_how_much_of_it_counts(file: Path, value: float, says: str) -> None:
    made = changed(file, f"update marts.evidence set year = 2016, year_to = 2016, value = {value} where city = 'Beijing'")
    assert f", 2016{says} <small>" in made


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [(2016, 2021, "2016–2021"), (2016, 2016, "2016"), (2016, None, "since 2016"), (None, 2021, "to 2021"), (None, None, "")],
)
def test_years_that_a_row_stands_for(first: int | None, last: int | None, says: str) -> None:
    assert texts.span(first, last) == says


def test_one_is_followed_by_the_singular(file: Path) -> None:
    one = "update marts.indicator_detail set census_count = 1 where city = 'Beijing' and indicator = 'founders'"
    made = changed(file, one, "update index.goalposts set unit = 'companies'", "update index.ranking set rows_to_halve = 1")
    assert "<small>1 company, counted by " in made
    assert "About 1 more row of a complete list would halve that uncertainty." in made


def test_count_with_half_a_university_says_why_after_the_year_up_to_which_lists_count(file: Path) -> None:
    made = changed(
        file,
        "update marts.indicator_detail set census_count = 33.5, last_year = 2016 where indicator = 'founders'",
        *(f"update {table} set indicator = 'elite_universities' where indicator = 'founders'" for table in OF_INDICATORS),
    )
    assert "<small>counted up to 2016; two universities that are one entry of the list count half each</small>" in made


#: Tables of the page of a city that have indicators.
OF_INDICATORS = ("core.indicators", "index.goalposts", "marts.indicator_detail", "marts.evidence")


def test_number_that_a_report_prints_stands_beside_the_estimate(file: Path) -> None:
    made = changed(file, "update marts.indicator_detail set report_count = 78 where city = 'Beijing' and indicator = 'founders'")
    assert made.count("; that list itself: 78") == 1
    assert changed(file, INFERRED).count("that list itself") == 0, "it prints none of a city that it does not look at"


@pytest.mark.parametrize(
    ("is_relative", "says"), [("true", "relative, on the scale of: "), ("false", "estimated in the unit of: ")]
)
def test_estimate_on_the_scale_of_a_part_is_said_to_be_relative(file: Path, is_relative: str, says: str) -> None:
    made = changed(file, f"update marts.indicator_detail set is_relative = {is_relative} where indicator = 'founders'")
    (row,) = [row for row in made.split("<tr>") if row.startswith('<th scope="row" class="text">Founders')]
    assert says in row


@pytest.mark.parametrize(("year", "says"), [(2016, "<small>counted up to 2016</small>"), (2018, None)])
def test_indicator_that_no_list_counts_of_late_says_up_to_when(file: Path, year: int, says: str | None) -> None:
    made = changed(file, f"update marts.indicator_detail set last_year = {year} where indicator = 'founders'")
    assert made.count("counted up to") == (1 if says else 0)
    assert says is None or says in made


def test_indicator_that_lists_count_after_the_year_only_says_from_when(file: Path) -> None:
    made = changed(file, "update marts.indicator_detail set first_year = year + 1 where indicator = 'founders'")
    assert "<small>first counted in 20" in made


def test_notes_beside_the_name_of_an_indicator_are_parted(file: Path) -> None:
    made = changed(
        file,
        "update marts.indicator_detail set last_year = 2016 where indicator = 'founders'",
        "update core.indicators set goalpost = 'leader' where indicator = 'founders'",
        "update index.goalposts set city = 'Beijing' where indicator = 'founders'",
    )
    assert "</small> <small>" not in made
    assert "<small>against Beijing; counted up to 2016</small></th>" in made


@pytest.mark.parametrize(("census_count", "says"), [("null", 1), ("0", 0)])
def test_indicator_of_which_lists_that_look_count_none_says_so(file: Path, census_count: str, says: int) -> None:
    made = changed(
        file,
        f"update marts.indicator_detail set status = 'none counted', census_count = {census_count} where indicator = 'founders'",
    )
    assert made.count("<small>none counted since 2000</small>") == says, "the number of a census says it itself"


def test_total_is_said_to_be_reported_by_whose_site_it_is_on(file: Path) -> None:
    made = changed(file, "update marts.evidence set url = 'https://www.example.org/a.html' where city = 'Beijing'")
    assert made.count(", as reported by example.org") == 4, "one in each indicator, also where only the first ten rows are here"
    assert wording.host("https://news.example.cn:80/x") == "news.example.cn:80"


def test_bars_of_a_city_end_where_those_of_the_report_do() -> None:
    assert [templates.along_bar(score) for score in (0, 40, explorer.TOP, 400.5)] == ["0.0", "25.0", "100.0", "100.0"]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("en", "This release is for local use only: built with A (by B)."),
        ("zh", "本版：仅供本机使用（含A (by B)）。"),
    ],
)
def test_rows_of_a_restricted_source_come_with_its_notice(code: str, says: str, file: Path) -> None:
    with written(file) as connection:
        connection.execute("update core.release set redistribution = 'is for local use only: built with A (by B)'")
    assert says in rendered(city_pages.render, file, code)[explorer.file_name("Beijing", code)]
