"""Ministry of Education: hand-made lists of well-known universities, and the recorded ones."""

from pathlib import Path

import pytest

from pipelines.errors import Refused
from pipelines.ingest.sources import moe
from tests.support.corruption import HTML_ERROR
from tests.support.parsing import read, refusal, requests
from tests.support.workbook import workbook

(INSTITUTIONS,) = moe.SOURCE.tables
TITLE = "全国普通高等学校名单\n（截至2022年5月31日）"
LIST: list[list[str | None]] = [
    ["附件1："],
    [TITLE],
    list(moe.HEADER),
    ["北京市（2所）"],
    ["1", "北京大学", "4111010001", "教育部", "北京市", "本科", None],
    ["2", "清华大学", "4111010003", "教育部", "北京市", "本科", None],
    ["河北省（1所）"],
    ["3", "河北工业大学", "4113010080", "河北省       ", "天津市", "本科", "民办"],
]


@pytest.fixture(autouse=True)
def three_institutions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the total on record for 2022 to the three institutions of ``LIST``."""
    monkeypatch.setitem(moe.TOTALS, 2022, 3)


def with_row(row: int, *cells: str | None) -> bytes:
    """Return ``LIST`` with another row ``row``."""
    return workbook([*LIST[: row - 1], list(cells), *LIST[row:]])


def test_institution_has_the_province_above_and_the_year() -> None:
    frame = read(INSTITUTIONS, workbook(LIST))
    assert frame.select("edition", "university", "region", "place", "authority", "note", "source_row").rows()[1:] == [
        (2022, "清华大学", "北京市", "北京市", "教育部", None, 6),
        (2022, "河北工业大学", "河北省", "天津市", "河北省", "民办", 8),
    ]


def test_list_whose_title_has_no_date_is_of_2017(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(moe.TOTALS, 2017, 3)
    assert set(INSTITUTIONS.parse(with_row(2, moe.UNDATED))["edition"]) == {2017}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            with_row(2, "全国成人高等学校名单（截至2022年5月31日）"),
            "row 2: '全国成人高等学校名单（截至2022年5月31日）' is not the title",
        ),
        (with_row(2, TITLE.replace("2022", "2031")), "row 2: no total is on record for 2031"),
        (with_row(3, *moe.HEADER[:4], "城市", *moe.HEADER[5:]), "row 3, column 所在地: column 5 is called '城市'"),
        (with_row(4, "北京市（3所）"), "row 4: 北京市 states 3 institutions, 2 follow"),
        (
            with_row(5, "1", "4111010001", "教育部", "北京市", "本科", None, None),
            "row 5, column code: '教育部' has the wrong form",
        ),
        (
            with_row(5, "1", None, "北京大学", "4111010001", "教育部", "北京市", "本科"),
            "row 5, column level: '北京市' is not in the",
        ),
        (with_row(6, "3", *LIST[5][1:]), "row 6, column 序号: '3' is neither a province with its count nor institution number 2"),
        (with_row(7, "河北省1所"), "row 7, column 序号"),
        (with_row(8, "3", *LIST[4][1:]), "'4111010001' occurs more than once"),
        (workbook([*LIST[:3], *LIST[4:]]), "row 4, column 序号: '1' is neither"),
        (workbook([*LIST[:6], ["上海市（0所）"]]), "the list of 2022 has 2 institutions, not 3"),
        (workbook(LIST[:2]), "has only 2 rows"),
        (workbook(LIST, sheets=2), "2 sheets"),
        (workbook([]), "empty"),
        (b"", "empty"),
        (HTML_ERROR, "web page"),
        (b"\xd0\xcf\x11\xe0 cut", "not readable as a workbook"),
    ],
)
def test_changed_list_is_refused_by_its_place(content: bytes, problem: str) -> None:
    assert problem in refusal(INSTITUTIONS, content)


def pages(links: str) -> dict[str, bytes]:
    """Return pages like the Ministry's, each with these links and two others."""
    others = '<a href="../adult.xls">全国成人高等学校名单</a><a href="./note.doc">全国普通高等学校名单</a>'
    return {page: f"<html><body><p>附件：</p>{links}{others}</body></html>".encode() for page in moe.PAGES}


def test_link_is_found_by_the_name_of_the_list() -> None:
    found = requests(moe.find_lists, pages('<a href="./W0.xls">附件1：全国普通高等\n学校名单</a>'))
    assert [request.url for request in found] == [page.rsplit("/", 1)[0] + "/W0.xls" for page in moe.PAGES]


@pytest.mark.parametrize(
    ("links", "count"), [("", 0), ('<a href="a.xls">全国普通高等学校名单</a><a href="b.xls">全国普通高等学校名单（修订）</a>', 2)]
)
def test_page_with_no_list_or_two_is_refused(links: str, count: int) -> None:
    with pytest.raises(Refused, match=f"t20170614_306900.html links {count} .xls files"):
        requests(moe.find_lists, pages(links))


@pytest.mark.parametrize(
    ("edition", "file", "total"),
    [(2017, "moe_2017.xls", 2_631), (2022, "moe_2022-05-31.xls", 2_759), (2025, "moe_2025-06-20.xls", 2_919)],
)
def test_recorded_list_holds_what_the_ministry_states(
    recordings: Path, monkeypatch: pytest.MonkeyPatch, edition: int, file: str, total: int
) -> None:
    monkeypatch.setitem(moe.TOTALS, edition, total)
    frame = read(INSTITUTIONS, (recordings / "moe_list" / file).read_bytes())
    assert frame["edition"].unique().to_list() == [edition]
    assert (frame.height, frame["region"].n_unique()) == (total, 31)
    seats = dict(frame.select("university", "place").iter_rows())
    expected = {"华北电力大学": "北京市", "中国石油大学（华东）": "青岛市", "中国矿业大学": "徐州市"}
    assert {name: seats[name] for name in expected} == expected
    assert not {"国防科技大学", "中国石油大学"} & seats.keys()
