"""Evidence of lists: what each of them counts, and in which years a figure stands."""

from tests.support.models import Rows, run


def test_every_list_has_evidence_of_its_own() -> None:
    deal = {"company": "C", "country": "GB", "year": 2012, "source": "s", "source_row": 2}
    deals = [
        deal | {"dataset": "list", "deal": "L1", "city": "London"},
        deal | {"dataset": "list", "deal": "L2", "city": None},
        deal | {"dataset": "register", "deal": "R1", "city": "London"},
    ]
    investors = [
        {"dataset": dataset, "deal": deal, "investor": name, "is_located": True, "country": country, "owner_country": owner}
        for dataset, deal, name, country, owner in (
            ("list", "L1", "B", "US", "US"),
            ("list", "L2", "B", "US", "US"),
            ("register", "R1", "A", "HK", "GB"),
        )
    ]
    rows = run("deals_received", {"staging.venture_deals": deals, "core.deal_investors_by_source": investors})
    counted = {(row["indicator"], row["dataset"], row["label"]) for row in rows if row["value"] is not None}
    assert counted == {
        ("deals_received", "list", "L1"),
        ("deals_received", "register", "R1"),
        ("foreign_deals", "list", "L1"),
    }


def test_deal_originated_names_the_investors_by_which_it_counts() -> None:
    investor = {"dataset": "list", "deal": "L1", "year": 2012, "is_located": True, "country": "GB", "province": "England"}
    rows = run(
        "deals_originated",
        {
            "staging.venture_deals": [{"dataset": "list", "deal": "L1", "company": "C", "year": 2012}],
            "core.deal_investors_by_source": [
                investor | {"investor": "Seed", "city": "London"},
                investor | {"investor": "Angel", "city": "London"},
                investor | {"investor": "Isis", "city": "Oxford"},
                investor | {"investor": "Wanderer", "city": None, "is_located": False},
            ],
            "core.investor_places": [{"dataset": "other", "investor": "Wanderer"}],
        },
    )
    third = 1 / 3
    assert [(row["city"], row["investors"], row["value"]) for row in rows] == [
        ("London", "Angel; Seed", 2 * third),
        ("Oxford", "Isis", third),
    ]


def test_university_of_a_programme_is_named_with_it_since_that_began() -> None:
    school = {"university": "U", "country": "CN", "city": "Beijing", "founded": 1911, "is_leading_technical": False}
    school |= {"is_211": False, "is_985": False, "is_dfc": True}
    abroad = {"country": "US", "is_dfc": False, "is_leading_technical": True}
    schools = [school, school | {"is_985": True}, school | {"is_211": True}, school | {"is_211": True, "founded": 2002}]
    schools += [school | {"founded": None}, school | abroad | {"founded": 1891}, school | abroad | {"founded": None}]
    rows = run("elite_universities", {"core.universities": schools})
    assert sorted((str(row["label"]), row["year"] or 0) for row in rows) == [
        ("U", 0),
        ("U", 1891),
        ("U, Double First-Class", 2017),
        ("U, Double First-Class", 2017),
        ("U, Project 211", 1995),
        ("U, Project 211", 2002),
        ("U, Project 985", 1998),
    ]


def test_unicorns_count_while_they_are_on_the_list_and_sales_once() -> None:
    unicorn = {"dataset": "cb_insights", "city": "Paris"}
    sale = {"dataset": "crunchbase_2015", "country": "FR", "city": "Paris", "acquired_year": 2012, "company_printed": "X"}
    unicorns = run(
        "unicorns",
        {
            "core.companies": [{"company": "none", "is_in_register": True}],
            "core.company_homes": [{"company": None}],
            "core.unicorns": [
                unicorn | {"company": "U", "since": "2012-05-01"},
                unicorn | {"company": "left", "since": "2018-05-01", "exit_reason": "left the list"},
                unicorn | {"company": "V", "since": "2022-05-01", "exit_reason": None},
            ],
        },
    )
    assert sorted((row["year"], row["year_to"]) for row in unicorns) == [(2012, None), (2022, None)]
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


def test_a_company_on_several_editions_of_a_list_is_named_once() -> None:
    unicorn = {"dataset": "hurun", "company": "E", "city": "Paris", "source_file": "b"}
    rows = run(
        "unicorns",
        {
            "core.companies": [{"company": "none", "is_in_register": True}],
            "core.company_homes": [{"company": None}],
            "core.unicorns": [
                unicorn | {"since": "2024", "source_row": 2, "source_file": "a"},
                unicorn | {"since": "2023", "source_row": 5},
                unicorn | {"since": "2023", "source_row": 4},
                unicorn | {"since": "2013", "company": None, "company_printed": "old", "source_row": 3},
                unicorn | {"since": "2023", "company": None, "company_printed": "new", "source_row": 7},
                unicorn | {"since": "2023", "company": "undated", "source_row": 9},
                unicorn | {"since": None, "company": "undated", "source_row": 8},
                unicorn | {"since": "2024", "company": "nowhere", "city": None, "source_row": 6},
            ],
        },
    )
    assert sorted((row["label"], row["year"], row["source_file"], row["source_row"]) for row in rows) == [
        ("E, unicorn", None, "b", 4),
        ("new, unicorn", None, "b", 7),
        ("old, unicorn", None, "b", 3),
        ("undated, unicorn", None, "b", 8),
    ]


