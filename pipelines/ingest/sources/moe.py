"""Read the Ministry of Education's list of regular institutions of higher education, one workbook a year.

A corrected list is uploaded again under another name, that of 2022 five months later, so each year's page is read for its
link. The workbook is BIFF .xls with its header in row 3. A row per province states how many institutions follow. Only the
list of 2017 bears no date. Military universities (such as the National University of Defense Technology in Changsha) and
branch campuses are not listed. The city is a prefecture, or a county directly below a province. The site redirects its
pages from https to http, so what is read may have been changed on the way; the totals stated on the pages guard against
that. This parser has not read the live pages yet.
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
from pipelines.ingest import columns
from pipelines.ingest.readers.workbook import Row, check_header, sheet_rows
from pipelines.ingest.request import Politeness, Request
from pipelines.ingest.source import Get, Source, Table

#: Page of each edition.
PAGES = (
    "https://www.moe.gov.cn/srcsite/A03/moe_634/201706/t20170614_306900.html",
    "https://www.moe.gov.cn/jyb_xxgk/s5743/s5744/A03/202206/t20220617_638352.html",
    "https://www.moe.gov.cn/jyb_xxgk/s5743/s5744/A03/202506/t20250627_1195683.html",
    "https://www.moe.gov.cn/jyb_xxgk/s5743/s5744/202606/t20260618_1441074.html",
)
#: Institutions per edition, as the pages state them.
TOTALS = {2017: 2631, 2022: 2759, 2025: 2919, 2026: 2952}
NAME = "全国普通高等学校名单"
#: Title of the edition of 2017.
UNDATED = f"{NAME}（按学校办学层次和标识码排序）"
HEADER = ("序号", "学校名称", "学校标识码", "主管部门", "所在地", "办学层次", "备注")
#: Names of the columns of HEADER after the running number.
COLUMNS = ("university", "code", "authority", "place", "level", "note")
PROVINCE = re.compile(r"(\w+)（([0-9]{1,5})所）")


class Institutions(dy.Schema):
    """One row per institution and edition of the list."""

    edition = columns.year("Year of the list.", 2017, primary_key=True)
    code = columns.text("The Ministry's code of the institution.", r"^[0-9]{10}$", "Write ten digits", primary_key=True)
    university = columns.text("Chinese name.")
    region = columns.text("Province, municipality or autonomous region under which it is listed.")
    place = columns.text("Location (所在地): prefecture-level city, prefecture or county.")
    authority = columns.text("Ministry or government in charge (主管部门).")
    level = columns.category("Whether it awards bachelor's degrees (本科) or only diplomas (专科).", ["本科", "专科"])
    note = columns.text("Marks private institutions (民办), foreign partnerships and the like; empty if public.", nullable=True)


def find_lists(get: Get) -> Iterator[Request]:
    """Yield the workbook that each page links; raise Refused unless it links exactly one .xls by the list's name."""
    for page in PAGES:
        links = BeautifulSoup(get(Request(page, accepts=("text/html",))), "lxml").select('a[href$=".xls"]')
        urls = {urljoin(page, str(link["href"])) for link in links if NAME in re.sub(r"\s", "", link.get_text())}
        if len(urls) != 1:
            problem = f"{page} links {len(urls)} .xls files called {NAME}, expected one"
            raise refuse(problem, "Open the page and check where the list is linked now")
        yield Request(urls.pop(), accepts=("application/vnd.ms-excel", "application/octet-stream"))


def parse_institutions(content: bytes) -> pl.DataFrame:
    """Return one edition, whose year its title states.

    Raise Refused unless each province has as many rows as it states, and the list as many as its page states.
    """
    rows = sheet_rows(content)
    if len(rows) < 3:
        raise refuse(f"the sheet has only {len(rows)} rows", "Fetch it again; it was cut off, or is another file")
    edition = _edition(rows[1][0])
    check_header(rows[2], HEADER, 3)
    institutions: list[dict[str, Any]] = []
    provinces: list[tuple[str, int, int]] = []  # Name, institutions stated, row.
    for number, row in enumerate(rows[3:], 4):
        if province := _province(row):
            provinces.append((*province, number))
        elif provinces and row[0] == str(len(institutions) + 1):
            origin = {"edition": edition, "region": provinces[-1][0], "source_row": number}
            institutions.append(dict(zip(COLUMNS, row[1:], strict=True)) | origin)
        else:
            problem = f"{row[0]!r} is neither a province with its count nor institution number {len(institutions) + 1}"
            raise refuse(problem, "Check whether a row was lost, moved or added", row=number, column=HEADER[0])
    _check_counts(Counter(institution["region"] for institution in institutions), provinces, edition)
    return pl.DataFrame(institutions, infer_schema_length=None)


def _edition(title: str | None) -> int:
    squeezed = re.sub(r"\s", "", title or "")
    if squeezed == UNDATED:
        return 2017
    dated = re.fullmatch(rf"{NAME}（截至([0-9]{{4}})年[0-9]+月[0-9]+日）", squeezed)
    if not dated:
        raise refuse(f"{title!r} is not the title of the list", "Open the file and check what it holds", row=2)
    edition = int(dated.group(1))
    if edition not in TOTALS:
        raise refuse(f"no total is on record for {edition}", "Add the total that the page states to TOTALS", row=2)
    return edition


def _province(row: Row) -> tuple[str, int] | None:
    name, *others = row
    stated = PROVINCE.fullmatch(name or "")
    return (stated.group(1), int(stated.group(2))) if stated and not any(others) else None


def _check_counts(listed: Counter[str], provinces: list[tuple[str, int, int]], edition: int) -> None:
    for name, stated, row in provinces:
        # The list of 20 June 2025, as first uploaded, states 27 for Hainan but lists 28, and its total counts 28.
        if listed[name] != stated and (edition, name, stated, listed[name]) != (2025, "海南省", 27, 28):
            problem = f"{name} states {stated} institutions, {listed[name]} follow"
            raise refuse(problem, "Check which were lost or added", row=row)
    if listed.total() != TOTALS[edition]:
        raise refuse(f"the list of {edition} has {listed.total()} institutions, not {TOTALS[edition]}", "Fetch it again")


SOURCE = Source(
    name="moe",
    title="List of regular institutions of higher education",
    publisher="Ministry of Education of the People's Republic of China",
    landing_page=PAGES[-1],
    licence="Official document, not protected (Copyright Law of China, article 5)",
    completeness="census",
    licence_class="open",
    citation="教育部，全国普通高等学校名单，2017、2022、2025、2026 年版",
    cadence="yearly",
    subjects=("universities",),
    priority=3,
    tables=(Table("institutions", Institutions, (8_309, 11_261), parse_institutions, find_lists),),
    politeness=Politeness(allows_plain_http=True),
)
