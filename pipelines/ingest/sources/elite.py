"""China's élite programmes: who was in Project 985, in Project 211 and in the two rounds of Double First-Class.

The Ministry publishes them as pages and a PDF; read here are extracts of those in public repositories, at fixed
commits. What bites: the names are of their time (国防科学技术大学 is 国防科技大学 since 2017; the military medical
universities were renamed, 上海体育学院 is a 大学 since 2023), and the Ministry's 211 list counts the two halves of
中国石油大学 and of 中国地质大学 once, hence 112 of the 116 often quoted. No city is given, and a name does not always
tell: North China Electric Power University sits in Beijing and Baoding, China University of Petroleum in Qingdao and
Beijing, Mining and Technology in Xuzhou and Beijing, Geosciences in Wuhan and Beijing; Harbin Institute of Technology
and Shandong University also have campuses in Weihai. The Ministry's list of institutions gives the seat. The 95
universities of 2017 with first-class disciplines only are not in the extract.
"""

from functools import partial
from urllib.parse import quote

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

UNAPPLY = "https://raw.githubusercontent.com/ieduer/unapply/055dfc71bc25bae462eeda2d3bca7f37a3854ece/data/research/"
EDUCATION_DATA = "https://raw.githubusercontent.com/DaoSword/China-Education-Data/6d4468b2d3ec31117066346f4ceeb81761860fad/"
AT_985 = UNAPPLY + "moe_985_list.2026-04-21.csv"
AT_211 = UNAPPLY + "moe_211_list.2026-04-21.csv"
AT_ROUND_2 = UNAPPLY + "double_first_class_round2_raw.2026-04-21.csv"
AT_ROUND_1 = EDUCATION_DATA + quote("数据收集-高等教育/01-数据源/02-分类名单/中国教育在线-第一轮双一流大学名单.csv")

HEADER = ["schoolName", "sourceTitle", "sourceUrl", "sourceDate", "notes"]
HEADER_ROUND_2 = ["schoolName", "disciplinesRaw", "doubleFirstClassRound", "sourceTitle", "sourceUrl", "sourceDate", "notes"]
HEADER_ROUND_1 = ["序号", "学校名称", "轮次", "类别"]
TITLE_985 = "“985工程”学校名单 - 教育部"
TITLE_211 = "“211工程”学校名单 - 教育部"
OWN_CHOICE = "（自主确定建设学科并自行公布）"  # Peking and Tsinghua choose and announce their own


def _university() -> dy.String:
    return dy.String(
        primary_key=True,
        regex=r"^[\u4e00-\u9fff]+(（[\u4e00-\u9fff]+）)?$",
        metadata=doc("Chinese name, as on the list.", "Write the Chinese name"),
    )


class Project985(dy.Schema):
    """One row per university of Project 985."""

    university = _university()


class Project211(dy.Schema):
    """One row per university of Project 211; two names stand for two universities each."""

    university = _university()


class DoubleFirstClass(dy.Schema):
    """One row per university of the second round of Double First-Class (2022)."""

    university = _university()
    disciplines = dy.String(
        nullable=True,
        regex=r"^[\u4e00-\u9fff]+(\|[\u4e00-\u9fff]+)*$",
        metadata=doc(
            "Disciplines supported, separated by |; empty where the university announces its own.", "Chinese names with |"
        ),
    )


class DoubleFirstClass2017(dy.Schema):
    """One row per first-class university of the first round of Double First-Class (2017)."""

    university = _university()
    category = dy.Enum(["A类", "B类"], nullable=False, metadata=doc("A: 36 universities; B: six."))


def parse_project(content: bytes, title: str) -> pl.DataFrame:
    """The members of Project 985 or 211; every row must say that it is from the list of this ``title``."""
    return _members(csv_rows(content, HEADER), "sourceTitle", title).select(university="schoolName", source_row="source_row")


def parse_round_2(content: bytes) -> pl.DataFrame:
    """Disciplines were copied from a PDF: its line breaks, now blanks within names, are taken out."""
    rows = _members(csv_rows(content, HEADER_ROUND_2), "doubleFirstClassRound", "2")
    for row in rows.filter(pl.col("disciplinesRaw").is_null())["source_row"]:
        raise refuse("is empty", f"The list says {OWN_CHOICE} where there are none", row=row, column="disciplinesRaw")
    listed = pl.col("disciplinesRaw").str.replace_all(r"\s", "")
    return rows.select(
        pl.col("schoolName").alias("university"),
        pl.when(listed != OWN_CHOICE).then(listed.str.replace_all("、", "|", literal=True)).alias("disciplines"),
        "source_row",
    )


def parse_round_1(content: bytes) -> pl.DataFrame:
    rows = _members(csv_rows(content, HEADER_ROUND_1), "轮次", "第一轮")
    return rows.select(university="学校名称", category="类别", source_row="source_row")


def _members(rows: pl.DataFrame, column: str, expected: str) -> pl.DataFrame:
    """The rows, each of which must name the list it is from."""
    for value, row in rows.select(column, "source_row").iter_rows():
        if value != expected:
            raise refuse(f"{value!r} where every row says {expected!r}", "Look whether a cell was moved", row=row, column=column)
    return rows


SOURCE = Source(
    name="elite",
    title="Project 985, Project 211 and Double First-Class",
    publisher="Ministry of Education of the People's Republic of China",
    landing_page="https://www.moe.gov.cn/srcsite/A22/s7065/202202/t20220211_598710.html",
    licence="Chinese government lists; extracts under MIT (985, 211, second round) or without a licence (first round)",
    licence_class="terms",
    citation="教育部，“985工程”学校名单、“211工程”学校名单、“双一流”建设高校名单（2017、2022）",
    cadence="once",
    tables=(
        Table("project_985", Project985, (39, 39), partial(parse_project, title=TITLE_985), (AT_985,), is_final=True),
        Table("project_211", Project211, (112, 112), partial(parse_project, title=TITLE_211), (AT_211,), is_final=True),
        Table("double_first_class", DoubleFirstClass, (147, 147), parse_round_2, (AT_ROUND_2,), is_final=True),
        Table("double_first_class_2017", DoubleFirstClass2017, (42, 42), parse_round_1, (AT_ROUND_1,), is_final=True),
    ),
)
