"""What a list is known to cover: places, years and countries."""

import pytest

from tests.support.models import run


def test_profile_says_how_much_of_a_list_has_no_place() -> None:
    row = {"quantity": "deals_received", "list": "itjuzi", "dataset": "itjuzi", "country": "CN", "province": "Zhejiang"}
    world = {"quantity": "unicorns", "list": "hurun", "dataset": "hurun", "year": None, "n": 1.0}
    rows = run(
        "marts.list_profiles",
        {
            "marts.list_counts": [
                row | {"city": "Hangzhou", "year": 2012, "year_to": 2016, "n": 150.0},
                row | {"city": None, "year": 2014, "n": 40.0},
                row | {"country": "HK", "province": None, "city": None, "year": 2015, "n": 80.0},
                row | {"country": "TW", "province": None, "city": "Taipei", "year": 2015, "n": 60.0},
                row | {"country": "GB", "province": None, "city": "London", "year": 2015, "n": 1.0},
                row | {"country": "CN", "province": None, "city": None, "year": 2015, "n": 90.0},
                row | {"country": None, "province": None, "city": None, "year": 2015, "n": 1.0},
                *(world | {"country": f"C{number}", "city": f"City {number}"} for number in range(10)),
            ],
            "core.published_counts": [{"quantity": "exits", "list": "another"}],
        },
    )
    itjuzi, hurun = rows
    assert itjuzi == {
        "quantity": "deals_received", "list": "itjuzi", "publication": "itjuzi", "dataset": "itjuzi", "is_worldwide": False,
        "is_curated": False,
        "n_total": 422, "n_city": 211, "n_province_only": 40, "n_nowhere": 171, "is_stock": False,
        "first_year": 2012, "last_year": 2016,
        "n_cities": 3, "n_countries": 4, "covers": "CN,HK", "unplaced_countries": "HK",
            "completeness": "sample", "family": "IT桔子", "is_report": False,
    }  # fmt: skip
    assert (hurun["covers"], hurun["first_year"], hurun["last_year"], hurun["is_stock"]) == ("world", None, None, True)


def test_register_covers_countries_it_names_seldom_and_reports_count_what_stands() -> None:
    row = {"dataset": "register", "list": "register", "quantity": "services", "city": "Beijing", "country": "CN", "year": 2020}
    report = row | {"list": "published: Hurun 2023-04"}
    rows = run(
        "marts.list_profiles",
        {
            "marts.list_counts": [
                row | {"n": 90.0},
                row | {"country": "HK", "city": "Hong Kong", "n": 1.0},
                row | {"country": "US", "city": "Boston", "n": 0.5},
                report | {"quantity": "unicorns", "n": 79.0},
                report | {"quantity": "backed_companies", "n": 117.0},
                row | {"quantity": "backed_companies", "n": 90.0},
                report | {"quantity": "deals_received", "n": 1391.0},
            ],
            "core.published_counts": [
                {"quantity": quantity, "list": "published: Hurun 2023-04", "source": "Hurun", "city": city}
                for quantity in ("unicorns", "backed_companies", "deals_received")
                for city in ("Beijing", "Shanghai")
            ],
        },
    )
    columns = ("quantity", "covers", "completeness", "family", "is_stock", "publication", "is_report")
    assert sorted(tuple(line[name] for name in columns) for line in rows) == [
        ("backed_companies", "CN", "sample", "nextvalley", False, "register", False),
        ("backed_companies", "CN", "selection", "unicorn lists", True, "Hurun", True),
        ("deals_received", "CN", "selection", "published totals", False, "Hurun", True),
        ("services", "CN,HK", "sample", "nextvalley", False, "register", False),
        ("unicorns", "CN", "selection", "unicorn lists", True, "Hurun", True),
    ]


def test_rows_without_a_country_say_nothing_of_any() -> None:
    nowhere = {"list": "itjuzi", "dataset": "itjuzi", "country": None, "city": None, "year": 2015, "n": 3.0}
    rows = run(
        "marts.list_profiles",
        {
            "marts.list_counts": [
                nowhere | {"quantity": "exits"},
                nowhere | {"quantity": "founders"},
                nowhere | {"quantity": "founders", "country": "CN", "city": "Beijing", "n": 0.2},
            ],
            "core.published_counts": [{"quantity": "exits", "list": "another"}],
        },
    )
    assert [(line["quantity"], line["covers"], line["unplaced_countries"]) for line in rows] == [
        ("exits", None, None),
        ("founders", "CN", None),
    ]


@pytest.mark.parametrize(("placed", "last"), [(4.0, 2014), (3.0, 2013)])
def test_list_ends_where_it_places_less_than_half_of_what_it_did(placed: float, last: int) -> None:
    row = {"dataset": "itjuzi", "list": "itjuzi", "quantity": "deals_received"}
    city, nowhere = {"country": "CN", "city": "Wuhan"}, {"country": None, "province": None, "city": None}
    years = [(2012, 1.0, 9.0), (2013, 8.0, 2.0), (2014, placed, 10.0 - placed)]
    counts = []
    for year, *both in years:
        counts += [row | place | {"year": year, "year_to": year, "n": n} for place, n in zip((city, nowhere), both, strict=True)]
    other = [{"quantity": "exits", "list": "another"}]
    rows = run("marts.list_profiles", {"marts.list_counts": counts, "core.published_counts": other})
    assert [line["last_year"] for line in rows] == [last]
