"""OpenAlex: hand-made pages of the API and rows of an aggregate."""

from typing import Any

import pytest

from pipelines import settings
from pipelines.errors import Refused
from pipelines.ingest.sources import openalex
from tests.support.parsing import as_json, read, refusal, requests

(WORKS,) = openalex.SOURCE.tables


def page(**changes: Any) -> dict[str, Any]:
    """Return a page of the institutions endpoint, as documented: two years of one university."""
    record = {
        "id": "https://openalex.org/I20231570",
        "ror": "https://ror.org/02v51f717",
        "display_name": "Peking University",
        "country_code": "CN",
        "counts_by_year": [
            {"year": 2025, "works_count": 30, "cited_by_count": 4},
            {"year": 2024, "works_count": 40, "cited_by_count": 9},
        ],
    }
    return {"meta": {"count": 201, "per_page": 100}, "results": [record | changes]}


def test_api_gives_one_row_per_year_and_states_what_counts() -> None:
    frame = read(WORKS, as_json(page()))
    assert frame.select("institution", "year", "counted", "works", "top10_works", "source_row").rows() == [
        ("Peking University", 2025, "all works", 30, None, 1),
        ("Peking University", 2024, "all works", 40, None, 1),
    ]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"error": "Invalid query"}, "is not a page of results"),
        ({"meta": {"count": 1}, "results": [{"id": "x"}]}, "row 1: the record's fields are not those requested"),
        (page(works_count=3), "row 1: the record's fields are not those requested"),
        (page(counts_by_year=[{"year": 2024}]), "row 1, column works_count: the field is missing"),
        (page(counts_by_year=None), "row 1, column counts_by_year"),
        ({"meta": {"count": 0}, "results": []}, "the page contains no institution"),
        ({"meta": {"count": 1}, "results": [3]}, "row 1: the record's fields"),
        (page(id="I20231570"), "column openalex_id: 'I20231570' has the wrong form"),
        (page(counts_by_year=[{"year": 2024, "works_count": -1}]), "column works: -1 is below 0"),
    ],
)
def test_malformed_page_is_refused(answer: dict[str, Any], problem: str) -> None:
    assert problem in refusal(WORKS, as_json(answer))


def test_every_page_is_requested_with_the_key_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.OPENALEX_KEY.name, "secret")
    found = requests(openalex.find_pages, as_json(page()))
    assert [request.url.partition("&page=")[2] for request in found] == [f"{number}&api_key=secret" for number in (1, 2, 3)]
    with pytest.raises(Refused, match="10001 institutions match"):
        requests(openalex.find_pages, as_json(page() | {"meta": {"count": 10_001}}))
    monkeypatch.delenv(settings.OPENALEX_KEY.name)
    assert not any("api_key" in request.url for request in requests(openalex.find_pages, as_json(page())))


def aggregate(**changes: str) -> bytes:
    row = dict.fromkeys(openalex.HEADER, "") | {
        "display_name": "Peking University", "country_code": "CN", "openalex_id": "https://openalex.org/I20231570",
        "ror_id": "https://ror.org/02v51f717", "window_start": "2024", "window_end": "2024", "works": "100",
        "top10_count": "20",
    }  # fmt: skip
    return (",".join(row) + "\n" + ",".join((row | changes).values()) + "\n").encode()


def test_aggregate_gives_the_most_cited_works() -> None:
    assert read(WORKS, aggregate()).select("works", "top10_works", "counted").rows() == [(100, 20, openalex.MAIN_WORKS)]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"window_end": "2025"}, "row 2, column window_end: the window is longer than one year"),
        ({"top10_count": "101"}, "top10 works are no more than works"),
        ({"ror_id": "02v51f717"}, "column ror_id: '02v51f717' has the wrong form"),
    ],
)
def test_contradictory_aggregate_is_refused(changes: dict[str, str], problem: str) -> None:
    assert problem in refusal(WORKS, aggregate(**changes))
