"""The Ministry of Education's list of regular institutions of higher education, one workbook a year.

What bites: a list is uploaded again under another name when it was corrected (that of 2022 five months later), so each
year's page is read for its link; the workbook is BIFF .xls with its header in row 3 and a row per province that states
how many institutions follow; only the list of 2017 does not say of when it is. Military universities (the National
University of Defense Technology in Changsha among them) and branch campuses are not listed. A city as the Ministry
writes it is a prefecture, or a county below a province. The pages were not yet seen live.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import dataframely as dy
import polars as pl
from bs4 import BeautifulSoup

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.workbook import Row, check_header, sheet_rows
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get, Source, Table

#: The Ministry's page of each edition read.
PAGES = (
    "https://www.moe.gov.cn/srcsite/A03/moe_634/201706/t20170614_306900.html",
    "https://www.moe.gov.cn/jyb_xxgk/s5743/s5744/A03/202206/t20220617_638352.html",
    "https://www.moe.gov.cn/jyb_xxgk/s5743/s5744/A03/202506/t20250627_1195683.html",
    "https://www.moe.gov.cn/jyb_xxgk/s5743/s5744/202606/t20260618_1441074.html",
)
#: Institutions per edition, as those pages state them.
TOTALS = {2017: 2631, 2022: 2759, 2025: 2919, 2026: 2952}
NAME = "全国普通高等学校名单"
UNDATED = f"{NAME}（按学校办学层次和标识码排序）"  # the edition of 2017
HEADER = ("序号", "学校名称", "学校标识码", "主管部门", "所在地", "办学层次", "备注")
COLUMNS = ("university", "code", "authority", "place", "level", "note")  # of the same, without the running number
PROVINCE = re.compile(r"(\w+)（([0-9]{1,5})所）")


class Institutions(dy.Schema):
    """One row per institution and edition of the list."""

    edition = dy.Int32(primary_key=True, min=2017, metadata=doc("Year of the list."))
    code = dy.String(
        primary_key=True, regex=r"^[0-9]{10}$", metadata=doc("The Ministry's code of the institution.", "Ten digits")
    )
    university = dy.String(nullable=False, metadata=doc("Chinese name."))
    region = dy.String(nullable=False, metadata=doc("Province, municipality or autonomous region it is listed under."))
    place = dy.String(nullable=False, metadata=doc("Where it is (所在地): prefecture-level city, prefecture or county."))
    authority = dy.String(nullable=False, metadata=doc("Ministry or government it answers to (主管部门)."))
    level = dy.Enum(["本科", "专科"], nullable=False, metadata=doc("Awards bachelor's degrees (本科) or diplomas only (专科)."))
    note = dy.String(nullable=True, metadata=doc("Private (民办), run with foreign partners and the like; empty if public."))


def find_lists(get: Get) -> Iterator[Request]:
    """The workbook each page links; raises Refused unless it links exactly one .xls by the list's name."""
    for page in PAGES:
        links = BeautifulSoup(get(Request(page, accepts=("text/html",))), "lxml").select('a[href$=".xls"]')
        found = {urljoin(page, str(link["href"])) for link in links if NAME in re.sub(r"\s", "", link.get_text())}
        if len(found) != 1:
            raise refuse(f"{page} links {len(found)} .xls files called {NAME}, expected one", "Look where the list is linked now")
        yield Request(found.pop(), accepts=("application/vnd.ms-excel", "application/octet-stream"))


def parse_institutions(content: bytes) -> pl.DataFrame:
    """One edition: its year from the title, its rows checked against the number each province and the whole list state."""
    rows = sheet_rows(content)
    if len(rows) < 3:
        raise refuse(f"the sheet holds {len(rows)} rows only", "Fetch it again; it was cut, or is another file")
    edition = _edition(rows[1][0])
    check_header(rows[2], HEADER, 3)
    listed: list[dict[str, Any]] = []
    provinces: list[tuple[str, int, int]] = []  # name, institutions it states, its row
    for number, row in enumerate(rows[3:], 4):
        if group := _province(row):
            provinces.append((*group, number))
        elif provinces and row[0] == str(len(listed) + 1):
            listed.append(
                dict(zip(COLUMNS, row[1:], strict=True)) | {"edition": edition, "region": provinces[-1][0], "source_row": number}
            )
        else:
            problem = f"{row[0]!r} is neither a province with its count nor institution number {len(listed) + 1}"
            raise refuse(problem, "Look whether a row was lost, moved or added", row=number, column=HEADER[0])
    _check_counts(Counter(one["region"] for one in listed), provinces, edition)
    return pl.DataFrame(listed, infer_schema_length=None)


def _edition(title: str | None) -> int:
    squeezed = re.sub(r"\s", "", title or "")
    if squeezed == UNDATED:
        return 2017
    dated = re.fullmatch(rf"{NAME}（截至([0-9]{{4}})年[0-9]+月[0-9]+日）", squeezed)
    if not dated:
        raise refuse(f"{title!r} is not the title of the list", "Open the file and see what it holds", row=2)
    edition = int(dated.group(1))
    if edition not in TOTALS:
        raise refuse(f"no total is on record for {edition}", "Add the one its page states to TOTALS", row=2)
    return edition


def _province(row: Row) -> tuple[str, int] | None:
    name, *others = row
    stated = PROVINCE.fullmatch(name or "")
    return (stated.group(1), int(stated.group(2))) if stated and not any(others) else None


def _check_counts(listed: Counter[str], provinces: list[tuple[str, int, int]], edition: int) -> None:
    for name, stated, row in provinces:
        # The list of 20 June 2025 as first uploaded states 27 for Hainan and lists 28; its own total counts 28.
        if listed[name] != stated and (edition, name, stated, listed[name]) != (2025, "海南省", 27, 28):
            raise refuse(f"{name} states {stated} institutions, {listed[name]} follow", "Look which were lost or added", row=row)
    if listed.total() != TOTALS[edition]:
        raise refuse(f"the list of {edition} holds {listed.total()} institutions, not {TOTALS[edition]}", "Fetch it again")


SOURCE = Source(
    name="moe",
    title="List of regular institutions of higher education",
    publisher="Ministry of Education of the People's Republic of China",
    landing_page=PAGES[-1],
    licence="Chinese government information, no explicit open licence",
    licence_class="terms",
    citation="教育部，全国普通高等学校名单，2017、2022、2025、2026 年版",
    cadence="yearly",
    tables=(Table("institutions", Institutions, (8_309, 11_261), parse_institutions, find_lists),),
)
