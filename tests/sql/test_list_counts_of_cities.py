"""What each list of what a city has counts, on small hand-made frames: universities, research, services, people, reports."""

from tests.support.list_counts import Count
from tests.support.models import Rows, run

FILE = {"source_file": "f", "source_row": 2}


def test_research_is_of_the_newest_edition(count: Count) -> None:
    works = {"dataset": "openalex", "measure": "top10_works", "country": "GB", "city": "London"}
    counts = count(
        "research",
        {
            "core.research": [
                works | {"year": 2022, "value": 5.0},
                works | {"year": 2024, "value": 7.0},
                works | {"year": 2024, "value": 2.0, "city": None},
                works | {"year": 2024, "value": 90.0, "measure": "works"},
                works | {"year": None, "value": 1.5, "dataset": "csrankings", "measure": "cs_faculty"},
            ]
        },
    )
    assert counts == {
        ("research", "openalex: top10_works", "GB", "England", "London", 2024): 7,
        ("research", "openalex: top10_works", "GB", None, None, 2024): 2,
        ("research", "csrankings: cs_faculty", "GB", "England", "London", None): 1.5,
    }


def test_universities_of_today_count_and_single_records_do_not(count: Count) -> None:
    school = {"province": "Zhejiang", "city": "Hangzhou", "edition": 2025, "is_newest_edition": True}
    school |= {"is_undergraduate": True}
    counts = count(
        "universities",
        {
            "core.institutions": [
                school,
                school | {"city": None},
                school | {"edition": 2022, "is_newest_edition": False},
                school | {"is_undergraduate": False},
            ],
            "landing.ror__organisations": [{"ror_id": "one"}],
            "staging.universities": [{"dataset": "ror", "country": "GB", "place_key": "GB||London"}],
            "core.places": [{"place_key": "GB||London", "city_country": "GB", "province": None, "city": "London"}],
        },
    )
    assert counts == {
        ("universities", "moe", "CN", "Zhejiang", "Hangzhou", 2025): 1,
        ("universities", "moe", "CN", "Zhejiang", None, 2025): 1,
    }


def test_an_elite_university_counts_once_whatever_its_programmes(count: Count) -> None:
    elite = {"province": "Zhejiang", "city": "Hangzhou", "university": "浙江大学", "share": 1.0}
    university = {"country": "CN", "city": "Beijing", "is_985": False, "is_211": False, "is_dfc": False}
    counts = count(
        "elite_universities",
        {
            "core.elite_universities": [elite | {"programme": "985"}, elite | {"programme": "211"}],
            "core.universities": [university | {"is_leading_technical": True}, university | {"is_leading_technical": False}],
        },
    )
    assert counts == {
        ("elite_universities", "elite", "CN", "Zhejiang", "Hangzhou", None): 1,
        ("elite_universities", "register", "CN", "Beijing", "Beijing", None): 1,
    }


def test_services_count_offices_mandates_and_connectivity(count: Count) -> None:
    connected = {"Newark": ("Beijing", 50), "New York": ("Beijing", 150), "London": ("London", 200)}
    office = {"country": "CN", "city": "Beijing"}
    mandate = {"dataset": "list", "document": "1", "firm": "A", "kind": "law", "country": "CN", "city": "Beijing"}
    counts = count(
        "services",
        {
            "landing.gawc__connectivity": [
                FILE | {"city": name, "country": "x", "connectivity": score} for name, (_, score) in connected.items()
            ],
            "core.countries": [{"written": "x", "country": "XX"}],
            "core.places": [
                *({"place_key": f"XX||{name}", "city": city} for name, (city, _) in connected.items()),
                {"place_key": "CN|浙江|", "city": None, "province": "Zhejiang"},
            ],
            "landing.amac__managers": [FILE | {"manager": "M", "office_region": "浙江", "office_place": None}],
            "core.service_offices": [
                office | {"kind": "law", "practice": "listing"},
                office | {"kind": "law", "practice": "M&A"},
                office | {"kind": "bank", "practice": "M&A"},
            ],
            "core.listing_advisers": [mandate, mandate, mandate | {"firm": "B", "country": None, "city": None}],
        },
    )
    assert counts == {
        ("services", "gawc", "CN", "Beijing", "Beijing", 2020): 75,
        ("services", "gawc", "GB", "England", "London", 2020): 100,
        ("services", "amac", "CN", "Zhejiang", None, None): 1,
        ("services", "register: law offices", "CN", "Beijing", "Beijing", None): 1,
        ("services", "register: investment banks", "CN", "Beijing", "Beijing", None): 1,
        ("services", "list: law mandates", "CN", "Beijing", "Beijing", None): 1,
        ("services", "list: law mandates", None, None, None, None): 1,
    }


