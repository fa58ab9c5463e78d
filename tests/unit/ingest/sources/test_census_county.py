"""Census by county: hand-made rows in the format of the upstream, and the recorded workbooks."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.source import Table
from pipelines.ingest.sources import census_county
from tests.support.parsing import read, refusal
from tests.support.workbook import workbook

PREFECTURES, EMPLOYMENT = census_county.SOURCE.tables
FIGURES = [
    *census_county.PERSONS.values(),
    *census_county.TOTALS.values(),
    *(name for classes in census_county.CLASSES.values() for name in classes.values()),
]
TOTAL = census_county.TOTALS["industry"][0]
Unit = tuple[str | None, ...]


def book(year: int, *units: tuple[Unit, dict[str, str]], without: str = "") -> bytes:
    """Return a workbook of units with these names and codes, of 2,000 people, with 100 in each class but what is given."""
    edition = census_county.YEARS.index(year)
    places = {2010: ["地区", "区划代码"], 2020: ["区划代码", "省", "市", "区县"]}[year]
    names = [names[edition] for names in FIGURES if names[edition] != without]
    totals = {*(names[edition] for names in census_county.TOTALS.values()), census_county.PERSONS["population"][edition]}
    rows = [[*unit, *(figures.get(name, "2000" if name in totals else "100") for name in names)] for unit, figures in units]
    # The upstream breaks some headers of 2010 into lines.
    return workbook([[*places, *(name.replace("、", "、\n") for name in names)], *rows])


def places(content: bytes) -> list[tuple[str, str, str]]:
    return [*read(PREFECTURES, content).select("place_code", "region", "place").iter_rows()]


def test_prefectures_of_2010_stand_for_their_counties() -> None:
    names = [
        ("北京市", "110000"), ("市辖区", None), ("  东城区", "110101"), (None, None),
        ("湖北省", "420000"), ("武汉市", "420100"), ("  江岸区", "420102"), ("  市辖区", None),
        ("省直辖县级行政区划", None), ("  仙桃市", "429004"), ("  神农架林区", "429021"), ("  西沙群岛", None), (None, None),
        ("湖南省", "430000"), ("长沙市", "430100"), ("  芙蓉区", "430102"),
    ]  # fmt: skip
    assert places(book(2010, *((name, {}) for name in names))) == [
        ("110000", "北京市", "北京市"),
        ("420100", "湖北省", "武汉市"),
        ("429004", "湖北省", "仙桃市"),
        ("429021", "湖北省", "神农架林区"),
        ("430100", "湖南省", "长沙市"),
    ]


def test_groups_and_units_without_a_code_are_left_out_of_2020() -> None:
    names = [
        ("NA", "全国", "全国", "全国"),
        ("110000", "北京市", "北京市", "北京市"),
        ("110100", "北京市", "北京市", "市辖区"),
        ("420000", "湖北省", "湖北省", "湖北省"),
        ("420100", "湖北省", "武汉市", "武汉市"),
        ("420102", "湖北省", "武汉市", "江岸区"),
        ("NA", "湖北省", "省直辖县级行政区划", "省直辖县级行政区划"),
        ("429004", "湖北省", "仙桃市", "仙桃市"),
        ("NA", "海南省", "西沙群岛", "西沙群岛"),
    ]
    assert places(book(2020, *((name, {}) for name in names))) == [
        ("110000", "北京市", "北京市"),
        ("420100", "湖北省", "武汉市"),
        ("429004", "湖北省", "仙桃市"),
    ]


WUHAN_2010: Unit = ("武汉市", "420100")
WUHAN_2020: Unit = ("420100", "湖北省", "武汉市", "武汉市")


def test_industries_with_a_header_split_wrongly_have_their_names() -> None:
    printed = {"仓储和邮政业": "1", "交通运输、计算机服务和软件业": "2", "信息传输、批发和零售业": "3"}
    frame = read(EMPLOYMENT, book(2010, (WUHAN_2010, printed)))
    classes = dict(frame.select("class_name", "n_sampled").iter_rows())
    assert [classes[name] for name in ("transport", "information technology", "trade")] == [1, 2, 3]


def test_blank_class_is_unknown_and_not_zero() -> None:
    frame = read(EMPLOYMENT, book(2020, (WUHAN_2020, {"国际组织": "NA", "采矿业": ""})))
    assert frame.filter(kind="industry").height == len(census_county.CLASSES["industry"]) - 2
    assert frame["n_all"].unique().to_list() == [2000]


@pytest.mark.parametrize(
    ("table", "content", "problem"),
    [
        (
            EMPLOYMENT,
            book(2010, (WUHAN_2010, {TOTAL: "1500"})),
            "row 2, column 各种行业人口总计: the classes of 武汉市 add up to",
        ),
        (EMPLOYMENT, book(2020, (WUHAN_2020, {}), without="采矿业"), "row 1, column 采矿业: the column is missing"),
        (PREFECTURES, book(2020, (WUHAN_2020, {"人口数_合计": "1.5"})), "row 2, column population: '1.5' is not a whole number"),
        (PREFECTURES, workbook([["Region"], ["Wuhan"]]), "row 1: the first column is called 'Region'"),
    ],
)
def test_malformed_workbook_is_refused(table: Table, content: bytes, problem: str) -> None:
    assert problem in refusal(table, content)


def test_recorded_censuses_add_up_to_the_published_figures(recordings: Path) -> None:
    files = [(recordings / "census_county" / f"census_county_{year}_v1.xlsx").read_bytes() for year in census_county.YEARS]
    prefectures = pl.concat(read(PREFECTURES, file) for file in files)
    employment = pl.concat(read(EMPLOYMENT, file) for file in files)
    assert dict(prefectures.group_by("year").agg(pl.sum("population")).iter_rows()) == {
        2010: 1_332_810_869 - 444,  # The islands of Sansha have no code in 2010.
        2020: 1_409_778_724,
    }
    (beijing,) = prefectures.filter(place="北京市", year=2020).to_dicts()
    assert beijing["bachelor_men"] + beijing["bachelor_women"] == 6_262_376
    assert beijing["college_men"] + beijing["college_women"] == 2_928_407
    sampled = employment.filter(kind="industry", year=2010).group_by("class_name").agg(pl.sum("n_sampled"))
    shares = dict(sampled.select("class_name", pl.col("n_sampled") / pl.sum("n_sampled")).iter_rows())
    assert [round(shares[name], 4) for name in ("transport", "information technology", "trade")] == [0.0356, 0.0061, 0.0930]
