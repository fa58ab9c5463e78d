"""Read education, migration, occupation and industry from China's censuses of 2010 and 2020, as typed in by Dong, Du and Liu.

Each census is one workbook of some 3,300 counties. Its rows for whole prefectures are read, for the four municipalities
those of the province, and for counties outside any prefecture those of the county. Groups of such counties, the nation and
units without a code are left out; so are the islands of Sansha in 2020, which repeat it. Boundaries are those of the census
year: Chaohu and Laiwu are prefectures in 2010 only.

The header of 2010 divides three industries in the wrong place: `仓储和邮政业` is transport, storage and post, `交通运输、
计算机服务和软件业` is information technology, and `信息传输、批发和零售业` is trade. Their national shares (3.56%, 0.61%
and 9.30%) are those published. Occupation and industry were asked of a tenth of households, so only shares of these counts
mean anything. A blank class is not always zero: among the occupations of Altay in 2010 it hides 39 people.
"""

import re
from collections.abc import Iterator

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.text import CHANGED
from pipelines.ingest.readers.workbook import Row, sheet_rows
from pipelines.ingest.source import Source, fixed_table

FOLDER = "https://raw.githubusercontent.com/leiii/census/0ba0f1efae092f4aa6569ef38e53b3bb4d2f0087/data/census/"
URLS = (f"{FOLDER}census_county_2010_v1.xlsx", f"{FOLDER}census_county_2020_v1.xlsx")
TYPES = ("application/octet-stream",)
#: First header of a workbook → census year. Below, each tuple has the headers of 2010 and 2020, without spaces.
EDITIONS = {"地区": 2010, "区划代码": 2020}
YEARS = tuple(EDITIONS.values())
CODE = ("区划代码", "区划代码")
PERSONS = {
    "population": ("合计", "人口数_合计"),
    "from_same_county": ("迁入人口（人）-本县（市）/本市市区", "户口登记地在外乡镇街道人口_本县"),
    "from_same_province": ("迁入人口（人）-本省其他县（市）、市区", "户口登记地在外乡镇街道人口_本省其他县"),
    "from_other_provinces": ("迁入人口（人）-外省", "户口登记地在外乡镇街道人口_省外"),
    "college_men": ("大学专科-男", "大学专科_男"),
    "college_women": ("大学专科-女", "大学专科_女"),
    "bachelor_men": ("大学本科及以上-男", "本科及以上_男"),
    "bachelor_women": ("大学本科及以上-女", "本科及以上_女"),
}
TOTALS = {
    "industry": ("各种行业人口总计", "各种行业人口总计"),
    "occupation": ("各种职业人口总计", "各种职业人口总计"),
}
CLASSES = {
    "industry": {
        "agriculture": ("农林牧渔业", "农林牧渔业"),
        "mining": ("采矿业", "采矿业"),
        "manufacturing": ("制造业", "制造业"),
        "utilities": ("电力、燃气及水的生产和供应业", "电力热力燃气及水生产和供应业"),
        "construction": ("建筑业", "建筑业"),
        "transport": ("仓储和邮政业", "交通运输仓储和邮政业"),
        "information technology": ("交通运输、计算机服务和软件业", "信息传输软件和信息技术服务业"),
        "trade": ("信息传输、批发和零售业", "批发和零售业"),
        "hospitality": ("住宿和餐饮业", "住宿和餐饮业"),
        "finance": ("金融业", "金融业"),
        "real estate": ("房地产业", "房地产业"),
        "business services": ("租赁和商务服务业", "租赁和商务服务业"),
        "science": ("科学研究、技术服务和地质勘察业", "科学研究和技术服务业"),
        "environment": ("水利、环境和公共设施管理业", "水利环境和公共设施管理业"),
        "personal services": ("居民服务和其他服务业", "居民服务修理和其服务业"),
        "education": ("教育", "教育"),
        "health": ("卫生、社会保障和社会福利业", "卫生和社会工作"),
        "culture": ("文化、体育和娱乐业", "文化体育和娱乐业"),
        "government": ("公共管理和社会组织", "公共管理社会保障和社会组织"),
        "international organisations": ("国际组织", "国际组织"),
    },
    "occupation": {
        "managers": ("国家机关、党群组织、企业、事业单位负责人", "党的机关国家机关群众团体和社会组织企事业单位负责人"),
        "professionals": ("专业技术人员", "专业技术人员"),
        "clerks": ("办事人员和有关人员", "办事人员和有关人员"),
        "service workers": ("商业、服务业人员", "社会生产服务和生活服务人员"),
        "farmers": ("农、林、牧、渔、水利业生产人员", "农林牧渔业生产及辅助人员"),
        "production workers": ("生产、运输设备操作人员及有关人员", "生产制造及有关人员"),
        "others": ("不便分类的其他从业人员", "不便分类其他的从业人员"),
    },
}
MUNICIPALITIES = ("110000", "120000", "310000", "500000")
#: Part of the name of a group of counties outside any prefecture.
GROUP = "直辖县级"