def test_graduates_and_migrants_are_of_the_newest_census_and_blanks_are_not_zero(count: Count) -> None:
    census = {"city": "Hangzhou", "province": "Zhejiang", "year": 2020, "bachelor": 2_500_000, "from_other_provinces": None}
    beijing = {"city": "Beijing", "bachelor": 6_000_000, "from_other_provinces": 8_000_000}
    assert count("residents", {"core.census_residents": [census, census | {"year": 2010}, census | beijing]}) == {
        ("graduates", "census_county", "CN", "Zhejiang", "Hangzhou", 2020): 2500,
        ("graduates", "census_county", "CN", "Beijing", "Beijing", 2020): 6000,
        ("migrants", "census_county", "CN", "Beijing", "Beijing", 2020): 8000,
    }


def test_reports_count_in_the_cities_they_print() -> None:
    row = {"source": "Report 2017", "edition_or_year": "2017", "city": "Beijing", "metric": "deals_received", "value": "1391"}
    unicorns = {"source": "Hurun", "edition_or_year": "2023-04 (data end-2022)", "metric": "unicorns", "value": "79"}
    statistics: Rows = [
        row,
        row | unicorns,
        row | unicorns | {"city": "San Francisco Bay Area", "value": "290"},
        row | {"metric": "share_of_vc_amount"},
        row | {"value": "~70"},
        row | {"edition_or_year": "c2020"},
        row | unicorns | {"city": "China", "value": "316"},
        row | unicorns | {"city": "Singapore", "value": "15"},
    ]
    written: Rows = [{"written": name.lower(), "country": code} for name, code in (("China", "CN"), ("Singapore", "SG"))]
    cities: Rows = [{"city": "Singapore"}, {"city": "Beijing"}]
    known = {"core.countries": written, "core.cities": cities}
    counts = run("core.published_counts", {"core.published_statistics": statistics} | known)
    assert sorted((line["quantity"], line["list"], line["city"], line["country"] or "", line["n"]) for line in counts) == [
        ("deals_received", "published: Report 2017", "Beijing", "", 1391),
        ("unicorns", "published: Hurun 2023-04", "Beijing", "", 79),
        ("unicorns", "published: Hurun 2023-04", "China", "CN", 316),
        ("unicorns", "published: Hurun 2023-04", "San Francisco Bay Area", "", 290),
        ("unicorns", "published: Hurun 2023-04", "Singapore", "", 15),
    ], "a city may be called like its country"
    assert {line["year"] for line in counts} == {2017, 2023}


def test_reports_count_where_the_city_is_known_and_what_is_left_of_a_country(count: Count) -> None:
    row = {"quantity": "unicorns", "list": "published: Hurun 2023-04", "year": 2023, "country": None}
    rows: Rows = [
        row | {"city": "London", "n": 42},
        row | {"city": "San Francisco (city)", "n": 181},
        row | {"city": "Beijing", "n": 79},
        row | {"city": "Hangzhou", "n": 22},
        row | {"city": "China", "country": "CN", "n": 316},
        row | {"list": "another", "city": "China", "country": "CN", "n": 100},
    ]
    assert count("published", {"core.published_counts": rows}) == {
        ("unicorns", "published: Hurun 2023-04", "GB", "England", "London", 2023): 42,
        ("unicorns", "published: Hurun 2023-04", "CN", "Beijing", "Beijing", 2023): 79,
        ("unicorns", "published: Hurun 2023-04", "CN", "Zhejiang", "Hangzhou", 2023): 22,
        ("unicorns", "published: Hurun 2023-04", "CN", None, None, 2023): 215,
        ("unicorns", "another", "CN", None, None, 2023): 100,
    }


def test_population_is_the_registers_where_no_census_has_it(count: Count) -> None:
    census = {"region": "浙江", "place": "杭州市"}
    counts = count(
        "population",
        {
            "landing.census__prefectures": [
                census | {"year": 2010, "population": 8_700_000},
                census | {"year": 2020, "population": 11_900_000},
            ],
            "core.places": [{"place_key": "CN|浙江|杭州市", "province": "Zhejiang", "city": "Hangzhou"}],
            "core.city_population": [
                {"city": "Hangzhou", "year": 2020, "population": 1},
                {"city": "London", "year": 2011, "population": 1},
                {"city": "London", "year": 2021, "population": 8_800_000},
            ],
        },
    )
    assert counts == {
        ("population", "census", "CN", "Zhejiang", "Hangzhou", 2020): 1190,
        ("population", "register: population", "GB", "England", "London", 2021): 880,
    }
