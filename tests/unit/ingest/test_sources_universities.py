"""Universities: what each upstream holds, and what damaged copies of it are refused for."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.landing import FAR_TOO_MANY
from pipelines.ingest.readers.workbook import sheet_rows
from pipelines.ingest.request import Request
from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources import csrankings, elite, moe, openalex, ror
from tests.support.corruption import HTML_ERROR, damaged_csv, damaged_json
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


def _is_accepted(table: Table, content: bytes) -> bool:
    """Would these bytes land, even with a warning?"""
    try:
        rows = conform(table.parse(content), table.contract).height
    except Refused:
        return False
    return table.rows[0] <= rows <= table.rows[1] * FAR_TOO_MANY


def _found(find: Callable[..., Any], pages: dict[str, bytes]) -> list[Request]:
    return list(find(lambda request: pages[str(request)]))


@pytest.mark.recorded
@pytest.mark.parametrize(("source", "table", "file", "column"), RECORDED)
def test_every_damage_to_a_recording_is_refused(recordings: Path, source: str, table: str, file: str, column: str) -> None:
    content = (recordings / file).read_bytes()
    # One recording of three must come through on its own, whatever the range of all.
    chosen = TABLES[source, table]
    single = Table(
        table, chosen.contract, (chosen.rows[0] // (3 if source == "openalex" else 1), chosen.rows[1]), chosen.parse, ()
    )
    assert _is_accepted(single, content)
    accepted = [name for name, bad in damaged_csv(content, "utf-8", column).items() if _is_accepted(single, bad)]
    assert accepted == []


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


@pytest.mark.recorded
def test_damage_to_a_recorded_list_is_refused(recordings: Path) -> None:
    content = (recordings / "moe_list" / MOE[2025]).read_bytes()
    rows = [list(row) for row in sheet_rows(content)]
    hainan = next(number for number, row in enumerate(rows) if row[0] == "海南省（27所）")
    bodies = {
        "truncated": content[: int(len(content) * 0.6)],
        "transcoded": content.decode("latin-1").encode("utf-8"),
        "cut after a province": workbook(rows[:1500]),
        "a row lost": workbook(rows[:1000] + rows[1001:]),
        "a cell lost": workbook([*rows[:1000], rows[1000][:1] + rows[1000][2:], *rows[1001:]]),
        "another province miscounts": workbook([*rows[:hainan], ["海南省（26所）"], *rows[hainan + 1 :]]),
        "tenfold": workbook(rows + rows[3:] * 9),
    }
    assert [name for name, body in bodies.items() if _is_accepted(TABLES["moe", "institutions"], body)] == []


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


# --- ROR: hand-made records of well-known universities


def _v2(**changes: Any) -> dict[str, Any]:
    place = {"country_code": "CN", "country_subdivision_name": "Beijing", "name": "Haidian", "lat": 39.9, "lng": 116.3}
    return {
        "admin": {},
        "id": "https://ror.org/02v51f717",
        "names": [
            {"value": "Peking University", "lang": "en", "types": ["ror_display", "label"]},
            {"value": "北京大学", "lang": "zh", "types": ["label"]},
            {"value": "北大", "lang": "zh", "types": ["alias"]},
            {"value": "PKU", "lang": None, "types": ["acronym"]},
            {"value": "Beida", "lang": None, "types": ["alias"]},
        ],
        "types": ["funder", "education"],
        "established": 1898,
        "status": "active",
        "locations": [{"geonames_id": 1809104, "geonames_details": place}],
    } | changes


def _v1() -> dict[str, Any]:
    city = {"id": 1816670, "city": "Beijing", "geonames_admin1": {"name": "Beijing"}}
    return {
        "id": "https://ror.org/03cve4549",
        "name": "Tsinghua University",
        "labels": [{"label": "清华大学", "iso639": "zh"}],
        "aliases": ["Qinghua"],
        "types": ["Education"],
        "established": None,
        "status": "active",
        "country": {"country_code": "CN"},
        "addresses": [{"lat": 40.0, "lng": 116.3, "geonames_city": city}],
    }


def _zip(name: str, *records: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, json.dumps(records))
        archive.writestr(name.replace(".json", ".csv"), "id\n")
    return buffer.getvalue()


def test_a_dump_an_array_a_record_and_lines_of_both_schemas_read_alike() -> None:
    one = json.dumps(_v2(), indent=2).encode()
    same = [
        one,
        b"[" + one + b"]\n",
        json.dumps(_v2(), ensure_ascii=False).encode() + b"\n",
        _zip("v2.16-2026-11-19-ror-data.json", _v2()),
    ]
    (first, *others) = [_read("ror", "organisations", content).rows() for content in same]
    assert all(other == first for other in others)
    lines = "\n".join(json.dumps(record) for record in (_v2(), _v1()))
    rows = _read("ror", "organisations", lines.encode())
    assert rows.select("name", "name_zh", "other_names", "types", "established", "region", "place", "source_row").rows() == [
        ("Peking University", "北京大学|北大", "Beida", "education|funder", 1898, "Beijing", "Haidian", 1),
        ("Tsinghua University", "清华大学", "Qinghua", "education", None, "Beijing", "Beijing", 2),
    ]


def test_an_organisation_of_two_places_has_two_rows() -> None:
    there = {"geonames_id": 1816971, "geonames_details": {"country_code": "CN", "name": "Baoding", "lat": 38.8, "lng": 115.5}}
    rows = _read("ror", "organisations", json.dumps(_v2(locations=[*_v2()["locations"], there])).encode())
    assert rows.select("place", "region", "source_row").rows() == [("Haidian", "Beijing", 1), ("Baoding", None, 1)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (json.dumps(_v2(names=[])), "row 1: is no record of ROR's schema 1 or 2"),
        (json.dumps([_v2(), {"admin": {}}]), "row 2: is no record of ROR's schema 1 or 2: 'names'"),
        (json.dumps({"name": "x"}), "'labels'"),
        ("[3]", "row 1: is no record"),
        ("[]", "holds no record"),
        (json.dumps(_v2(locations=[])), "row 1, column locations: the record has no place"),
        (json.dumps(_v2(types=["university"])), "row 1, column types: 'university' has the wrong form"),
        (json.dumps(_v2(established="long ago")), "row 1, column established: 'long ago' is not a whole number"),
        (json.dumps([_v2(), _v2()]), "occurs more than once"),
        (json.dumps([_v2(), _v2()])[:-1], "does not end"),
        (json.dumps(_v2()) + "\n" + json.dumps(_v1())[:50], "row 2: not readable as JSON"),
    ],
)
def test_a_broken_record_is_refused_by_its_number(content: str, words: str) -> None:
    assert words in _refusal("ror", "organisations", content.encode())


def test_an_archive_without_the_dump_is_refused() -> None:
    assert "holds 0 members called -ror-data.json" in _refusal("ror", "organisations", _zip("schema.json", _v2()))


def _record_of_zenodo(*names: str) -> dict[str, bytes]:
    files = [{"key": name, "links": {"self": f"https://zenodo.org/api/records/1/files/{name}/content"}} for name in names]
    return {ror.CONCEPT: json.dumps({"files": files}).encode()}


def test_the_latest_dump_is_found_through_zenodo() -> None:
    (found,) = _found(ror.find_dump, _record_of_zenodo("readme.md", "v2.16-2026-11-19-ror-data.zip"))
    assert found.url == "https://zenodo.org/api/records/1/files/v2.16-2026-11-19-ror-data.zip/content"
    with pytest.raises(Refused, match="lists 0 files"):
        _found(ror.find_dump, _record_of_zenodo("readme.md"))
    with pytest.raises(Refused, match="'files'"):
        _found(ror.find_dump, {ror.CONCEPT: b'{"message": "moved"}'})


@pytest.mark.recorded
def test_recorded_organisations(recordings: Path) -> None:
    content = (recordings / "ror/derived_ror_cn_union.ndjson").read_bytes()
    rows = _read("ror", "organisations", content)
    assert (rows.height, rows["ror_id"].n_unique()) == (2_265, 2_263)
    army = rows.filter(name="National University of Defense Technology")
    assert army["place"].to_list() == ["Changsha"]
    records = sorted((recordings / "ror/sample_records_v2.9").iterdir())
    assert sum(_read("ror", "organisations", record.read_bytes()).height for record in records) == 300
    bodies = damaged_json(content) | {"renamed": content.replace(b'"names"', b'"labels_"'), "tenfold": content * 10}
    assert [name for name, body in bodies.items() if _is_accepted(TABLES["ror", "organisations"], body)] == []


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


# --- OpenAlex


def _api_page(**changes: Any) -> dict[str, Any]:
    """A hand-made page of the institutions endpoint, as documented: two years of one university."""
    years = [{"year": 2025, "works_count": 30, "cited_by_count": 4}, {"year": 2024, "works_count": 40, "cited_by_count": 9}]
    record = {
        "id": "https://openalex.org/I20231570",
        "ror": "https://ror.org/02v51f717",
        "display_name": "Peking University",
        "country_code": "CN",
        "counts_by_year": years,
    }
    return {"meta": {"count": 201, "per_page": 100}, "results": [record | changes]}


def test_a_page_of_the_api_gives_a_row_per_year_and_says_what_it_counts() -> None:
    rows = _read("openalex", "works", json.dumps(_api_page()).encode())
    assert rows.select("institution", "year", "counted", "works", "top10_works", "source_row").rows() == [
        ("Peking University", 2025, "all works", 30, None, 1),
        ("Peking University", 2024, "all works", 40, None, 1),
    ]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ({"error": "Invalid query"}, "is no page of results"),
        ({"meta": {"count": 1}, "results": [{"id": "x"}]}, "row 1: the record's fields are not those asked for"),
        (_api_page(works_count=3), "row 1: the record's fields are not those asked for"),
        (_api_page(counts_by_year=[{"year": 2024}]), "row 1, column counts_by_year: a year lacks 'works_count'"),
        (_api_page(counts_by_year=None), "row 1, column counts_by_year"),
        ({"meta": {"count": 0}, "results": []}, "the page holds no institution"),
        ({"meta": {"count": 1}, "results": [3]}, "row 1: the record's fields"),
        (_api_page(id="I20231570"), "column openalex_id: 'I20231570' has the wrong form"),
        (_api_page(counts_by_year=[{"year": 2024, "works_count": -1}]), "column works: -1 is below 0"),
    ],
)
def test_a_page_of_another_form_is_refused(page: dict[str, Any], words: str) -> None:
    assert words in _refusal("openalex", "works", json.dumps(page).encode())


def test_the_api_is_asked_for_every_page_with_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(openalex.KEY, "secret")
    page = json.dumps(_api_page()).encode()
    found = list(openalex.find_pages(lambda _: page))
    assert [request.url.partition("&page=")[2] for request in found] == [f"{number}&api_key=secret" for number in (1, 2, 3)]
    too_many = json.dumps(_api_page() | {"meta": {"count": 10_001}}).encode()
    with pytest.raises(Refused, match="10001 institutions answer"):
        list(openalex.find_pages(lambda _: too_many))
    monkeypatch.delenv(openalex.KEY)
    with pytest.raises(Refused, match="OPENALEX_KEY is not set"):
        list(openalex.find_pages(lambda _: page))


def _aggregate(**changes: str) -> bytes:
    """A hand-made row of an aggregate."""
    row = dict.fromkeys(openalex.HEADER, "") | {
        "display_name": "Peking University",
        "country_code": "CN",
        "openalex_id": "https://openalex.org/I20231570",
        "ror_id": "https://ror.org/02v51f717",
        "window_start": "2024",
        "window_end": "2024",
        "works": "100",
        "top10_count": "20",
    }
    return (",".join(row) + "\n" + ",".join((row | changes).values()) + "\n").encode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"window_end": "2025"}, "row 2, column window_end: the window is more than one year"),
        ({"top10_count": "101"}, "top10 works are no more than works"),
        ({"ror_id": "02v51f717"}, "column ror_id: '02v51f717' has the wrong form"),
    ],
)
def test_an_aggregate_that_contradicts_itself_is_refused(changes: dict[str, str], words: str) -> None:
    assert _read("openalex", "works", _aggregate()).select("works", "top10_works", "counted").rows() == [
        (100, 20, openalex.MAIN_WORKS)
    ]
    assert words in _refusal("openalex", "works", _aggregate(**changes))


@pytest.mark.parametrize("source", [module.SOURCE for module in SOURCES], ids=lambda source: source.name)
def test_every_address_is_secure_and_every_table_says_what_a_row_is(source: Source) -> None:
    for table in source.tables:
        assert table.title.startswith("One row per")
        assert callable(table.at) or all(url.startswith("https://") for url in table.at)
