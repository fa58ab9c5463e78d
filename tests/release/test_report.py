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
from pipelines.publish.report.figures import distance, geography, ranking, trust, years
from pipelines.publish.report.page import render
from pipelines.publish.wording import headline, of_benchmark, probability


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
        ordered = pl.DataFrame(connection.sql("from index.ranking where measure = 'Readiness' order by rank, city"))
    assert headline(ordered) in text[:500]
    for row in ordered.head(40).iter_rows(named=True):
        shown = (
            f"{row['rank']} {row['city']} {row['score']:.0f} {row['score_low']:.0f}–{row['score_high']:.0f} "
            f"{of_benchmark(row['times_less'])} {row['rank_low']}–{row['rank_high']} {probability(row['p_first'])}"
        )
        assert shown in text
    assert f"The first 40 of {ordered.height} ranked cities" in text


def test_benchmark_stands_above_the_ranking_without_a_rank(text: str, released: Path) -> None:
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        (benchmark,) = connection.execute(
            "select score from index.scores join index.headline using (year) "
            "where measure = 'Readiness' and city = 'San Francisco Bay Area'"
        ).fetchall()
    assert text.index(f"San Francisco Bay Area {benchmark[0]:.0f} ") < text.index("1 Beijing ")


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
        connection.execute("update index.scores set score_low = 'nan', score_high = 'inf' where year = 2005")
        connection.execute("delete from index.list_influence")
    page = render(copy)
    assert page.count("Not in this release") == whole + 4
    assert '<figure class="vega" id="flows">' not in page
    assert "Beijing has the best shot. Each part" not in page


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
            "year_to": [2000] * 60,
            "value": [float(number) for number in range(60)],
            "dataset": ["register"] * 60,
            "source": ["List"] * 60,
            "url": [None] * 60,
            "source_file": ["list.csv"] * 60,
            "source_row": list(range(60)),
        },
        schema_overrides={"url": pl.String},
    )
    carried = explorer.evidence(rows)
    held = carried["cities"]["A"]["deals"]
    assert held["n"] == 60
    assert len(held["rows"]) == 25
    assert len(json.dumps(carried)) <= 1_500
    assert [row[0] for row in held["rows"][:2]] == ["Deal 59", "Deal 58"]
    assert [carried["texts"][place] for place in held["rows"][0][4:8]] == ["register", "List", None, "list.csv"]


def test_sentence_on_ranks_over_the_years_counts_years() -> None:
    scores = pl.DataFrame(
        {
            "city": ["A"] * 3 + ["B"] * 3 + ["Bay"],
            "year": [2000, 2001, 2002] * 2 + [2000],
            "rank": [1, 1, 2, None, 2, 1, None],
            "rank_low": [1, 1, 1, None, 2, 1, None],
            "rank_high": [2, 2, 2, None, 2, 2, None],
        }
    )
    figure = years.rank_years(scores, pl.DataFrame({"city": ["A", "B"]}))
    assert figure.says == (
        "A ranks first in 2 of the 3 years from 2000 to 2002; in 2 of them no other interval includes first place."
    )
    assert set(figure.rows["city"]) == {"A", "B"}


def test_sentence_on_other_ways_names_who_else_would_be_first() -> None:
    rows = pl.DataFrame(
        {
            "way": ["mean", "mean", "ranks", "ranks"],
            "is_published": [True, True, False, False],
            "city": ["A", "B"] * 2,
            "p_first": [0.8, 0.2, 0.7, 0.3],
        }
    )
    leading = pl.DataFrame({"city": ["A", "B"]})
    assert ranking.alternatives(rows, leading).says == (
        "A is the most likely first by each of 2 ways to make the score, with a probability of at least 0.70."
    )
    turned = rows.with_columns(pl.when(~pl.col("is_published")).then(1 - pl.col("p_first")).otherwise("p_first").alias("p_first"))
    assert ranking.alternatives(turned, leading).says == (
        "A is the most likely first by 1 of 2 ways to make the score; by the others it is B."
    )


@pytest.mark.parametrize(
    ("how", "times", "years_behind", "says"),
    [
        (
            "within the record",
            5.0,
            7.4,
            "By Readiness A has 1/5 of what the Bay has in 2023, where the Bay stood 7 years before.",
        ),
        (
            "beyond the record",
            5.0,
            None,
            "By Readiness A has 1/5 of what the Bay has in 2023; the Bay has had more since 2000 at least.",
        ),
        (
            "level or ahead",
            0.5,
            0.0,
            "By Readiness A has 2.0 times what the Bay has in 2023, so it is level with the Bay or ahead.",
        ),
    ],
)
def test_sentence_on_the_distance_says_how_long_ago(how: str, times: float, years_behind: float | None, says: str) -> None:
    row = {
        "city": "A",
        "year": 2023,
        "score": 80.0,
        "benchmark_score": 103.0,
        "times_less": times,
        "how": how,
        "record_from": 2000,
    }
    ends = {"times_less_low": 3.0, "times_less_high": 9.0, "years_behind": years_behind, "years_low": None, "years_high": None}
    frame = pl.DataFrame([row | ends])
    assert distance.distance(frame, pl.DataFrame({"city": ["A"]}), pl.DataFrame({"benchmark": ["Bay"]})).says == says


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


def test_page_without_a_ranked_city_says_so(released: Path, tmp_path: Path) -> None:
    copy = tmp_path / "nextvalley.duckdb"
    shutil.copy(released / "data" / "nextvalley.duckdb", copy)
    copy.chmod(0o644)
    with duckdb.connect(copy) as connection:
        connection.execute("update index.scores set rank = null, is_ranked = false")
        connection.execute("update index.boundaries set rank = null")
        connection.execute("delete from index.ranking")
    page = render(copy)
    assert "<h1>No city is known well enough for a rank.</h1>" in page
    assert '<figure class="vega" id="lists">' in page
    assert '<figure class="vega" id="ranks">' not in page
