"""Lists that count by place: units of a census, head offices, and editions of a list, on small hand-made frames."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.support.models import MODELS, Rows, build, run, with_branch
from tests.support.places import committed

FILE = {"source_file": "f", "source_row": 2}


def places(*keys: str) -> Rows:
    """Return resolved places; the last part of a key is the city, in its own writing."""
    return [{"place_key": key, "city": key.split("|")[2], "province": "P", "city_country": key[:2]} for key in keys]


def unit(place: str, year: int, population: int, bachelor: int) -> dict[str, object]:
    persons = dict.fromkeys(("college_men", "college_women", "bachelor_women", "from_same_province", "from_other_provinces"), 0)
    return persons | FILE | {
        "region": "安徽省", "place": place, "year": year, "population": population, "bachelor_men": bachelor
    }  # fmt: skip


def test_units_of_a_city_are_added_but_for_a_divided_prefecture() -> None:
    known = [{"place_key": f"CN|安徽省|{name}", "city": "Hefei", "province": "Anhui"} for name in ("合肥市", "巢湖市", "庐江县")]
    units = [
        unit("合肥市", 2010, 100, 10),
        unit("巢湖市", 2010, 70, 7),
        unit("庐江县", 2010, 100, 20),
        unit("合肥市", 2020, 300, 90),
    ]
    rows = run("core.census_residents", {"landing.census_county__prefectures": units, "core.places": known})
    assert [(row["city"], row["year"], row["population"], row["bachelor_share"], row["n_units"]) for row in rows] == [
        ("Hefei", 2010, 200, pytest.approx(0.15), 2),
        ("Hefei", 2020, 300, pytest.approx(0.3), 1),
    ]


def test_shares_of_employment_are_compared_with_the_country() -> None:
    sampled = [("合肥市", "a", 30), ("合肥市", "b", 70), ("芜湖市", "a", 10), ("芜湖市", "b", 90)]
    rows = run(
        "core.census_employment",
        {
            "landing.census_county__employment": [
                FILE | {"region": "安徽省", "place": place, "year": 2020, "kind": "industry", "class_name": name, "n_sampled": n,
                        "n_all": 100}
                for place, name, n in sampled
            ],
            "core.places": places("CN|安徽省|合肥市"),
        },
    )  # fmt: skip
    assert [(row["class_name"], row["share"], row["country_share"], row["quotient"]) for row in rows] == [
        ("a", 0.3, 0.2, pytest.approx(1.5)),
        ("b", 0.7, 0.8, pytest.approx(0.875)),
    ]


@pytest.mark.parametrize(
    ("region", "place", "key"),
    [
        ("广东", "深圳", "CN|广东|深圳"),
        (None, "上海", "CN||上海"),
        ("上海", "浦东", "CN|上海|浦东"),
        ("台湾", "台北", "TW||台北"),
        (None, "香港", "HK||香港"),
        ("美国", "旧金山", "US||旧金山"),
        (None, "深圳", "||深圳"),
    ],
)
def test_head_office_is_in_a_province_or_in_a_country(region: str | None, place: str, key: str) -> None:
    countries = {"台湾": "TW", "香港": "HK", "美国": "US"}
    office = FILE | {"year": 2013, "head_office": "o", "region": region, "place": place, "people": 1, "wealth_100m_cny": 20.0}
    (row,) = run(
        "staging.rich_list_offices",
        {
            "landing.hurun_rich_list__head_offices": [office],
            "landing.reference__provinces": [{"country": "CN", "short_zh": name, "province": name} for name in ("广东", "上海")],
            "core.countries": [{"written": name, "country": code} for name, code in countries.items()],
        },
    )
    assert row["place_key"] == key


def test_company_left_a_list_unless_name_or_day_and_city_return() -> None:
    old = {
        "industry": "Other",
        "valuation_usd_bn": 1.0,
        "country": "India",
        "place": "Gurgaon",
        "unicorn_on": "2021-06-30",
    } | FILE
    rows = run(
        "staging.unicorns_left",
        {
            "landing.cb_insights__unicorns_2021": [
                old | {"company": "Bytedance", "unicorn_on": "2017-04-07"},
                old | {"company": "Grofers"},
                old | {"company": "Zomato", "unicorn_on": "2015-04-10"},
            ],
            "landing.cb_insights__unicorns": [
                {"company": "ByteDance", "country": "China", "place": "Beijing", "unicorn_on": "2017-04-07"},
                {"company": "Blinkit", "country": "India", "place": "Gurgaon", "unicorn_on": "2021-06-30"},
            ],
        },
    )
    assert [row["company"] for row in rows] == ["Zomato"]


def test_panel_counts_prefectures_of_today_without_doubts(tmp_path: Path) -> None:
    def product(code: str, gdp: float, is_doubtful: bool = False) -> dict[str, object]:
        return FILE | {"year": 2000, "place_code": code, "gdp_100m_cny": gdp, "is_doubtful": is_doubtful}

    wage = FILE | {"year": 2000, "place_code": "330100", "wage_cny": 9e5, "staff_10k": 2.0, "is_doubtful": True}
    rows = build(
        with_branch("marts.city_counts", "city_panels", tmp_path),
        {
            "landing.city_panels__gdp": [product("110000", 3.0), product("330100", 2.0, True), product("341400", 1.0)],
            "landing.city_panels__wages": [wage],
            "landing.reference__prefectures": [{"code": "110100", "name_zh": "北京市"}, {"code": "330100", "name_zh": "杭州市"}],
            "core.places": places("CN||北京市", "CN||杭州市"),
        },
    )
    assert [(row["measure"], row["city"], row["value"]) for row in rows] == [
        ("GDP, 100m CNY", "北京市", 3.0),
        ("staff of urban units, 10k", "杭州市", 2.0),
    ]


def test_connectivity_of_a_city_is_that_of_its_best_connected_municipality(tmp_path: Path) -> None:
    printed = {"Suzhou": 26129, "Kunshan": 4209, "Wuxi": 9000}
    rows = build(
        with_branch("marts.city_counts", "gawc", tmp_path),
        {
            "landing.gawc__connectivity": [
                FILE | {"country": "China", "city": city, "connectivity": value} for city, value in printed.items()
            ],
            "core.countries": [{"written": "china", "country": "CN"}],
            "core.places": [
                {"place_key": f"CN||{city}", "city": "Wuxi" if city == "Wuxi" else "Suzhou", "province": "Jiangsu"}
                | {"city_country": "CN"}
                for city in printed
            ],
        },
    )
    assert {(row["city"], row["value"], row["n_rows"]) for row in rows} == {("Suzhou", 26129.0, 1), ("Wuxi", 9000.0, 1)}


def _regions_of_listed(tmp_path: Path, printed: list[tuple[str, str, str | None]]) -> dict[str, str | None]:
    """Return company → province that the mapping states, for listed companies with a place and a postcode."""
    prefectures = {"Taizhou (Zhejiang)": "Zhejiang", "Taizhou (Jiangsu)": "Jiangsu", "Hangzhou": "Zhejiang", "Fuyang": "Anhui"}
    prefectures |= {"Tongliao": "Inner Mongolia"}
    districts = [("Fuyang", "Hangzhou"), ("Horqin", "Tongliao"), ("Horqin", "Hangzhou"), ("Yiwu", "Hangzhou")]
    postcodes = {"Zhejiang": "31|32", "Jiangsu": "21|22", "Anhui": "23|24", "Inner Mongolia": "01|02"}
    rows = build(
        with_branch("staging.companies", "financedatabase", tmp_path),
        {
            "landing.financedatabase__equities": [
                FILE | {"symbol": company, "company": company, "country": "China", "region": None, "place": place}
                | {"founded_year": None, "postcode": postcode}
                for company, place, postcode in printed
            ],
            "landing.reference__prefectures": [
                {"city": city, "province": province} for city, province in prefectures.items()
            ],
            "landing.reference__districts": [{"district": district, "city": city} for district, city in districts],
            "landing.reference__provinces": [
                {"country": "CN", "province": province, "postcodes": codes} for province, codes in postcodes.items()
            ],
            "core.countries": [{"written": "china", "country": "CN"}],
        },
    )  # fmt: skip
    assert len(rows) == len(printed)
    return {row["company"]: row["region"] for row in rows}


def test_metro_of_crunchbase_2013_holds_in_california_alone(tmp_path: Path) -> None:
    where = {"country": "USA", "metro": "SF Bay", "place": "Richmond"}
    row = where | {f"acquirer_{name}": value for name, value in where.items()} | FILE
    row |= {"company_key": "/company/a", "company": "A", "acquirer": "B", "acquired_at": None, "acquired_year": 2012}
    row |= {"price": None, "price_currency": None}
    rows = build(
        with_branch("staging.acquisitions", "crunchbase_2013", tmp_path),
        {
            "landing.crunchbase_2013__acquisitions": [row | {"region": "VA", "acquirer_region": "CA"}],
            "core.countries": [{"written": "usa", "country": "US"}],
        },
    )
    assert [(one["region"], one["acquirer_region"]) for one in rows] == [("VA", "SF Bay")]


def test_name_of_a_company_says_which_of_two_cities_is_meant(tmp_path: Path) -> None:
    expected = {
        ("Zhejiang Hisun Co.", "Taizhou"): "Zhejiang",
        ("Zhe Jiang Headman", "Taizhou"): "Zhejiang",
        ("Jack Sewing", "Taizhou"): None,
        ("Zhejiang Crystal", "Hangzhou"): None,
        ("Jiangsu Chunlan", "Taizhou"): "Jiangsu",
        ("Anhui Golden Seed", "Fuyang"): "Anhui",
        ("Zhejiang Jingu", "Fuyang"): "Zhejiang",
        ("Inner Mongolia Horqin", "Horqin"): "Inner Mongolia",
        ("Zhejiang Semir", "Yiwu"): None,
    }
    found = _regions_of_listed(tmp_path, [(*printed, None) for printed in expected])
    assert found == {company: region for (company, _), region in expected.items()}


def test_postcode_says_which_of_two_cities_is_meant(tmp_path: Path) -> None:
    """It tells more than the name, and nothing of a place that is the only one of its name."""
    expected = {
        ("Sanbian", "Taizhou", "317100"): "Zhejiang",
        ("Mabpharm", "Taizhou", "225300"): "Jiangsu",
        ("Zhejiang Pharma", "Taizhou", "225300"): "Jiangsu",
        ("Jiangsu Paper", "Taizhou", "100027"): "Jiangsu",
        ("Elsewhere", "Taizhou", "100027"): None,
        ("Zero Lost", "Horqin", "28000"): "Inner Mongolia",
        ("Digit Lost", "Taizhou", "3171"): None,
        ("Digit More", "Taizhou", "3171001"): None,
        ("Mailbox", "Yiwu", "225300"): None,
        ("Only One", "Yiwu", "322000"): None,
    }
    found = _regions_of_listed(tmp_path, [*expected])
    assert found == {company: region for (company, *_), region in expected.items()}


def test_seat_that_nothing_in_the_list_tells_is_the_one_of_the_prospectus(tmp_path: Path) -> None:
    found = _regions_of_listed(tmp_path, [("300294.SZ", "Fuzhou", None), ("300299.SZ", "Fuzhou", None)])
    assert found == {"300294.SZ": "Jiangxi", "300299.SZ": None}
    moved = _regions_of_listed(tmp_path / "moved", [("300294.SZ", "Hangzhou", None)])
    assert moved == {"300294.SZ": None}


def test_postcodes_of_each_province_of_china_are_its_own() -> None:
    """No two provinces share two digits, and every province has some."""
    provinces = committed("provinces").filter(pl.col("country") == "CN")["postcodes"].str.split("|")
    codes = provinces.explode().to_list()
    assert provinces.null_count() == 0
    assert len(codes) == len(set(codes)) == 60


@pytest.mark.parametrize(("rows", "counted"), [(4, [("CN", "P", "Hefei"), ("GB", None, None)]), (3, [])])
def test_universities_of_ror_count_if_the_whole_file_is_there(rows: int, counted: list[tuple[str | None, ...]]) -> None:
    """A part of the file has some countries and lacks others; here four organisations are whole, not fifty thousand."""
    counting = MODELS["staging.counted_universities"]
    assert ">= 50000" in counting.sql
    universities = [
        {"dataset": "ror", "country": "CN", "place_key": "CN||Hefei"},
        {"dataset": "ror", "country": "GB", "place_key": "GB|X|Nowhere"},
        {"dataset": "moe", "country": "CN", "place_key": "CN||Hefei"},
    ]
    found = build(
        replace(counting, sql=counting.sql.replace(">= 50000", ">= 4")),
        {
            "core.institutions": [{"edition": 2020, "is_newest_edition": True, "is_undergraduate": False}],
            "landing.ror__organisations": [{"ror_id": str(number)} for number in range(rows)],
            "staging.universities": universities,  # type: ignore[dict-item]
            "core.places": [{"place_key": "CN||Hefei", "city": "Hefei", "province": "P", "city_country": "CN"}],
        },
    )
    assert [(row["country"], row["province"], row["city"]) for row in found] == counted


def test_of_several_places_of_one_record_the_first_in_the_alphabet_counts(tmp_path: Path) -> None:
    record = {"ror_id": "r", "name": "Uni", "country": "CN", "types": "education", "status": "active"}
    (row,) = build(
        with_branch("staging.universities", "ror", tmp_path),
        {
            "landing.ror__organisations": [
                record | {"name_zh": None, "region": region, "place": place, "source_file": "f", "source_row": 7}
                for region, place in (("Anhui", "Hefei"), ("Anhui", "Bengbu"), ("Hebei", "Anguo"))
            ],
            "core.countries": [{"written": "cn", "country": "CN"}],
        },
    )
    assert row["place_key"] == "CN|Anhui|Bengbu"


def test_research_that_is_done_in_many_cities_counts_for_none(tmp_path: Path) -> None:
    names = ("Academy", "Hefei University")
    works = {"country": "CN", "year": 2024, "works": 9, "top10_works": 1} | FILE
    rows = build(
        with_branch("core.research", "openalex", tmp_path),
        {
            "landing.openalex__works": [works | {"openalex_id": name} for name in names],
            "landing.reference__scattered_research": [
                {"dataset": "openalex", "university": "Academy"},
                {"dataset": "csrankings", "university": "Hefei University"},
            ],
            "core.names": [{"mention": f"openalex/university:{name}", "entity": name, "name": name} for name in names],
            "core.countries": [{"written": "cn", "country": "CN"}],
            "staging.universities": [
                {"mention": f"openalex/university:{name}", "place_key": "CN||Hefei", "source_priority": 1} for name in names
            ],
            "core.places": [{"place_key": "CN||Hefei", "city": "Hefei", "province": "Anhui", "level": "city"}],
        },
    )
    assert {(row["university"], row["country"], row["province"], row["city"]) for row in rows} == {
        ("Academy", "CN", None, None),
        ("Hefei University", "CN", "Anhui", "Hefei"),
    }
