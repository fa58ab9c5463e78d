"""Cities and their names, from places made by hand."""

from tests.support.models import Rows, run


def place(city: str, country: str) -> dict[str, object]:
    where = {"province": None, "city_province": None, "latitude": 30.0, "longitude": 110.0, "geoname_id": 1}
    return {
        "place_key": f"{country}||{city}", "level": "city", "city": city, "municipality": city, "city_country": country, "n": 1,
    } | where  # fmt: skip


def part(city: str, municipality: str, province: str, city_province: str, geoname_id: int, n: int = 1) -> dict[str, object]:
    """Return a municipality of a city, whose latitude is the number of its GeoNames id."""
    where = {"province": province, "city_province": city_province, "latitude": float(geoname_id), "geoname_id": geoname_id}
    named = {"place_key": f"US|{province}|{municipality}", "municipality": municipality, "n": n}
    return place(city, "US") | named | where


def test_chinese_name_is_that_of_the_prefecture_without_its_rank() -> None:
    places: Rows = [place("Dali", "CN"), place("Wuhan", "CN"), place("Dalian", "CN")]
    rows = run(
        "core.cities",
        {
            "core.places": places,
            "staging.place_mentions": [
                {"place_key": "CN||Wuhan", "is_strict": True},
                {"place_key": "CN||Dali", "is_strict": False},
            ],
            "landing.reference__prefectures": [
                {"city": "Wuhan", "name_zh": "武汉市"},
                {"city": "Dali", "name_zh": "大理白族自治州"},
                {"city": "Yantai", "name_zh": "烟台市"},
            ],
        },
    )
    assert {row["city"]: (row["city_zh"], row["is_in_register"]) for row in rows} == {
        "Dali": ("大理白族自治州", False),
        "Wuhan": ("武汉", True),
        "Dalian": (None, False),
    }


def test_city_abroad_has_no_chinese_name_of_a_namesake() -> None:
    rows = run(
        "core.cities",
        {
            "core.places": [place("Wuhan", "US")],
            "staging.place_mentions": [{"place_key": "US||Wuhan", "is_strict": True}],
            "landing.reference__prefectures": [{"city": "Wuhan", "name_zh": "武汉市"}],
        },
    )
    assert [row["city_zh"] for row in rows] == [None]


def test_a_city_of_two_states_stands_where_the_municipality_of_its_name_does() -> None:
    rows = run(
        "core.cities",
        {
            "core.places": [
                part("New York City", "Newark", "New Jersey", "New York", 1, n=9),
                part("New York City", "New York City", "New York", "New York", 2),
                part("Kansas City", "Kansas City", "Kansas", "Missouri", 3, n=9),
                part("Kansas City", "Kansas City", "Missouri", "Missouri", 4),
                # Of these two no source names the municipality that the city is called after.
                part("Springfield, MA", "Windsor", "Connecticut", "Massachusetts", 5, n=9),
                part("Springfield, MA", "Wilbraham", "Massachusetts", "Massachusetts", 6),
                part("Springfield, MA", "Hadley", "Massachusetts", "Massachusetts", 7, n=2),
                part("Bay Area", "San Jose", "California", "California", 8),
                part("Bay Area", "San Francisco", "California", "California", 9, n=2),
            ],
            "staging.place_mentions": [{"place_key": "US|Missouri|Kansas City", "is_strict": True}],
            "landing.reference__prefectures": [{"city": "Wuhan", "name_zh": "武汉市"}],
        },
    )
    assert {row["city"]: (row["province"], row["geoname_id"], row["latitude"]) for row in rows} == {
        "New York City": ("New York", 2, 2.0),
        "Kansas City": ("Missouri", 4, 4.0),
        "Springfield, MA": ("Massachusetts", 7, 7.0),
        "Bay Area": ("California", 9, 9.0),
    }
