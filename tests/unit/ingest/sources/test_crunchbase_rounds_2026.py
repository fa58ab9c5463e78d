"""Crunchbase rounds of 2026: invented companies in the format of the upstream, and the recorded files."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import crunchbase_rounds_2026 as source
from tests.support.parsing import csv_file, read, refusal

(ROUNDS,) = source.SOURCE.tables
ROUND = {
    "Transaction Name": "Series A - Acme - Robots", "Transaction Name URL": "https://www.crunchbase.com/funding_round/acme--1",
    "Funding Type": "Series A", "Money Raised": "7000000", "Money Raised Currency": "CNY", "Money Raised (in USD)": "1000000",
    "Announced Date": "2026-01-28", "Organization Location": "Shenzhen, Guangdong, China, Asia",
    "Lead Investors": "Example Ventures, Inc., Anna Example",
}  # fmt: skip


def file(change: dict[str, str]) -> bytes:
    return csv_file(source.HEADER, ROUND | change)


def test_company_stands_in_the_name_of_the_round() -> None:
    assert read(ROUNDS, file({})).drop("url", "industries").rows() == [
        (
            "Acme - Robots", "China", "Guangdong", "Shenzhen", "2026-01-28", "Series A", 7e6, "CNY", 1e6,
            "Example Ventures, Inc.", 2,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("Haidian, Beijing, China, Asia", ("China", "Beijing", "Haidian")),
        ("Qingdao, Fujian, China, Asia", ("China", None, "Qingdao")),
        ("Xiamen, Fujian, China, Asia", ("China", "Fujian", "Xiamen")),
        ("Singapore, Asia", ("Singapore", None, None)),
        ("", (None, None, None)),
    ],
)
def test_place_runs_from_city_to_continent(location: str, place: tuple[str | None, ...]) -> None:
    frame = read(ROUNDS, file({"Organization Location": location}))
    assert frame.select("country", "region", "place").row(0) == place


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("Funding Type", "Bridge", "column round_type: 'Bridge' is not in the vocabulary"),
        ("Announced Date", "01/28/2026", "column date: '01/28/2026' has the wrong form"),
        ("Money Raised (in USD)", "¥7m", "column raised_usd: '¥7m' is not a number"),
    ],
)
def test_malformed_round_is_refused(cell: str, value: str, problem: str) -> None:
    assert problem in refusal(ROUNDS, file({cell: value}))


def test_recorded_files_are_read_whole(recordings: Path) -> None:
    files = (f"rounds_2026-{month}.csv" for month in ("01", "02"))
    rounds = pl.concat(read(ROUNDS, (recordings / "crunchbase_rounds_2026" / file).read_bytes()) for file in files)
    assert (rounds.height, rounds["url"].n_unique()) == (637, 637)
    assert rounds.filter(pl.col("country") == "China").height == 46
