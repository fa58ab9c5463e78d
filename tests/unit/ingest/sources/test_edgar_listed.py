"""Filers with a ticker: invented ones, in the published form, and the recorded ones."""

import gzip
import re
from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import edgar_listed
from tests.support.parsing import csv_file, read, refusal

(FILERS,) = edgar_listed.SOURCE.tables
FILER = {
    "name": "Acme Robots Inc", "cik": "0000000007", "start_date": "2019-05-14", "business_city": "PALO ALTO",
    "business_stateOrCountry": "CA", "entityType": "operating", "exchanges": "['Nasdaq', 'OTC', None]", "sic": "3559",
    "sicDescription": "Special Industry Machinery, NEC", "tickers": "['ACME', 'ACME-WT', 'ACMEF']",
}  # fmt: skip
#: A column of the published file that is never read.
PHONE = "business_phone"


def filers(*changes: dict[str, str]) -> bytes:
    """Return a compressed file with one row for each set of changes to ``FILER``."""
    rows = [FILER | {"cik": f"{number:010}", PHONE: "n/a"} | change for number, change in enumerate(changes, start=1)]
    return gzip.compress(csv_file([*edgar_listed.HEADER, PHONE], *rows))


def test_filer_keeps_name_place_and_industry() -> None:
    frame = read(FILERS, filers({"business_stateOrCountry": "ca"}))
    assert frame.rows(named=True) == [
        {
            "cik": 1, "company": "Acme Robots Inc", "kind": "company", "exchange": "Nasdaq", "tickers": "ACME|ACME-WT|ACMEF",
            "place": "PALO ALTO", "location_code": "CA", "country": "US", "region": "California", "entity_type": "operating",
            "sic": "3559", "industry": "Special Industry Machinery, NEC", "first_filed_on": "2019-05-14", "source_row": 2,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sic", "kind"),
    [
        ("Acme Robots Inc", "3559", "company"),
        ("Acme Holdings", "6770", "blank check"),
        ("Acme ACQUISITION Corp. II", "7372", "blank check"),
        ("Acme Fund Acquisition", "6770", "blank check"),
        ("Acme Ether ETF", "6199", "fund"),
        ("Acme Royalty Trust", "1311", "fund"),
        ("Acme Fundamentals Inc", "7372", "company"),
        ("Acme Gold Trust", "6221", "fund"),
        ("Acme Brokers Inc", "6221", "company"),
        ("Acme Realty Trust", "6798", "company"),
        ("Acme Investors", "0000", "fund"),
        ("Acme Securities, Series 2006-3", "6189", "fund"),
        ("Acme Income Fund", "", "fund"),
        ("Acme Capital Corp", "", "without industry"),
        ("Bank of Acme", "", "company"),
    ],
)
def test_what_is_no_operating_company_is_set_apart(name: str, sic: str, kind: str) -> None:
    assert read(FILERS, filers({"name": name, "sic": sic}))["kind"].to_list() == [kind]


@pytest.mark.parametrize(
    ("printed", "exchange"),
    [("['NYSE']", "NYSE"), ("['OTC', 'NYSE']", "NYSE"), ("['OTC', 'OTC']", "OTC"), ("[None]", None), ("[None, 'CBOE']", "CBOE")],
)
def test_exchange_comes_before_trade_over_the_counter(printed: str, exchange: str | None) -> None:
    assert read(FILERS, filers({"exchanges": printed}))["exchange"].to_list() == [exchange]


def test_filer_abroad_may_have_no_country() -> None:
    frame = read(FILERS, filers({"business_stateOrCountry": "", "business_city": "BEIJING"}, {"business_stateOrCountry": "F4"}))
    assert frame.select("country", "region").rows() == [(None, None), ("CN", None)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"cik": "7"}, "column cik: is empty"),
        ({"exchanges": "NYSE"}, "column exchange: 'not a list: NYSE' is not in the vocabulary"),
        ({"exchanges": "['LSE']"}, r"column exchange: .*'LSE'.* is not in the vocabulary"),
        ({"exchanges": ""}, "column exchange: 'not a list: ' is not in the vocabulary"),
        ({"tickers": "[]"}, r"column tickers: '\[\]' has the wrong form"),
        ({"sic": "Machinery"}, "column sic: 'Machinery' has the wrong form"),
        ({"entityType": "3559"}, "column entity_type: '3559' is not in the vocabulary"),
        ({"start_date": "1892-05-14"}, "column first_filed_on: .*1993 or later"),
        ({"start_date": "2999-05-14"}, "column first_filed_on: .*is in the future"),
        ({"start_date": "2019-02-30"}, "column first_filed_on: .*is not in the calendar"),
        ({"business_stateOrCountry": "PALO ALTO", "business_city": "CA"}, "breaks the rule"),
    ],
)
def test_cell_of_another_form_is_refused(change: dict[str, str], problem: str) -> None:
    assert re.search(problem, refusal(FILERS, filers({}, change)))


def test_what_is_not_gzip_is_refused() -> None:
    plain = gzip.decompress(filers({}))
    assert "not readable as gzip" in refusal(FILERS, plain)
    assert "not readable as gzip" in refusal(FILERS, filers({})[:-20])


def test_recorded_filers_are_those_counted_by_hand(recordings: Path) -> None:
    frame = read(FILERS, (recordings / "edgar_listed_filers" / "listed_filer_metadata.csv.gz").read_bytes())
    city = pl.col("place").str.to_uppercase()
    assert frame.height == 7_897
    assert frame.filter(pl.col("sic") == edgar_listed.BLANK_CHECK)["kind"].unique().to_list() == ["blank check"]
    counts = {
        name: frame.filter(city.str.contains(name)).height for name in ("BEIJING|HAIDIAN", "SHANGHAI", "SHENZHEN", "HANGZHOU")
    }
    assert list(counts.values()) == [79, 53, 25, 14]
