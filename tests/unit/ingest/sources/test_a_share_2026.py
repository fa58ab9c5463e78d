"""Companies listed in mainland China: invented rows in the format of the upstream, and the recorded files."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import a_share_2026
from tests.support.parsing import csv_file, read, refusal
from tests.support.workbook import workbook

COMPANIES, LISTINGS = a_share_2026.SOURCE.tables
SEAT = ("300001.SZ", "杭州样例科技股份有限公司", "SZSE", "9000", "浙江", "杭州市", "简介", "328", "主营")
LISTING = {
    "ts_code": "300001.SZ", "symbol": "300001", "name": "样例科技", "area": "浙江", "industry": "软件服务", "cnspell": "YLKJ",
    "market": "创业板", "list_date": "20091030", "act_ent_type": "民营企业",
}  # fmt: skip


def companies(*rows: tuple[str | None, ...]) -> bytes:
    return workbook([a_share_2026.COMPANIES_HEADER, *rows])


def listings(*changes: dict[str, str], person: str | None = None) -> bytes:
    extra = {} if person is None else {a_share_2026.PERSON: person}
    rows = [LISTING | extra | change for change in changes]
    return csv_file([*a_share_2026.LISTINGS_HEADER, *extra], *rows)


@pytest.mark.slow
def test_company_has_its_registered_seat() -> None:
    assert read(COMPANIES, companies(SEAT)).rows() == [("300001.SZ", "杭州样例科技股份有限公司", "SZSE", "浙江", "杭州市", 2)]


def test_company_registered_abroad_has_no_province() -> None:
    abroad = ("688001.SH", None, "SSE", "7", None, "Grand Cayman", "简介", "10", "主营")
    assert read(COMPANIES, companies(abroad)).select("company_zh", "region", "place").rows() == [(None, None, "Grand Cayman")]


def test_renamed_column_of_companies_is_refused() -> None:
    header = [*a_share_2026.COMPANIES_HEADER[:1], "名称", *a_share_2026.COMPANIES_HEADER[2:]]
    assert "row 1, column 公司名称: column 2 is called '名称'" in refusal(COMPANIES, workbook([header, SEAT]))


def test_listing_has_date_board_and_owner() -> None:
    assert read(LISTINGS, listings({})).rows() == [
        ("300001.SZ", "样例科技", "浙江", "软件服务", "ChiNext", "2009-10-30", "private", 2)
    ]


def test_controlling_person_never_leaves_the_parser() -> None:
    frame = read(LISTINGS, listings({}, person="张样例"))
    assert frame.equals(read(LISTINGS, listings({})))


@pytest.mark.parametrize(
    ("printed", "name"),
    [("*ST样例", "样例"), ("退市样例", "样例"), ("样例Ａ", "样例"), ("样例-UW", "样例"), ("样例ST", "样例ST")],
)
def test_marks_of_shares_are_no_part_of_the_name(printed: str, name: str) -> None:
    assert read(LISTINGS, listings({"name": printed}))["name_zh"].to_list() == [name]


def test_area_is_a_name_that_places_are_known_by() -> None:
    assert read(LISTINGS, listings({"area": "内蒙"}))["area"].to_list() == ["内蒙古"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"market": "新三板"}, "row 2, column board: '新三板' is not in the vocabulary"),
        ({"act_ent_type": "张样例"}, "row 2, column owner_type: '张样例' is not in the vocabulary"),
        ({"list_date": "2009-30-10"}, "row 2, column listed_on: '2009-30-10' has the wrong form"),
        ({"ts_code": "300001.HK"}, "row 2, column ticker: '300001.HK' has the wrong form"),
    ],
)
def test_malformed_listing_is_refused(change: dict[str, str], problem: str) -> None:
    assert problem in refusal(LISTINGS, listings(change))


def test_recorded_companies_and_listings_are_as_many_as_known(recordings: Path) -> None:
    folder = recordings / "a_share_2026"
    seats = read(COMPANIES, (folder / "listed_company_basic_info.xlsx").read_bytes())
    listed = read(LISTINGS, (folder / "stock_basic_2026-06.csv").read_bytes())
    assert (seats.height, listed.height) == (6_194, 5_524)
    assert dict(seats["exchange"].value_counts().iter_rows()) == {"SZSE": 3_059, "SSE": 2_431, "BSE": 704}
    assert seats.filter(pl.col("region").is_null()).height == 6
    assert listed.join(seats, on="ticker").height == 5_441
    assert (listed["listed_on"].min(), listed["listed_on"].max()) == ("1990-12-01", "2026-05-29")
    assert listed["board"].value_counts(sort=True)["board"].to_list() == [*a_share_2026.BOARDS.values()]
