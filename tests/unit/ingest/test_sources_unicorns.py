"""Lists of unicorns: what their files hold, and what damaged copies of them are refused for."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.landing import FAR_TOO_MANY
from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources import cb_insights, wikipedia_unicorns
from tests.support.corruption import HTML_ERROR, damaged_csv

CURRENT, FORMER = wikipedia_unicorns.SOURCE.tables


def _only(source: Source) -> Table:
    (table,) = source.tables
    return table


def _read(table: Table, content: bytes) -> pl.DataFrame:
    return conform(table.parse(content), table.contract)


def _refusal(table: Table, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        _read(table, content)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def _is_accepted(table: Table, content: bytes) -> bool:
    """Would these bytes land, even with a warning?"""
    try:
        rows = _read(table, content).height
    except Refused:
        return False
    return table.rows[0] <= rows <= table.rows[1] * FAR_TOO_MANY


# Wikipedia.

# Hand-made: invented companies, in the markup of the page.
PAGE = """<!DOCTYPE html>
<html class="client-nojs"><body>
<table class="wikitable"><tbody><tr><th>Country</th><th>Unicorns</th></tr><tr><td>China</td><td>2</td></tr></tbody></table>
<table class="wikitable sortable"><tbody>
<tr><th>Company</th><th>Valuation<br>(US$&nbsp;billions)</th><th>Valuation date</th><th>Industry</th>
<th>Country/<br>countries</th><th>Founder(s)</th></tr>
<tr><td><a href="/wiki/Acme">Acme</a>&#160;[<a href="https://fr.wikipedia.org/wiki/Acme">fr</a>]</td><td>80-90
</td><td>September&nbsp;2021<sup class="reference"><a href="#cite_note-13"><span>[</span>13<span>]</span></a></sup></td>
<td>Robots</td><td>Ukraine<sup>[46]</sup>/United States<sup>[47]</sup></td><td>A. Founder<sup>[34]</sup></td></tr>
<tr><td>Apex</td><td>1+</td><td>06/01/18</td><td></td><td>China</td><td></td></tr>
</tbody></table>
<table class="wikitable sortable"><tbody>
<tr><th>Company</th><th>Last valuation (US$ billions)</th><th>Valuation date</th><th>Exit date</th><th>Exit reason</th>
<th>Exit valuation (US$ billions)</th><th>Country</th><th>Founders</th></tr>
<tr><td>Acorn</td><td>1.2</td><td>2019</td><td>26 January 2021</td><td>Acquired by Oak<br>IPO to come</td>
<td>1.9<sup>[8]</sup></td><td>India</td><td>B. Founder</td></tr>
</tbody></table>
</body></html>
"""
LIST = """Company,Valuation (US$ billions),Valuation date,Industry,Country,Founder(s)
Acme [fr],80-90 ,September 2021[13] ,Robots ,Ukraine[46]/United States[47] ,A. Founder[34]
Apex ,1+,06/01/18,,China,
"""
FORMER_LIST = f"""{",".join(wikipedia_unicorns.FORMER)}
Acorn ,1.2,2019[7] ,26 January 2021,"Acquired by Oak
IPO to come ",1.9[8],India ,B. Founder
"""


def test_page_and_csv_give_the_same_unicorns_without_founders_or_footnotes() -> None:
    frame = _read(CURRENT, PAGE.encode())
    assert frame.equals(_read(CURRENT, LIST.encode()))
    assert frame.columns == ["company", "country", "industry", "valuation_usd_bn", "valuation_date", "source_row"]
    assert frame.rows() == [
        ("Acme", "Ukraine/United States", "Robots", 80.0, "2021-09", 2),
        ("Apex", "China", None, 1.0, "2018-06", 3),
    ]


def test_page_and_csv_give_the_same_former_unicorns() -> None:
    frame = _read(FORMER, PAGE.encode())
    assert frame.equals(_read(FORMER, FORMER_LIST.encode()))
    assert frame.rows() == [("Acorn", "India", 1.2, "2019", "2021-01-26", "Acquired by Oak IPO to come", 1.9, 2)]


@pytest.mark.parametrize(
    ("printed", "date"),
    [("July 26, 2023", "2023-07-26"), ("2022 ", "2022"), ("May 2018[1][2]", "2018-05"), ("", None), ("[1]", None)],
)
def test_dates_keep_the_precision_they_are_printed_with(printed: str, date: str | None) -> None:
    content = LIST.replace("06/01/18", f'"{printed}"').encode()
    assert _read(CURRENT, content)["valuation_date"].to_list() == ["2021-09", date]


@pytest.mark.parametrize(
    ("printed", "instead", "said"),
    [
        ("06/01/18", "06/14/18", "row 3, column valuation_date: '06/14/18' has the wrong form"),
        ("06/01/18", "mid-2018", "row 3, column valuation_date: 'mid-2018' has the wrong form"),
        ("1+", "about 1", "row 3, column valuation_usd_bn: 'about 1' is not a number"),
        ("80-90", "90 million", "row 2, column valuation_usd_bn: '90 million' is not a number"),
        ("Apex", "[5]", "row 3, column company: is empty"),
    ],
)
def test_what_is_printed_in_another_form_is_refused_in_both_shapes(printed: str, instead: str, said: str) -> None:
    for content in (LIST, PAGE):
        assert said in _refusal(CURRENT, content.replace(printed, instead).encode())


def test_only_looms_exit_date_may_hold_its_industry() -> None:
    slipped = FORMER_LIST.replace("26 January 2021", "Video messaging")
    assert "row 2, column exit_date: 'Video messaging' has the wrong form" in _refusal(FORMER, slipped.encode())
    assert _read(FORMER, slipped.replace("Acorn", "Loom").encode())["exit_date"].to_list() == [None]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PAGE.replace("Industry", "Sector"), "0 tables have the columns Company, Valuation"),
        (PAGE.replace("</body>", PAGE.partition("<body>")[2].partition("</body>")[0] + "</body>"), "2 tables have the columns"),
        (PAGE.replace("<td>Robots</td>", ""), "row 2: 5 cells, expected 6"),
        (PAGE.replace("<td>Robots</td>", '<td rowspan="2">Robots</td>'), "row 2: 6 cells, expected 6 of one row and column each"),
        (PAGE[: PAGE.index("Apex")], "the page has no end"),
    ],
)
def test_a_page_that_changed_is_refused(content: str, said: str) -> None:
    assert said in _refusal(CURRENT, content.encode())


def test_an_error_page_and_a_page_in_another_encoding_are_refused() -> None:
    assert "0 tables have the columns" in _refusal(CURRENT, HTML_ERROR)
    assert "is not UTF-8" in _refusal(CURRENT, PAGE.replace("Acme", "Señal").encode("latin-1"))
    assert _refusal(CURRENT, PAGE.encode("utf-16"))


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("table", "file", "rows"),
    [(CURRENT, "wikipedia_unicorns_20250619.csv", 695), (FORMER, "wikipedia_former_unicorns_20250619.csv", 204)],
)
def test_recorded_tables_of_wikipedia_and_damaged_copies_of_them(recordings: Path, table: Table, file: str, rows: int) -> None:
    content = (recordings / "unicorns" / file).read_bytes()
    assert _is_accepted(table, content)
    assert _read(table, content).height == rows
    for kind, damaged in damaged_csv(content, "utf-8", "Country").items():
        assert not _is_accepted(table, damaged), kind


# CB Insights.

# Hand-made: invented companies, in the shape of the upstream file.
CB_HEADER = ",".join(cb_insights.HEADER) + "\n"
CB_ROW = 'Acme,$1.50 ,2/24/2022,China,Hunan,Artificial Intelligence,"Oak Capital, Elm",2015,$1.5B,None,37,3,None\n'
CB_SLID = 'FTX,$32 ,7/20/2021,Bahamas,Fintech,"Oak Capital, Elm",None,None,None,Acq,None,3,1\n'


def _cb(*rows: str) -> pl.DataFrame:
    return _read(_only(cb_insights.SOURCE), (CB_HEADER + "".join(rows)).encode())


def test_a_unicorn_of_cb_insights_keeps_its_place_as_printed() -> None:
    assert _cb(CB_ROW).row(0, named=True) == {
        "company": "Acme",
        "country": "China",
        "place": "Hunan",
        "industry": "Artificial intelligence",
        "valuation_usd_bn": 1.5,
        "unicorn_on": "2022-02-24",
        "founded_year": 2015,
        "raised_usd": 1.5e9,
        "investors": "Oak Capital, Elm",
        "investors_count": 37,
        "source_row": 2,
    }


def test_companies_known_to_lack_a_city_have_their_industry_and_investors_put_in_order() -> None:
    (row,) = _cb(CB_SLID).rows(named=True)
    assert (row["place"], row["industry"], row["investors"]) == (None, "Fintech", "Oak Capital, Elm")
    assert (row["founded_year"], row["raised_usd"], row["investors_count"]) == (None, None, None)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (CB_SLID.replace("FTX", "Apex"), "row 2, column industry: 'Oak Capital, Elm' is not in the vocabulary"),
        (CB_ROW.replace("$1.50", "1.50 EUR"), "row 2, column valuation_usd_bn: '1.50 EUR' is not a number"),
        (CB_ROW.replace("2/24/2022", "24/2/2022"), "row 2, column unicorn_on: '24/2/2022' has the wrong form"),
        (CB_ROW.replace("$1.5B", "$1.5T"), "row 2, column raised_usd: '$1.5T' is not a number"),
        (CB_ROW + CB_ROW, "row 3, column company, unicorn_on: 'Acme', '2022-02-24' occurs more than once"),
    ],
)
def test_a_unicorn_of_cb_insights_out_of_form_is_refused(rows: str, said: str) -> None:
    assert said in _refusal(_only(cb_insights.SOURCE), (CB_HEADER + rows).encode())


@pytest.mark.recorded
def test_recorded_unicorns_of_cb_insights_and_damaged_copies_of_them(recordings: Path) -> None:
    content = (recordings / "unicorns" / "cbinsights_2022-03_ClincieB.csv").read_bytes()
    table = _only(cb_insights.SOURCE)
    frame = _read(table, content)
    assert frame.height == table.rows[0]
    assert sorted(frame.filter(pl.col("place").is_null())["company"]) == sorted(cb_insights.SLID)
    assert not frame["investors"].str.contains("DiCaprio").any()
    for kind, damaged in damaged_csv(content, "utf-8", "Industry").items():
        assert not _is_accepted(table, damaged), kind
