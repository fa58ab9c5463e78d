"""The names by which cities are asked for, from places and reference rows made by hand."""

from tests.support.models import Rows, run

CITIES: Rows = [
    {"city": "Suzhou", "city_zh": "苏州", "country": "CN", "geoname_id": 1},
    {"city": "Guangzhou", "city_zh": "广州", "country": "CN", "geoname_id": 2},
    {"city": "Hong Kong", "city_zh": None, "country": "HK", "geoname_id": 3},
    {"city": "San Francisco Bay Area", "city_zh": None, "country": "US", "geoname_id": 4},
]


def place(name: str, city: str, country: str, geoname_id: int, reason: str = "name") -> dict[str, object]:
    where = {"place_key": f"{country}||{name}", "level": "city", "geoname_id": geoname_id, "reason": reason}
    return where | {"place": name, "city": city, "city_country": country}


def names() -> set[tuple[object, ...]]:
    rows = run(
        "core.place_names",
        {
            "core.cities": CITIES,
            "core.places": [
                place("San Francisco", "San Francisco Bay Area", "US", 4),
                place("Silicon Valley", "San Francisco Bay Area", "US", 4, "alias"),
                place("Palo Alto", "San Francisco Bay Area", "US", 5),
                place("Kunshan", "Suzhou", "CN", 1, "county-level city of Suzhou"),
                place("San Francisco", "Hong Kong", "HK", 3, "the territory is one city"),
            ],
            "landing.reference__prefectures": [
                {"city": "Guangzhou", "also": "Canton|Kwangchow"},
                {"city": "Suzhou", "also": None},
                {"city": "Nowhere", "also": "Utopia"},
            ],
            "landing.reference__countries": [
                {"country": "HK", "also": "Hong Kong SAR|香港", "city_id": 3},
                {"country": "US", "also": "美国", "city_id": None},
            ],
            "landing.reference__districts": [
                {"name_zh": "昆山市", "district": "Kunshan", "city": "Suzhou"},
                {"name_zh": "和县", "district": "He", "city": "Suzhou"},
                {"name_zh": "乌有市", "district": "Wuyou", "city": "Nowhere"},
            ],
            "landing.reference__provinces": [
                {"province": "Guangdong", "name_zh": "广东省", "short_zh": "广东", "also": "Canton Province|Kwangtung"},
                {"province": "California", "name_zh": None, "short_zh": None, "also": None},
            ],
        },
    )
    return {(row["name"], row["kind"], row["city"], row["province"]) for row in rows}


def test_city_has_its_names_in_both_languages_and_its_older_ones() -> None:
    assert {row[0] for row in names() if row[1:] == ("city", "Guangzhou", None)} == {"Guangzhou", "广州", "Canton", "Kwangchow"}


def test_territory_that_is_one_city_is_called_as_the_territory_is() -> None:
    assert {row[0] for row in names() if row[1:] == ("city", "Hong Kong", None)} == {"Hong Kong", "Hong Kong SAR", "香港"}
    assert not any(row[0] in ("美国", "Utopia", "Wuyou") for row in names())


def test_core_of_an_area_stands_for_it_and_a_part_does_not() -> None:
    area = {row[:2] for row in names() if row[2] == "San Francisco Bay Area"}
    assert area >= {("San Francisco", "core"), ("Silicon Valley", "core"), ("Palo Alto", "part")}
    assert not any(row[0] == "San Francisco" and row[2] == "Hong Kong" for row in names())


def test_benchmark_is_called_as_the_pages_call_it() -> None:
    called = {row[0] for row in names() if row[1:] == ("city", "San Francisco Bay Area", None)}
    assert called == {"San Francisco Bay Area", "Bay Area", "湾区", "旧金山湾区", "硅谷"}


def test_district_is_a_part_with_and_without_the_word_for_its_kind() -> None:
    parts = {row[0] for row in names() if row[1:] == ("part", "Suzhou", None)}
    assert parts == {"Kunshan", "昆山市", "昆山", "He", "和县"}


def test_province_is_none_of_its_cities() -> None:
    assert {row[0] for row in names() if row[1:] == ("province", None, "Guangdong")} == {
        *("Guangdong", "广东省", "广东", "Canton Province", "Kwangtung")
    }
    assert ("California", "province", None, "California") in names()
