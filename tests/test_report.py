"""The page shows what the published file says, and needs nothing but itself."""

import html
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.index.words import headline


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
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)|@import|url\((?!#)""", markup)
    assert """content="default-src 'none'""" in markup


def test_pictures_have_words(page: str) -> None:
    pictures = re.findall(r'<div class="chart"[^>]*>', page)
    assert len(pictures) == page.count("<figure ") > 0
    assert all(re.search(r'role="img" aria-label="[^"]{20,}"', picture) for picture in pictures)


def test_no_city_is_left_without_its_interval(text: str) -> None:
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
