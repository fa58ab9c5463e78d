"""What each list of what a city has counts and names, on small hand-made frames: universities, services, people, reports."""

from tests.support.list_counts import Count
from tests.support.models import Rows, run

FILE = {"source_file": "f", "source_row": 2}


WORKS = {"dataset": "openalex", "measure": "top10_works", "country": "GB", "city": "London", "university": "U", "source_row": 2}
RESEARCH: dict[str, Rows] = {
    "core.research": [
        WORKS | {"year": 2022, "value": 5.0},
        WORKS | {"year": 2024, "value": 7.0},
        WORKS | {"year": 2024, "value": 2.0, "city": None},
        WORKS | {"year": 2024, "value": 90.0, "measure": "works"},
        WORKS | {"year": None, "value": 1.5, "dataset": "csrankings", "measure": "cs_faculty"},
    ]
}


def test_research_is_of_the_newest_edition(count: Count) -> None:
    assert count("research", RESEARCH) == {
        ("research", "openalex: top10_works", "GB", "England", "London", 2024): 7,
        ("research", "openalex: top10_works", "GB", None, None, 2024): 2,
        ("research", "csrankings: cs_faculty", "GB", "England", "London", None): 1.5,
    }


def test_research_is_named_as_the_list_counts_it() -> None:
    rows = run("research", RESEARCH)
    assert sorted((row["label"], row["value"]) for row in rows) == [("U", 1.5), ("U, 2024", 7.0)]


SCHOOLS: dict[str, Rows] = {
    "core.institutions": [
        school | FILE | {"is_newest_edition": is_newest, "is_undergraduate": is_undergraduate, "edition": 2025}
        for school, is_newest, is_undergraduate in (
            ({"university": "浙江大学", "city": "Hangzhou"}, True, True),
            ({"university": "nowhere", "city": None, "province": "Zhejiang"}, True, True),
            ({"university": "before", "city": "Hangzhou"}, False, True),
            ({"university": "college", "city": "Hangzhou"}, True, False),
        )
    ],
    "staging.universities": [
        FILE | {"dataset": "ror", "university": "R", "country": "GB", "place_key": "GB||London"},
        FILE | {"dataset": "openalex", "university": "O", "country": "GB", "place_key": "GB||London"},
    ],
    "core.places": [{"place_key": "GB||London", "city_country": "GB", "province": None, "city": "London"}],
}
ONE_RECORD: dict[str, Rows] = {"landing.ror__organisations": [{"ror_id": "one"}]}


def test_universities_of_today_count_and_single_records_do_not(count: Count) -> None:
    assert count("universities", SCHOOLS | ONE_RECORD) == {
        ("universities", "moe", "CN", "Zhejiang", "Hangzhou", 2025): 1,
        ("universities", "moe", "CN", "Zhejiang", None, 2025): 1,
    }


def test_universities_of_the_newest_list_are_named_where_they_are() -> None:
    rows = run("universities", SCHOOLS | ONE_RECORD)
    assert [(row["label"], row["city"], row["value"], row["source_row"]) for row in rows] == [("浙江大学", "Hangzhou", 1.0, 2)]


def test_universities_of_the_whole_registry_are_counted_and_named(count: Count) -> None:
    world = SCHOOLS | {"landing.ror__organisations": [{"ror_id": str(number)} for number in range(50_000)]}
    rows = run("universities", world)
    assert sorted((row["dataset"], row["city"], row["label"]) for row in rows) == [
        ("moe", "Hangzhou", "浙江大学"),
        ("ror", "London", "R"),
    ]
    counts = {key[1:]: n for key, n in count("universities", world).items() if key[4]}
    assert counts == {("moe", "CN", "Zhejiang", "Hangzhou", 2025): 1, ("ror", "GB", "England", "London", None): 1}


