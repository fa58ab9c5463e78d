"""Another year on the page, and what a reader takes from a chart: its numbers, its address, how to cite it."""

import csv
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
from playwright.sync_api import Browser, expect

from tests.support.chromium import NEEDED, Opened

pytestmark = NEEDED


def test_slider_shows_the_scores_and_ranks_of_another_year(
    browser: Browser, file: Path, published: duckdb.DuckDBPyConnection
) -> None:
    opened = Opened(browser, file, hash_="#city=Wuhan&other=Xi%27an")
    page = opened.page
    page.locator("#year").fill("2010")
    expect(page).to_have_url(re.compile("year=2010"))
    scores = pl.DataFrame(published.sql("select * from index.scores where year = 2010 and city in ('Wuhan', 'Xi''an')"))
    for city in ("Wuhan", "Xi'an"):
        (row,) = scores.filter((pl.col("city") == city) & (pl.col("measure") == "Readiness")).to_dicts()
        assert (
            f"in 2010 rank {row['rank']} (90%: {row['rank_low']}–{row['rank_high']})."
            in page.locator("#standing", has_text=city).inner_text()
        )
    rows = page.locator("#profile tbody").evaluate(
        "(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    shown = {name: cells for name, *cells in rows}
    readiness = scores.filter(pl.col("measure") == "Readiness").sort("city", descending=False)["score"]
    assert [float(shown["Readiness"][column].split()[0]) for column in (1, 3)] == pytest.approx(readiness.to_list(), abs=0.51)
    assert page.locator("#profile th", has_text="rows").count() == 0, "the rows of other years are in the file"
    assert "schools" in shown
    assert "Deals received" not in shown
    again = Opened(browser, file, hash_=f"#{page.url.split('#')[1]}").page
    assert again.locator("#year").input_value() == "2010"
    assert again.locator("#profile").inner_text() == page.locator("#profile").inner_text()
    again.locator("#year").fill(again.locator("#year").get_attribute("max") or "")
    expect(again.locator("#profile tbody")).to_contain_text("Deals received")
    assert opened.said == []
    again.close()
    page.close()


def test_course_follows_the_cities_that_are_looked_at(browser: Browser, file: Path) -> None:
    page = Opened(browser, file, hash_="#city=Wuhan").page
    legend = page.locator("#course svg .role-legend-label")
    expect(legend).to_have_text(["Wuhan"])
    page.fill("#other", "成都")
    page.press("#other", "Enter")
    expect(legend).to_have_text(["Wuhan", "Chengdu"])
    page.close()


def test_chart_has_its_numbers_its_address_and_how_to_cite_it(
    browser: Browser, file: Path, tmp_path: Path, published: duckdb.DuckDBPyConnection
) -> None:
    page = Opened(browser, file).page
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save “Ranks since 2000” as CSV").click()
    waiting.value.save_as(tmp_path / "years.csv")
    with (tmp_path / "years.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = {(row["city"], row["year"]): (row["rank"], row["low"], row["high"]) for row in csv.DictReader(text)}
    known = "select city, year, rank, rank_low, rank_high from index.scores where measure = 'Readiness' and year = 2010"
    for city, year, *ranks in published.execute(f"{known} and rank is not null order by rank limit 5").fetchall():
        assert rows[city, str(year)] == tuple(map(str, ranks)), "also while the table is folded away"
    page.locator("#alternatives-title > summary").click()
    page.get_by_role("button", name="Copy the link to “Other ways to make the score”").click()
    address = page.url
    assert address.endswith("#figure=alternatives")
    page.evaluate("() => { navigator.clipboard.writeText = (text) => { window.taken = text; return Promise.resolve(); }; }")
    page.get_by_role("button", name="Copy how to cite “The map”").click()
    message = page.locator("#map-title").inner_text()
    assert page.evaluate("taken").startswith("nextvalley contributors (")
    assert page.evaluate("taken").endswith(f"“{message}” report.html#figure=map")
    page.get_by_role("button", name="Copy how to cite “Readiness of the cities chosen, by year”").click()
    first = page.evaluate("() => nextvalley.model.cities[0]")
    assert page.evaluate("taken").endswith(f"“Readiness of {first} since 2000” report.html#figure=course")
    linked = Opened(browser, file, hash_="#figure=alternatives").page
    expect(linked.locator("#alternatives svg")).to_be_in_viewport()
    linked.close()
    linked = Opened(browser, file, hash_="#city=Wuhan&figure=course").page
    expect(linked.locator("#course svg")).to_be_in_viewport()
    with linked.expect_download() as waiting:
        linked.get_by_role("button", name="Save “Readiness of the cities chosen, by year” as CSV").click()
    waiting.value.save_as(tmp_path / "course.csv")
    assert (tmp_path / "course.csv").read_text("utf-8-sig").splitlines()[0] == "city,year,score,low,high,rank,rank_low,rank_high"
    first = "round(score)::int, round(score_low)::int, round(score_high)::int, rank, rank_low, rank_high from index.scores"
    (expected,) = published.execute(
        f"select city, year, {first} where measure = 'Readiness' and city = 'Wuhan' and year = 2000"
    ).fetchall()
    assert (tmp_path / "course.csv").read_text("utf-8-sig").splitlines()[1] == ",".join(map(str, expected))
    linked.close()
    page.close()


def test_page_runs_no_script_but_its_own(browser: Browser, file: Path) -> None:
    page = Opened(browser, file).page
    page.evaluate(
        "() => { for (const [tag, text] of [['script', 'window.strange = 1'], ['style', 'body { display: none }']]) "
        "document.head.append(Object.assign(document.createElement(tag), { textContent: text })); }"
    )
    assert page.evaluate("window.strange") is None
    assert page.locator("h1").is_visible()
    page.close()