#: Row number, province, name and cells of a unit.
_Unit = tuple[int, str, str, Row]


class _Prefecture(dy.Schema):
    """Columns that describe the prefecture in both tables."""

    year = columns.integer("Census year.", 2010, 2020, primary_key=True)
    place_code = columns.place_code()
    region = columns.text("Province, municipality or autonomous region.")
    place = columns.text("Chinese name.")


class Prefectures(_Prefecture):
    """One row per census year and prefecture, municipality, or county outside any prefecture."""

    population = columns.persons("Residents.")
    from_same_county = columns.persons("Residents registered elsewhere in the county, or in the city proper.")
    from_same_province = columns.persons("Residents registered in another county of the province.")
    from_other_provinces = columns.persons("Residents registered in another province.")
    college_men = columns.persons("Men whose highest education is a college of three years (大学专科).")
    college_women = columns.persons("Women whose highest education is a college of three years.")
    bachelor_men = columns.persons("Men with a bachelor's degree or more (本科及以上).")
    bachelor_women = columns.persons("Women with a bachelor's degree or more.")

    college_men_and_women_and_bachelor_men_and_women_are_part_of_population = columns.rule(
        pl.sum_horizontal("college_men", "college_women", "bachelor_men", "bachelor_women") <= pl.col("population")
    )
    from_same_county_and_from_same_province_and_from_other_provinces_are_part_of_population = columns.rule(
        pl.sum_horizontal("from_same_county", "from_same_province", "from_other_provinces") <= pl.col("population")
    )


class Employment(_Prefecture):
    """One row per census year, prefecture and class of industry or occupation: employed people in the sample."""

    kind = columns.category("What the people are classed by.", [*CLASSES], primary_key=True)
    class_name = columns.text(
        "Industry or occupation; what counts as one differs slightly between the censuses.", primary_key=True
    )
    n_sampled = columns.long_integer("Employed people of the class among a tenth of households.", 0, 10_000_000)
    n_all = columns.long_integer("Employed people of all classes among them.", 1, 10_000_000)

    n_sampled_is_at_most_n_all = columns.rule(pl.col("n_sampled") <= pl.col("n_all"))


def parse_prefectures(content: bytes) -> pl.DataFrame:
    return _units(content).select(ROW, "year", "place_code", "region", "place", *PERSONS)


