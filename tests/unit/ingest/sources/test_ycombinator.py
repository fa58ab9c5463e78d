"""Y Combinator: a list and search answers with an invented company, in the formats of the upstream."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.ingest.sources import ycombinator
from tests.support.parsing import as_json, read, refusal

(COMPANIES,) = ycombinator.SOURCE.tables
COMPANY = {
    "id": 7, "name": "Acme", "slug": "acme", "former_names": ["Acorn", "Apex"], "all_locations": "San Francisco, CA, USA; Remote",
    "long_description": "Robots.", "team_size": 9, "industry": "B2B", "subindustry": "B2B -> Robots", "launched_at": 1326791480,
    "nonprofit": False, "batch": "Winter 2007", "status": "Acquired", "stage": "Growth",
    "_highlightResult": {"name": {"value": "<em>Acme</em>"}, "all_locations": {"value": ""}},
}  # fmt: skip


def answer(*hits: dict[str, Any], total: int | None = None) -> bytes:
    return as_json({"results": [{"hits": hits, "nbHits": len(hits) if total is None else total}]})


def test_both_formats_give_the_same_companies() -> None:
    frame = read(COMPANIES, answer(COMPANY, COMPANY | {"id": 8}))
    assert frame.equals(read(COMPANIES, as_json([COMPANY, COMPANY | {"id": 8}])))
    assert frame.row(0) == (
        7, "Acme", "Acorn|Apex", "Winter 2007", "Acquired", "Growth", "San Francisco", "CA", "USA",
        "San Francisco, CA, USA; Remote", 9, "B2B", "B2B -> Robots", False, "2012-01-17", 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("locations", "first"),
    [
        ("", (None, None, None)),
        ("Remote", (None, None, None)),
        ("Remote; Paris, Île-de-France, France", ("Paris", "Île-de-France", "France")),
        ("Vienna, Vienna, Austria; Boston, MA, USA", ("Vienna", "Vienna", "Austria")),
        ("Copenhagen, Denmark", ("Copenhagen", None, "Denmark")),
        ("Singapore", (None, None, "Singapore")),
    ],
)
def test_first_location_that_is_not_remote_is_split(locations: str, first: tuple[str | None, ...]) -> None:
    frame = read(COMPANIES, answer(COMPANY | {"all_locations": locations}))
    assert frame.select("place", "region", "country", "locations").row(0) == (*first, locations or None)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (answer(), "contains no company"),
        (as_json([]), "contains no company"),
        (answer(COMPANY, total=2), "column hits: contains 1 of 2 companies"),
        (as_json({"hits": [COMPANY]}), "is neither a list of companies nor a search answer"),
        (as_json(["Winter 2007"]), "row 1: 'Winter 2007' is not a JSON object"),
        (answer(COMPANY, {key: COMPANY[key] for key in COMPANY if key != "batch"}), "row 2, column batch: the field is missing"),
        (answer(COMPANY | {"all_locations": None}), "row 1, column all_locations: contains None, expected text"),
        (answer(COMPANY | {"launched_at": 10**12}), "row 1, column launched_at: 1000000000000 is out of range"),
        (answer(COMPANY | {"id": True}), "row 1, column id: contains True, expected a whole number"),
        (answer(COMPANY | {"status": "Sold"}), "row 1, column status: 'Sold' is not in the vocabulary"),
        (answer(COMPANY | {"batch": "W07"}), "row 1, column batch: 'W07' has the wrong form"),
        (answer(COMPANY | {"name": " "}), "row 1, column company: is empty"),
        (answer(COMPANY, COMPANY), "row 2, column yc_id: 7 occurs more than once"),
        (b"<!DOCTYPE html><html><body><div id='app'></div></body></html>", "is a web page"),
    ],
)
def test_malformed_directory_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(COMPANIES, content)


def test_recorded_companies_are_unique_and_located(recordings: Path) -> None:
    batches = [*(recordings / "yc_algolia").glob("*_*.json"), recordings / "yc_algolia" / "Unspecified.json"]
    frame = pl.concat(read(COMPANIES, batch.read_bytes()) for batch in batches if batch.name != "yc_batches.json")
    assert (frame.height, frame["yc_id"].n_unique(), frame["place"].count()) == (536, 536, 489)
