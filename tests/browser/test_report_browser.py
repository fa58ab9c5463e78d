"""The page as a reader has it: in Chromium, wide and narrow, light and dark."""

import csv
import json
import random
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import duckdb
import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.index.choices import ALTERNATIVES, Choices, score
from pipelines.index.definitions import Definitions
from pipelines.publish import wording
from pipelines.publish.report.page import render
from tests.support.chromium import CHROMIUM, Opened

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]


def frame(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    return pl.DataFrame(connection.sql(sql))


def test_picture_shows_the_interval_that_the_sentence_gives(opened: Opened, connection: duckdb.DuckDBPyConnection) -> None:
    (ends,) = connection.execute(
        "select times_less_low, times_less_high from index.ranking where measure = 'Readiness' and rank = 1"
    ).fetchall()
    (row,) = frame(connection, "from index.ranking where measure = 'Readiness' and rank = 1").to_dicts()
    assert opened.page.locator(".deck").inner_text() == wording.how_far(row, "San Francisco Bay Area")
    bar = opened.page.locator("table.answer tbody tr:nth-child(1) .far")
    whole, interval, mark = (part.bounding_box() for part in (bar, bar.locator("b"), bar.locator("em")))
    assert whole is not None
    assert interval is not None
    assert mark is not None
    decade = (mark["x"] + mark["width"] / 2 - whole["x"]) / 3
    drawn = [3 - (end - whole["x"]) / decade for end in (interval["x"] + interval["width"], interval["x"])]
    assert drawn == pytest.approx(np.log10(ends).tolist(), abs=0.03)


def test_own_choices_are_announced_with_the_way_back(browser: Browser, file: Path) -> None:
    page = Opened(browser, file, hash_="#w.P1=0&way=weakest+pillar").page
    banner = page.locator("#banner")
    assert "Own choices, not the published ranking: score made as weakest pillar; weights of schools." in banner.inner_text()
    banner.get_by_role("button", name="As published").click()
    expect(banner).to_be_hidden()
    page.close()


@pytest.mark.parametrize(
    ("text", "city"),
    [("成都", "Chengdu"), ("成都市", "Chengdu"), ("chengdu", "Chengdu"), ("Shenzh", "Shenzhen"), ("S", None), ("Atlantis", None)],
)
def test_city_is_found_by_either_name(opened: Opened, text: str, city: str | None) -> None:
    assert opened.page.evaluate("(text) => nextvalley.cityNamed(text)", text) == city


def test_every_scored_city_has_a_page_of_its_own(opened: Opened, connection: duckdb.DuckDBPyConnection) -> None:
    scored = connection.execute(
        "select distinct city from index.scores join index.headline using (year) "
        "where measure = 'Readiness' and score is not null"
    ).fetchall()
    profiles = opened.page.evaluate("JSON.parse(document.getElementById('cities').textContent)")
    assert set(profiles) == {city for (city,) in scored}


def test_own_ranking_starts_near_the_published_one(opened: Opened, connection: duckdb.DuckDBPyConnection) -> None:
    scored = opened.page.evaluate("nextvalley.score(nextvalley.model, nextvalley.published(nextvalley.model))")
    expected = frame(
        connection,
        "select s.city, s.score, s.rank from index.scores as s join index.headline as h on h.year = s.year "
        "where s.measure = 'Readiness' and s.score is not null",
    )
    published = {row["city"]: row for row in expected.iter_rows(named=True)}
    assert {one["city"] for one in scored} == set(published)
    assert {one["city"] for one in scored if one["rank"] is None} == {"San Francisco Bay Area"}
    apart = max(abs(one["score"] - published[one["city"]]["score"]) for one in scored)
    assert apart < 5
    assert f"differ by {apart:.1f} points at most." in opened.page.locator("#apart").inner_text()


def _definitions(model: dict[str, Any]) -> Definitions:
    pillars = [one["id"] for one in model["pillars"]]
    pillar_of = np.array([pillars.index(one["pillar"]) for one in model["indicators"]])
    weights = np.array([one["weight"] for one in model["indicators"]], dtype=float)
    return Definitions(pl.DataFrame(), {"Readiness": tuple(pillars)}, pillar_of, weights)


def _choices(model: dict[str, Any], setting: dict[str, Any]) -> Choices:
    """Return the setting as the pipeline takes it: weights of pillars sum to one."""
    within = np.array([[one["weight"] * setting["indicators"][one["id"]] for one in model["indicators"]]], dtype=float)
    across = np.array([[one["weight"] * setting["pillars"][one["id"]] for one in model["pillars"]]], dtype=float)
    with np.errstate(invalid="ignore"):
        return Choices(within, across / across.sum(1, keepdims=True), np.zeros(1, dtype=int), np.zeros(1, dtype=int))


def _in_browser(opened: Opened, model: dict[str, Any], settings: list[dict[str, Any]]) -> list[np.ndarray]:
    """Return scores and ranks that the page computes, (city, 2) for each setting."""
    script = "([model, settings]) => settings.map((one) => nextvalley.score(model, one))"
    scored = opened.page.evaluate(script, [model, settings])
    return [np.array([[one["score"], one["rank"]] for one in every], dtype=float) for every in scored]


def _settings(model: dict[str, Any], chance: random.Random, way: str, least: float) -> dict[str, Any]:
    return {
        "way": way,
        "pillars": {one["id"]: chance.choice([least, 1, chance.uniform(least, 3)]) for one in model["pillars"]},
        "indicators": {one["id"]: chance.choice([least, 1, chance.uniform(least, 3)]) for one in model["indicators"]},
    }


def test_same_mean_as_the_pipeline_where_scores_are_missing(opened: Opened) -> None:
    model = opened.page.evaluate("nextvalley.model")
    chance = random.Random(5)
    width = len(model["indicators"])
    made = [[chance.choice([None, 0, 55.5, chance.uniform(0, 130)]) for _ in range(width)] for _ in range(7)]
    model |= {"cities": [f"City {number}" for number in range(7)], "ranked": [True] * 7, "points": made}
    settings = [_settings(model, chance, "mean of scores", 0) for _ in range(200)]
    settings.append(settings[0] | {"pillars": dict.fromkeys(settings[0]["pillars"], 0)})
    missing = 0
    for setting, shown in zip(settings, _in_browser(opened, model, settings), strict=True):
        with np.errstate(invalid="ignore"):
            expected = score(np.array([made], dtype=float), _choices(model, setting), _definitions(model)).totals["Readiness"][0]
        np.testing.assert_allclose(shown[:, 0], expected, rtol=0, atol=1e-9)
        missing += int(np.isnan(expected).sum())
    assert missing


#: What the page shows of each way to make the score, from what the pipeline computes of it.
SHOWN = {
    "mean of scores": lambda made, cities: made,
    "geometric mean of scores": lambda made, cities: np.exp(made),
    "mean of ratios": lambda made, cities: 100 + 10 * np.log2(made),
    "mean of ranks": lambda made, cities: 100 * made / (cities - 1),
    "weakest pillar": lambda made, cities: made,
}


@pytest.mark.parametrize("way", list(ALTERNATIVES))
def test_other_ways_rank_as_in_the_pipeline(opened: Opened, way: str) -> None:
    model = opened.page.evaluate("nextvalley.model")
    assert model["ways"] == list(ALTERNATIVES)
    chance = random.Random(6)
    made = [[chance.uniform(0, 130) for _ in model["indicators"]] for _ in range(9)]
    model |= {"cities": [f"City {number}" for number in range(9)], "ranked": [True] * 8 + [False], "points": made}
    settings = [_settings(model, chance, way, 0.1) for _ in range(40)]
    for setting, shown in zip(settings, _in_browser(opened, model, settings), strict=True):
        choices = _choices(model, setting)
        pillars = score(np.array([made[:8]]), choices, _definitions(model)).pillars
        expected = SHOWN[way](ALTERNATIVES[way](pillars, choices.pillar_weights)[0], 8)
        np.testing.assert_allclose(shown[:8, 0], expected, rtol=0, atol=1e-9)
        np.testing.assert_array_equal(shown[:8, 1], 1 + (expected[None] > expected[:, None] + 1e-9).sum(1))
        assert np.isnan(shown[8, 1])


def test_sliders_say_the_share_of_what_they_weigh(browser: Browser, file: Path) -> None:
    page = Opened(browser, file).page
    pillars = page.locator("#weights .pillar > .slider output").all_inner_texts()
    assert abs(sum(int(text.rstrip("%")) for text in pillars) - 100) <= 2
    for other in page.evaluate("nextvalley.model.pillars.slice(1).map((one) => one.id)"):
        _set(page, f"w-{other}", 0)
    assert page.locator("#weights .pillar > .slider output").all_inner_texts() == ["100%", *["not counted"] * (len(pillars) - 1)]
    page.close()


def _set(page: Page, control: str, value: float) -> None:
    """Move a slider as a reader does."""
    page.evaluate(
        "([id, value]) => { const input = document.getElementById(id); input.value = value; "
        "input.dispatchEvent(new Event('input', { bubbles: true })); }",
        [control, value],
    )


def _choose(page: Page, field: str, name: str) -> None:
    """Name a city as a reader does."""
    page.fill(f"#{field}", name)
    page.press(f"#{field}", "Enter")


def _shown(page: Page) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in page.locator("#own tbody tr").all()]


