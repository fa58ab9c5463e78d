"""Place names: a city, a province, a country, or a reasoned no; never a guess. The places are hand-made mentions."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest.sources import reference
from pipelines.resolve.places.countries import country_names, iso2
from pipelines.resolve.places.gazetteer import Ambiguous, Gazetteer, by_id, cities, names, towns
from pipelines.resolve.places.reading import normalise, words
from pipelines.resolve.places.resolve import resolve_all

NO_ALIASES = pl.DataFrame(schema={"country": pl.String, "place": pl.String, "geoname_id": pl.Int64})
REFERENCE = ("place_aliases", "areas", "provinces", "prefectures", "districts")
BAY = "San Francisco Bay Area"

Mention = tuple[str | None, str | None, str | None]


def committed(name: str) -> pl.DataFrame:
    return reference.FILES.parse(name, (settings.REFERENCE / f"{name}.csv").read_bytes())


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return {name: committed(name) for name in REFERENCE}


def said(mentions: Iterable[Mention], *, strict: bool = False) -> pl.DataFrame:
    frame = pl.DataFrame(list(mentions), schema={"country": pl.String, "region": pl.String, "place": pl.String}, orient="row")
    return frame.with_columns(
        pl.lit(strict).alias("is_strict"),
        pl.lit("f.csv").alias("source_file"),
        pl.lit(7).alias("source_row"),
        pl.lit("city").alias("column"),
    )


def resolve(mentions: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> dict[Mention, dict[str, object]]:
    rows = resolve_all(mentions, **tables).iter_rows(named=True)
    return {(row["country"], row["region"], row["place"]): row for row in rows}


# Folding, countries and the gazetteer.


@pytest.mark.parametrize("name", ["Xi'an", "Xi’an", "Xian", "XI AN"])
def test_apostrophes_case_and_spaces_do_not_matter(name: str) -> None:
    assert Gazetteer(NO_ALIASES).resolve("CN", name).name == "Xi'an"
    assert normalise(name) == "xian"


def test_folding_a_column_is_folding_each_name() -> None:
    own = names().filter("is_own").join(towns(), on="geoname_id")
    assert own["key"].to_list() == [normalise(name) for name in own["name"]]
    alternates = names().filter(~pl.col("is_own"))["key"]
    assert alternates.to_list() == [normalise(name) for name in alternates]


def test_chinese_names_resolve() -> None:
    assert Gazetteer(NO_ALIASES).resolve("CN", "深圳").name == "Shenzhen"


def test_ambiguous_pinyin_is_refused_without_an_alias_and_resolved_with_one() -> None:
    with pytest.raises(Ambiguous, match="fits 2 cities"):
        Gazetteer(NO_ALIASES).resolve("CN", "Suzhou")
    jiangsu = Gazetteer(committed("place_aliases")).resolve("CN", "Suzhou")
    assert (jiangsu.geoname_id, jiangsu.latitude < 32) == (1886760, True)


def test_country_written_with_the_place_wins() -> None:
    assert Gazetteer(NO_ALIASES).resolve("SG", "Guangzhou, CN").country == "CN"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CN", "CN"), ("CHN", "CN"), ("China", "CN"), ("USA", "US"), ("U.S.", "US"), ("United States", "US"),
        ("UAE", "AE"), ("Korea, Republic of", "KR"), ("Czech Republic", "CZ"), ("ROM", "RO"), ("Macau", "MO"),
        ("香港", "HK"), ("台湾", "TW"), ("美国", "US"), ("Netherlands", "NL"), ("Virgin Islands, British", "VG"),
        ("Atlantis", None), ("Man", None), ("", None),
    ],
)  # fmt: skip
def test_countries_by_code_or_name(written: str, code: str | None) -> None:
    assert iso2(written) == code


def test_each_name_of_a_country_means_one() -> None:
    meant: dict[str, set[str]] = {}
    for code, name in country_names():
        meant.setdefault(normalise(name), set()).add(code)
    assert {name: codes for name, codes in meant.items() if len(codes) > 1} == {}


# What a place string means.

CITIES_MEANT: list[tuple[Mention, str]] = [
    # Municipalities are cities, whatever they are called.
    (("CN", None, "北京"), "Beijing"),
    (("CN", None, "北京市"), "Beijing"),
    (("CN", None, "Beijing Shi"), "Beijing"),
    (("CN", None, "Peking"), "Beijing"),
    (("CN", "北京", None), "Beijing"),
    (("CN", "重庆", "重庆市"), "Chongqing"),
    # Districts count for their city; the rest of the address decides a homonym.
    (("CN", None, "海淀"), "Beijing"),
    (("CN", None, "Haidian"), "Beijing"),
    (("CN", None, "Pudong New Area"), "Shanghai"),
    (("CN", None, "浦东"), "Shanghai"),
    (("CN", None, "徐汇"), "Shanghai"),
    (("CN", None, "南山"), "Shenzhen"),
    (("CN", "黑龙江", "南山"), "Hegang"),
    (("CN", None, "福田"), "Shenzhen"),
    (("CN", None, "滨江"), "Hangzhou"),
    (("CN", None, "余杭"), "Hangzhou"),
    (("CN", None, "天河"), "Guangzhou"),
    (("CN", None, "江宁"), "Nanjing"),
    (("CN", "北京", "朝阳区"), "Beijing"),
    (("CN", "北京", "宣武区"), "Beijing"),
    (("CN", "辽宁", "朝阳"), "Chaoyang"),
    (("CN", None, "朝阳市"), "Chaoyang"),
    (("CN", "Liaoning", "Chaoyang"), "Chaoyang"),
    (("CN", None, "Chaoyang"), "Beijing"),
    (("CN", "天津", "河北区"), "Tianjin"),
    (("CN", None, "CHAOYANG DISTRICT BEIJING"), "Beijing"),
    (("CN", None, "NANSHAN DISTRICT, SHENZHEN"), "Shenzhen"),
    ((None, None, "PUDONG NEW AREA, SHANGHAI"), "Shanghai"),
    ((None, None, "Haidian District, Beijing, China"), "Beijing"),
    (("CN", None, "北京市海淀区中关村"), "Beijing"),
    (("CN", None, "广东省深圳市南山区"), "Shenzhen"),
    (("CN", None, "HANGZHOU, ZHEJIANG PROVINCE"), "Hangzhou"),
    ((None, None, "Beijing, F4"), "Beijing"),
    # Xi'an in its spellings.
    (("CN", None, "Xi’an"), "Xi'an"),
    (("CN", None, "XI AN"), "Xi'an"),
    # Printed with marks or without; named without.
    (("CN", None, "Ürümqi"), "Urumqi"),
    (("CN", None, "Urumqi"), "Urumqi"),
    (("CN", None, "吕梁市"), "Luliang"),
    # A reviewed alias of what the tables lack.
    (("CN", None, "Dongguancun"), "Beijing"),
    # Two cities of one pinyin: characters, the province, or a reviewed alias.
    (("CN", None, "Suzhou"), "Suzhou"),
    (("CN", None, "宿州"), "Suzhou (Anhui)"),
    (("CN", "Anhui", "Suzhou"), "Suzhou (Anhui)"),
    (("CN", None, "台州"), "Taizhou (Zhejiang)"),
    (("CN", "Jiangsu", "Taizhou"), "Taizhou (Jiangsu)"),
    (("CN", None, "Fuzhou"), "Fuzhou"),
    (("CN", "江西省", "Fuzhou"), "Fuzhou (Jiangxi)"),
    (("CN", "Shaanxi", "Yulin"), "Yulin (Shaanxi)"),
    (("CN", None, "玉林市"), "Yulin (Guangxi)"),
    (("CN", None, "伊春市"), "Yichun (Heilongjiang)"),
    (("CN", None, "宜春"), "Yichun"),
    # Prefectures of all kinds, and units directly under a province.
    (("CN", None, "延边朝鲜族\n自治州"), "Yanji"),
    (("CN", None, "凉山州"), "Liangshan"),
    (("CN", "青海省", "海南藏族自治州"), "Hainan (Qinghai)"),
    (("CN", None, "锡林郭勒盟"), "Xilingol"),
    (("CN", None, "陵水黎族自治县"), "Lingshui"),
    (("CN", None, "石河子市"), "Shihezi"),
    (("CN", None, "吉林市"), "Jilin"),
    # County-level cities count for their prefecture.
    (("CN", None, "Kunshan"), "Suzhou"),
    (("CN", None, "Yiwu"), "Jinhua"),
    (("CN", None, "江阴市"), "Wuxi"),
    (("CN", None, "莱芜市"), "Jinan"),
    # A city's full Chinese name holds, though its university answers to another province.
    (("CN", "河北省", "天津市"), "Tianjin"),
    # Hong Kong, Macau and Taiwan.
    (("CN", None, "香港"), "Hong Kong"),
    (("CN", "香港", "中西区"), "Hong Kong"),
    (("HK", None, "Wan Chai"), "Hong Kong"),
    ((None, None, "Hong Kong, China"), "Hong Kong"),
    (("HK", None, None), "Hong Kong"),
    (("CN", None, "澳门特别行政区"), "Macau"),
    (("CN", "台湾", "台北市"), "Taipei"),
    (("CN", None, "Kaohsiung"), "Kaohsiung"),
    # The state decides, and an alias holds only inside it.
    (("US", "MA", "Cambridge"), "Boston"),
    (("US", "MD", "Cambridge"), "Cambridge, MD, US"),
    (("US", "OR", "Portland"), "Portland"),
    (("US", "Maine", "Portland"), "Portland, ME, US"),
    (("US", "VA", "Richmond"), "Richmond"),
    (("CA", "ON", "London"), "London, CA"),
    ((None, None, "San Francisco, CA, USA"), BAY),
    ((None, None, "Palo Alto, CA"), BAY),
    (("US", None, "Los Angeles(California)"), "Los Angeles"),
    (("US", "NY", "New York"), "New York City"),
    (("US", None, "Brooklyn"), "New York City"),
    (("US", None, "Saint Louis"), "St. Louis"),
    ((None, None, "Lagos, LA, Nigeria"), "Lagos"),
    (("FR", "A8", "Paris"), "Paris"),
    # An area as region, and a town of it too small for the gazetteer's cities.
    (("US", "SF Bay", None), BAY),
    (("US", "SF Bay", "Richmond"), BAY),
    (("US", "SF Bay", "San Francsico"), BAY),
    (("US", "CA", "Redwood Shores"), BAY),
    # Elsewhere.
    (("IE", None, "DUBLIN 2"), "Dublin"),
    (("IN", None, "Mumbai/Bombay"), "Mumbai"),
    (("DE", None, "Berlin"), "Berlin"),
    (("SG", None, "Guangzhou, CN"), "Guangzhou"),
    ((None, None, "London"), "London"),
    ((None, None, "上海"), "Shanghai"),
    ((None, None, "东京"), "Tokyo"),
    (("US", None, "Skaneateles"), "Syracuse"),
]  # fmt: skip

PROVINCES_MEANT: list[tuple[Mention, str]] = [
    (("CN", None, "广东"), "Guangdong"),
    ((None, None, "广东"), "Guangdong"),
    (("CN", None, "Guangdong"), "Guangdong"),
    (("CN", None, "GUANGDONG PROVINCE"), "Guangdong"),
    (("CN", None, "江苏省"), "Jiangsu"),
    (("CN", None, "Hunan"), "Hunan"),
    (("CN", None, "内蒙古自治区"), "Inner Mongolia"),
    (("CN", "河北", "河北"), "Hebei"),
    (("CN", None, "Shaanxi"), "Shaanxi"),
    (("CN", None, "Shanxi"), "Shanxi"),
    (("CN", None, "海南"), "Hainan"),
    (("CN", None, "吉林"), "Jilin"),
    (("US", "CA", None), "California"),
    (("US", None, "Delaware"), "Delaware"),
    (("US", None, "Georgia"), "Georgia"),
    ((None, None, "CA, USA"), "California"),
    ((None, None, "England, United Kingdom"), "England"),
    (("IN", None, "Maharashtra"), "Maharashtra"),
]

COUNTRIES_MEANT: list[tuple[Mention, str]] = [
    (("CN", None, "台湾"), "TW"),
    ((None, None, "India"), "IN"),
    (("CN", "北美洲", "美国"), "US"),
    (("GE", None, "Georgia"), "GE"),
]

REFUSED: list[tuple[Mention, str]] = [
    ((None, None, None), "blank"),
    (("US", None, " "), "blank"),
    ((None, None, "Remote"), "remote, no place"),
    ((None, None, "国外"), "abroad, no place"),
    (("CN", None, "朝阳"), "fits 3 cities: Beijing, Changchun, Chaoyang"),
    (("CN", None, "Taizhou"), "fits 2 cities: Taizhou (Jiangsu), Taizhou (Zhejiang)"),
    (("CN", None, "Yulin"), "fits 2 cities: Yulin (Guangxi), Yulin (Shaanxi)"),
    (("CN", "Shaanxi", "Yangquan"), "names 'Yangquan' and 'Shaanxi', which lie apart"),
    (("CN", None, "Beijing / Shanghai"), "names 'Beijing' and 'Shanghai', which lie apart"),
    (("CN", "Hubei", "Xindi"), "lies in Hubei, in a city that districts.csv does not give"),
    (("CN", "CA", "San Francisco"), "is not in the gazetteer"),
    (("HK", None, "Shenzhen"), "is not in HK"),
    (("US", "NY", "Palo Alto"), "is not in the gazetteer for New York"),
    (("CN", None, "A轮"), "is not in the gazetteer"),
    (("US", "CA", "MV"), "is not in the gazetteer for California"),
]


@pytest.fixture(scope="module")
def meant(tables: dict[str, pl.DataFrame]) -> dict[Mention, dict[str, object]]:
    cases = (CITIES_MEANT, PROVINCES_MEANT, COUNTRIES_MEANT, REFUSED)
    return resolve(said(mention for each in cases for mention, _ in each), tables)


@pytest.mark.parametrize(("mention", "city"), CITIES_MEANT)
def test_city_meant(mention: Mention, city: str, meant: dict[Mention, dict[str, object]]) -> None:
    assert (meant[mention]["level"], meant[mention]["city"]) == ("city", city), meant[mention]["reason"]


@pytest.mark.parametrize(("mention", "province"), PROVINCES_MEANT)
def test_province_meant_and_never_its_capital(mention: Mention, province: str, meant: dict[Mention, dict[str, object]]) -> None:
    row = meant[mention]
    assert (row["level"], row["province"], row["city"], row["geoname_id"]) == ("province", province, None, None)


@pytest.mark.parametrize(("mention", "country"), COUNTRIES_MEANT)
def test_country_meant(mention: Mention, country: str, meant: dict[Mention, dict[str, object]]) -> None:
    assert (meant[mention]["level"], meant[mention]["city_country"]) == ("country", country)


@pytest.mark.parametrize(("mention", "reason"), REFUSED)
def test_no_has_a_reason(mention: Mention, reason: str, meant: dict[Mention, dict[str, object]]) -> None:
    assert (meant[mention]["level"], meant[mention]["reason"]) == ("none", reason)


def test_namesakes_are_refused_unless_one_dwarfs_the_others(tables: dict[str, pl.DataFrame]) -> None:
    found = resolve(said([("US", None, "Springfield"), ("US", None, "Atlanta"), ("MX", None, "Guadalajara")]), tables)
    assert str(found["US", None, "Springfield"]["reason"]).startswith("fits 8 cities: Springfield 4409896 (170,188 people)")
    assert found["MX", None, "Guadalajara"]["city"] == "Guadalajara"


def test_what_is_known_of_an_unresolved_place_is_kept(meant: dict[Mention, dict[str, object]]) -> None:
    row = meant["CN", "Hubei", "Xindi"]
    assert (row["province"], row["city_country"]) == ("Hubei", "CN")


def test_reason_says_how_it_was_decided(meant: dict[Mention, dict[str, object]]) -> None:
    reasons = {mention: meant[mention]["reason"] for mention, _ in CITIES_MEANT}
    assert reasons["CN", None, "Haidian"] == "district of Beijing"
    assert reasons["CN", None, "Kunshan"] == "county-level city of Suzhou"
    assert reasons["CN", "Anhui", "Suzhou"] == "Anhui resolves the homonym"
    assert reasons["US", "MD", "Cambridge"] == "Maryland resolves the homonym"
    assert reasons["CN", None, "Suzhou"] == "alias"
    assert reasons["IE", None, "DUBLIN 2"] == "name"


def test_one_row_per_country_region_and_place(tables: dict[str, pl.DataFrame]) -> None:
    frame = resolve_all(said([("CN", None, "广东"), ("CN", None, "广东"), (None, None, None)]), **tables)
    assert frame.select("country", "region", "place").rows() == [(None, None, None), ("CN", None, "广东")]


# Curated files.


@pytest.mark.parametrize("place", ["Palo Alto", "Fremont", "San Francisco", BAY, "Stanford"])
def test_municipalities_of_the_bay_area_are_one_city(place: str, tables: dict[str, pl.DataFrame]) -> None:
    (row,) = resolve(said([("US", None, place)], strict=True), tables).values()
    assert row["city"] == BAY


@pytest.mark.parametrize(
    ("place", "state", "geoname_id"),
    [("Arlington", "VA", 4744709), ("Lexington", "MA", 4941935), ("Kansas City", "MO", 4393217), ("Troy", "NY", 5141502)],
)
def test_name_that_several_states_share_needs_its_state(
    place: str, state: str, geoname_id: int, tables: dict[str, pl.DataFrame]
) -> None:
    (bare,) = resolve(said([("US", None, place)]), tables).values()
    assert bare["level"] == "none"
    (stated,) = resolve(said([("US", None, f"{place}, {state}")], strict=True), tables).values()
    assert stated["geoname_id"] == geoname_id


def test_unknown_place_names_file_row_column_and_remedy(tables: dict[str, pl.DataFrame]) -> None:
    with pytest.raises(InputError, match=r"f\.csv, row 7, column city: the place 'Atlantis'.*place_aliases\.csv"):
        resolve_all(said([("CN", None, "Atlantis")], strict=True), **tables)


@pytest.mark.parametrize(
    ("country", "place", "fault"), [("CN", "Guangdong", "is a province"), ("US", "Skaneateles", "is not in the")]
)
def test_curated_place_must_be_a_city_of_the_gazetteer(
    country: str, place: str, fault: str, tables: dict[str, pl.DataFrame]
) -> None:
    tables = tables | {"place_aliases": NO_ALIASES, "areas": tables["areas"].clear()}
    with pytest.raises(InputError, match=f"'{place}' in {country} {fault}"):
        resolve_all(said([(country, None, place)], strict=True), **tables)


def test_curated_place_is_not_the_largest_of_its_name_by_default(tables: dict[str, pl.DataFrame]) -> None:
    tables = tables | {"place_aliases": NO_ALIASES, "areas": tables["areas"].clear()}
    mention: Mention = ("US", None, "Jacksonville")
    assert resolve(said([mention]), tables)[mention]["level"] == "none"
    with pytest.raises(InputError, match="'Jacksonville' in US fits 4 cities"):
        resolve_all(said([mention], strict=True), **tables)


def test_ambiguous_municipality_of_an_area_is_an_error_of_that_file(tables: dict[str, pl.DataFrame]) -> None:
    with pytest.raises(InputError, match=r"areas\.csv, row \d+, column city: the place 'Fremont' in US fits 3 cities"):
        resolve_all(said([("CN", None, "Beijing")]), **tables | {"place_aliases": NO_ALIASES})


def test_homonyms_in_two_countries_carry_their_country(tables: dict[str, pl.DataFrame]) -> None:
    both = said([("US", None, "Birmingham"), ("GB", None, "Birmingham")], strict=True)
    assert [row["city"] for row in resolve(both, tables).values()] == ["Birmingham, GB", "Birmingham, US"]


def test_upstream_namesakes_do_not_rename_a_curated_city(tables: dict[str, pl.DataFrame]) -> None:
    curated, upstream = ("US", None, "Richmond, VA"), [("US", "IN", "Richmond"), ("CA", "BC", "Richmond"), ("GB", None, "Paris")]
    found = resolve(
        pl.concat([said([curated, ("FR", None, "Paris")], strict=True), said([*upstream, ("US", "TX", "Paris")])]), tables
    )
    named = {mention: row["city"] for mention, row in found.items()}
    assert (named[curated], named["FR", None, "Paris"]) == ("Richmond", "Paris")
    assert named["US", "IN", "Richmond"] == "Richmond, IN, US"
    assert named["CA", "BC", "Richmond"] == "Vancouver"
    assert named["US", "TX", "Paris"] == "Paris, US"


# The reference tables.


def test_aliases_and_areas_are_in_the_gazetteer(tables: dict[str, pl.DataFrame]) -> None:
    ids = [*tables["place_aliases"]["geoname_id"], *tables["areas"]["geoname_id"].drop_nulls()]
    assert [one for one in ids if by_id(one) is None] == []


def test_aliases_in_china_mean_cities_of_prefectures_csv(tables: dict[str, pl.DataFrame]) -> None:
    aliases = tables["place_aliases"].filter(pl.col("country") == "CN")
    assert aliases.join(tables["prefectures"], on="geoname_id", how="anti")["place"].to_list() == []


def test_cities_of_china_lie_in_their_province(tables: dict[str, pl.DataFrame]) -> None:
    china = tables["provinces"].filter(pl.col("country") == "CN")
    assert china.height == 31
    placed = tables["prefectures"].join(cities(), on="geoname_id").join(china, on="province", suffix="_p")
    assert placed.height == tables["prefectures"]["geoname_id"].count()
    assert placed.filter(pl.col("admin1") != pl.col("gazetteer_code"))["city"].to_list() == []
    codes = tables["prefectures"].join(china, on="province", suffix="_p")
    assert codes.filter(pl.col("code").str.head(2) != pl.col("code_p").str.head(2))["city"].to_list() == []


def test_district_of_no_city_is_an_error_of_that_file(tables: dict[str, pl.DataFrame]) -> None:
    districts = tables["districts"].with_columns(
        pl.when(pl.col("name_zh") == "海淀区").then(pl.lit("Pekin")).otherwise("city").alias("city")
    )
    with pytest.raises(InputError, match=r"districts\.csv, row \d+, column city: 'Pekin' is not a city of prefectures\.csv"):
        resolve_all(said([("CN", None, "Beijing")]), **tables | {"districts": districts})


# Recordings: what share of the rows that state a place is located.


def _crunchbase(raw: Path, side: str) -> Iterator[Mention]:
    archive = zipfile.ZipFile(raw / "crunchbase_investments_2014" / "UnicornsApp.zip")
    table = pl.read_csv(io.BytesIO(archive.read("UnicornsApp/public_html/maptime.csv")), infer_schema=False)
    for country, place in table.select(f"{side}_country_code", f"{side}_city").iter_rows():
        yield iso2(country), None, place


def _itjuzi_events(raw: Path) -> Iterator[Mention]:
    content = (raw / "itjuzi_events_2016" / "invest_event.csv").read_bytes().decode("gbk", errors="replace")
    for place in pl.read_csv(io.BytesIO(content.encode()), infer_schema=False)["place"]:
        yield "CN", None, place


def _itjuzi_investors(raw: Path) -> Iterator[Mention]:
    text = (raw / "itjuzi_investors_2016" / "investorinfo.json").read_text()
    for array in text.replace("][", "]\0[").split("\0"):
        for record in json.loads(array):
            if address := record.get("address"):
                yield "CN", address[0], address[1]


def _ministry(raw: Path) -> Iterator[Mention]:
    for path in sorted((raw / "moe_list").glob("*.xls")):
        for row in pl.read_excel(path, has_header=False, engine="calamine").iter_rows():
            if row[4] and row[4] != "所在地":
                yield "CN", None, row[4]


def _census(raw: Path) -> Iterator[Mention]:
    table = pl.read_csv(raw / "census_china" / "derived_nogeom.csv", infer_schema=False)
    for province, city in table.select("province", "city").iter_rows():
        yield "CN", province, city


def _financedatabase(raw: Path) -> Iterator[Mention]:
    for path in sorted((raw / "financedatabase").glob("*.csv")):
        table = pl.read_csv(path, infer_schema=False).filter(pl.col("country") == "China")
        for state, city in table.select("state", "city").iter_rows():
            yield "CN", state, city


def _weighed(counted: Counter[Mention], tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The mentions resolved, with n, the number of rows that say so."""
    frame = resolve_all(said(counted), **tables)
    return frame.with_columns(pl.Series("n", [counted[row] for row in frame.select("country", "region", "place").iter_rows()]))


