"""CB Insights: invented companies, in the format of the upstream, and the recorded lists."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import cb_insights
from tests.support.parsing import read, refusal

UNICORNS, UNICORNS_2021 = cb_insights.SOURCE.tables
HEADER = ",".join(cb_insights.HEADER) + "\n"
COMPANY = 'Acme,$1.50 ,2/24/2022,China,Hunan,Artificial Intelligence,"Oak Capital, Elm",2015,$1.5B,None,37,3,None\n'
PAGE = """# Unicorns

# List of Unicorn Companies

* **Acme** - [acme.example](https://acme.example) - Acme makes - and sells - robots.
  * Valuation: **$1.50B**
  * Date joined: **4/7/2017**
  * Location: **Beijing @ China**
  * Industry: **Artificial Intelligence**
  * Select investors: **Oak Capital, Elm**
* Apex -
  * Valuation: **$2B**
  * Date joined: **7/13/2021\t**
  * Location: ** @ Singapore**
  * Industry: **Data management & analytics<**
  * Select investors: **Elm**
"""
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


def test_page_of_2021_has_a_row_per_company() -> None:
    assert read(UNICORNS_2021, PAGE.encode()).rows() == [
        ("Acme", "China", "Beijing", "Artificial intelligence", 1.5, "2017-04-07", 5),
        ("Apex", "Singapore", None, "Data management & analytics", 2.0, "2021-07-13", 11),
    ]


@pytest.mark.parametrize(
    ("printed", "changed", "problem"),
    [
        ("# List of", "# Names of", "has no companies below '# List of Unicorn Companies'"),
        ("* Apex -", "Apex", "row 11: 'Apex' is not a line with a company's name"),
        ("  * Valuation: **$2B**\n", "", "row 12, column Valuation: '  * Date joined"),
        ("  * Select investors: **Elm**\n", "", "row 11, column Select investors: '' where 'Select investors' follows"),
        ("$2B", "$2M", "row 11, column valuation_usd_bn: is empty"),
        ("Beijing @ China", "Beijing", "row 5, column country: is empty"),
    ],
)
def test_malformed_page_is_refused(printed: str, changed: str, problem: str) -> None:
    assert problem in refusal(UNICORNS_2021, PAGE.replace(printed, changed).encode())


def test_recorded_list_of_2021_has_the_known_companies(recordings: Path) -> None:
    frame = read(UNICORNS_2021, (recordings / "cb_insights_2021" / "cbinsights_2021-07.md").read_bytes())
    assert frame.height == 759
    in_china = frame.filter(country="China")
    assert in_china.height == 155
    cities = dict(in_china["place"].value_counts().iter_rows())
    assert [cities[city] for city in ("Beijing", "Shanghai", "Shenzhen", "Hangzhou")] == [60, 39, 17, 13]


def test_recorded_companies_without_city_are_those_known(recordings: Path) -> None:
    frame = read(UNICORNS, (recordings / "unicorns" / "cbinsights_2022-03_ClincieB.csv").read_bytes())
    assert frame.height == UNICORNS.rows[0]
    assert sorted(frame.filter(pl.col("place").is_null())["company"]) == sorted(cb_insights.WITHOUT_CITY)
    assert not frame["investors"].str.contains("DiCaprio").any()