def test_link_reproduces_the_setting(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file)
    page = opened.page
    before = _shown(page)
    page.select_option("#way", "weakest pillar")
    _set(page, "w-P1", 0.35)
    _set(page, "w-deals_received", 2.5)
    _choose(page, "city", "Shanghai")
    _choose(page, "other", "北京")
    expect(page).to_have_url(re.compile("w.deals_received=2.5"))
    address = page.url
    hash_ = address.split("#")[1]
    assert parse_qs(hash_) == {
        "way": ["weakest pillar"],
        "w.P1": ["0.35"],
        "w.deals_received": ["2.5"],
        "city": ["Shanghai"],
        "other": ["Beijing"],
    }
    after = _shown(page)
    assert after != before
    again = Opened(browser, file, hash_=f"#{hash_}").page
    assert _shown(again) == after
    assert again.locator("#city-heading").inner_text() == "Shanghai 上海 · Beijing 北京"
    assert again.locator("#w-P1").input_value() == "0.35"
    again.click("#reset")
    assert _shown(again) == before
    expect(again).to_have_url(f"{file.resolve().as_uri()}#city=Shanghai&other=Beijing")
    again.close()
    page.close()


def test_hash_of_strangers_does_no_harm(browser: Browser, file: Path) -> None:
    opened = Opened(browser, file, hash_="#way=<script>&w.P1=-3&w.P2=Infinity&city=Atlantis&w.__proto__=2&indicator=x")
    assert opened.said == []
    assert (
        opened.page.evaluate(
            "nextvalley.toHash(nextvalley.model, nextvalley.fromHash(nextvalley.model, location.hash).setting, {})"
        )
        == ""
    )


