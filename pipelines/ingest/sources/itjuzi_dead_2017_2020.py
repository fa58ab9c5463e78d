"""Read Chinese companies that closed in 2017–2020, from IT桔子's list of dead companies.

Others collected the list year by year and published four files without a licence: GBK, without a header, and each named
after a fourth quarter although it holds the whole year. A recording joins them under a header. How many closures are listed
follows the attention of the site, which looks at Beijing most. A place is a province, a municipality, a region or a
continent, never a city. Days of founding are the first of a month, since only the month is known. The 35 companies that
stand twice are kept as printed. A company that was bought (已被收购) has closed as an independent one.
"""

from urllib.parse import quote

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows, day_in, not_html
from pipelines.ingest.source import Source, fixed_table

COMMIT = "115dc1b35d9475b6fb2fd8d87651d8e27a686728"
URLS = tuple(
    f"https://raw.githubusercontent.com/isxrh/Crawling-and-Analysis-of-dead-company-data/{COMMIT}/datas/"
    + quote(f"{year}年第四季度.csv")
    for year in (17, 18, 19, 20)
)
COLUMNS = ["company", "lived", "founded", "closed", "industry", "province", "funding_status"]
DAY = r"^(?<y>[0-9]{4})/(?<m>[0-9]{1,2})/(?<d>[0-9]{1,2})$"
INDUSTRIES = [
    "电子商务", "企业服务", "金融", "本地生活", "文娱传媒", "教育", "游戏", "社交网络", "汽车交通", "医疗健康", "工具软件",
    "旅游", "广告营销", "房产服务", "智能硬件", "新工业", "体育运动", "物流", "农业",
]  # fmt: skip
STATUSES = [
    "尚未获投", "不明确", "种子轮", "天使轮", "Pre-A轮", "A轮", "A+轮", "Pre-B轮", "B轮", "B+轮", "C轮", "C+轮", "D轮", "D+轮",
    "E轮", "战略投资", "新三板", "已上市", "已退市", "已被收购",
]  # fmt: skip


class Companies(dy.Schema):
    """One row per company that closed."""

    company = columns.text("Product or company, as printed.")
    founded = columns.day("First day of the month of founding.", r"^(19|20)[0-9][0-9]-[0-9][0-9]-01$")
    closed = columns.day("Day of closing; often the end of the year.", r"^20(1[0-9]|2[01])-[0-9][0-9]-[0-9][0-9]$")
    industry = columns.category("Sector.", INDUSTRIES)
    province = columns.text("Province, municipality or region; a continent if abroad.")
    funding_status = columns.category(
        "Last round; never funded (尚未获投), unclear (不明确), listed, delisted or bought.", STATUSES
    )

    founded_is_not_after_closed = columns.rule(pl.col("founded") <= pl.col("closed"))


def parse_companies(content: bytes) -> pl.DataFrame:
    """Return every row of one published file, or of the recording of all four."""
    not_html(content)
    if content.startswith(b"company,"):
        rows = csv_rows(content, [*COLUMNS, "file_year"])
    else:
        headed = csv_rows(",".join(COLUMNS).encode() + b"\n" + content, COLUMNS, encoding="gbk")
        rows = headed.with_columns(pl.col(ROW) - 1)
    return rows.with_columns(day_in(name, DAY).alias(name) for name in ("founded", "closed"))


SOURCE = Source(
    name="itjuzi_dead_2017_2020",
    title="IT桔子: companies closed 2017–2020",
    publisher="IT桔子, by way of isxrh/Crawling-and-Analysis-of-dead-company-data",
    landing_page="https://www.itjuzi.com/deathCompany",
    licence="None stated; collected from a site that reserves its rights",
    licence_class="restricted",
    citation=f"IT桔子 (itjuzi.com), closed companies, as in isxrh/Crawling-and-Analysis-of-dead-company-data at {COMMIT[:7]}",
    cadence="once",
    subjects=("companies",),
    priority=6,
    tables=(fixed_table("companies", Companies, 3_732, parse_companies, URLS, CSV_TYPES),),
)