ELITE = {"university": "浙江大学", "province": "Zhejiang", "city": "Hangzhou", "share": 1.0, "source_file": "f"}
PROGRAMMES: dict[str, Rows] = {
    "core.elite_universities": [
        ELITE | {"programme": "Double First-Class 2022", "source_row": 2},
        ELITE | {"programme": "985", "source_row": 3},
        ELITE | {"programme": "Double First-Class 2022", "city": "Ningbo", "share": 0.5, "source_row": 4},
        ELITE | {"programme": "Another", "city": "Ningbo", "share": 0.25, "source_row": 5},
        ELITE | {"programme": "Another", "city": None, "source_row": 6},
        ELITE | {"university": "宁波大学", "city": "Ningbo", "programme": "Double First-Class 2022", "source_row": 7},
        ELITE | {"university": "杭州大学", "programme": "985", "source_row": 8},
    ],
    "landing.reference__programmes": [
        {"programme": "Double First-Class 2022", "last_year": None},
        {"programme": "Another", "last_year": None},
        {"programme": "985", "last_year": 2016},
    ],
}


def test_an_elite_university_counts_once_whatever_its_programmes_and_not_by_a_former_name(count: Count) -> None:
    university = {"country": "CN", "city": "Beijing", "is_985": False, "is_211": False, "is_dfc": False}
    technical: Rows = [university | {"is_leading_technical": True}, university | {"is_leading_technical": False}]
    assert count("elite_universities", PROGRAMMES | {"core.universities": technical}) == {
        ("elite_universities", "elite", "CN", "Zhejiang", "Hangzhou", None): 1,
        ("elite_universities", "elite", "CN", "Zhejiang", "Ningbo", None): 1.5,
        ("elite_universities", "elite", "CN", "Zhejiang", None, None): 1,
        ("elite_universities", "register", "CN", "Beijing", "Beijing", None): 1,
    }


def test_an_elite_university_is_named_once_by_the_programme_that_counts_it() -> None:
    rows = run("elite_lists", PROGRAMMES)
    assert sorted((row["label"], row["city"], row["value"], row["source_row"]) for row in rows) == [
        ("宁波大学, Double First-Class 2022", "Ningbo", 1.0, 7),
        ("浙江大学, Double First-Class 2022", "Hangzhou", 1.0, 2),
        ("浙江大学, Double First-Class 2022", "Ningbo", 0.5, 4),
    ]


OFFICE = FILE | {"firm": "F", "country": "CN", "city": "Beijing", "source": "s", "opened": 1999}
MANDATE = FILE | {"dataset": "filings", "kind": "law", "document": "1", "firm": "G", "country": "CN", "city": "Beijing"}
CONNECTED = {"London": ("London", 200), "Newark": ("Beijing", 50), "New York": ("Beijing", 150), "Atlantis": (None, 100)}
SERVICES: dict[str, Rows] = {
    "landing.gawc__connectivity": [
        FILE | {"city": name, "country": "x", "connectivity": score} for name, (_, score) in CONNECTED.items()
    ],
    "core.countries": [{"written": "x", "country": "XX"}],
    "core.places": [
        *({"place_key": f"XX||{name}", "city": city, "province": None} for name, (city, _) in CONNECTED.items()),
        {"place_key": "CN|浙江省|杭州市", "city": "Hangzhou", "province": "Zhejiang"},
        {"place_key": "CN|浙江|", "city": None, "province": "Zhejiang"},
    ],
    "landing.amac__managers": [
        FILE | {"manager": "M", "office_region": "浙江省", "office_place": "杭州市"},
        FILE | {"manager": "N", "office_region": "浙江", "office_place": None},
    ],
    "core.service_offices": [
        OFFICE | {"kind": "law", "practice": "listing", "opened": None},
        OFFICE | {"kind": "law", "practice": "M&A"},
        OFFICE | {"kind": "audit", "practice": "audit"},
        OFFICE | {"kind": "audit", "practice": "audit", "closed": 2002},
        OFFICE | {"kind": "bank", "practice": "M&A"},
    ],
    "core.listing_advisers": [MANDATE, MANDATE | {"source_row": 3}, MANDATE | {"firm": "B", "country": None, "city": None}],
}


def test_services_count_offices_mandates_and_connectivity(count: Count) -> None:
    assert count("services", SERVICES) == {
        ("services", "gawc", "CN", "Beijing", "Beijing", 2020): 75,
        ("services", "gawc", "GB", "England", "London", 2020): 100,
        ("services", "gawc", "XX", None, None, 2020): 50,
        ("services", "amac", "CN", "Zhejiang", "Hangzhou", None): 1,
        ("services", "amac", "CN", "Zhejiang", None, None): 1,
        ("services", "register: law offices", "CN", "Beijing", "Beijing", None): 1,
        ("services", "register: audit offices", "CN", "Beijing", "Beijing", None): 1,
        ("services", "register: investment banks", "CN", "Beijing", "Beijing", None): 1,
        ("services", "filings: law mandates", "CN", "Beijing", "Beijing", None): 1,
        ("services", "filings: law mandates", None, None, None, None): 1,
    }


