"""The page shows what the published file says, and needs nothing but itself."""

import base64
import hashlib
import html
import json
import re
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.index import BENCHMARK
from pipelines.index.measurement.prepare import LEAST_ROWS
from pipelines.publish import texts
from pipelines.publish.distances import how_far
from pipelines.publish.report import city_pages, explorer
from pipelines.publish.report.page import render, render_picture
from pipelines.publish.wording import VERDICTS, chance, headline, times_less
from pipelines.warehouse import queries
from tests.support.rendering import rendered


@pytest.fixture(scope="module")
def page(released: Path) -> str:
    return (released / "data" / "release" / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def text(page: str) -> str:
    """What a reader sees, without markup."""
    body = re.sub(r"<(style|script|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_first_screen_is_the_answer_in_a_sentence(text: str, published: duckdb.DuckDBPyConnection) -> None:
    ordered = pl.DataFrame(published.sql("from index.ranking where measure = 'Readiness' order by rank, city"))
    assert headline(ordered.to_dicts(), "China") in text[:400]
    assert how_far(ordered.row(0, named=True), "San Francisco Bay Area") in text[:500]
    for row in ordered.head(10).iter_rows(named=True):
        ranks = f"{row['rank']} {row['city']} {row['rank_low']}–{row['rank_high']}"
        assert f"{ranks} {chance(row['p_first'])} {times_less(row)}" in text
    assert f"All {ordered.height} ranked cities" in text


def test_first_screen_tells_of_the_same_indicators_by_how_many_lists_they_are_counted(text: str) -> None:
    """The register has something of all that is compared, or an exact list has."""
    (compared,) = re.findall(r"average ratio over the (\d+) indicators", text)
    assert f" of {compared} indicators, " in text


def test_first_screen_says_what_to_know_before_quoting_it(text: str) -> None:
    start = text[: text.index("All ")]
    for part in (
        "earlier years",
        "of the register's rows that enter the counts are not checked",
        "the project's own register",
        "Made ",
        "how to cite",
    ):
        assert part in start


def test_no_number_of_a_city_is_without_the_list_it_is_counted_on(page: str) -> None:
    (model,) = re.findall(r'id="model">(.*?)</script>', page)
    indicators = json.loads(model)["every_indicator"]
    assert indicators
    assert all(indicator["counted_by"] not in ("", "no list") for indicator in indicators)


def test_every_claim_is_a_card_with_both_verdicts_and_its_rule(text: str, published: duckdb.DuckDBPyConnection) -> None:
    card = pl.DataFrame(published.sql("from claims.scorecard"))
    for row in card.iter_rows(named=True):
        assert f"{row['claim']}. {row['title']}" in text
        assert f"{row['last_year'] or 'undated list'} {VERDICTS[row['verdict']]}" in text
        assert " ".join(row["supported_if"].split()) in text
    assert not re.search(rf"None ({'|'.join(VERDICTS.values())})", text)


def test_page_loads_nothing_from_anywhere(page: str) -> None:
    markup = re.sub(r"<script\b.*?</script>", " ", page, flags=re.DOTALL)
    markup = re.sub(r'<a (class="\w+" )?href=', " ", markup)  # a link is followed by its reader only
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)|@import|url\((?!#)""", markup)


def test_policy_allows_the_scripts_and_the_style_of_the_page_and_no_others(page: str) -> None:
    (allowed,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    policies = dict(part.split(" ", 1) for part in html.unescape(allowed).split("; "))
    inline = {
        "script-src": re.findall(r'<script type="module">(.*?)</script>', page, flags=re.DOTALL),
        "style-src-elem": re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL),
    }
    for name, texts_ in inline.items():
        hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts_]
        assert policies[name] == " ".join(f"'sha256-{digest}'" for digest in hashes)
    assert policies["default-src"] == "'none'"
    assert set(policies) == {*inline, "default-src", "style-src-attr", "img-src", "base-uri", "form-action"}


def test_city_pages_say_where_the_register_looks_as_the_index_has_it(
    released: Path, published: duckdb.DuckDBPyConnection
) -> None:
    rows = dict(published.execute(queries.read("report/register_rows")).fetchall())
    looked = "select city from index.attention where list = 'register' and quantity = 'backed_companies'"
    known = {city for (city,) in published.execute(looked).fetchall()} - {BENCHMARK}
    assert known == {city for city, n in rows.items() if n >= LEAST_ROWS}
    few, many = (next(city for city in sorted(rows) if (rows[city] < LEAST_ROWS) == is_few) for is_few in (True, False))
    said = {
        city: (released / "data" / "release" / "city" / explorer.file_name(city, "en")).read_text("utf-8") for city in (few, many)
    }
    assert (
        f"{rows[few]} rows on this city, a deal of several investors counted in parts. From {LEAST_ROWS} on it would be"
        in said[few]
    )
    assert "rows on this city, a deal of several investors" not in said[many]


@pytest.fixture(scope="module")
def chinese(released: Path) -> tuple[str, set[str]]:
    """Return the Chinese page, and the English texts that the catalogue had to leave as they are."""

    class Catalogue(dict[str, str]):
        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            if key not in self:
                untranslated.add(key)
            return super().get(key, default)

    untranslated: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        catalogue = Catalogue(texts.chinese())
        patch.setattr(texts, "chinese", lambda: catalogue)
        file = released / "data" / "nextvalley.duckdb"
        rendered(city_pages.render, file, "zh")
        rendered(render_picture, file, "zh")
        return rendered(render, file, "zh"), untranslated


def test_chinese_page_has_the_same_numbers(page: str, chinese: tuple[str, set[str]]) -> None:
    values = re.compile(r'data-value="(-?[\d.]+(?:e-?\d+)?)"|style="(?:left|width):([\d.]+)%')
    assert values.findall(chinese[0]) == values.findall(page)
    assert len(values.findall(page)) > 1_000


def test_everything_is_said_in_chinese(published: duckdb.DuckDBPyConnection, chinese: tuple[str, set[str]]) -> None:
    names = published.execute("select city from core.cities union select list from index.lists").fetchall()
    # A unit has an entry for its measure word only where it has one.
    asked = {text for text in chinese[1] if not text.startswith("… ")}
    left = {text for text in asked if re.search("[A-Za-z]{2}", text) and not re.search("[\u4e00-\u9fff]", text)}
    assert left - {name for (name,) in names} == set()


def test_every_link_within_the_page_leads_to_one_place(page: str) -> None:
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    names = re.findall(r'\sid="([^"]+)"', markup)
    assert len(names) == len(set(names))
    assert set(re.findall(r"""href=["']#([^"']+)""", markup)) <= set(names)


def test_pictures_have_words(page: str) -> None:
    pictures = re.findall(r'<div class="chart"[^>]*>', page)
    assert len(pictures) == page.count("<figure ") > 0
    assert all(re.search(r'role="img" aria-label="[^"]{20,}"', picture) for picture in pictures)


def test_no_city_is_left_without_its_interval(text: str) -> None:
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


@pytest.fixture
def copy(released: Path, tmp_path: Path) -> Path:
    """Return a copy of the published file that may be changed."""
    file = tmp_path / "nextvalley.duckdb"
    shutil.copy(released / "data" / "nextvalley.duckdb", file)
    file.chmod(0o644)
    return file


def test_what_a_release_does_not_have_is_left_out_and_said(copy: Path) -> None:
    whole = rendered(render, copy).count("Not in this release")
    with duckdb.connect(copy) as connection:
        connection.execute("drop table index.backtest")
        connection.execute("delete from marts.deal_flows")
        connection.execute("delete from claims.scorecard")
        connection.execute("update index.scores set score_low = 'nan', score_high = 'inf' where year = 2005")
        connection.execute("delete from index.list_influence")
    page = rendered(render, copy)
    assert page.count("Not in this release") == whole + 4
    assert '<figure class="vega" id="flows"' not in page
    assert "Each part of it is tested" not in page


def test_rows_of_evidence_take_the_room_that_the_rest_leaves(page: str, released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most = len(page.encode()) - 300_000
    monkeypatch.setattr("pipelines.publish.report.page.MOST_BYTES", most)
    assert len(rendered(render, released / "data" / "nextvalley.duckdb").encode()) <= most


def test_every_scored_city_has_a_file_that_says_where_it_stands(released: Path, published: duckdb.DuckDBPyConnection) -> None:
    pages = rendered(city_pages.render, released / "data" / "nextvalley.duckdb")
    scored = published.execute(
        "select distinct city from index.scores join index.headline using (year) "
        "where measure = 'Readiness' and score is not null and city <> 'San Francisco Bay Area'"
    ).fetchall()
    (rank, of_all) = published.execute(
        "select rank, n_ranked from index.ranking, index.headline where city = 'Xi''an' and measure = 'Readiness'"
    ).fetchall()[0]
    ((label, source),) = published.execute(
        "select label, source from evidence('Xi''an', 'deals_received') order by value desc, year desc nulls last, label limit 1"
    ).fetchall()
    assert set(pages) == {explorer.file_name(city, kind=kind) for (city,) in scored for kind in ("html", "svg")}
    shown = html.unescape(pages["xi-an.html"])
    assert f"ranks {rank} of {of_all}" in shown
    assert "西安" in shown
    assert label in shown
    assert source in shown
    assert 'href="../report.html#city=Xi%27an"' in shown
    assert "<script" not in shown


def test_page_without_a_ranked_city_says_so(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute("update index.scores set rank = null, is_ranked = false")
        connection.execute("update index.boundaries set rank = null")
        connection.execute("delete from index.ranking")
    page = rendered(render, copy)
    assert "<h1>No city is known well enough for a rank.</h1>" in page
    assert '<figure class="vega" id="lists"' in page
    assert '<figure class="vega" id="ranks"' not in page
