"""New firms of a city are those of its metropolitan areas, and unknown where one of these is."""

from tests.support.models import Rows, run


def test_new_firms_of_a_city_are_known_if_those_of_all_its_areas_are() -> None:
    areas = {"San Francisco": 30, "San Jose": 20, "Boston": None}
    rows: Rows = [
        {
            "year": year,
            "sector": "51",
            "region": "CA",
            "place": place,
            "new_firms": None if (place, year) == ("San Jose", 2021) else n,
        }
        for place, n in areas.items()
        for year in (2021, 2022)
    ] + [{"year": 2022, "sector": "51", "region": None, "place": None, "new_firms": 5}]
    bay = {"city": "San Francisco Bay Area", "city_country": "US", "province": "California"}
    found = run(
        "staging.census_bds",
        {
            "landing.census_bds__new_firms": rows,
            "core.places": [
                bay | {"place_key": "US|CA|San Francisco"},
                bay | {"place_key": "US|CA|San Jose"},
                bay | {"place_key": "US|CA|Boston", "city": "Boston"},
            ],
        },
    )
    assert [(row["city"], row["year"], row["new_firms"]) for row in found] == [("San Francisco Bay Area", 2022, 50)]