def _share_located(mentions: Iterable[Mention], tables: dict[str, pl.DataFrame]) -> float:
    """Of the rows that state a place, those located in a city, or in a province or country where no more is stated."""
    stated = _weighed(Counter(mentions), tables).filter(~pl.col("reason").is_in(["blank", *words("blank").values()]))
    return float(stated.filter(pl.col("level") != "none")["n"].sum() / stated["n"].sum())


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("read", "least"),
    [
        (partial(_crunchbase, side="company"), 0.95),  # the others are mostly names that several states share
        (partial(_crunchbase, side="investor"), 0.97),
        (_itjuzi_events, 0.999),
        (_itjuzi_investors, 1.0),
        (_ministry, 1.0),
        (_census, 1.0),
        (_financedatabase, 0.98),
    ],
    ids=["Crunchbase companies", "Crunchbase investors", "IT桔子 events", "IT桔子 investors", "Ministry", "census", "A-shares"],
)
def test_share_of_recorded_rows_located(
    read: Callable[[Path], Iterator[Mention]], least: float, recordings: Path, tables: dict[str, pl.DataFrame]
) -> None:
    assert _share_located(read(recordings), tables) >= least


@pytest.mark.recorded
def test_recorded_prefectures_have_their_code(recordings: Path, tables: dict[str, pl.DataFrame]) -> None:
    census = pl.read_csv(recordings / "census_china" / "derived_nogeom.csv", infer_schema=False)
    found = resolve_all(said(census.select(pl.lit("CN"), "province", "city").iter_rows()), **tables)
    found = found.filter(pl.col("city_country") == "CN").join(tables["prefectures"], on="city", suffix="_p")
    both = found.join(census, left_on=["region", "place"], right_on=["province", "city"])
    assert both.height == census.height - 2  # Hong Kong and Macau are no prefectures.
    assert both.filter(pl.col("code") != pl.col("city_code"))["place"].to_list() == []


@pytest.mark.recorded
def test_names_without_their_state_mean_the_place_they_mean_with_it(recordings: Path, tables: dict[str, pl.DataFrame]) -> None:
    content = (recordings / "crunchbase_2013_us" / "crunchbase-companies.csv").read_bytes().decode("mac_roman")
    table = pl.read_csv(io.BytesIO(content.replace("\r", "\n").encode()), infer_schema=False).drop_nulls(["state_code", "city"])
    counted: Counter[Mention] = Counter(("US", state, city) for state, city in table.select("state_code", "city").iter_rows())
    with_state = _weighed(counted, tables).filter(pl.col("level") == "city")
    bare = resolve_all(said({("US", None, city) for _, _, city in counted}), **tables).filter(pl.col("level") == "city")
    both = with_state.join(bare, on="place", suffix="_bare")
    assert both["n"].sum() / with_state["n"].sum() >= 0.94
    assert both.filter(pl.col("city") == pl.col("city_bare"))["n"].sum() / both["n"].sum() >= 0.985
