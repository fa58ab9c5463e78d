"""The page as a reader has it: in Chromium, wide and narrow, light and dark."""

import csv
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Browser, expect

from pipelines.publish import distances
from pipelines.publish.report.page import render
from tests.support.chromium import NEEDED, Opened, choose, frame
from tests.support.rendering import rendered

pytestmark = NEEDED


def test_picture_shows_the_interval_that_the_sentence_gives(opened: Opened, published: duckdb.DuckDBPyConnection) -> None:
    (ends,) = published.execute(
        "select times_less_low, times_less_high from index.ranking where measure = 'Readiness' and rank = 1"
    ).fetchall()
    (row,) = frame(published, "from index.ranking where measure = 'Readiness' and rank = 1").to_dicts()
    assert opened.page.locator(".deck").inner_text() == distances.how_far(row, "San Francisco Bay Area")
    bar = opened.page.locator("table.answer tbody tr:nth-child(1) .far")
    whole, interval, mark = (part.bounding_box() for part in (bar, bar.locator("b"), bar.locator("em")))
    assert whole is not None
    assert interval is not None
    assert mark is not None
    decade = (mark["x"] + mark["width"] / 2 - whole["x"]) / 3
    drawn = [3 - (end - whole["x"]) / decade for end in (interval["x"] + interval["width"], interval["x"])]
    assert drawn == pytest.approx(np.log10(ends).tolist(), abs=0.03)
    one, ten = (opened.page.locator(f"table.answer .scale span:nth-child({place})").bounding_box() for place in (4, 3))
    assert one is not None
    assert ten is not None
    assert one["x"] + one["width"] / 2 == pytest.approx(mark["x"] + mark["width"] / 2, abs=1)
    assert ten["x"] + ten["width"] / 2 == pytest.approx(whole["x"] + 2 * decade, abs=1)


def test_own_choices_are_announced_with_the_way_back(browser: Browser, file: Path) -> None:
    page = Opened(browser, file, hash_="#w.P1=0&way=weakest+pillar").page
    banner = page.locator("#banner")
    assert "Own choices, not the published ranking: score made as weakest pillar; weights of schools." in banner.inner_text()
    banner.get_by_role("button", name="Back to published weights").click()
    expect(banner).to_be_hidden()
    page.close()


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("成都", "Chengdu"),
        ("成都市", "Chengdu"),
        ("chengdu", "Chengdu"),
        ("Shenzh", "Shenzhen"),
        ("hanghai", "Shanghai"),
        ("xian", "Xi'an"),
        ("S", None),
        ("Atlantis", None),
    ],
)
def test_city_is_found_by_either_name(opened: Opened, text: str, city: str | None) -> None:
    assert opened.page.evaluate("(text) => nextvalley.cityNamed(text)", text) == city