def test_listed_companies_are_exits_and_were_founded() -> None:
    listed = {"dataset": "shares", "country": "CN", "city": "Beijing", "company": "C", "symbol": "1.SZ", "source_row": 2}
    rows = run(
        "listed_companies",
        {
            "staging.counted_listings": [
                listed | {"quantity": "exits", "year": None},
                listed | {"quantity": "founders", "year": 2001},
                listed | {"quantity": "exits", "year": None, "city": None},
            ]
        },
    )
    assert sorted((row["indicator"], row["label"], row["year"]) for row in rows) == [
        ("exits", "C, listed as 1.SZ", None),
        ("founder_density", "C, founded", 2001),
        ("founders", "C, founded", 2001),
    ]


def test_companies_founded_are_evidence_and_so_are_founders_who_came_back() -> None:
    founding = {"company": "C", "city": "Beijing", "source_row": 2}
    rows = run(
        "founders",
        {
            "staging.counted_foundings": [founding | {"dataset": "list", "year": 2010}, founding | {"year": 2010, "city": None}],
            "staging.counted_returnees": [founding | {"year": 2011, "founding": "F, C"}],
        },
    )
    assert sorted((row["indicator"], row["dataset"], row["label"]) for row in rows) == [
        ("founder_density", "list", "C, founded"),
        ("founders", "list", "C, founded"),
        ("returnee_founders", "register", "F, C"),
    ]


def test_the_register_counts_foundings_up_to_the_year_that_it_mostly_knows() -> None:
    deals: Rows = [
        {"dataset": "register", "year": 2014},
        {"dataset": "register", "year": 2019},
        {"dataset": "list", "year": 2013},
        {"dataset": "inbox", "year": 2013},
    ]
    years = run("staging.founding_years", {"staging.deals": deals})
    assert {row["dataset"]: row["last_year"] for row in years} == {"register": 2012, "list": 2009}
    founder = {"country": "CN", "city": "Beijing", "source_row": 2, "is_returnee": True}
    founders: Rows = [
        founder | {"founded": 2012, "founding": "F, C"},
        founder | {"founded": 2013, "founding": "G, C"},
        founder | {"founded": 2012, "founding": "H, C", "is_returnee": False},
        founder | {"founded": 2012, "founding": "I, C", "is_returnee": None},
        founder | {"founded": 2012, "founding": "J, C", "city": "London", "studied_abroad": "US", "worked_abroad": "FR|GB"},
        founder | {"founded": 2012, "founding": "K, C", "city": "London", "studied_abroad": "US"},
        founder | {"founded": 2012, "founding": "L, C", "country": "GB", "city": "London", "worked_abroad": "US"},
    ]
    cities: Rows = [{"city": "Beijing", "country": "CN"}, {"city": "London", "country": "GB"}]
    known = {"core.founders": founders, "staging.founding_years": years, "core.cities": cities}
    returnees = {row["founding"] for row in run("staging.counted_returnees", known)}
    assert returnees == {"F, C", "K, C", "L, C"}, "one is still abroad"


def test_residents_of_the_newest_census_are_one_row_in_thousands() -> None:
    census = {"city": "Hangzhou", "year": 2020, "bachelor": 1_499_600, "from_other_provinces": None, "source_row": 2}
    older = census | {"year": 2010, "from_other_provinces": 9_000}
    other = census | {"city": "Ningbo", "bachelor": 2_000, "from_other_provinces": 3_000, "source_row": 3}
    rows = run("residents", {"core.census_residents": [census, older, other]})
    assert sorted((row["indicator"], row["city"], row["value"], row["label"]) for row in rows) == [
        ("graduates", "Hangzhou", 1499.6, "1500 thousand residents with a bachelor's degree or more, census of 2020"),
        ("graduates", "Ningbo", 2.0, "2 thousand residents with a bachelor's degree or more, census of 2020"),
        ("migrants", "Ningbo", 3.0, "3 thousand residents registered in another province, census of 2020"),
    ]


def test_a_report_that_names_all_it_counts_tells_of_the_cities_that_have_none() -> None:
    printed = {"quantity": "unicorns", "list": "published: Report 2020-12", "year": 2020, "year_to": 2020, "source_row": 2}
    leading = printed | {"list": "published: Leading 2021-12", "year": 2021, "year_to": 2021}
    rows = run(
        "published",
        {
            "core.published_counts": [
                printed | {"city": "Beijing", "n": 82.0},
                printed | {"city": "China", "country": "CN", "n": 82.0, "source_row": 3},
                leading | {"city": "Beijing", "n": 90.0},
                leading | {"city": "China", "country": "CN", "n": 95.0},
            ],
            "marts.list_counts": [
                {"quantity": report["quantity"], "list": report["list"], "country": "CN", "year": report["year"], "n": left}
                for report, left in ((printed, 0.0), (leading, 5.0))
            ],
            "core.cities": [
                {"city": "Beijing", "country": "CN"},
                {"city": "Nanchang", "country": "CN"},
                {"city": "Seoul", "country": "KR"},
            ],
        },
    )
    assert {(row["city"], row["label"], row["value"], row["source_row"]) for row in rows} == {
        ("Beijing", "Report 2020-12 prints 82", 82.0, 2),
        ("Beijing", "Leading 2021-12 prints 90", 90.0, 2),
        ("Nanchang", "Report 2020-12 names all it counts, none of them here", 0.0, 3),
    }
