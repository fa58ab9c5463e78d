"""Mainland listings: hand-made rows, and the counts that the project keeps."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import mainland_listings
from pipelines.settings import SHIPPED
from tests.support.parsing import read, refusal, rejection

(LISTINGS,) = mainland_listings.SOURCE.tables
ROWS = b"city,year,listings\nSuzhou,2021,32\n,2025,21\n"
KEPT = Path(SHIPPED / mainland_listings.FILE)


def test_a_row_without_a_city_is_kept() -> None:
    assert read(LISTINGS, ROWS).rows() == [("Suzhou", 2021, 32, 2), (None, 2025, 21, 3)]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b"Suzhou,2021,1\n", "city has one row in a year"),
        (b"Suzhou,1999,1\n", "year"),
        (b"Suzhou,2022,0\n", "listings"),
    ],
)
def test_a_second_count_and_one_out_of_range_are_refused(row: bytes, problem: str) -> None:
    assert problem in refusal(LISTINGS, ROWS + row)


def test_cities_are_those_of_china() -> None:
    assert LISTINGS.review is not None
    problems = LISTINGS.review(read(LISTINGS, ROWS + b"Suzou,2022,1\n"))
    found = [(problem.problem, problem.remedy) for problem in problems]
    assert found == [("'Suzou' is not in prefectures.csv", "Write 'Suzhou'")]


def test_counts_kept_are_those_of_the_lists() -> None:
    content = KEPT.read_bytes()
    assert rejection(LISTINGS, content) is None
    counts = read(LISTINGS, content)
    assert mainland_listings.review(counts) == []
    by_city = {(city, year): n for city, year, n in counts.select("city", "year", "listings").iter_rows()}
    assert [by_city[city, 2021] for city in ("Beijing", "Shanghai", "Shenzhen", "Hangzhou", "Suzhou")] == [39, 47, 40, 38, 32]
    assert (counts["listings"].sum(), by_city[None, 2025], counts.filter(year=2021)["listings"].sum()) == (4_698, 21, 521)