def test_city_to_indicator_to_rows_with_sources(browser: Browser, file: Path, connection: duckdb.DuckDBPyConnection) -> None:
    page = Opened(browser, file).page
    page.locator("table.answer [data-look='Shanghai']").click()
    assert page.locator("#city-heading").inner_text() == "Shanghai 上海"
    page.locator("#profile button[data-indicator='deals_received']").click()
    expected = frame(connection, "from marts.evidence where city = 'Shanghai' and indicator = 'deals_received'")
    evidence = page.evaluate("() => JSON.parse(document.getElementById('evidence').textContent)")
    carried = evidence["cities"]["Shanghai"]["deals_received"]
    rows = page.locator("#rows tbody").evaluate(
        "(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    # A build from many lists has more rows than fit: the page carries the largest, and says how many there are.
    assert carried["n"] == expected.height
    assert len(rows) == len(carried["rows"])
    says = page.locator("#rows-says").inner_text()
    assert f"{expected.height:,} rows that lists name." in says
    assert ("all are in the file" in says) == (len(rows) < expected.height)
    known = Counter(_row_shown(row) for row in expected.iter_rows(named=True))
    shown = Counter((row[0], row[1], row[5]) for row in rows)
    assert shown <= known
    assert len(rows) == expected.height or min(row[3] for row in carried["rows"]) >= expected["value"].sort()[-len(rows)] - 1e-6
    links = page.locator("#rows tbody a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert set(links) == {evidence["texts"][row[6]] for row in carried["rows"] if evidence["texts"][row[6]]}
    assert set(links) <= set(expected["url"].drop_nulls())
    page.close()


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


def test_city_whose_rows_the_page_does_not_carry_says_where_they_are(browser: Browser, file: Path) -> None:
    page = Opened(browser, file).page
    other = page.evaluate(
        "() => { const rows = JSON.parse(document.getElementById('evidence').textContent).cities; "
        "return nextvalley.model.cities.find((city) => !(city in rows)); }"
    )
    _choose(page, "city", other)
    button = page.locator("#profile button[data-indicator='deals_received']")
    assert button.inner_text() == "in the file"
    button.click()
    quoted = other.replace("'", "''")
    assert f"from evidence('{quoted}', 'deals_received')" in page.locator("#rows-says").inner_text()
    page.close()


def test_profile_says_what_the_file_says(opened: Opened, connection: duckdb.DuckDBPyConnection) -> None:
    profiles = opened.page.evaluate("JSON.parse(document.getElementById('cities').textContent)")
    values = frame(
        connection,
        "select v.* from marts.indicator_values as v join index.headline as h on h.year = v.year "
        "join core.indicators as i on i.indicator = v.indicator "
        "join index.scores as s on s.year = v.year and s.city = v.city and s.measure = 'Readiness' and s.score is not null "
        "where v.city <> 'San Francisco Bay Area' or i.goalpost <> 'leader'",
    )
    columns = ("value", "value_low", "value_high", "score", "score_low", "score_high", "n_lists")
    for city, profile in profiles.items():
        rows = values.filter(pl.col("city") == city)
        assert set(profile["numbers"]) == set(rows["indicator"])
        for row in rows.iter_rows(named=True):
            known = [None if row[name] is None or np.isnan(row[name]) else row[name] for name in columns]
            assert profile["numbers"][row["indicator"]] == pytest.approx(known, rel=1e-4)


def test_tables_sort_and_download(opened: Opened, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    page = opened.page
    table = page.locator("table[data-name='ranking']")
    page.locator("#all > summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download ranking as CSV").click()
    waiting.value.save_as(tmp_path / "ranking.csv")
    with (tmp_path / "ranking.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    expected = frame(connection, "from index.ranking where measure = 'Readiness' order by rank, city")
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

    page.fill("[data-filter=ranking]", "成都")
    assert table.locator("tbody tr:visible").count() == 1
    page.fill("[data-filter=ranking]", "")


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
    ],
)
def test_no_field_of_a_csv_is_a_formula(opened: Opened, text: str, field: str) -> None:
    assert opened.page.evaluate("(text) => nextvalley.field(text)", text) == field


def test_charts_are_saved_with_their_message_and_how_to_cite_them(opened: Opened, tmp_path: Path) -> None:
    for kind in ("SVG", "PNG"):
        with opened.page.expect_download() as waiting:
            opened.page.get_by_role("button", name=f"Save ranks as {kind}").click()
        waiting.value.save_as(tmp_path / f"ranks.{kind}")
    drawing = (tmp_path / "ranks.SVG").read_text("utf-8")
    assert opened.page.locator("#ranks-title").inner_text().replace("\n", " ") in drawing
    assert "nextvalley contributors" in drawing
    assert "var(--" not in drawing
    assert (tmp_path / "ranks.PNG").read_bytes()[:4] == b"\x89PNG"


def test_switch_of_the_map_changes_its_boundary(opened: Opened) -> None:
    switch = opened.page.locator("select[data-chart='map'][data-signal='boundary']")
    area = opened.page.locator("#map svg text", has_text="Greater Bay Area")
    assert area.count() == 0
    switch.select_option("gba")
    expect(area.first).to_be_visible()
    switch.select_option("city")
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
    made.write_text(render(copy), "utf-8")
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
