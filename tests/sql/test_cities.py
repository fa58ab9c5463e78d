"""Cities and their names, from places made by hand."""

from tests.support.models import Rows, run


def place(city: str, country: str) -> dict[str, object]:
    where = {"province": None, "latitude": 30.0, "longitude": 110.0, "geoname_id": 1}
    return {
        "place_key": f"{country}||{city}", "level": "city", "city": city, "municipality": city, "city_country": country,
    } | where  # fmt: skip


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
