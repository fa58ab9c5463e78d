"""Resolve a place as written to a city, a province, a country, or none with a reason; never to a guess."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputError
from pipelines.resolve.places.resolve import KEY
from tests.support.places import BAY, NO_ALIASES, Mention, by_mention, committed, mentions, resolve

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
    # Letters that look like others, and invisible ones.
    (("CN", None, "B\u0435ijing"), "Beijing"),
    (("CN", None, "北\u200b京"), "Beijing"),
    # A reviewed alias of what the tables lack.
    (("CN", None, "Dongguancun"), "Beijing"),
    # A spelling that only the gazetteer has, and one that two cities share, of which the province decides.
    (("CN", None, "Jihkatse"), "Shigatse"),
    (("CN", "Guizhou", "Tungjen"), "Tongren"),
    # Two cities of one pinyin: characters, the province, or a reviewed alias.
    (("CN", None, "Suzhou"), "Suzhou"),
    (("CN", None, "宿州"), "Suzhou (Anhui)"),
    (("CN", "Anhui", "Suzhou"), "Suzhou (Anhui)"),
    (("CN", None, "台州"), "Taizhou (Zhejiang)"),
    (("CN", "Jiangsu", "Taizhou"), "Taizhou (Jiangsu)"),
    (("CN", None, "Fuzhou"), "Fuzhou"),
    (("CN", "江西省", "Fuzhou"), "Fuzhou (Jiangxi)"),
    (("CN", "Qinghai", "Weiyuan"), "Haidong"),
    (("CN", "Sichuan", "Weiyuan"), "Neijiang"),
    (("CN", None, "威远"), "Neijiang"),
    (("CN", None, "威远镇"), "Haidong"),
    (("CN", "Shaanxi", "Yulin"), "Yulin (Shaanxi)"),
    (("CN", None, "玉林市"), "Yulin (Guangxi)"),
    (("CN", None, "伊春市"), "Yichun (Heilongjiang)"),
    (("CN", None, "宜春"), "Yichun"),
    # Prefectures of all kinds, and units directly under a province.
    (("CN", None, "延边朝鲜族\n自治州"), "Yanbian"),
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
    (("JP", "Oita", "Usa"), "Usa"),
    (("US", "MD", "Cambridge"), "Cambridge, MD, US"),
    (("US", "OR", "Portland"), "Portland"),
    (("US", "Maine", "Portland"), "Portland, ME, US"),
    ((None, None, "Portland, ME"), "Portland, ME, US"),
    (("US", "VA", "Richmond"), "Richmond"),
    # A known slip, with the name and the state together as its alias.
    (("US", "NY", "Palo Alto"), BAY),
    ((None, None, "Palo Alto, NY"), BAY),
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
    (("JP", None, "Usa"), "US"),
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
    (("CN", "Hunan", "Jihkatse"), "is not in the gazetteer"),
    (("CN", "CA", "San Francisco"), "is not in the gazetteer"),
    (("HK", None, "Shenzhen"), "is not in HK"),
    (("US", "NY", "Mountain View"), "is not in the gazetteer for New York"),
    (("US", "NY", "Malta"), "is not in the gazetteer for New York"),
    (("CN", None, "A轮"), "is not in the gazetteer"),
    (("CN", "美国", "旧金山"), "is not in the gazetteer"),
    (("US", "CA", "MV"), "is not in the gazetteer for California"),
    (("CN", "广东", "深圳、新加坡"), "is not in SG"),
]

#: A city of each state of the United States and of the district, as exports write them: without the country.
AMERICAN = {
    "AL": "Birmingham", "AK": "Anchorage", "AZ": "Phoenix", "AR": "Little Rock", "CA": "Los Angeles", "CO": "Denver",
    "CT": "Hartford", "DC": "Washington", "DE": "Wilmington", "FL": "Miami", "GA": "Atlanta", "HI": "Honolulu",
    "IA": "Des Moines", "ID": "Boise", "IL": "Chicago", "IN": "Indianapolis", "KS": "Wichita", "KY": "Louisville",
    "LA": "New Orleans", "MA": "Boston", "MD": "Baltimore", "ME": "Portland", "MI": "Detroit", "MN": "Minneapolis",
    "MO": "Kansas City", "MS": "Jackson", "MT": "Billings", "NC": "Charlotte", "ND": "Fargo", "NE": "Omaha", "NH": "Manchester",
    "NJ": "Newark", "NM": "Albuquerque", "NV": "Las Vegas", "NY": "New York", "OH": "Columbus", "OK": "Oklahoma City",
    "OR": "Portland", "PA": "Philadelphia", "RI": "Providence", "SC": "Charleston", "SD": "Sioux Falls", "TN": "Nashville",
    "TX": "Austin", "UT": "Salt Lake City", "VA": "Richmond", "VT": "Burlington", "WA": "Seattle", "WI": "Milwaukee",
    "WV": "Charleston", "WY": "Cheyenne",
}  # fmt: skip

#: Cities of a country whose code is also a state's, of which the state has no such city.
ABROAD = [
    ("CA", "Toronto", "Toronto"),
    ("IL", "Tel Aviv", "Tel Aviv"),
    ("DE", "Munich", "Munich"),
    ("IN", "Bangalore", "Bengaluru"),
    ("CO", "Medellín", "Medellín"),
    ("GA", "Libreville", "Libreville"),
    ("MA", "Casablanca", "Casablanca"),
]

#: Everything that is found out of the places above and of others, read by eye.
RECORDED = pl.read_csv(Path(__file__).with_name("places.csv"), schema_overrides={"region": pl.String}, infer_schema_length=None)

Meant = dict[Mention, dict[str, object]]


@pytest.fixture(scope="module")
def meant() -> Meant:
    cases = (CITIES_MEANT, PROVINCES_MEANT, COUNTRIES_MEANT, REFUSED)
    above = {mention: None for each in cases for mention, _ in each}
    recorded = dict.fromkeys(RECORDED.select(KEY).iter_rows())
    return by_mention(resolve(mentions(above | recorded)))


def test_everything_found_of_a_place_is_as_recorded(meant: Meant) -> None:
    found = {mention: {name: meant[mention][name] for name in RECORDED.columns} for mention in RECORDED.select(KEY).iter_rows()}
    assert found == {tuple(row[name] for name in KEY): row for row in RECORDED.iter_rows(named=True)}


@pytest.mark.parametrize(("mention", "city"), CITIES_MEANT)
def test_city_is_found(mention: Mention, city: str, meant: Meant) -> None:
    assert (meant[mention]["level"], meant[mention]["city"]) == ("city", city), meant[mention]["reason"]


def test_province_that_is_stated_is_kept_where_a_part_lies_abroad(meant: Meant) -> None:
    found = meant["CN", "广东", "深圳、新加坡"]
    assert (found["level"], found["country"], found["province"]) == ("none", "CN", "Guangdong")


@pytest.mark.parametrize(("mention", "province"), PROVINCES_MEANT)
def test_province_is_found_and_never_its_capital(mention: Mention, province: str, meant: Meant) -> None:
    row = meant[mention]
    assert (row["level"], row["province"], row["city"], row["geoname_id"]) == ("province", province, None, None)


@pytest.mark.parametrize(("mention", "country"), COUNTRIES_MEANT)
def test_country_is_found(mention: Mention, country: str, meant: Meant) -> None:
    assert (meant[mention]["level"], meant[mention]["city_country"]) == ("country", country)


@pytest.mark.parametrize(("mention", "reason"), REFUSED)
def test_refused_place_has_a_reason(mention: Mention, reason: str, meant: Meant) -> None:
    assert (meant[mention]["level"], meant[mention]["reason"]) == ("none", reason)


def test_city_beside_the_code_of_a_state_is_american_though_a_country_has_that_code() -> None:
    states = dict(committed("provinces").filter(pl.col("country") == "US").select("code", "province").iter_rows())
    assert AMERICAN.keys() == states.keys()
    apart: list[Mention] = [(None, code, place) for code, place in AMERICAN.items()]
    joined: list[Mention] = [(None, None, f"{place}, {code}") for code, place in AMERICAN.items()]
    found = by_mention(resolve(mentions([*apart, *joined])))
    for row, code in zip([*apart, *joined], [*AMERICAN, *AMERICAN], strict=True):
        meant = found[row]
        assert (meant["level"], meant["city_country"], meant["province"]) == ("city", "US", states[code]), row


def test_city_beside_the_code_of_a_country_is_abroad_where_the_state_has_none() -> None:
    apart: list[Mention] = [(None, code, place) for code, place, _ in ABROAD]
    joined: list[Mention] = [(None, None, f"{place}, {code}") for code, place, _ in ABROAD]
    found = by_mention(resolve(mentions([*apart, *joined])))
    for (code, _, city), *forms in zip(ABROAD, apart, joined, strict=True):
        assert [(found[form]["city"], found[form]["city_country"]) for form in forms] == [(city, code)] * 2


def test_namesakes_are_refused_unless_one_dwarfs_the_others() -> None:
    rows = by_mention(resolve(mentions([("US", None, "Springfield"), ("US", None, "Atlanta"), ("MX", None, "Guadalajara")])))
    assert str(rows["US", None, "Springfield"]["reason"]).startswith("fits 8 cities: Springfield 4409896 (170,188 people)")
    assert rows["MX", None, "Guadalajara"]["city"] == "Guadalajara"


def test_city_has_the_name_it_is_known_by_and_not_that_of_its_largest_part() -> None:
    called = {"Kochi": "Kochi", "Kanayannur": "Kochi", "Visakhapatnam": "Visakhapatnam"}
    indian = by_mention(resolve(mentions([("IN", None, city) for city in called])))
    assert {city: row["city"] for (_, _, city), row in indian.items()} == called


def test_what_is_known_of_a_refused_place_is_kept(meant: Meant) -> None:
    row = meant["CN", "Hubei", "Xindi"]
    assert (row["province"], row["city_country"]) == ("Hubei", "CN")


def test_reason_says_how_it_was_decided(meant: Meant) -> None:
    reasons = {mention: meant[mention]["reason"] for mention, _ in CITIES_MEANT}
    assert reasons["CN", None, "Haidian"] == "district of Beijing"
    assert reasons["CN", None, "Kunshan"] == "county-level city of Suzhou"
    assert reasons["CN", "Anhui", "Suzhou"] == "Anhui resolves the homonym"
    assert reasons["US", "MD", "Cambridge"] == "Maryland resolves the homonym"
    assert reasons["CN", None, "Suzhou"] == "alias"
    assert reasons["IE", None, "DUBLIN 2"] == "name"


def test_city_stands_where_the_gazetteer_or_else_its_row_puts_it() -> None:
    found = by_mention(resolve(mentions([("CN", None, "Beijing"), ("CN", None, "Sansha")])))
    assert {place: (row["latitude"], row["longitude"]) for (_, _, place), row in found.items()} == {
        "Beijing": (39.9075, 116.39723),
        "Sansha": (16.8, 112.3),
    }


def test_city_has_its_own_province_whatever_that_of_a_part_of_it() -> None:
    parts = [
        ("US", "NJ", "Hoboken"),
        ("US", "NH", "Portsmouth"),
        ("IN", None, "Gurugram"),
        ("CN", None, "Kunshan"),
        ("CN", None, "广东"),
    ]
    found = by_mention(resolve(mentions(parts)))
    assert [(found[part]["province"], found[part]["city_province"]) for part in parts] == [
        ("New Jersey", "New York"),
        ("New Hampshire", "Massachusetts"),
        ("Haryana", "Delhi"),
        ("Jiangsu", "Jiangsu"),
        ("Guangdong", None),
    ]


def test_each_country_region_and_place_is_one_row() -> None:
    frame = resolve(mentions([("CN", None, "广东"), ("CN", None, "广东"), (None, None, None)]))
    assert frame.select("country", "region", "place").rows() == [(None, None, None), ("CN", None, "广东")]


# Curated files.


@pytest.mark.parametrize("place", ["Palo Alto", "Fremont", "San Francisco", BAY, "Stanford"])
def test_municipalities_of_the_bay_area_are_one_city(place: str) -> None:
    assert resolve(mentions([("US", None, place)], strict=True))["city"].to_list() == [BAY]


@pytest.mark.parametrize(
    ("place", "state", "geoname_id"),
    [("Arlington", "VA", 4744709), ("Lexington", "MA", 4941935), ("Kansas City", "MO", 4393217), ("Troy", "NY", 5141502)],
)
def test_name_that_several_states_share_needs_its_state(place: str, state: str, geoname_id: int) -> None:
    assert resolve(mentions([("US", None, place)]))["level"].to_list() == ["none"]
    stated = resolve(mentions([("US", None, f"{place}, {state}")], strict=True))
    assert stated["geoname_id"].to_list() == [geoname_id]


def test_unknown_place_names_file_row_column_and_remedy() -> None:
    with pytest.raises(InputError, match=r"f\.csv, row 7, column city: the place 'Atlantis'.*place_aliases\.csv"):
        resolve(mentions([("CN", None, "Atlantis")], strict=True))


@pytest.mark.parametrize(
    ("country", "place", "fault", "upstream"),
    [
        ("CN", "Guangdong", "is a province", "province"),
        ("US", "Skaneateles", "is not in the", "city"),
        ("US", "Jacksonville", "fits 4 cities", "none"),
    ],
)
def test_curated_place_must_be_a_city_without_doubt(country: str, place: str, fault: str, upstream: str) -> None:
    bare = {"place_aliases": NO_ALIASES, "areas": committed("areas").clear()}
    assert resolve(mentions([(country, None, place)]), **bare)["level"].to_list() == [upstream]
    with pytest.raises(InputError, match=f"'{place}' in {country} {fault}"):
        resolve(mentions([(country, None, place)], strict=True), **bare)


def test_curated_place_is_held_to_it_although_another_source_has_it_too() -> None:
    place = [("CN", None, "Guangdong")]
    with pytest.raises(InputError, match="'Guangdong' in CN is a province"):
        resolve(pl.concat([mentions(place), mentions(place, strict=True), mentions(place)]))


def test_ambiguous_municipality_is_an_error_of_areas_csv() -> None:
    with pytest.raises(InputError, match=r"areas\.csv, row \d+, column city: the place 'Fremont' in US fits 3 cities"):
        resolve(mentions([("CN", None, "Beijing")]), place_aliases=NO_ALIASES)


def test_district_of_no_city_is_an_error_of_districts_csv() -> None:
    pekin = pl.when(pl.col("name_zh") == "海淀区").then(pl.lit("Pekin")).otherwise("city")
    with pytest.raises(InputError, match=r"districts\.csv, row \d+, column city: 'Pekin' is not a city of prefectures\.csv"):
        resolve(mentions([("CN", None, "Beijing")]), districts=committed("districts").with_columns(city=pekin))


def test_homonyms_in_two_countries_carry_their_country() -> None:
    both = mentions([("US", None, "Birmingham"), ("GB", None, "Birmingham")], strict=True)
    assert resolve(both)["city"].to_list() == ["Birmingham, GB", "Birmingham, US"]


def test_upstream_namesakes_do_not_rename_a_curated_city() -> None:
    curated = [("US", None, "Richmond, VA"), ("FR", None, "Paris")]
    upstream = [("US", "IN", "Richmond"), ("CA", "BC", "Richmond"), ("GB", None, "Paris"), ("US", "TX", "Paris")]
    rows = by_mention(resolve(pl.concat([mentions(curated, strict=True), mentions(upstream)])))
    assert [rows[mention]["city"] for mention in curated] == ["Richmond", "Paris"]
    assert rows["US", "IN", "Richmond"]["city"] == "Richmond, IN, US"
    assert rows["CA", "BC", "Richmond"]["city"] == "Vancouver"
    assert rows["US", "TX", "Paris"]["city"] == "Paris, US"