def test_office_of_a_service_firm_closes_with_the_last_one_in_the_city() -> None:
    landed: Rows = [
        FILE | {"firm": "F", "kind": "audit", "country": "CN", "city": city, "closed": closed, "source_row": row}
        | dict.fromkeys(("firm_zh", "practice", "opened", "basis", "source", "url")) | {"is_headquarters": "0"}
        for row, (city, closed) in enumerate([("Beijing", 2009), ("Beijing", 2007), ("Shanghai", 2004), ("Shanghai", None)])
    ]  # fmt: skip
    places: Rows = [{"place_key": f"CN||{city}", "city": city} for city in ("Beijing", "Shanghai")]
    rows = run("core.service_offices", {"landing.register__service_firms": landed, "core.places": places})
    assert {row["city"]: row["closed"] for row in rows} == {"Beijing": 2009, "Shanghai": None}


def test_services_are_named_as_each_list_counts_them() -> None:
    rows = run("services", SERVICES)
    undated = [(row["dataset"], row["city"], row["label"], row["value"]) for row in rows if row["year"] is None]
    assert sorted(undated) == [
        ("amac", "Hangzhou", "M", 1),
        ("filings", "Beijing", "G, law mandate of 1", 1),
        ("gawc", "Beijing", "Beijing, connectivity of 2020", 75),
        ("gawc", "London", "London, connectivity of 2020", 100),
        ("register", "Beijing", "F (year opened unknown)", 1),
    ]
    assert [(row["label"], row["year"]) for row in rows if row["year"] is not None] == [("F", 1999)] * 2


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
    row |= dict.fromkeys(("unit", "confidence", "note", "url", "source_file", "source_row"))
    unicorns = {"source": "Hurun", "edition_or_year": "2023-04 (data end-2022)", "metric": "unicorns", "value": "79"}
    statistics: Rows = [
        row,
        row | unicorns,
        row | unicorns | {"city": "San Francisco Bay Area", "value": "290"},
        row | unicorns | {"metric": "potential_unicorns", "value": "117"},
        row | {"metric": "share_of_vc_amount"},
        row | {"value": "~70"},
        row | {"value": "1.234.567"},
        row | {"edition_or_year": "c2020"},
        row | {"edition_or_year": "2018 to 2023", "value": "600", "source": "Report of all years"},
        row | unicorns | {"city": "China", "value": "316"},
        row | unicorns | {"city": "Singapore", "value": "15"},
    ]
    written: Rows = [{"written": name.lower(), "country": code} for name, code in (("China", "CN"), ("Singapore", "SG"))]
    cities: Rows = [{"city": "Singapore"}, {"city": "Beijing"}]
    known = {"core.countries": written, "core.cities": cities}
    counts = run("core.published_counts", {"landing.register__published_statistics": statistics} | known)
    assert sorted((line["quantity"], line["list"], line["city"], line["country"] or "", line["n"]) for line in counts) == [
        ("backed_companies", "published: Hurun 2023-04", "Beijing", "", 117),
        ("deals_received", "published: Report 2017", "Beijing", "", 1391),
        ("deals_received", "published: Report of all years 2018 to 2023", "Beijing", "", 600),
        ("unicorns", "published: Hurun 2023-04", "Beijing", "", 79),
        ("unicorns", "published: Hurun 2023-04", "China", "CN", 316),
        ("unicorns", "published: Hurun 2023-04", "San Francisco Bay Area", "", 290),
        ("unicorns", "published: Hurun 2023-04", "Singapore", "", 15),
    ], "a city may be called like its country"
    assert {(line["year"], line["year_to"]) for line in counts} == {(2017, 2017), (2018, 2023), (2023, 2023)}