def parse_employment(content: bytes) -> pl.DataFrame:
    """Return the filled classes of the prefectures of one census; raise Refused where classes add up to more than their total."""
    units = _units(content).with_columns(pl.col([*TOTALS, *_class_columns()]).cast(pl.Int64, strict=False))
    frames = []
    for kind, classes in CLASSES.items():
        total = pl.sum_horizontal(_class_columns(kind))
        for row, name in units.filter(total > pl.col(kind)).select(ROW, "place").iter_rows():
            raise refuse(f"the classes of {name} add up to more than their total", CHANGED, row=row, column=TOTALS[kind][0])
        names = {_class_column(kind, name): name for name in classes}
        frames.append(
            units.rename(names)
            .unpivot(list(classes), index=[ROW, "year", "place_code", "region", "place", kind], variable_name="class_name")
            .rename({"value": "n_sampled", kind: "n_all"})
            .with_columns(kind=pl.lit(kind))
        )
    return pl.concat(frames).drop_nulls("n_sampled")


def _class_column(kind: str, name: str) -> str:
    """Return the column of a class: ``education`` alone would be an industry or a figure."""
    return f"{kind}: {name}"


def _class_columns(kind: str | None = None) -> list[str]:
    return [_class_column(each, name) for each, classes in CLASSES.items() if kind in (None, each) for name in classes]


def _units(content: bytes) -> pl.DataFrame:
    """Return the units of one census as text, null where the workbook is blank or prints NA."""
    rows = sheet_rows(content)
    header = [re.sub(r"\s", "", name or "") for name in rows[0]]
    if header[0] not in EDITIONS:
        raise refuse(f"the first column is called {header[0]!r}, expected one of {', '.join(EDITIONS)}", CHANGED, row=1)
    year = EDITIONS[header[0]]
    names = {"place_code": CODE, **PERSONS, **TOTALS}
    names |= {_class_column(kind, name): printed for kind, classes in CLASSES.items() for name, printed in classes.items()}
    places = {column: _position(header, printed[YEARS.index(year)]) for column, printed in names.items()}
    units = [
        (number, year, region, name, *(None if row[place] == "NA" else row[place] for place in places.values()))
        for number, region, name, row in (_units_2010 if year == 2010 else _units_2020)(rows)
    ]
    schema = {ROW: pl.Int32, "year": pl.Int32, "region": pl.String, "place": pl.String} | dict.fromkeys(places, pl.String)
    return pl.DataFrame(units, schema, orient="row")


def _position(header: list[str], name: str) -> int:
    if header.count(name) != 1:
        problem = "the column occurs twice" if name in header else "the column is missing"
        raise refuse(problem, CHANGED, row=1, column=name)
    return header.index(name)


def _units_2010(rows: list[Row]) -> Iterator[_Unit]:
    """Yield the prefectures, and the counties that follow the name of a group."""
    region, is_in_group = "", False
    for number, row in enumerate(rows[1:], 2):
        name, code = row[0] or "", row[1] or ""
        is_in_group = GROUP in name or (is_in_group and not code.endswith("00"))
        region = name if code.endswith("0000") else region
        if code in MUNICIPALITIES or (code and not code.endswith("0000") and (is_in_group or code.endswith("00"))):
            yield number, region, name, row


def _units_2020(rows: list[Row]) -> Iterator[_Unit]:
    """Yield the prefectures and counties whose names are those of the city to which they belong."""
    for number, row in enumerate(rows[1:], 2):
        code, region, city, county = ((cell or "") for cell in row[:4])
        if code in MUNICIPALITIES or (city == county and code.isdigit() and not code.endswith("0000")):
            yield number, region, city, row


SOURCE = Source(
    name="census_county",
    title="Census of China 2010 and 2020: education, migration, occupation and industry",
    publisher="Lei Dong, Rui Du and Yu Liu, from the yearbooks of the National Bureau of Statistics",
    landing_page="https://github.com/leiii/census",
    licence="MIT",
    completeness="census",
    licence_class="open",
    citation="Dong, L., Du, R. and Liu, Y. (2022), Mapping Evolving Population Geography in China, SSRN 4049338",
    cadence="once",
    tables=(
        fixed_table("prefectures", Prefectures, 729, parse_prefectures, URLS, TYPES),
        fixed_table("employment", Employment, 19_123, parse_employment, URLS, TYPES),
    ),
)
