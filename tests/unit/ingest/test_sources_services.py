"""Services and denominators: what each upstream holds, and what damaged copies of it are refused for."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.sources import amac, census, gawc, nbs, pcaob
from tests.support.corruption import HTML_ERROR
from tests.support.workbook import workbook

SOURCES = (gawc, amac, pcaob, census, nbs)
TABLES = {(module.SOURCE.name, table.name): table for module in SOURCES for table in module.SOURCE.tables}
GDP = "nbs_major_cities/nbs_36cities_gdp_1999_2018.xls"
INDICATORS = "nbs_major_cities/nbs_35cities_2017_indicators.csv"
CENSUS = "census_china/derived_nogeom.csv"
GAWC = "gawc_2020/da31_gnc2020.xlsx"


def _read(source: str, table: str, content: bytes) -> pl.DataFrame:
    chosen = TABLES[source, table]
    return conform(chosen.parse(content), chosen.contract)


def _refusal(source: str, table: str, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        _read(source, table, content)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


# --- GaWC: a hand-made sheet

CITIES: list[list[str | None]] = [
    list(gawc.HEADER),
    ["1", "London", "United Kingdom", "200", "100"],
    ["2", "San Jose (California)", "U.S.", "50", "25.5"],
]


def test_cities_are_kept_as_printed() -> None:
    assert _read("gawc", "connectivity", workbook(CITIES)).rows() == [
        ("London", "United Kingdom", 200, 100.0, 2),
        ("San Jose (California)", "U.S.", 50, 25.5, 3),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([CITIES[0], CITIES[2]], "row 2, column Rank: '2' where rank 1 follows"),
        ([CITIES[0], ["1", None, "London", "200", "100"]], "row 2, column city: is empty"),
        ([[*CITIES[0][:4], "GNC"], CITIES[1]], "row 1, column GNC_rel(%): column 5 is called 'GNC'"),
        ([[*CITIES[0], "Notes"], CITIES[1]], "row 1: unknown columns: Notes"),
        ([CITIES[0], ["1", "London", "United Kingdom", "many", "100"]], "row 2, column connectivity: 'many' is not a"),
    ],
)
def test_a_changed_sheet_of_cities_is_refused(rows: list[list[str | None]], words: str) -> None:
    assert words in _refusal("gawc", "connectivity", workbook(rows))


@pytest.mark.recorded
def test_recorded_connectivity(recordings: Path) -> None:
    rows = _read("gawc", "connectivity", (recordings / GAWC).read_bytes())
    assert rows.height == 707
    assert rows.filter(country="China").height == 110
    assert rows.head(3)["city"].to_list() == ["London", "New York (New York)", "Hong Kong"]


# --- NBS: a hand-made sheet and table

EARLIER: list[str | None] = [None] * 18
TITLES: list[list[str | None]] = [[title] for title in nbs.TITLES]
GROSS: list[list[str | None]] = [
    *TITLES,
    ["地区", *(f"{year}年" for year in nbs.YEARS)],
    ["北京", None, "28014.94", *EARLIER],
    ["深圳", None, "22490.06", *EARLIER[1:], "1436.51"],
    [nbs.END],
]


def test_filled_cells_become_rows() -> None:
    assert _read("nbs", "gdp", workbook(GROSS)).rows() == [
        ("北京", 2017, 28014.94, 5),
        ("深圳", 2017, 22490.06, 6),
        ("深圳", 1999, 1436.51, 6),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["数据库：分省年度数据"], *GROSS[1:]], "row 1: the sheet does not say '数据库：主要城市年度数据'"),
        ([*GROSS[:1], ["指标：国内生产总值(万元)"], *GROSS[2:]], "row 2: the sheet does not say"),
        ([*GROSS[:3], ["地区", "2017年", *GROSS[3][2:]], *GROSS[4:]], "row 4, column 2018年: column 2 is called '2017年'"),
        ([*GROSS[:4], ["北京", None, "一", *EARLIER], *GROSS[5:]], "row 5, column gdp_100m_cny: '一' is not a number"),
        ([*GROSS[:5], *GROSS[4:]], "'北京', 2017 occurs more than once"),
        (GROSS[:-1], f"row 6: the sheet does not end with '{nbs.END}'"),
        (GROSS[:2], "row 3: the sheet does not say"),
    ],
)
def test_a_changed_sheet_of_gross_products_is_refused(rows: list[list[str | None]], words: str) -> None:
    assert words in _refusal("nbs", "gdp", workbook(rows))


@pytest.mark.recorded
def test_recorded_figures_of_cities(recordings: Path) -> None:
    gross = _read("nbs", "gdp", (recordings / GDP).read_bytes())
    assert (gross.height, gross["place"].n_unique(), gross["year"].min(), gross["year"].max()) == (618, 36, 1999, 2017)
    assert gross.filter(place="深圳", year=2017)["gdp_100m_cny"].to_list() == [22490.06]
    indicators = _read("nbs", "indicators_2017", (recordings / INDICATORS).read_bytes())
    assert indicators.filter(place="武汉")["students_10k"].to_list() == [94.7651]
    assert set(gross["place"]) - set(indicators["place"]) == {"拉萨"}


# --- Census: hand-made rows


def _prefecture(is_with_polygon: bool, **changes: str) -> bytes:
    row = dict.fromkeys(census.HEADER, "") | {
        "city": "深圳市",
        "city_code": "440300",
        "province": "广东省",
        "province_code": "440000",
    }
    row |= {"popu_2020": "17560061", "popu_2010": "10423973", "household_2020": "2.25"} | changes
    row |= {"coord": "POLYGON((1 2,3 4))"} if is_with_polygon else {}
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in (row, row.values())).encode()


@pytest.mark.parametrize("is_with_polygon", [True, False])
def test_a_row_becomes_one_per_census_with_or_without_its_polygon(is_with_polygon: bool) -> None:
    rows = _read("census", "prefectures", _prefecture(is_with_polygon))
    assert rows.select("place", "place_code", "region", "year", "population", "household_size", "source_row").rows() == [
        ("深圳市", "440300", "广东省", 2010, 10423973, None, 2),
        ("深圳市", "440300", "广东省", 2020, 17560061, 2.25, 2),
    ]


def test_a_prefecture_that_cannot_be_is_refused() -> None:
    assert "column place_code: '44030' has the wrong form" in _refusal(
        "census", "prefectures", _prefecture(False, city_code="44030")
    )
    assert "column population: '174943980' is above" in _refusal(
        "census", "prefectures", _prefecture(True, popu_2020="174943980")
    )
    moved = _prefecture(False, age_0_14_2020="1749439")
    assert "column age_0_14_pct: '1749439' is above 100" in _refusal("census", "prefectures", moved)


@pytest.mark.recorded
def test_recorded_census(recordings: Path) -> None:
    rows = _read("census", "prefectures", (recordings / CENSUS).read_bytes())
    assert rows.height == 2 * 369
    known = rows.filter(place="深圳市").select("year", "population").rows()
    assert known == [(2010, 10_423_973), (2020, 17_560_061)]


# --- PCAOB: a hand-made archive with an invented partner


def _filing(**changes: str) -> dict[str, str]:
    return {
        "Form Filing ID": "42",
        "Latest Form AP Filing": "1",
        "Firm ID": "1",
        "Firm Name": "KPMG Huazhen LLP",
        "Firm Country": "China",
        "Issuer CIK": "0001329099",
        "Issuer Name": "Baidu, Inc.",
        "Audit Report Type": pcaob.REPORT_TYPES[0],
        "Fiscal Period End Date": "12/31/2023 12:00:00 AM",
        "Engagement Partner Last Name": "Example",
        "Signed Email Address": "someone@example.org",
        "Firm Issuing City": "Beijing",
        "Firm Issuing State": "",
        "Firm Issuing Country": "China",
    } | changes


def _filings(*filings: dict[str, str], member: str = "FirmFilings.csv") -> bytes:
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in (filings[0], *(one.values() for one in filings)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "\ufeff" + text)
    return buffer.getvalue()


def test_a_filing_names_the_office_and_no_person() -> None:
    earlier = _filing(**{"Form Filing ID": "41", "Latest Form AP Filing": "0", "Fiscal Period End Date": "2022-06-30"})
    rows = _read("pcaob", "audit_reports", _filings(_filing(), earlier))
    assert rows.select("filing_id", "is_latest", "place", "region", "country", "fiscal_period_end", "fiscal_year").rows() == [
        ("42", True, "Beijing", None, "China", "2023-12-31", 2023),
        ("41", False, "Beijing", None, "China", "2022-06-30", 2022),
    ]
    assert not any(word in str(cell) for row in rows.rows() for cell in row for word in ("Example", "@"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Latest Form AP Filing": "yes"}, "row 2, column Latest Form AP Filing: 'yes' is neither 0 nor 1"),
        ({"Audit Report Type": "Issuer"}, "row 2, column report_type: 'Issuer' is not in the vocabulary"),
        ({"Fiscal Period End Date": "13/31/2023"}, "row 2, column fiscal_period_end: '2023-13-31' has the wrong form"),
        ({"Fiscal Period End Date": "31 May 2023"}, "row 2, column fiscal_period_end"),
        ({"Issuer CIK": "Baidu, Inc."}, "row 2, column issuer_cik: 'Baidu, Inc.' has the wrong form"),
        ({"Firm Name": ""}, "row 2, column firm: is empty"),
    ],
)
def test_a_filing_that_cannot_be_is_refused(changes: dict[str, str], words: str) -> None:
    assert words in _refusal("pcaob", "audit_reports", _filings(_filing(**changes)))


def test_an_archive_that_changed_is_refused() -> None:
    whole = _filings(_filing())
    renamed = [{name.replace("Firm Issuing City", "City"): cell for name, cell in _filing().items()}]
    assert "row 1, column Firm Issuing City: the column is missing" in _refusal("pcaob", "audit_reports", _filings(*renamed))
    assert "occurs more than once" in _refusal("pcaob", "audit_reports", _filings(_filing(), _filing()))
    assert "0 members called .csv" in _refusal("pcaob", "audit_reports", _filings(_filing(), member="FirmFilings.xml"))
    assert "not readable as ZIP" in _refusal("pcaob", "audit_reports", whole[:200])
    assert "web page" in _refusal("pcaob", "audit_reports", HTML_ERROR)
