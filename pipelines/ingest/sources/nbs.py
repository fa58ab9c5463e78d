"""Read yearly figures of 36 major Chinese cities, exported from the query page E0105 of the National Bureau of Statistics.

The exports come from a public repository at a fixed commit. In that of the gross product, 2018 was still empty, as are 1999
and 2000 for 31 cities; Lhasa lacks four years and falls from 33.55 to 18.8 between 1999 and 2001. The indicators of 2017
are in GBK, leave out Lhasa and do not print their units; the units below are the Bureau's. Their population is
registered, not resident.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.readers.workbook import check_header, sheet_rows
from pipelines.ingest.source import Source, Table

FILES = "https://raw.githubusercontent.com/Dragon1573/Math_Modeling/339816df03218dc8cf256782b48ff1fbdcb23548/Final_Thesis/data/"
TITLES = ("数据库：主要城市年度数据", "指标：国内生产总值(亿元)", "时间：最近20年")
YEARS = range(2018, 1998, -1)
END = "数据来源：国家统计局"
INDICATORS = {
    "地区": "place", "年末总人口": "population_10k", "在岗职工平均工资": "wage_cny",
    "房地产开发投资额": "property_investment_100m_cny", "商品房销售面积": "property_sold_10k_m2",
    "商品房平均销售价格": "property_price_cny_m2", "城乡居民储蓄年末余额": "savings_100m_cny", "邮政局数量": "post_offices",
    "社会商品零售总额": "retail_100m_cny", "货物进出口总额": "trade_m_usd", "普通高等学校在校人数": "students_10k",
    "医疗单位数量": "hospitals", "从业医师数量": "doctors_10k",
}  # fmt: skip


def _place() -> dy.String:
    return columns.text("City, in Chinese without 市.", r"^[\u4e00-\u9fff]{2,4}$", "Write the Chinese name", primary_key=True)


class Gdp(dy.Schema):
    """One row per city and year with a figure."""

    place = _place()
    year = columns.integer("Year.", 1999, 2018, primary_key=True)
    gdp_100m_cny = columns.number("Gross regional product, hundred million yuan at prices of the year.", 10, 40_000)


class Indicators2017(dy.Schema):
    """One row per city, 2017."""

    place = _place()
    population_10k = columns.number("Registered population at the end of the year, ten thousands.", 100, 4_000)
    wage_cny = columns.number("Average wage of staff, yuan a year.", 50_000, 200_000)
    property_investment_100m_cny = columns.number("Investment in property development, hundred million yuan.", 100, 10_000)
    property_sold_10k_m2 = columns.number("Commercial property sold, ten thousand square metres.", 100, 10_000)
    property_price_cny_m2 = columns.number("Average price of commercial property, yuan per square metre.", 4_000, 60_000)
    savings_100m_cny = columns.number("Savings of residents at the end of the year, hundred million yuan.", 300, 40_000)
    post_offices = columns.integer("Post offices.", 20, 20_000)
    retail_100m_cny = columns.number("Retail sales, hundred million yuan.", 300, 15_000)
    trade_m_usd = columns.number("Imports and exports of goods, million US dollars.", 300, 600_000)
    students_10k = columns.number("Students of regular institutions of higher education, ten thousands.", 1, 150)
    hospitals = columns.integer("Hospitals.", 20, 2_000)
    doctors_10k = columns.number("Licensed doctors, ten thousands.", 0.1, 20)


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


def parse_indicators(content: bytes) -> pl.DataFrame:
    """Return one row per city."""
    return csv_rows(content, list(INDICATORS), encoding="gbk").rename(INDICATORS)


SOURCE = Source(
    name="nbs",
    title="Yearly figures of major cities",
    publisher="National Bureau of Statistics of China",
    landing_page="https://data.stats.gov.cn/easyquery.htm?cn=E0105",
    licence="Chinese government information, no explicit open licence",
    licence_class="terms",
    citation="国家统计局，主要城市年度数据",
    cadence="once",
    tables=(
        Table("gdp", Gdp, (618, 618), parse_gdp, (FILES + "NEA/20_Major_GDP.xls",), ("application/octet-stream",), is_final=True),
        Table("indicators_2017", Indicators2017, (35, 35), parse_indicators, (FILES + "17_Economic.csv",), is_final=True),
    ),
)
