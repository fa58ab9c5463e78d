"""Read the members of China's elite programmes: Project 985, Project 211 and both rounds of Double First-Class.

The Ministry of Education publishes the lists as pages and a PDF; this module reads extracts of them from public
repositories, at fixed commits. Names are those of their time: 国防科学技术大学 is 国防科技大学 since 2017, the military
medical universities were renamed, and 上海体育学院 is a 大学 since 2023. The list of Project 211 counts the two halves of
中国石油大学 and of 中国地质大学 once, hence 112 members instead of the 116 often quoted.

The lists give no city, and a name does not always tell it. North China Electric Power University sits in Beijing and
Baoding, China University of Petroleum in Qingdao and Beijing, Mining and Technology in Xuzhou and Beijing, Geosciences in
Wuhan and Beijing; Harbin Institute of Technology and Shandong University also have campuses in Weihai. The Ministry's list
of institutions gives the seat. The extract lacks the 95 universities of 2017 that have only first-class disciplines.
"""

from functools import partial
from urllib.parse import quote

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.readers.records import refuse_rows
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, fixed_table

UNAPPLY = "https://raw.githubusercontent.com/ieduer/unapply/055dfc71bc25bae462eeda2d3bca7f37a3854ece/data/research/"
EDUCATION_DATA = "https://raw.githubusercontent.com/DaoSword/China-Education-Data/6d4468b2d3ec31117066346f4ceeb81761860fad/"
URL_985 = UNAPPLY + "moe_985_list.2026-04-21.csv"
URL_211 = UNAPPLY + "moe_211_list.2026-04-21.csv"
URL_ROUND_2 = UNAPPLY + "double_first_class_round2_raw.2026-04-21.csv"
URL_ROUND_1 = EDUCATION_DATA + quote("数据收集-高等教育/01-数据源/02-分类名单/中国教育在线-第一轮双一流大学名单.csv")

HEADER = ["schoolName", "sourceTitle", "sourceUrl", "sourceDate", "notes"]
HEADER_ROUND_2 = ["schoolName", "disciplinesRaw", "doubleFirstClassRound", "sourceTitle", "sourceUrl", "sourceDate", "notes"]
HEADER_ROUND_1 = ["序号", "学校名称", "轮次", "类别"]
TITLE_985 = "“985工程”学校名单 - 教育部"
TITLE_211 = "“211工程”学校名单 - 教育部"
#: Stands for the disciplines of Peking and Tsinghua, which choose and announce their own.
OWN_CHOICE = "（自主确定建设学科并自行公布）"


def _university() -> dy.String:
    pattern = r"^[\u4e00-\u9fff]+(（[\u4e00-\u9fff]+）)?$"
    return columns.text("Chinese name, as on the list.", pattern, "Write the Chinese name", primary_key=True)


class Project985(dy.Schema):
    """One row per university of Project 985."""

    university = _university()


class Project211(dy.Schema):
    """One row per university of Project 211; two names stand for two universities each."""

    university = _university()


class DoubleFirstClass(dy.Schema):
    """One row per university of the second round of Double First-Class (2022)."""

    university = _university()
    disciplines = columns.text(
        "Disciplines supported, separated by |; empty if the university announces its own.",
        r"^[\u4e00-\u9fff]+(\|[\u4e00-\u9fff]+)*$",
        "Write Chinese names and separate them with |",
        nullable=True,
    )


class DoubleFirstClass2017(dy.Schema):
    """One row per first-class university of the first round of Double First-Class (2017)."""

    university = _university()
    category = columns.category("A类: 36 universities; B类: six.", ["A类", "B类"])


def parse_project(content: bytes, title: str) -> pl.DataFrame:
    """Return the members of Project 985 or 211; every row must come from the list with this ``title``."""
    return _members(content, HEADER, "sourceTitle", title).select("source_row", university="schoolName")


def parse_round_2(content: bytes) -> pl.DataFrame:
    """Return the second round, without the line breaks of the PDF, which the extract left as blanks within names."""
    rows = _members(content, HEADER_ROUND_2, "doubleFirstClassRound", "2")
    remedy = f"Write {OWN_CHOICE} if the university announces its own disciplines"
    refuse_rows(rows, pl.col("disciplinesRaw").is_null(), "disciplinesRaw", "is empty", remedy)
    listed = pl.col("disciplinesRaw").str.replace_all(r"\s", "")
    disciplines = pl.when(listed != OWN_CHOICE).then(listed.str.replace_all("、", "|", literal=True))
    return rows.select("source_row", university="schoolName", disciplines=disciplines)


def parse_round_1(content: bytes) -> pl.DataFrame:
    return _members(content, HEADER_ROUND_1, "轮次", "第一轮").select("source_row", university="学校名称", category="类别")


def _members(content: bytes, header: list[str], column: str, expected: str) -> pl.DataFrame:
    """Return the rows of a file; each must name the list it comes from in ``column``."""
    rows = csv_rows(content, header)
    problem = f"{{value}} where every row has {expected!r}"
    refuse_rows(rows, pl.col(column).ne_missing(expected), column, problem, "Check whether a cell was moved")
    return rows


SOURCE = Source(
    name="elite",
    title="Project 985, Project 211 and Double First-Class",
    publisher="Ministry of Education of the People's Republic of China",
    landing_page="https://www.moe.gov.cn/srcsite/A22/s7065/202202/t20220211_598710.html",
    licence="Official documents, not protected (Copyright Law of China, article 5); extracts: MIT, first round not stated",
    completeness="census",
    licence_class="open",
    citation="教育部，“985工程”学校名单、“211工程”学校名单、“双一流”建设高校名单（2017、2022）",
    cadence="once",
    tables=(
        fixed_table("project_985", Project985, 39, partial(parse_project, title=TITLE_985), (URL_985,)),
        fixed_table("project_211", Project211, 112, partial(parse_project, title=TITLE_211), (URL_211,)),
        fixed_table("double_first_class", DoubleFirstClass, 147, parse_round_2, (URL_ROUND_2,)),
        fixed_table("double_first_class_2017", DoubleFirstClass2017, 42, parse_round_1, (URL_ROUND_1,)),
    ),
)
