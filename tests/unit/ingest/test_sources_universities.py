"""Universities: what each upstream holds, and what damaged copies of it are refused for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.request import Request
from pipelines.ingest.sources import csrankings, elite, moe, openalex, ror
from tests.support.corruption import HTML_ERROR
from tests.support.workbook import workbook

SOURCES = (moe, elite, ror, csrankings, openalex)
TABLES = {(module.SOURCE.name, table.name): table for module in SOURCES for table in module.SOURCE.tables}

MOE = {2017: "moe_2017.xls", 2022: "moe_2022-05-31.xls", 2025: "moe_2025-06-20.xls"}
#: Source, table, recorded file, and a column of it.
RECORDED = [
    ("elite", "project_985", "moe_elite/moe_985_list.2026-04-21.csv", "schoolName"),
    ("elite", "project_211", "moe_elite/moe_211_list.2026-04-21.csv", "schoolName"),
    ("elite", "double_first_class", "moe_elite/double_first_class_round2_raw.2026-04-21.csv", "disciplinesRaw"),
    ("elite", "double_first_class_2017", "moe_elite/dfc_round1_42_universities.csv", "类别"),
    ("csrankings", "faculty", "csrankings/csrankings.csv", "affiliation"),
    ("csrankings", "geolocation", "csrankings/geolocation.csv", "longitude"),
    ("csrankings", "country_info", "csrankings/country-info.csv", "region"),
    ("openalex", "works", "openalex_metrics/open_metrics_2024.csv", "works"),
]


def _read(source: str, table: str, content: bytes) -> pl.DataFrame:
    chosen = TABLES[source, table]
    return conform(chosen.parse(content), chosen.contract)


def _refusal(source: str, table: str, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        _read(source, table, content)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def _found(find: Callable[..., Any], pages: dict[str, bytes]) -> list[Request]:
    return list(find(lambda request: pages[str(request)]))


# --- Ministry of Education: hand-made lists of well-known universities, in the shape of the Ministry's workbooks.

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


@pytest.fixture
def three_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The total on record for 2022, brought down to the three of ``LIST``."""
    monkeypatch.setitem(moe.TOTALS, 2022, 3)


def _with(row: int, *cells: str | None) -> bytes:
    """``LIST`` with another row ``row``."""
    return workbook([*LIST[: row - 1], list(cells), *LIST[row:]])


def _moe_refusal(content: bytes) -> str:
    return _refusal("moe", "institutions", content)


@pytest.mark.usefixtures("three_listed")
def test_institutions_belong_to_the_province_above_them_and_the_year_of_the_title() -> None:
    rows = _read("moe", "institutions", workbook(LIST))
    assert rows.select("edition", "university", "region", "place", "authority", "note", "source_row").rows()[1:] == [
        (2022, "清华大学", "北京市", "北京市", "教育部", None, 6),
        (2022, "河北工业大学", "河北省", "天津市", "河北省", "民办", 8),
    ]


@pytest.mark.usefixtures("three_listed")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            _with(2, "全国成人高等学校名单（截至2022年5月31日）"),
            "row 2: '全国成人高等学校名单（截至2022年5月31日）' is not the title",
        ),
        (_with(2, TITLE.replace("2022", "2031")), "row 2: no total is on record for 2031"),
        (_with(3, *moe.HEADER[:4], "城市", *moe.HEADER[5:]), "row 3, column 所在地: column 5 is called '城市'"),
        (_with(4, "北京市（3所）"), "row 4: 北京市 states 3 institutions, 2 follow"),
        (_with(5, "1", "4111010001", "教育部", "北京市", "本科", None, None), "row 5, column code: '教育部' has the wrong form"),
        (
            _with(5, "1", None, "北京大学", "4111010001", "教育部", "北京市", "本科"),
            "row 5, column level: '北京市' is not in the",
        ),
        (_with(6, "3", *LIST[5][1:]), "row 6, column 序号: '3' is neither a province with its count nor institution number 2"),
        (_with(7, "河北省1所"), "row 7, column 序号"),
        (_with(8, "3", *LIST[4][1:]), "'4111010001' occurs more than once"),
        (workbook([*LIST[:3], *LIST[4:]]), "row 4, column 序号: '1' is neither"),
        (workbook([*LIST[:6], ["上海市（0所）"]]), "the list of 2022 holds 2 institutions, not 3"),
        (workbook(LIST[:2]), "holds 2 rows only"),
        (workbook(LIST, sheets=2), "2 sheets"),
        (workbook([]), "empty"),
        (b"", "empty"),
        (HTML_ERROR, "web page"),
        (b"\xd0\xcf\x11\xe0 cut", "not readable as a workbook"),
    ],
)
def test_a_changed_list_is_refused_by_its_place(content: bytes, words: str) -> None:
    assert words in _moe_refusal(content)


