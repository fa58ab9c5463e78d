"""Deals of Indian start-ups: invented ones in the format of the upstream, and the recorded file."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import india_deals_2015_2017 as source
from tests.support.parsing import csv_file, read, refusal

(DEALS,) = source.SOURCE.tables
DEAL = {
    "SNo": "7", "Date": "02-08-2017", "StartupName": "Acme", "CityLocation": "Bangalore", "InvestorsName": "Example Ventures",
    "InvestmentType": "Seed Funding", "AmountInUSD": "1,00,000",
}  # fmt: skip


def file(change: dict[str, str]) -> bytes:
    return csv_file(source.HEADER, DEAL | change)


@pytest.mark.parametrize("date", ["13-04-2015", "13/04.2015", "13/04//2015"])
def test_dates_run_from_the_day_to_the_year(date: str) -> None:
    assert read(DEALS, file({"Date": date}))["date"].to_list() == ["2015-04-13"]


@pytest.mark.parametrize(("amount", "usd"), [("1,00,000", 1e5), ("200,00,000", 2e7), ("1,400,000,000", 1.4e9), ("", None)])
def test_amounts_have_indian_grouping(amount: str, usd: float | None) -> None:
    assert read(DEALS, file({"AmountInUSD": amount}))["usd"].to_list() == [usd]


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("Bangalore", ("IN", "Bangalore")),
        ("Bangalore / SFO", ("IN", "Bangalore")),
        ("SFO / Bangalore", ("US", "San Francisco")),
        ("US/India", ("US", None)),
        ("India / US", ("IN", None)),
        ("", ("IN", None)),
    ],
)
def test_first_of_two_places_counts(location: str, place: tuple[str, str | None]) -> None:
    assert read(DEALS, file({"CityLocation": location})).select("country", "place").row(0) == place


@pytest.mark.parametrize(
    ("kind", "remark", "read_as"),
    [
        ("SeedFunding", "", ("seed", None)),
        ("Private Equity", "part of $40M Series B round", ("private equity", "series b")),
        ("PrivateEquity", "Pre Series-A", ("private equity", "pre series a")),
        ("Crowd funding", "Late Stage", ("crowdfunding", None)),
        ("", "", (None, None)),
    ],
)
def test_series_stands_among_the_remarks(kind: str, remark: str, read_as: tuple[str | None, str | None]) -> None:
    assert read(DEALS, file({"InvestmentType": kind, "Remarks": remark})).select("round_type", "series").row(0) == read_as


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Example Ventures, Muster Capital & others", ["Example Ventures", "Muster Capital"]),
        ("Example Ventures and Anna Example, Bert B Example", ["Example Ventures"]),
        ("Anna and Bert Example", []),
        ("Example & Co., Plug and Play Example Center", ["Example & Co.", "Plug and Play Example Center"]),
        ("Undisclosed Investors, Group of Angel Investors, HNIs", []),
    ],
)
def test_only_firms_among_the_investors_are_kept(text: str, names: list[str]) -> None:
    assert source.split_investors(text) == names


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("Date", "02.08.2017", "column date: '02.08.2017' has the wrong form"),
        ("AmountInUSD", "1.00.000", "column amount: '1.00.000' has the wrong form"),
        ("InvestmentType", "Grant", "column round_type: 'grant' is not in the vocabulary"),
    ],
)
def test_malformed_deal_is_refused(cell: str, value: str, problem: str) -> None:
    assert problem in refusal(DEALS, file({cell: value}))


def test_recorded_file_is_read_whole(recordings: Path) -> None:
    deals = read(DEALS, (recordings / "india_deals_2015_2017" / "startup_funding_2015-2017.csv").read_bytes())
    assert (deals.height, deals["usd"].null_count()) == (2_372, 847)
    assert (deals["date"].min(), deals["date"].max()) == ("2015-01-02", "2017-08-02")
    assert deals.filter(pl.col("place") == "Bangalore").height == 634