def test_reports_count_where_the_city_is_known_and_what_is_left_of_a_country(count: Count) -> None:
    row = {
        "quantity": "unicorns",
        "list": "published: Hurun 2023-04",
        "year": 2023,
        "year_to": 2023,
        "country": None,
        "source": "H",
    }
    rows: Rows = [
        row | {"city": "London", "n": 42},
        row | {"city": "San Francisco (city)", "n": 181},
        row | {"city": "Beijing", "n": 79},
        row | {"city": "Hangzhou", "n": 22},
        row | {"city": "China", "country": "CN", "n": 316},
        row | {"list": "another", "city": "China", "country": "CN", "n": 100, "source": "another"},
        row | {"list": "of two years", "city": "Hangzhou", "year": 2022, "n": 30, "source": "third"},
        row | {"list": "of two years", "city": "China", "country": "CN", "year": 2022, "n": 80, "source": "third"},
    ]
    assert count("published", {"core.published_counts": rows}) == {
        ("unicorns", "published: Hurun 2023-04", "GB", "England", "London", 2023): 42,
        ("unicorns", "published: Hurun 2023-04", "CN", "Beijing", "Beijing", 2023): 79,
        ("unicorns", "published: Hurun 2023-04", "CN", "Zhejiang", "Hangzhou", 2023): 22,
        ("unicorns", "published: Hurun 2023-04", "CN", None, None, 2023): 215,
        ("unicorns", "another", "CN", None, None, 2023): 100,
        ("unicorns", "of two years", "CN", "Zhejiang", "Hangzhou", 2022): 30,
        ("unicorns", "of two years", "CN", None, None, 2022): 50,
    }


def test_a_publications_total_nearest_the_middle_of_a_period_is_dealt(count: Count) -> None:
    row = {"quantity": "deals_received", "city": "China", "country": "CN", "source": "S"}
    printed = {
        (2004, 2004): 1,
        (2005, 2005): 2,
        (2006, 2006): 3,
        (2008, 2008): 4,
        (2009, 2009): 5,
        (2010, 2013): 6,
        (2014, 2014): 7,
    }
    rows: Rows = [row | {"list": f"S {year}", "year": year, "year_to": to, "n": n} for (year, to), n in printed.items()]
    assert sorted(count("published", {"core.published_counts": rows}).values()) == [1, 4, 6]


def test_of_two_totals_as_near_the_one_is_dealt_whose_edition_names_more_of_it(count: Count) -> None:
    row = {"quantity": "unicorns", "source": "S", "country": None}
    rows: Rows = [
        row | {"list": "S 2022-03", "city": "Beijing", "year": 2022, "year_to": 2022, "n": 63},
        row | {"list": "S 2022-03", "city": "China", "country": "CN", "year": 2022, "year_to": 2022, "n": 168},
        row | {"list": "S 2022-10", "city": "China", "country": "CN", "year": 2022, "year_to": 2022, "n": 184},
    ]
    assert count("published", {"core.published_counts": rows}) == {
        ("unicorns", "S 2022-03", "CN", "Beijing", "Beijing", 2022): 63,
        ("unicorns", "S 2022-03", "CN", None, None, 2022): 105,
    }


def test_population_is_that_of_graduates_then_of_the_other_census_then_the_registers(count: Count) -> None:
    hangzhou, beijing = {"region": "浙江", "place": "杭州市"}, {"region": "北京", "place": "北京市"}
    counts = count(
        "population",
        {
            "core.census_residents": [
                {"city": "Hangzhou", "year": 2010, "population": 8_600_000},
                {"city": "Hangzhou", "year": 2020, "population": 12_000_000},
            ],
            "landing.census__prefectures": [
                hangzhou | {"year": 2020, "population": 11_900_000},
                beijing | {"year": 2010, "population": 19_600_000},
                beijing | {"year": 2020, "population": 21_900_000},
            ],
            "core.places": [
                {"place_key": "CN|浙江|杭州市", "province": "Zhejiang", "city": "Hangzhou"},
                {"place_key": "CN|北京|北京市", "province": "Beijing", "city": "Beijing"},
            ],
            "core.city_population": [
                {"city": "Hangzhou", "year": 2020, "population": 1},
                {"city": "Beijing", "year": 2020, "population": 1},
                {"city": "London", "year": 2011, "population": 1},
                {"city": "London", "year": 2021, "population": 8_800_000},
            ],
        },
    )
    assert counts == {
        ("population", "census_county", "CN", "Zhejiang", "Hangzhou", 2020): 1200,
        ("population", "census", "CN", "Beijing", "Beijing", 2020): 2190,
        ("population", "register: population", "GB", "England", "London", 2021): 880,
    }