PAGE = (
    '<html><body><p>附件：</p>{}<a href="../adult.xls">全国成人高等学校名单</a>'
    '<a href="./note.doc">全国普通高等学校名单</a></body></html>'
)


def _pages(links: str) -> dict[str, bytes]:
    """Hand-made pages in the shape of the Ministry's, each with these links."""
    return {page: PAGE.format(links).encode() for page in moe.PAGES}


def test_the_link_of_each_page_is_found_by_the_name_of_the_list() -> None:
    found = _found(moe.find_lists, _pages('<a href="./W0.xls">附件1：全国普通高等\n学校名单</a>'))
    assert [request.url for request in found] == [page.rsplit("/", 1)[0] + "/W0.xls" for page in moe.PAGES]


@pytest.mark.parametrize(
    ("links", "count"), [("", 0), ('<a href="a.xls">全国普通高等学校名单</a><a href="b.xls">全国普通高等学校名单（修订）</a>', 2)]
)
def test_a_page_that_links_no_list_or_two_is_refused(links: str, count: int) -> None:
    with pytest.raises(Refused, match=f"t20170614_306900.html links {count} .xls files"):
        _found(moe.find_lists, _pages(links))


@pytest.mark.recorded
@pytest.mark.parametrize("edition", MOE)
def test_recorded_lists_hold_exactly_what_the_ministry_states(recordings: Path, edition: int) -> None:
    rows = _read("moe", "institutions", (recordings / "moe_list" / MOE[edition]).read_bytes())
    assert rows["edition"].unique().to_list() == [edition]
    assert rows.height == moe.TOTALS[edition]
    assert rows["region"].n_unique() == 31
    seat = dict(rows.select("university", "place").rows())
    assert seat["华北电力大学"] == "北京市"
    assert seat["中国石油大学（华东）"] == "青岛市"
    assert seat["中国矿业大学"] == "徐州市"
    assert not {"国防科技大学", "中国石油大学"} & seat.keys()


# --- Élite programmes


def _round_2(*disciplines: str) -> bytes:
    """Hand-made rows of the second round, in the shape of the extract."""
    lines = [f"大学{chr(0x4E00 + number)},{text},2,t,u,2026-04-21,n" for number, text in enumerate(disciplines)]
    return "\n".join([",".join(elite.HEADER_ROUND_2), *lines]).encode()


def test_disciplines_are_freed_of_the_line_breaks_of_the_pdf() -> None:
    rows = _read("elite", "double_first_class", _round_2("化学、统计 学、材料科学与 工程", elite.OWN_CHOICE))
    assert rows["disciplines"].to_list() == ["化学|统计学|材料科学与工程", None]


def test_disciplines_left_out_are_refused() -> None:
    assert "row 3, column disciplinesRaw: is empty" in _refusal("elite", "double_first_class", _round_2("化学", ""))


def test_a_row_of_another_list_is_refused() -> None:
    row = f"北京大学,{elite.TITLE_211},u,2026-04-21,n"
    content = ",".join(elite.HEADER) + "\n" + row
    assert _read("elite", "project_211", content.encode())["university"].to_list() == ["北京大学"]
    assert "row 2, column sourceTitle" in _refusal("elite", "project_985", content.encode())


