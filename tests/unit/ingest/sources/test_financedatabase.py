"""FinanceDatabase: files of an exchange with invented companies, in the format of the upstream, and the recorded ones."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import financedatabase
from tests.support.parsing import csv_file, read, refusal

(EQUITIES,) = financedatabase.SOURCE.tables
COMPANY = {
    "symbol": "600001.SS", "name": "Acme Robots Co., Ltd.", "summary": "Acme was founded in 1994.", "currency": "CNY",
    "sector": "Industrials", "industry_group": "Capital Goods", "industry": "Machinery", "exchange": "SHH", "mic": "XSHG",
    "market": "Shanghai Stock Exchange", "country": "China", "city": "Suzhou", "zipcode": "215163", "delisted": "False",
}  # fmt: skip

Exchange = Callable[..., bytes]


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """Make a file of the Shanghai exchange with one row per set of changes to ``COMPANY``; one row suffices for a whole file."""
    monkeypatch.setitem(financedatabase.EXCHANGES, "SHH", 1)

    def content(*changes: dict[str, str]) -> bytes:
        rows = [COMPANY | {"symbol": f"60000{number}.SS"} | change for number, change in enumerate(changes)]
        return csv_file(financedatabase.HEADER, *rows)

    return content


def test_company_keeps_its_seat_and_year_of_founding(exchange: Exchange) -> None:
    assert read(EQUITIES, exchange({})).rows() == [
        (
            "600000.SS", "Acme Robots Co., Ltd.", "China", None, "Suzhou", "215163", False, "SHH", "Industrials", "Capital Goods",
            "Machinery", False, 1994, 2,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("summary", "year"),
    [
        ("The company was incorporated in March 2001 and is based in Wuhan.", 2001),
        ("Founded in 1669 as a pharmacy.", None),
        ("The pharmacy was founded in 1669 and is based in Beijing.", 1669),
        ("It opened 500 stores in 1994.", None),
        ("", None),
    ],
)
def test_year_is_read_only_from_sentences_on_founding(exchange: Exchange, summary: str, year: int | None) -> None:
    assert read(EQUITIES, exchange({"summary": summary}))["founded_year"].to_list() == [year]


@pytest.mark.parametrize(
    "change",
    [
        {"symbol": "510300.SS"},
        {"symbol": "ACM^A"},
        {"name": "Acme CSI 300 ETF"},
        {"name": "Acme Growth Fund(LOF)"},
        {"name": "Acme Corp 6.000% Senior Notes Due 2026"},
        {"name": "Acme Corp Warrants"},
        {"country": ""},
    ],
)
def test_funds_notes_and_warrants_are_left_out(exchange: Exchange, change: dict[str, str]) -> None:
    assert read(EQUITIES, exchange(change, {}))["source_row"].to_list() == [3]


@pytest.mark.parametrize(
    ("change", "is_doubtful"),
    [
        ({"state": "CA", "city": "San Francisco"}, True),
        ({"country": "United States", "state": "NV", "city": "Elko"}, True),
        ({"country": "Hong Kong", "city": "Central"}, True),
        ({"city": "Beijing"}, False),
        ({"city": ""}, False),
    ],
)
def test_address_of_another_company_is_flagged_and_kept(exchange: Exchange, change: dict[str, str], is_doubtful: bool) -> None:
    assert read(EQUITIES, exchange(change)).select("is_address_doubtful", "place").rows() == [
        (is_doubtful, change["city"] or None)
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"exchange": "SHZ"}, "row 3, column exchange: 'SHZ' is not in the vocabulary. Use one of SHH"),
        ({"delisted": "no"}, "row 3, column delisted: 'no' is not in the vocabulary"),
        ({"sector": "Robots"}, "row 3, column sector: 'Robots' is not in the vocabulary"),
        ({"symbol": ""}, "row 3, column symbol: is empty"),
        ({"symbol": "600000.SS"}, "row 3, column symbol: '600000.SS' occurs more than once"),
        # This shifted row lacks a country and would be left out if it were not rejected first.
        (
            {"sector": "Capital Goods", "exchange": "XSHG", "mic": "Shanghai Stock Exchange", "country": ""},
            "row 3, column exchange: 'XSHG' is not in the vocabulary",
        ),
    ],
)
def test_malformed_row_is_refused(exchange: Exchange, change: dict[str, str], problem: str) -> None:
    assert problem in refusal(EQUITIES, exchange({}, change))


def test_file_with_too_few_companies_is_refused(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(financedatabase.EXCHANGES, "SHH", 3)
    assert "2 rows, expected at least 3" in refusal(EQUITIES, exchange({}, {}))


def test_file_without_a_company_is_refused(exchange: Exchange) -> None:
    assert "0 rows, expected at least 1" in refusal(EQUITIES, exchange({}).splitlines(keepends=True)[0])


def test_recorded_companies_are_seated_and_doubts_flagged(recordings: Path) -> None:
    files = sorted((recordings / "financedatabase").glob("*.csv"))
    frame = pl.concat(read(EQUITIES, file.read_bytes()) for file in files)
    low, high = EQUITIES.rows
    assert low <= frame.height <= high
    assert frame["symbol"].is_unique().all()
    seated = frame.filter(pl.col("place").is_not_null())
    assert seated["founded_year"].is_not_null().mean() == pytest.approx(0.862, abs=0.001)
    mainland = seated.filter(pl.col("exchange").is_in(financedatabase.MAINLAND) & ~pl.col("is_address_doubtful"))
    doubtful = frame.filter("is_address_doubtful")
    assert (mainland.height, doubtful.height) == (3374, 46)
    assert "000004.SZ" in doubtful["symbol"]
