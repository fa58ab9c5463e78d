"""National Bureau of Statistics: a hand-made sheet, and the recorded exports."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import nbs
from tests.support.parsing import read, refusal
from tests.support.workbook import workbook

(GDP,) = nbs.SOURCE.tables
EARLIER: list[str | None] = [None] * 18
HEADER: list[str | None] = ["地区", *(f"{year}年" for year in nbs.YEARS)]
BEIJING: list[str | None] = ["北京", None, "28014.94", *EARLIER]
SHENZHEN: list[str | None] = ["深圳", None, "22490.06", *EARLIER[1:], "1436.51"]
TITLES: list[list[str | None]] = [[title] for title in nbs.TITLES]
SHEET = [*TITLES, HEADER, BEIJING, SHENZHEN, [nbs.END]]


def test_filled_cells_become_rows() -> None:
    assert read(GDP, workbook(SHEET)).rows() == [
        ("北京", 2017, 28014.94, 5),
        ("深圳", 2017, 22490.06, 6),
        ("深圳", 1999, 1436.51, 6),
    ]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["数据库：分省年度数据"], *SHEET[1:]], "row 1: the row is not '数据库：主要城市年度数据'"),
        ([SHEET[0], ["指标：国内生产总值(万元)"], *SHEET[2:]], "row 2: the row is not"),
        ([*TITLES, ["地区", "2017年", *HEADER[2:]], *SHEET[4:]], "row 4, column 2018年: column 2 is called '2017年'"),
        ([*SHEET[:4], ["北京", None, "一", *EARLIER], *SHEET[5:]], "row 5, column gdp_100m_cny: '一' is not a number"),
        ([*SHEET[:5], *SHEET[4:]], "'北京', 2017 occurs more than once"),
        (SHEET[:-1], f"row 6: the sheet does not end with '{nbs.END}'"),
        (SHEET[:2], "row 3: the row is not"),
    ],
)
def test_changed_sheet_is_refused(rows: list[list[str | None]], problem: str) -> None:
    assert problem in refusal(GDP, workbook(rows))


def test_recorded_figures_are_those_published(recordings: Path) -> None:
    folder = recordings / "nbs_major_cities"
    gdp = read(GDP, (folder / "nbs_36cities_gdp_1999_2018.xls").read_bytes())
    assert (gdp.height, gdp["place"].n_unique(), gdp["year"].min(), gdp["year"].max()) == (618, 36, 1999, 2017)
    assert gdp.filter(place="深圳", year=2017)["gdp_100m_cny"].to_list() == [22490.06]
