"""Hurun's rich list: invented people in the format of the upstream, and the recorded counts."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import hurun_rich_list
from tests.support.parsing import csv_file, read, refusal, zipped

(HEAD_OFFICES,) = hurun_rich_list.SOURCE.tables
PEOPLE = [
    {"姓名": "甲样例", "公司名称": "样例科技", "公司总部地": "中国-广东-深圳", "财富值_人民币/亿元": "1350.0"},
    {"姓名": "乙样例", "公司名称": "样例电子", "公司总部地": "中国-上海-浦东", "财富值_人民币/亿元": "100"},
    {"姓名": "丙样例", "公司名称": "样例科技", "公司总部地": "中国-广东-深圳", "财富值_人民币/亿元": "150.5"},
    {"姓名": "丁样例", "公司名称": "样例软件", "公司总部地": "美国-旧金山", "财富值_人民币/亿元": "90"},
]


def lists(people: list[dict[str, str]]) -> bytes:
    """Return an archive with the list of 2013, and lists of one person for the other years."""
    members = {}
    for year in hurun_rich_list.YEARS:
        name = "hurun-1" + hurun_rich_list.MEMBER.format(year=year)
        members[name] = csv_file(hurun_rich_list.HEADER, *(people if year == 2013 else people[:1]))
    return zipped(members)


def counts(*offices: tuple[str, str]) -> bytes:
    rows = [{"year": "2024", "hq": office, "people": people, "wealth_100m_cny": "60"} for office, people in offices]
    return csv_file(hurun_rich_list.COUNTS_HEADER, *rows)


def test_people_are_counted_by_head_office_and_year() -> None:
    frame = read(HEAD_OFFICES, lists(PEOPLE))
    assert frame.filter(year=2013).rows() == [
        (2013, "广东-深圳", "广东", "深圳", 2, 1500.5, 2),
        (2013, "上海-浦东", "上海", "浦东", 1, 100.0, 3),
        (2013, "美国-旧金山", "美国", "旧金山", 1, 90.0, 5),
    ]
    assert frame.height == 3 + 9


def test_no_person_or_company_leaves_the_parser() -> None:
    text = read(HEAD_OFFICES, lists(PEOPLE)).write_csv()
    assert "样例" not in text


@pytest.mark.parametrize(
    ("printed", "region", "place"),
    [
        ("上海", None, "上海"),
        ("广东-深圳", "广东", "深圳"),
        # 金山 is a district of Shanghai, so the country has to be set apart.
        ("美国旧金山", "美国", "旧金山"),
        ("美国", None, "美国"),
        ("新疆-昌吉回族自治州", "新疆", "昌吉回族自治州"),
    ],
)
def test_head_office_of_a_count_is_divided(printed: str, region: str | None, place: str) -> None:
    assert read(HEAD_OFFICES, counts((printed, "3"))).select("head_office", "region", "place").rows() == [
        (printed, region, place)
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            lists([PEOPLE[0] | {"财富值_人民币/亿元": "N/A"}]),
            "row 2, column 财富值_人民币/亿元: 'N/A' in the list of 2013 is not",
        ),
        (lists([PEOPLE[0] | {"公司总部地": " "}]), "row 2, column head_office: is empty"),
        (zipped({"hurun-1/README.md": "no lists"}), "the archive contains 0 members called"),
        (counts(("上海", "0")), "row 2, column people: '0' is below 1"),
        (counts(("上海", "1"), ("上海", "2")), "column year, head_office: '2024', '上海' occurs more than once"),
    ],
)
def test_malformed_list_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(HEAD_OFFICES, content)


def test_recorded_counts_hold_every_person_of_the_lists(recordings: Path) -> None:
    frame = read(HEAD_OFFICES, (recordings / "hurun_rich_list" / "derived_hq_year.csv").read_bytes())
    people = dict(frame.group_by("year").agg(pl.sum("people")).sort("year").iter_rows())
    assert people == {
        2013: 1_018, 2014: 1_271, 2015: 1_877, 2016: 2_056, 2017: 2_129, 2018: 1_871, 2019: 1_819, 2020: 2_401, 2021: 2_916,
        2022: 1_305, 2024: 1_304,
    }  # fmt: skip