@pytest.mark.recorded
def test_recorded_programmes_have_their_published_size(recordings: Path) -> None:
    read = {table: _read("elite", table, (recordings / file).read_bytes()) for source, table, file, _ in RECORDED[:4]}
    assert {table: rows.height for table, rows in read.items()} == {
        "project_985": 39,
        "project_211": 112,
        "double_first_class": 147,
        "double_first_class_2017": 42,
    }
    disciplines = read["double_first_class"].drop_nulls("disciplines")["disciplines"].str.split("|").explode()
    assert disciplines.len() == 433  # as the Ministry counts them
    announce_their_own = read["double_first_class"].filter(pl.col("disciplines").is_null())["university"]
    assert announce_their_own.to_list() == ["北京大学", "清华大学"]


# --- CSRankings: hand-made people


@pytest.fixture
def few_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csrankings, "FEWEST_NAMES", 2)


FACULTY = (
    "name,affiliation,homepage,scholarid\n"
    "Ann Example,X University,https://example.org/ann,aaaaaaaaaaaa\n"
    "A. Example,X University,https://example.org/ann,aaaaaaaaaaaa\n"
    "Bo Example,X University,https://example.org/bo,NOSCHOLARPAGE\n"
    "Bo Example,Y Institute,https://example.org/bo,NOSCHOLARPAGE\n"
)


@pytest.mark.usefixtures("few_names")
def test_faculty_is_counted_per_institution_and_nobody_named() -> None:
    rows = _read("csrankings", "faculty", FACULTY.encode())
    assert rows.rows() == [("X University", 2.5, 2, 2), ("Y Institute", 0.5, 1, 5)]
    with_orcid = FACULTY.replace("scholarid\n", "scholarid,orcid\n").replace("aaa\n", "aaa,0000-0000-0000-0000\n")
    with_orcid = with_orcid.replace("PAGE\n", "PAGE,0000-0000-0000-0000\n").replace("\n", "\r\n")
    assert _read("csrankings", "faculty", with_orcid.encode()).rows() == rows.rows()


@pytest.mark.usefixtures("few_names")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (FACULTY + FACULTY.splitlines()[1], "row 6, column name: the name occurs twice at one institution"),
        (FACULTY.replace("Y Institute", ""), "row 5, column affiliation: is empty"),
        (FACULTY.replace("Bo Example,Y Institute", "Y Institute") + "\n", "row 5"),
        (
            FACULTY.replace(
                "Bo Example,Y Institute,https://example.org/bo,NOSCHOLARPAGE", "Y Institute,https://example.org/bo,NO,"
            ),
            "row 5, column scholarid: is empty",
        ),
        (FACULTY.replace("scholarid", "scholar"), "row 1, column scholarid: the column is missing"),
        ("\n".join(FACULTY.splitlines()[:2]), "1 names, expected at least 2"),
    ],
)
def test_a_damaged_faculty_list_is_refused_without_naming_anybody(content: str, words: str) -> None:
    message = _refusal("csrankings", "faculty", content.encode())
    assert words in message
    assert "Example" not in message


def test_only_the_point_known_to_be_wrong_is_left_out() -> None:
    point = "institution,latitude,longitude\nUESTC,22.5296608,113.3844848\nUSTC,31.84,117.25\n"
    assert _read("csrankings", "geolocation", point.encode())["institution"].to_list() == ["USTC"]
    corrected = point.replace("22.5296608,113.3844848", "30.675,104.1")
    assert _read("csrankings", "geolocation", corrected.encode())["latitude"].to_list() == [30.675, 31.84]


@pytest.mark.recorded
def test_recorded_faculty(recordings: Path) -> None:
    faculty, points, countries = (
        _read(source, table, (recordings / file).read_bytes()) for source, table, file, _ in RECORDED[4:7]
    )
    assert (faculty.height, faculty["faculty"].sum(), faculty["people"].sum()) == (648, 29_526, 24_700)
    assert faculty.join(points, on="institution", how="anti").height == 82  # 81 without a point, and UESTC
    assert countries.filter(country="cn").height == 39
