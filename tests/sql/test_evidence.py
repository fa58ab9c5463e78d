"""Evidence of lists: what each of them counts, and in which years a figure stands."""

from tests.support.models import Rows, run


def test_every_list_has_evidence_of_its_own() -> None:
    deal = {"company": "C", "country": "GB", "year": 2012, "source": "s", "source_row": 2}
    deals = [
        deal | {"dataset": "list", "deal": "L1", "city": "London"},
        deal | {"dataset": "list", "deal": "L2", "city": None},
        deal | {"dataset": "register", "deal": "R1", "city": "London"},
        deal | {"dataset": "all", "deal": "A", "city": "London"},
    ]
    investors = [
        {"dataset": dataset, "deal": deal, "investor": name, "is_located": True, "country": country}
        for dataset, deal, name, country in (("list", "L1", "B", "US"), ("list", "L2", "B", "US"), ("register", "R1", "A", "GB"))
    ]
    rows = run("deals_received", {"core.deals_by_source": deals, "core.deal_investors_by_source": investors})
    counted = {(row["indicator"], row["dataset"], row["label"]) for row in rows if row["value"] is not None}
    assert counted == {
        ("deals_received", "list", "L1"),
        ("deals_received", "register", "R1"),
        ("foreign_deals", "list", "L1"),
    }


def test_listed_unicorns_count_in_last_years_and_sales_once() -> None:
    unicorn = {"dataset": "cb_insights", "city": "Paris"}
    sale = {"dataset": "crunchbase_2015", "country": "FR", "city": "Paris", "acquired_year": 2012, "company_printed": "X"}
    unicorns = run(
        "unicorns",
        {
            "core.companies": [{"company": "none", "is_in_register": True}],
            "core.unicorns": [unicorn | {"company": f"U{year}", "since": f"{year}-05-01"} for year in (2012, 2017, 2018, 2022)],
        },
    )
    assert sorted(row["year"] for row in unicorns) == [2018, 2022]
    exits = run(
        "exits",
        {
            "core.exits": [{"company": "none", "how": "listing", "year": None}],
            "core.acquisitions": [
                sale | {"acquirer": "A", "source_row": 2},
                sale | {"acquirer": "B", "source_row": 3},
                sale | {"company_printed": "Y", "acquirer": "A", "price_usd": 10e6, "source_row": 4},
                sale | {"company_printed": "Z", "acquirer": "A", "price_usd": 60e6, "source_row": 5},
            ],
        },
    )
    assert sorted(str(row["label"]) for row in exits) == ["X, acquired by A", "Z, acquired by A"]


def test_research_stands_until_the_next_edition_if_mostly_placed() -> None:
    def figures(country: str, placed: int, missing: int, value: float = 10.0, years: tuple[int, ...] = (2020, 2022)) -> Rows:
        return [
            {
                "dataset": "openalex", "measure": "top10_works", "country": country, "university": f"{country}{number}",
                "year": year, "value": value, "city": f"City of {country}" if number < placed else None, "source_row": 2,
            }
            for number in range(placed + missing)
            for year in years
        ]  # fmt: skip

    placed = [*figures("GB", 5, 1), *figures("NL", 13, 7), *figures("IE", 8, 0, value=0.125, years=(2022,))]
    unplaced = [*figures("FR", 5, 5), *figures("ES", 5, 3, value=1.0), *figures("IN", 2, 0)]
    rows = run("research", {"core.research": [*placed, *unplaced]})
    assert {row["city"] for row in rows} == {"City of GB", "City of NL", "City of IE"}
    years = sorted((row["year"] or 0, row["year_to"]) for row in rows if row["city"] == "City of GB")
    assert years == [(0, 2021)] * 5 + [(2022, None)] * 5


def test_connectivity_is_that_of_the_best_connected_part() -> None:
    names = {
        "London": ("London", 200),
        "Newark": ("New York City", 50),
        "New York": ("New York City", 150),
        "Atlantis": (None, 500),
    }
    rows = run(
        "service_connectivity",
        {
            "landing.gawc__connectivity": [
                {"city": name, "country": "x", "connectivity": score, "source_file": "f", "source_row": 2}
                for name, (_, score) in names.items()
            ],
            "core.countries": [{"written": "x", "country": "XX"}],
            "core.places": [{"place_key": f"XX||{name}", "city": city} for name, (city, _) in names.items()],
        },
    )
    found = {row["city"]: row["value"] for row in rows}
    assert found == {"London": 100, "New York City": 75}


def test_universities_of_the_newest_list_are_named_where_they_are() -> None:
    school = {"city": "Hangzhou", "is_newest_edition": True, "is_undergraduate": True, "source_file": "f"}
    rows = run(
        "universities",
        {
            "core.institutions": [
                school | {"university": "浙江大学", "source_row": 2},
                school | {"university": "nowhere", "city": None, "source_row": 3},
                school | {"university": "before", "is_newest_edition": False, "source_row": 4},
                school | {"university": "college", "is_undergraduate": False, "source_row": 5},
            ]
        },
    )
    assert [(row["label"], row["city"], row["value"], row["source_row"]) for row in rows] == [("浙江大学", "Hangzhou", 1.0, 2)]


def test_an_elite_university_is_named_once_by_the_programme_that_places_it() -> None:
    elite = {"university": "浙江大学", "city": "Hangzhou", "share": 1.0, "source_file": "f"}
    rows = run(
        "elite_lists",
        {
            "core.elite_universities": [
                elite | {"programme": "Double First-Class 2022", "source_row": 2},
                elite | {"programme": "985", "source_row": 3},
                elite | {"programme": "211", "city": "Ningbo", "share": 0.5, "source_row": 4},
                elite | {"programme": "985", "city": "Ningbo", "share": 0.25, "source_row": 5},
                elite | {"programme": "985", "city": None, "source_row": 6},
                elite | {"university": "宁波大学", "city": "Ningbo", "programme": "Double First-Class 2022", "source_row": 7},
            ]
        },
    )
    assert sorted((row["label"], row["city"], row["value"], row["source_row"]) for row in rows) == [
        ("宁波大学, Double First-Class 2022", "Ningbo", 1.0, 7),
        ("浙江大学, Project 211", "Ningbo", 0.5, 4),
        ("浙江大学, Project 985", "Hangzhou", 1.0, 3),
    ]


def test_residents_of_the_newest_census_are_one_row_in_thousands() -> None:
    census = {"city": "Hangzhou", "year": 2020, "bachelor": 1_499_600, "from_other_provinces": None, "source_row": 2}
    older = census | {"year": 2010, "from_other_provinces": 9_000}
    other = census | {"city": "Ningbo", "bachelor": 2_000, "from_other_provinces": 3_000, "source_row": 3}
    rows = run("residents", {"core.census_residents": [census, older, other]})
    assert sorted((row["indicator"], row["city"], row["value"], row["label"]) for row in rows) == [
        ("graduates", "Hangzhou", 1499.6, "1500 thousand residents with a bachelor degree or more, census of 2020"),
        ("graduates", "Ningbo", 2.0, "2 thousand residents with a bachelor degree or more, census of 2020"),
        ("migrants", "Ningbo", 3.0, "3 thousand residents registered in another province, census of 2020"),
    ]
