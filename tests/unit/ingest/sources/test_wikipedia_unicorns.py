"""Wikipedia: invented unicorns, in the markup of the page and as the CSV of a table."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import wikipedia_unicorns
from tests.support.corruption import HTML_ERROR
from tests.support.parsing import read, refusal

CURRENT, FORMER = wikipedia_unicorns.SOURCE.tables
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
CURRENT_CSV = """Company,Valuation (US$ billions),Valuation date,Industry,Country,Founder(s)
Acme [fr],80-90 ,September 2021[13] ,Robots ,Ukraine[46]/United States[47] ,A. Founder[34]
Apex ,1+,06/01/18,,China,
"""
FORMER_CSV = f"""{",".join(wikipedia_unicorns.FORMER)}
Acorn ,1.2,2019[7] ,26 January 2021,"Acquired by Oak
IPO to come ",1.9[8],India ,B. Founder
"""


@pytest.mark.parametrize("content", [PAGE, CURRENT_CSV], ids=["page", "CSV"])
def test_both_formats_give_the_same_unicorns(content: str) -> None:
    frame = read(CURRENT, content.encode())
    assert frame.columns == ["company", "country", "industry", "valuation_usd_bn", "valuation_date", "source_row"]
    assert frame.rows() == [
        ("Acme", "Ukraine/United States", "Robots", 80.0, "2021-09", 2),
        ("Apex", "China", None, 1.0, "2018-06", 3),
    ]


@pytest.mark.parametrize("content", [PAGE, FORMER_CSV], ids=["page", "CSV"])
def test_both_formats_give_the_same_former_unicorns(content: str) -> None:
    assert read(FORMER, content.encode()).rows() == [
        ("Acorn", "India", 1.2, "2019", "2021-01-26", "Acquired by Oak IPO to come", 1.9, 2)
    ]


@pytest.mark.parametrize(
    ("printed", "date"),
    [("July 26, 2023", "2023-07-26"), ("2022 ", "2022"), ("May 2018[1][2]", "2018-05"), ("", None), ("[1]", None)],
)
def test_date_keeps_its_printed_precision(printed: str, date: str | None) -> None:
    content = CURRENT_CSV.replace("06/01/18", f'"{printed}"').encode()
    assert read(CURRENT, content)["valuation_date"].to_list() == ["2021-09", date]


@pytest.mark.parametrize(
    ("printed", "replacement", "problem"),
    [
        ("06/01/18", "06/14/18", "row 3, column valuation_date: '06/14/18' has the wrong form"),
        ("06/01/18", "mid-2018", "row 3, column valuation_date: 'mid-2018' has the wrong form"),
        ("1+", "about 1", "row 3, column valuation_usd_bn: 'about 1' is not a number"),
        ("80-90", "90 million", "row 2, column valuation_usd_bn: '90 million' is not a number"),
        ("Apex", "[5]", "row 3, column company: is empty"),
    ],
)
def test_unknown_form_is_refused_in_both_formats(printed: str, replacement: str, problem: str) -> None:
    for content in (CURRENT_CSV, PAGE):
        assert problem in refusal(CURRENT, content.replace(printed, replacement).encode())


def test_only_loom_may_have_its_industry_as_exit_date() -> None:
    misplaced = FORMER_CSV.replace("26 January 2021", "Video messaging")
    assert "row 2, column exit_date: 'Video messaging' has the wrong form" in refusal(FORMER, misplaced.encode())
    assert read(FORMER, misplaced.replace("Acorn", "Loom").encode())["exit_date"].to_list() == [None]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (PAGE.replace("Industry", "Sector"), "0 tables have the columns Company, Valuation"),
        (PAGE.replace("</body>", PAGE.partition("<body>")[2].partition("</body>")[0] + "</body>"), "2 tables have the columns"),
        (PAGE.replace("<td>Robots</td>", ""), "row 2: 5 cells, expected 6"),
        (PAGE.replace("<td>Robots</td>", '<td rowspan="2">Robots</td>'), "row 2: 6 cells, expected 6 of one row and column each"),
        (PAGE[: PAGE.index("Apex")], "the page has no end"),
    ],
)
def test_changed_page_is_refused(content: str, problem: str) -> None:
    assert problem in refusal(CURRENT, content.encode())


def test_error_page_and_other_encodings_are_refused() -> None:
    assert "0 tables have the columns" in refusal(CURRENT, HTML_ERROR)
    assert "is not UTF-8" in refusal(CURRENT, PAGE.replace("Acme", "Señal").encode("latin-1"))
    assert refusal(CURRENT, PAGE.encode("utf-16"))


def test_recorded_tables_have_their_published_size(recordings: Path) -> None:
    sizes = {CURRENT: ("wikipedia_unicorns_20250619.csv", 695), FORMER: ("wikipedia_former_unicorns_20250619.csv", 204)}
    for table, (file, rows) in sizes.items():
        assert read(table, (recordings / "unicorns" / file).read_bytes()).height == rows
