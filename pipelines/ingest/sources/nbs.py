"""Read the yearly gross product of 36 major Chinese cities, exported from the query page E0105 of the Bureau of Statistics.

The export comes from a public repository at a fixed commit. In it 2018 was still empty, as are 1999 and 2000 for 31 cities; Lhasa
lacks four years and falls from 33.55 to 18.8 between 1999 and 2001.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.workbook import check_header, sheet_rows
from pipelines.ingest.source import Source, fixed_table

FILES = "https://raw.githubusercontent.com/Dragon1573/Math_Modeling/339816df03218dc8cf256782b48ff1fbdcb23548/Final_Thesis/data/"
TITLES = ("数据库：主要城市年度数据", "指标：国内生产总值(亿元)", "时间：最近20年")
YEARS = range(2018, 1998, -1)
END = "数据来源：国家统计局"


class Gdp(dy.Schema):
    """One row per city and year with a figure."""

    place = columns.text("City, in Chinese without 市.", r"^[\u4e00-\u9fff]{2,4}$", "Write the Chinese name", primary_key=True)
    year = columns.integer("Year.", 1999, 2018, primary_key=True)
    gdp_100m_cny = columns.number("Gross regional product, hundred million yuan at prices of the year.", 10, 40_000)


def parse_gdp(content: bytes) -> pl.DataFrame:
    """Return the filled cells of a table whose rows are cities and whose columns are years."""
    rows = sheet_rows(content)
    for number, title in enumerate(TITLES, 1):
        if len(rows) < number or rows[number - 1][0] != title:
            raise refuse(f"the row is not {title!r}", "Export the gross product of major cities", row=number)
    if rows[-1][0] != END:
        raise refuse(f"the sheet does not end with {END!r}", "Fetch it again; it was cut off", row=len(rows))
    check_header(rows[3], ("地区", *(f"{year}年" for year in YEARS)), 4)
    cells = [
        (row[0], year, cell, number)
        for number, row in enumerate(rows[4:-1], 5)
        for year, cell in zip(YEARS, row[1:], strict=True)
        if cell is not None
    ]
    return pl.DataFrame(cells, schema=[*Gdp.column_names(), "source_row"], orient="row")


SOURCE = Source(
    name="nbs",
    title="Yearly figures of major cities",
    publisher="National Bureau of Statistics of China",
    landing_page="https://data.stats.gov.cn/easyquery.htm?cn=E0105",
    licence="Chinese government information, no explicit open licence",
    licence_class="terms",
    citation="国家统计局，主要城市年度数据",
    cadence="once",
    tables=(fixed_table("gdp", Gdp, 618, parse_gdp, (FILES + "NEA/20_Major_GDP.xls",), ("application/octet-stream",)),),
)
