"""Read people and wealth on Hurun's rich lists of China 2013–2022 and 2024 by head office of their company and year.

The lists of 2013–2022 are kept in a public repository, which is read as one archive at a fixed commit; its lists of 2023 and
2024 print no head office. The rows are people, so the parser counts them at once and keeps neither names nor companies. It
also reads such counts as a table of their own: the recording is one, made from the same lists and from that of 2024 in another
repository. This parser has not read the archive yet.

A list ends at two to five billion yuan, depending on the year, so only shares can be compared across years. Some families
share a row. The lists print head offices as `中国-广东-深圳`, `中国-上海-浦东` and `美国-洛杉矶`, the counts as `广东-深圳`,
`上海` and `美国洛杉矶`.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.records import refuse_rows
from pipelines.ingest.readers.text import CHANGED, CSV_TYPES, csv_rows
from pipelines.ingest.source import Source, Table

URL = "https://codeload.github.com/fangsong007/hurun/zip/385f03d87293394524cc5ad8597196c5c7c6ce51"
TYPES = (*CSV_TYPES, "application/zip")
YEARS = range(2013, 2023)
MEMBER = "/胡润中国排行榜/数据集/{year}年中国富豪榜.csv"
HEAD_OFFICE, WEALTH = "公司总部地", "财富值_人民币/亿元"
HEADER = [
    "姓名", "性别", "年龄", "出生地", "学历", "公司名称", HEAD_OFFICE, "公司总部地_英文", "所在行业", "排名", "排名变化", WEALTH,
    "财富值变化",
]  # fmt: skip
COUNTS_HEADER = ["year", "hq", "people", "wealth_100m_cny"]
#: Country before a city, with or without a hyphen between them.
_ABROAD = r"^(美国|英国|印度尼西亚)-?(.+)$"

#: A list ends at no less wealth than this, hundred million yuan; a couple may share it.
LEAST_WEALTH = 18


class HeadOffices(dy.Schema):
    """One row per year of the list and head office."""

    year = columns.integer("Year of the list.", 2013, 2024, primary_key=True)
    head_office = columns.text("Head office, as printed without 中国-.", primary_key=True)
    region = columns.text("Its province or country, where printed before a city.", nullable=True)
    place = columns.text("Its city; or province or country, if no more is printed.")
    people = columns.integer("People on the list, as many as rows.", 1, 2_000)
    wealth_100m_cny = columns.number("Their wealth, hundred million yuan (亿元).", 0, 200_000)

    wealth_100m_cny_is_that_of_as_many_people_on_the_list = columns.rule(
        pl.col("wealth_100m_cny") >= LEAST_WEALTH * pl.col("people")
    )


def parse_head_offices(content: bytes) -> pl.DataFrame:
    """Return the counts of an archive of lists, or of a table of counts."""
    if content.startswith(b"PK"):
        counts = pl.concat(_count(zip_member(content, MEMBER.format(year=year)), year) for year in YEARS)
    else:
        counts = csv_rows(content, COUNTS_HEADER).rename({"hq": "head_office"})
    abroad = pl.col("head_office").str.replace(_ABROAD, "$1-$2").str.splitn("-", 2)
    first, second = abroad.struct.field("field_0"), abroad.struct.field("field_1")
    return counts.with_columns(region=pl.when(second.is_not_null()).then(first), place=pl.coalesce(second, first))


def _count(content: bytes, year: int) -> pl.DataFrame:
    """Return people and wealth by head office in the list of one year; the row is that of the first of them."""
    rows = csv_rows(content, HEADER)
    is_wrong = pl.col(WEALTH).cast(pl.Float64, strict=False).is_null()
    refuse_rows(rows, is_wrong, WEALTH, f"{{value}} in the list of {year} is not a number", CHANGED)
    head_office = pl.col(HEAD_OFFICE).str.strip_prefix("中国-").alias("head_office")
    counted = rows.group_by(head_office, maintain_order=True).agg(
        pl.len().alias("people"), pl.col(WEALTH).cast(pl.Float64).sum().alias("wealth_100m_cny"), pl.col(ROW).first()
    )
    return counted.with_columns(year=pl.lit(year))


SOURCE = Source(
    name="hurun_rich_list",
    title="Hurun China Rich List by head office",
    publisher="Hurun Research Institute, as kept in fangsong007/hurun and Tianu-Laqian/DPv1",
    landing_page="https://www.hurun.net/zh-CN/Rank/HsRankDetails?pagetype=rich",
    licence="none stated; the lists are Hurun's property",
    licence_class="restricted",
    citation="Hurun Research Institute, China Rich List 2013–2022 and 2024",
    cadence="once",
    tables=(Table("head_offices", HeadOffices, (1_885, 2_600), parse_head_offices, (URL,), TYPES, is_final=True),),
)
