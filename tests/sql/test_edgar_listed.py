"""Filers with a ticker count as listed companies if they are companies on an exchange; a city may say that they are Chinese."""

from pathlib import Path

from tests.support.models import Rows, build, run, with_branch

FILER = {
    "cik": 1, "company": "A", "kind": "company", "exchange": "Nasdaq", "tickers": "A|A-WT", "country": "US",
    "region": "California", "place": "Palo Alto", "industry": "Robots", "source_file": "f", "source_row": 1,
}  # fmt: skip
REGIONS: dict[str, Rows] = {
    "landing.reference__prefectures": [{"city": city} for city in ("Beijing", "Taizhou (Zhejiang)", "Hami")],
    "landing.reference__provinces": [
        {"country": "CN", "province": "Guangdong"},
        {"country": "CN", "province": "Hong Kong"},
        {"country": "US", "province": "Ohio"},
    ],
}


def listed(*changes: dict[str, object]) -> Rows:
    """Return what counts as listed of these filers, each with a ticker of its own."""
    filers: Rows = [FILER | {"cik": n, "tickers": f"T{n}"} | change for n, change in enumerate(changes, start=1)]
    return run("staging.edgar_listed", {"landing.edgar_listed__filers": filers} | REGIONS)


def test_companies_on_an_exchange_count_and_nothing_else() -> None:
    exchanges: Rows = [{"exchange": exchange} for exchange in ("NYSE", "Nasdaq", "CBOE", "OTC", None)]
    kinds: Rows = [{"kind": kind} for kind in ("blank check", "fund", "without industry")]
    assert [row["symbol"] for row in listed(*exchanges, *kinds)] == ["T1", "T2", "T3"]


def test_ticker_is_that_of_the_filer_registered_last() -> None:
    rows = listed({"tickers": "X|Y", "company": "Old"}, {"tickers": "X", "company": "New"}, {"tickers": "Y"})
    assert [(row["symbol"], row["company"]) for row in rows] == [("X", "New"), ("Y", "A")]


def test_city_of_china_says_the_country_where_none_is_stated() -> None:
    countries = {
        "CHAOYANG DISTRICT, BEIJING": "CN",
        "Taizhou": "CN",
        "GUANGDONG PROVINCE": "CN",
        "HAMILTON": None,
        "HONG KONG": None,
        "OHIO": None,
    }
    rows = listed(*({"place": place, "country": None} for place in countries), {"place": "BEIJING", "country": "SG"})
    assert {row["place"]: row["country"] for row in rows} == countries | {"BEIJING": "SG"}


def test_filers_are_listed_at_their_city(tmp_path: Path) -> None:
    inputs: dict[str, Rows] = {
        "staging.edgar_listed": listed({}),
        "core.countries": [{"written": "us", "country": "US"}],
    }
    (company,) = build(with_branch("staging.companies", "edgar_listed", tmp_path), inputs)
    assert (company["mention"], company["place_key"]) == ("edgar_listed/company:T1", "US|California|Palo Alto")
