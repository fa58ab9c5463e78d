"""The page shows what the published file says, and needs nothing but itself."""

import html
import json
import re
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.publish.report import explorer
from pipelines.publish.report.figures import geography, trust, years
from pipelines.publish.report.page import render
from pipelines.publish.wording import headline


@pytest.fixture(scope="module")
def page(released: Path) -> str:
    return (released / "data" / "release" / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def text(page: str) -> str:
    """What a reader sees, without markup."""
    body = re.sub(r"<(style|script|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_first_screen_is_the_answer_in_a_sentence(text: str, released: Path) -> None:
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        ranking = pl.DataFrame(connection.sql("from index.ranking where measure = 'Readiness'"))
        pairwise = pl.DataFrame(connection.sql("from index.pairwise where measure = 'Readiness'"))
    assert headline(ranking, pairwise) in text[:400]
    for row in ranking.iter_rows(named=True):
        shown = (
            f"{row['rank']} {row['city']} {row['score']:.0f} {row['score_low_companies']:.0f}–{row['score_high_companies']:.0f}"
        )
        assert shown in text


def test_every_claim_is_a_card_with_both_verdicts_and_its_rule(text: str, released: Path) -> None:
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        card = pl.DataFrame(connection.sql("from claims.scorecard"))
    for row in card.iter_rows(named=True):
        assert f"{row['claim']}. {row['title']}" in text
        assert f"{row['last_year']}: {row['verdict']}" in text
        assert " ".join(row["supported_if"].split()) in text


def test_page_loads_nothing_from_anywhere(page: str) -> None:
    markup = re.sub(r"<script\b.*?</script>", " ", page, flags=re.DOTALL)
    markup = re.sub(r'<a href="https?://', " ", markup)  # a link is followed by its reader only
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)|@import|url\((?!#)""", markup)
    assert """content="default-src 'none'""" in markup


def test_pictures_have_words(page: str) -> None:
    pictures = re.findall(r'<div class="chart"[^>]*>', page)
    assert len(pictures) == page.count("<figure ") > 0
    assert all(re.search(r'role="img" aria-label="[^"]{20,}"', picture) for picture in pictures)


def test_no_city_is_left_without_its_interval(text: str) -> None:
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_what_a_release_does_not_have_is_left_out_and_said(released: Path, tmp_path: Path) -> None:
    copy = tmp_path / "nextvalley.duckdb"
    shutil.copy(released / "data" / "nextvalley.duckdb", copy)
    copy.chmod(0o644)
    whole = render(copy).count("Not in this release")
    with duckdb.connect(copy) as connection:
        connection.execute("drop table index.backtest")
        connection.execute("delete from marts.deal_flows")
        connection.execute("delete from claims.scorecard")
        connection.execute("update index.scores set score_low_companies = 'nan', score_high_companies = 'inf' where year = 2005")
        # A pillar that the basis of another scope does not have.
        connection.execute("delete from index.scores where measure = 'P4'")
    page = render(copy)
    assert page.count("Not in this release") == whole + 3
    assert '<figure class="vega" id="flows">' not in page
    assert "Beijing has the best shot. Each part" not in page
    model = json.loads(re.search(r'id="model">(.*?)</script>', page)[1])  # type: ignore[index]
    assert [one["id"] for one in model["pillars"]] == ["P1", "P2", "P3", "P5"]
    assert all(one["pillar"] != "P4" for one in model["indicators"])


def test_labels_on_the_map_cover_neither_dots_nor_each_other() -> None:
    near = pl.DataFrame(
        {
            "preset": ["city"] * 4,
            "label": ["1 Shanghai", "2 Suzhou", "3 Hangzhou", "4 Nanjing"],
            "longitude": [121.46, 120.6, 120.16, 118.78],
            "latitude": [31.22, 31.3, 30.29, 32.06],
        }
    )
    placed = geography.with_label_places(near, 16, (112.0, 127.5))
    boxes = [geography.label_box(row, 16, *geography.LABEL_PLACES[row["place"]]) for row in placed.to_dicts()]
    for one, (west, south, east, north) in enumerate(boxes):
        for left, low, right, top in boxes[:one]:
            assert right <= west or east <= left or top <= south or north <= low
        for x, y in near.select("longitude", "latitude").iter_rows():
            assert not (west < x < east and south < y < north)


def test_evidence_beyond_what_fits_is_counted_not_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "MOST_BYTES", 1_500)
    rows = pl.DataFrame(
        {
            "city": ["A"] * 60,
            "measure": ["deals"] * 60,
            "label": [f"Deal {number}" for number in range(60)],
            "year": [2000] * 60,
            "value": [float(number) for number in range(60)],
            "weight": [None] * 59 + [2.0],
            "source": ["List"] * 60,
            "url": [None] * 60,
            "source_file": ["list.csv"] * 60,
            "source_row": list(range(60)),
        },
        schema_overrides={"weight": pl.Float64, "url": pl.String},
    )
    carried = explorer.evidence(rows)
    held = carried["cities"]["A"]["deals"]
    assert held["n"] == 60
    assert len(held["rows"]) == 25
    assert len(json.dumps(carried)) <= 1_500
    assert [row[0] for row in held["rows"][:2]] == ["Deal 59", "Deal 58"]
    assert [carried["texts"][place] for place in held["rows"][0][4:7]] == ["List", None, "list.csv"]


def test_runs_of_a_line_break_at_gaps_and_where_data_change() -> None:
    scores = pl.DataFrame(
        {
            "city": ["A"] * 6 + ["B"] * 2,
            "year": [2000, 2001, 2003, 2004, 2005, 2006, 2001, 2002],
            "rank": [1.0] * 6 + [2.0] * 2,
            "rank_low": [1.0] * 7 + [2.0],
            "rank_high": [2.0] * 8,
            "n_ranked": [2] * 8,
            "n_indicators": [9, 9, 9, 9, 10, 10, 8, 8],
        }
    )
    figure = years.rank_years(scores, pl.DataFrame({"city": ["A", "B"]}))
    assert figure.rows["run"].to_list() == [0, 0, 1, 1, 2, 2, 0, 0]
    assert figure.says == (
        "A ranks first in 6 of the 7 years from 2000 to 2006; in 5 of them no other interval includes first place."
    )


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (0.1, 0.4, "forecast the coming five years better"),
        (-0.1, 0.4, "it is not clear"),
        (-0.4, -0.1, "forecast worse"),
    ],
)
def test_sentence_of_the_backtest_follows_its_interval(low: float, high: float, says: str) -> None:
    row = {
        "target": "deals",
        "first_origin": 2011,
        "last_origin": 2018,
        "n": 9,
        "skill": (low + high) / 2,
        "low": low,
        "high": high,
    }
    trend = {"trend_skill": 0.0, "trend_low": -1.0, "trend_high": 1.0}
    assert says in trust.backtest(pl.DataFrame([row | trend])).says
