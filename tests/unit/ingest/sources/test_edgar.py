"""EDGAR: hand-made submissions of an invented issuer, and the recorded ones."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.request import Request
from pipelines.ingest.source import Table
from pipelines.ingest.sources import edgar, edgar_covers
from pipelines.ingest.sources.edgar import identifiers, submissions
from tests.support.parsing import as_json, read, refusal

ISSUERS, FILINGS = edgar.SOURCE.tables
RECENT = {
    "accessionNumber": ["0000000000-24-000003", "0000000000-24-000002", "0000000000-24-000001", "0000000000-23-000009"],
    "form": ["424B4", "F-1/A", "F-1", "6-K"],
    "filingDate": ["2024-03-01", "2024-02-01", "2024-01-02", "2023-12-31"],
    "fileNumber": ["333-1", "333-1", "333-1", ""],
    "primaryDocument": ["p.htm", "a.htm", "f.htm", ""],
}
CITY = "PUDONG NEW AREA, SHANGHAI"


def issuer(**changes: Any) -> dict[str, Any]:
    return {
        "cik": "0000000123",
        "name": "Example Link Ltd",
        "sic": "7372",
        "tickers": ["EXLK"],
        "formerNames": [{"name": "Old Example Ltd"}, {"name": "Example Link Ltd"}],
        "stateOfIncorporation": "E9",
        "addresses": {"business": {"city": CITY, "stateOrCountry": None, "countryCode": "F4"}},
        "filings": {"recent": RECENT, "files": [{"name": "CIK0000000123-submissions-001.json"}]},
    } | changes


@pytest.mark.parametrize(
    "address",
    [{"stateOrCountry": None, "countryCode": "F4"}, {"stateOrCountry": "F4", "countryCode": None}, {"stateOrCountry": "F4"}],
)
def test_address_is_read_in_either_format(address: dict[str, str | None]) -> None:
    assert read(ISSUERS, as_json(issuer(addresses={"business": {"city": CITY} | address}))).rows() == [
        (123, "Example Link Ltd", "Old Example Ltd", "EXLK", "7372", CITY, None, "F4", "CN", "E9", 1)
    ]


def test_further_filings_do_not_name_their_issuer() -> None:
    filings = read(FILINGS, as_json(issuer()))
    assert filings.select("cik", "form", "filed_on", "file_number").row(0) == (123, "424B4", "2024-03-01", "333-1")
    assert filings["file_number"].null_count() == 1
    further = read(FILINGS, as_json(RECENT))
    assert (further.height, further["cik"].null_count()) == (4, 4)


@pytest.mark.parametrize(
    ("table", "content", "problem"),
    [
        (ISSUERS, b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "knows no issuer"),
        (ISSUERS, as_json([]), "is not a JSON object"),
        (ISSUERS, as_json({key: value for key, value in issuer().items() if key != "sic"}), "column sic: the field is missing"),
        (ISSUERS, as_json(issuer(stateOfIncorporation="QX")), "'QX' is not a location code"),
        (
            ISSUERS,
            as_json(issuer(addresses={"business": {"city": "X", "stateOrCountry": "NY", "countryCode": "F4"}})),
            "the address is in F4 and NY",
        ),
        (FILINGS, as_json({"accessionNumber": []}), "column form: the field is missing"),
        (
            FILINGS,
            as_json({"accessionNumber": ["a"], "form": [], "filingDate": ["b"], "fileNumber": ["c"], "primaryDocument": ["d"]}),
            "contains 0 values where others contain 1",
        ),
    ],
)
def test_malformed_json_is_refused(table: Table, content: bytes, problem: str) -> None:
    assert problem in refusal(table, content)


def test_first_statement_and_last_prospectus_are_requested(monkeypatch: pytest.MonkeyPatch) -> None:
    further = {name: [] for name in RECENT}

    def get(request: Request) -> bytes:
        return as_json(further if "submissions-001" in request.url else issuer())

    monkeypatch.setattr(submissions, "ISSUERS", {123: "EXLK"})
    assert [request.url for request in submissions.find_files(get)] == [
        "https://data.sec.gov/submissions/CIK0000000123.json",
        "https://data.sec.gov/submissions/CIK0000000123-submissions-001.json",
    ]
    assert [request.url for request in edgar_covers.find_documents(get)] == [
        "https://www.sec.gov/Archives/edgar/data/123/000000000024000001/f.htm",
        "https://www.sec.gov/Archives/edgar/data/123/000000000024000003/p.htm",
    ]
    assert [request.header for request in edgar_covers.find_documents(get)] == [
        "https://www.sec.gov/Archives/edgar/data/123/000000000024000001/0000000000-24-000001.hdr.sgml",
        "https://www.sec.gov/Archives/edgar/data/123/000000000024000003/0000000000-24-000003.hdr.sgml",
    ]


def test_submission_is_requested_where_documents_have_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "ISSUERS", {123: "EXLK"})
    old = issuer(filings={"recent": RECENT | {"primaryDocument": [""] * 4}, "files": []})
    assert [
        (request.url.rpartition("/")[2], request.header) for request in edgar_covers.find_documents(lambda _: as_json(old))
    ] == [("0000000000-24-000001.txt", None), ("0000000000-24-000003.txt", None)]


@pytest.mark.parametrize("text", [None, "", "12a", "-1", "12345678901"])
def test_what_is_no_number_of_an_issuer_is_refused(text: str | None) -> None:
    assert identifiers.cik_of("0000000123") == 123
    with pytest.raises(Refused, match="is not the number of an issuer"):
        identifiers.cik_of(text)


def test_every_location_code_but_the_unknown_has_a_country() -> None:
    assert identifiers.location("CA") == identifiers.Location("US", "California")
    assert identifiers.location("K3") == identifiers.Location("HK", None)
    assert identifiers.location("A6") == identifiers.Location("CA", "Ontario")
    assert [code for code, place in identifiers.locations().items() if place.country is None] == ["XX"]


def test_recorded_submissions_are_read_whole(recordings: Path) -> None:
    paths = [
        *(recordings / "edgar_submissions_cn_issuers").glob("*.json"),
        *(recordings / "edgar_submissions_raw").glob("CIK*.json"),
    ]
    assert sum(read(FILINGS, path.read_bytes()).height for path in paths) == 12_826
    issuers = pl.concat(read(ISSUERS, path.read_bytes()) for path in paths if "-submissions-" not in path.name)
    assert (issuers.height, issuers["country"].null_count(), issuers.filter(country="CN").height) == (39, 0, 28)