def test_city_to_indicator_to_rows_with_sources(opened: Opened, published: duckdb.DuckDBPyConnection) -> None:
    page = opened.page
    page.locator("table.answer [data-look='Shanghai']").click()
    assert page.locator("#city-heading").inner_text() == "Shanghai 上海"
    page.locator("#profile button[data-indicator='deals_received']").click()
    expected = frame(published, "from marts.evidence where city = 'Shanghai' and indicator = 'deals_received'")
    evidence = page.evaluate("() => JSON.parse(document.getElementById('evidence').textContent)")
    carried = evidence["cities"]["Shanghai"]["deals_received"]
    rows = page.locator("#rows tbody").evaluate(
        "(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    # A build from many lists has more rows than fit: the page carries totals and the largest, and says how many there are.
    assert carried["n"] == expected.height
    assert len(rows) == len(carried["rows"])
    says = page.locator("#rows-says").inner_text()
    assert (
        f"Rows that lists name: {expected.height - carried['totals']:,}; totals that reports print: {carried['totals']}" in says
    )
    printed = frame(published, "select distinct source_file, source_row, true as is_total from core.published_counts")
    expected = expected.join(printed, ["source_file", "source_row"], "left").sort(
        "is_total", "value", "year", descending=[False, True, True], nulls_last=True
    )
    assert carried["totals"] == expected["is_total"].sum() > 0
    assert ("all are in the file" in says) == (len(rows) < expected.height)
    known = Counter(_row_shown(row) for row in expected.iter_rows(named=True))
    shown = Counter((row[0], row[1], row[5]) for row in rows)
    assert shown <= known
    held = [(value, year) for _, year, _, value, *_ in carried["rows"]]
    assert held == [(round(value, 6), year) for value, year in expected.head(len(rows)).select("value", "year").iter_rows()]
    links = page.locator("#rows tbody a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert set(links) == {evidence["texts"][row[6]] for row in carried["rows"] if evidence["texts"][row[6]]}
    assert set(links) <= set(expected["url"].drop_nulls())


def _row_shown(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return label, years and file of a row of evidence as the page shows them."""
    first, last = row["year"], row["year_to"]
    spans = {
        (None, None): "undated",
        (None, last): f"to {last}",
        (first, None): f"since {first}",
        (first, last): f"{first}–{last}",
    }
    line = f":{row['source_row']}" if row["source_row"] else ""
    return (
        row["label"] or "–",
        str(first) if first == last and first else spans[first, last],
        f"{row['source_file'] or '–'}{line}",
    )


def test_city_whose_rows_the_page_does_not_carry_says_where_they_are(opened: Opened) -> None:
    page = opened.page
    other = page.evaluate(
        "() => { const rows = JSON.parse(document.getElementById('evidence').textContent).cities; "
        'return nextvalley.model.cities.find((city) => !(city in rows) && city.includes("\'")); }'
    )
    choose(page, "city", other)
    button = page.locator("#profile button[data-indicator='deals_received']")
    assert button.inner_text() == "in the file"
    button.click()
    quoted = other.replace("'", "''")
    assert f"from evidence('{quoted}', 'deals_received')" in page.locator("#rows-says").inner_text()


def test_profile_says_what_the_file_says(opened: Opened, published: duckdb.DuckDBPyConnection) -> None:
    profiles = opened.page.evaluate("JSON.parse(document.getElementById('cities').textContent)")
    values = frame(
        published,
        "select v.* from marts.indicator_values as v join index.headline as h on h.year = v.year "
        "join core.indicators as i on i.indicator = v.indicator "
        "join index.scores as s on s.year = v.year and s.city = v.city and s.measure = 'Readiness' and s.score is not null "
        "where v.city <> 'San Francisco Bay Area' or i.goalpost <> 'leader'",
    )
    columns = ("value", "value_low", "value_high", "score", "score_low", "score_high", "n_lists")
    assert set(profiles) == set(values["city"]), "every scored city"
    for city, profile in profiles.items():
        rows = values.filter(pl.col("city") == city)
        assert set(profile["numbers"]) == set(rows["indicator"])
        for row in rows.iter_rows(named=True):
            known = [None if row[name] is None or np.isnan(row[name]) else row[name] for name in columns]
            assert profile["numbers"][row["indicator"]][:7] == pytest.approx(known, rel=1e-4)


def test_a_list_that_counts_a_city_is_not_said_to_set_the_unit_of_an_estimate(opened: Opened) -> None:
    choose(opened.page, "city", "Beijing")
    rows = opened.page.locator("#profile tr[data-indicator]").all_inner_texts()
    counted = [row for row in rows if "as counted" in row]
    assert counted and all("counted by" in row and "estimated" not in row for row in counted)
    assert any("estimated in the unit of: " in row for row in rows)


def test_tables_sort_and_download(opened: Opened, published: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    page = opened.page
    table = page.locator("table[data-name='ranking']")
    page.locator("#all > summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download “All ranked cities by Readiness” as CSV").click()
    waiting.value.save_as(tmp_path / "ranking.csv")
    assert (tmp_path / "ranking.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "without the mark Excel reads Chinese as Latin"
    with (tmp_path / "ranking.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    expected = frame(published, "from index.ranking where measure = 'Readiness' order by rank, city")
    assert [row["city"] for row in rows] == expected["city"].to_list()
    assert [float(row["score"]) for row in rows] == expected["score"].to_list()
    assert {"year", "rank", "score_low", "score_high", "rank_low", "rank_high"} <= set(rows[0])

    table.get_by_role("button", name="Readiness").click()
    heading = table.locator("th", has=page.get_by_role("button", name="Readiness"))
    assert heading.get_attribute("aria-sort") == "ascending"
    numbers = [float(cell) for cell in table.locator("tbody td:nth-child(5)").all_inner_texts()]
    assert numbers == sorted(numbers)
    table.get_by_role("button", name="Readiness").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    numbers = [float(cell) for cell in table.locator("tbody td:nth-child(5)").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)

    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("Download “The first .*” as CSV")).click()
    waiting.value.save_as(tmp_path / "first.csv")
    with (tmp_path / "first.csv").open(encoding="utf-8-sig", newline="") as text:
        assert [row["city"] for row in csv.DictReader(text)][:1] == [rows[0]["city"]], "the whole table"

    for _ in ("rising", "falling"):
        table.get_by_role("button", name="indicators inferred").click()
        inferred = table.locator("tbody td:nth-child(11)").all_inner_texts()
        assert "–" in inferred
        assert set(inferred[inferred.index("–") :]) == {"–"}, "what is missing is last either way"

    page.fill("[data-filter=ranking]", "成都")
    assert table.locator("tbody tr:visible").count() == 1
    page.fill("[data-filter=ranking]", "")


@pytest.mark.parametrize(
    ("text", "city"), [("xian", "Xi'an"), ("nan jing", "Nanjing"), ("成都市", "Chengdu"), ("Atlantis", None)]
)
def test_ranking_is_searched_by_either_name_without_marks(opened: Opened, text: str, city: str | None) -> None:
    page = opened.page
    page.evaluate("document.getElementById('all').open = true")
    page.fill("[data-filter=ranking]", text)
    shown = page.locator("table[data-name='ranking'] tbody tr:visible td:first-child").all_inner_texts()
    said = page.locator("#all [role=status]").inner_text()
    page.fill("[data-filter=ranking]", "")
    assert (city in shown, said) == ((True, "") if city else (False, f"No city is called “{text}” here."))
    assert len(shown) < 10


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30", "'+49 30"),
        ("-2.5", "-2.5"),
        ("-2.5e-3", "-2.5e-3"),
        ("-cmd|calc", "'-cmd|calc"),
        ('say "a", b', '"say ""a"", b"'),
        ("two\nlines", '"two\nlines"'),
        ("–", ""),  # what is missing
    ],
)
def test_no_field_of_a_csv_is_a_formula(opened: Opened, text: str, field: str) -> None:
    assert opened.page.evaluate("(text) => nextvalley.field(text)", text) == field


def test_charts_are_saved_with_their_message_and_how_to_cite_them(opened: Opened, tmp_path: Path) -> None:
    for kind in ("SVG", "PNG"):
        with opened.page.expect_download() as waiting:
            opened.page.get_by_role("button", name=f"Save “Ranks with their 90% intervals” as {kind}").click()
        waiting.value.save_as(tmp_path / f"ranks.{kind}")
    drawing = (tmp_path / "ranks.SVG").read_text("utf-8")
    assert opened.page.locator("#ranks-title").inner_text().replace("\n", " ") in drawing
    assert "nextvalley contributors" in drawing
    assert "var(--" not in drawing
    image = (tmp_path / "ranks.PNG").read_bytes()
    assert image[:4] == b"\x89PNG"
    (width,) = re.findall(r'<svg [^>]*width="(\d+)', drawing)[:1]
    assert int.from_bytes(image[16:20]) == 2 * int(width)


def test_drawn_charts_keep_their_names(opened: Opened) -> None:
    drawn = opened.page.locator(".chart:has(svg)").evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))")
    assert len(drawn) > 5
    assert all(name.startswith("Chart: ") and ".." not in name for name in drawn)


def test_city_is_a_step_that_the_back_button_undoes(browser: Browser, file: Path) -> None:
    page = Opened(browser, file).page
    page.locator("table.answer [data-look='Shanghai']").click()
    page.locator("#all > summary").click()
    page.locator("table[data-name='ranking']").get_by_role("link", name="Wuhan", exact=True).click()
    assert page.locator("#city-heading").inner_text() == "Wuhan 武汉"
    page.go_back()
    expect(page.locator("#city-heading")).to_have_text("Shanghai 上海")
    page.go_back()
    page.wait_for_url(file.resolve().as_uri())
    page.close()


def test_table_of_a_city_has_the_ends_of_intervals_in_its_file(
    opened: Opened, published: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    page = opened.page
    choose(page, "city", "Chengdu")
    with page.expect_download() as waiting:
        page.locator("#profile").get_by_role("button", name="as CSV").click()
    waiting.value.save_as(tmp_path / "city.csv")
    with (tmp_path / "city.csv").open(encoding="utf-8-sig", newline="") as text:
        first = next(csv.DictReader(text))
    (row,) = frame(published, "from index.ranking where measure = 'Readiness' and city = 'Chengdu'").to_dicts()
    ends = [float(first[f"Chengdu, score{end}"]) for end in ("", " 90% from", " 90% to")]
    assert ends == pytest.approx([row["score"], row["score_low"], row["score_high"]], rel=1e-4)


def test_files_beside_the_page_are_there(opened: Opened, file: Path) -> None:
    links = [*opened.page.locator("#files a").all(), *opened.page.locator("#standing a").all()]
    addresses = [link.get_attribute("href") or "" for link in links]
    assert len(addresses) > 5
    assert all((file.parent / address).is_file() for address in addresses)


def test_switch_of_the_map_changes_its_boundary_and_says_what_that_does(opened: Opened) -> None:
    says = opened.page.locator("[data-news=map]:visible")
    expect(says).to_contain_text("This is the published boundary")
    switch = opened.page.locator("select[data-chart='map'][data-signal='boundary']")
    area = opened.page.locator("#map svg text", has_text="Guangzhou–Shenzhen")
    assert area.count() == 0
    switch.select_option("Guangzhou and Shenzhen as one")
    expect(area.first).to_be_visible()
    expect(says).to_contain_text("Guangzhou–Shenzhen ranks")
    switch.select_option("as its administrative city")
    expect(area).to_have_count(0)


def test_what_the_data_say_stays_text(browser: Browser, released: Path, tmp_path: Path) -> None:
    copy = tmp_path / "nextvalley.duckdb"
    shutil.copy(released / "data" / "nextvalley.duckdb", copy)
    copy.chmod(0o644)
    evil = "</script><script>window.caught = 1</script><img src=x onerror='window.caught = 1'>"
    with duckdb.connect(copy) as connection:
        connection.execute(
            "update marts.evidence set label = ?, source = ?, url = 'javascript:window.caught=1' "
            "where city = 'Beijing' and indicator = 'deals_received'",
            [evil, evil],
        )
        connection.execute("update core.indicators set name = ?, definition = ? where indicator = 'deals_received'", [evil, evil])
        connection.execute("update claims.evidence set detail = ?" if _has(connection, "claims.evidence") else "select ?", [evil])
        connection.execute("update claims.scorecard set detail = ?, title = ?", [evil, evil])
        connection.execute("update core.sources set publisher = ?", [evil])
    made = tmp_path / "report.html"
    made.write_text(rendered(render, copy), "utf-8")
    opened = Opened(browser, made, hash_="#city=Beijing&indicator=deals_received")
    assert opened.page.locator("#rows tbody tr").first.locator("td").first.inner_text() == evil
    assert opened.page.locator("#rows tbody a").count() == 0
    assert opened.page.evaluate("window.caught") is None
    assert opened.said == []
    opened.page.close()


def _has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(
        connection.execute("select 1 from duckdb_tables() where schema_name || '.' || table_name = ?", [table]).fetchall()
    )


def test_charts_show_the_rows_of_their_tables(opened: Opened) -> None:
    """Each chart's data are a part of the table under it: no number is drawn that cannot be read and downloaded."""
    specs = opened.page.locator("figure.vega").evaluate_all(
        "(all) => all.map((one) => [one.id, one.querySelector('script').textContent])"
    )
    expected = {"ranks", "alternatives", "rank_years", "score_years", "pillars", "lists", "goalposts", "flows"}
    assert expected <= {name for name, _ in specs}
    flows, ranks = (json.loads(dict(specs)[name])["data"]["values"] for name in ("flows", "ranks"))
    assert {"abroad", "other cities"} <= {row["origin"] for row in flows}
    assert [row["city"] for row in ranks] == [
        row.locator("td").nth(1).text_content() for row in opened.page.locator("table[data-name='ranks'] tbody tr").all()[:20]
    ]
