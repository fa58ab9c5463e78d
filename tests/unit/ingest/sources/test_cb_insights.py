"""CB Insights: invented companies, in the format of the upstream, and the recorded list."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import cb_insights
from tests.support.parsing import read, refusal

(UNICORNS,) = cb_insights.SOURCE.tables
HEADER = ",".join(cb_insights.HEADER) + "\n"
COMPANY = 'Acme,$1.50 ,2/24/2022,China,Hunan,Artificial Intelligence,"Oak Capital, Elm",2015,$1.5B,None,37,3,None\n'
MOVED = 'FTX,$32 ,7/20/2021,Bahamas,Fintech,"Oak Capital, Elm",None,None,None,Acq,None,3,1\n'


def test_place_stays_as_printed() -> None:
    assert read(UNICORNS, (HEADER + COMPANY).encode()).rows() == [
        ("Acme", "China", "Hunan", "Artificial intelligence", 1.5, "2022-02-24", 2015, 1.5e9, "Oak Capital, Elm", 37, 2)
    ]


def test_companies_known_to_lack_a_city_are_repaired() -> None:
    assert read(UNICORNS, (HEADER + MOVED).encode()).rows() == [
        ("FTX", "Bahamas", None, "Fintech", 32.0, "2021-07-20", None, None, "Oak Capital, Elm", None, 2)
    ]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (MOVED.replace("FTX", "Apex"), "row 2, column industry: 'Oak Capital, Elm' is not in the vocabulary"),
        (COMPANY.replace("$1.50", "1.50 EUR"), "row 2, column valuation_usd_bn: '1.50 EUR' is not a number"),
        (COMPANY.replace("2/24/2022", "24/2/2022"), "row 2, column unicorn_on: '24/2/2022' has the wrong form"),
        (COMPANY.replace("$1.5B", "$1.5T"), "row 2, column raised_usd: '$1.5T' is not a number"),
        (COMPANY + COMPANY, "row 3, column company, unicorn_on: 'Acme', '2022-02-24' occurs more than once"),
    ],
)
def test_malformed_row_is_refused(rows: str, problem: str) -> None:
    assert problem in refusal(UNICORNS, (HEADER + rows).encode())


def test_recorded_companies_without_city_are_those_known(recordings: Path) -> None:
    frame = read(UNICORNS, (recordings / "unicorns" / "cbinsights_2022-03_ClincieB.csv").read_bytes())
    assert frame.height == UNICORNS.rows[0]
    assert sorted(frame.filter(pl.col("place").is_null())["company"]) == sorted(cb_insights.WITHOUT_CITY)
    assert not frame["investors"].str.contains("DiCaprio").any()
