"""The queries whose rows the claims are tested on."""

import duckdb
import polars as pl

from pipelines.warehouse import database, queries
from tests.support.models import MODELS, Rows, full

CITIES = [{"city": "Hangzhou", "country": "CN"}, {"city": "San Francisco Bay Area", "country": "US"}]
COMPANY = {"company": "A", "country": "CN", "city": "Hangzhou", "city_founded": "San Francisco Bay Area", "is_in_register": True}


def asked(query: str, **inputs: Rows) -> Rows:
    """Return the rows of a query over tables made from these rows; those that are named here are not of core."""
    schemas = {"venture_deals": "staging", "reference__programmes": "landing"}
    inputs = {"source_profiles": [{"source": "inbox: Hangzhou", "completeness": "selection"}], **inputs}
    schemas |= dict.fromkeys(("deal_origin", "list_counts", "sector_rows"), "marts")
    with duckdb.connect() as connection:
        for schema in {"core", *schemas.values()}:
            connection.execute(f"create schema {schema}")
        for name, rows in inputs.items():
            table = f"{schemas.get(name, 'core')}.{name}"
            connection.register("frame", full(table, rows) if table in MODELS else pl.DataFrame(rows))
            connection.execute(f"create table {table} as from frame")
        return database.query(connection, queries.read(f"facts/{query}")).to_dicts()


def test_places_of_deals_say_their_country() -> None:
    deal = {"deal": "1", "company": "A", "country": "CN", "city": "Hangzhou", "year": 2012, "date": "2012-10"}
    deals = [deal | {"dataset": "register"}, deal | {"dataset": "press", "date": "2012"}]
    deals.append(deal | {"dataset": "bureau", "city": None, "province": "Zhejiang"})
    deals.append(deal | {"dataset": "inbox: Hangzhou"})
    rows = asked("deals", cities=CITIES, companies=[COMPANY], venture_deals=deals)
    assert {row["dataset"]: (row["unit"], row["unit_country"]) for row in rows} == {
        "register": ("San Francisco Bay Area", "US"),
        "press": ("Hangzhou", "CN"),
        "bureau": ("Zhejiang (province)", "CN"),
    }
    assert {row["dataset"]: row["month"] for row in rows} == {"register": 10, "press": None, "bureau": 10}


def test_companies_say_the_country_they_were_founded_in() -> None:
    (row,) = asked("companies", cities=CITIES, companies=[COMPANY, COMPANY | {"company": "B", "is_in_register": False}])
    assert (row["country"], row["country_founded"]) == ("CN", "US")


def test_origins_are_those_of_venture_deals() -> None:
    origin = {"dataset": "register", "origin": "Beijing", "year": 2012, "n_investors": 2, "n_located": 1, "any_rule": 1}
    origins = [origin | {"deal": deal} for deal in ("before the listing", "after it")] + [
        origin | {"dataset": "all", "deal": "before the listing"}
    ]
    venture = [{"dataset": "register", "deal": "before the listing", "year": 2012, "source_file": "f", "source_row": 1}]
    rows = asked("deal_origin", deal_origin=origins, venture_deals=venture)
    assert [(row["dataset"], row["deal"]) for row in rows] == [("register", "before the listing")]


def test_investors_are_those_that_one_source_names() -> None:
    rows = [{"dataset": dataset, "deal": "A 2012", "investor": "Fund"} for dataset in ("register", "all")]
    assert [row["dataset"] for row in asked("deal_investors", deal_investors_by_source=rows)] == ["register"]


def test_unicorns_are_those_on_worldwide_lists_today() -> None:
    row = {"dataset": "list", "company": "A", "country": "CN", "city": "Hangzhou"}
    others = [row | {"company": "B", "exit_reason": "listed"}, row | {"company": "C", "dataset": "register"}]
    companies: Rows = [{"company": "A", "city": "Suzhou"}]
    found = asked("unicorns", unicorns=[row, *others], companies=companies)
    assert [(row["company"], row["country"], row["city"]) for row in found] == [("A", "CN", "Suzhou")]


def test_sectors_are_of_companies_that_other_sources_name() -> None:
    row = {"dataset": "list", "country": "CN", "city": "Hangzhou", "province": "Zhejiang", "sector": "games", "company": "A"}
    others = [row | {"company": None}, row | {"dataset": "register"}, row | {"company": "B", "city": None}]
    rows = asked("sectors", sector_rows=[row, *others])
    assert {(row["company"], row["unit"], row["is_city"]) for row in rows} == {
        ("A", "Hangzhou", True), ("B", "Zhejiang (province)", False),
    }  # fmt: skip


def test_published_figures_are_one_number_of_one_year() -> None:
    printed = [(12.5, "2012"), (None, "2012"), (12.0, "2012 to 2014"), (12.0, "2012-06")]
    rows = [{"city": "Hangzhou", "number": number, "edition_or_year": year} for number, year in printed]
    assert [(row["year"], row["value"]) for row in asked("published", published_statistics=rows)] == [(2012, 12.5)]


def test_residents_are_those_of_the_first_census() -> None:
    counted = [("Hangzhou", 2010, 9), ("Hangzhou", 2020, 12), ("Altay", 2010, 0)]
    rows = [{"city": city, "year": year, "population": n} for city, year, n in counted]
    assert asked("residents", census_residents=rows) == [{"city": "Hangzhou", "population": 9}]


def test_only_an_office_of_the_register_needs_a_year() -> None:
    offices = [{"investor": "F", "city": "Hangzhou", "opened": 2005}, {"investor": "G", "city": "Hangzhou"}]
    places = [{"investor": "G", "unit": "Zhejiang (province)", "dataset": dataset} for dataset in ("register", "all", "list")]
    rows = asked("investor_offices", investor_offices=offices, investor_places=places)
    assert {(row["dataset"], row["investor"], row["unit"], row["is_dated"]) for row in rows} == {
        ("register", "F", "Hangzhou", True), ("register", "G", "Hangzhou", False), ("list", "G", "Zhejiang (province)", True),
    }  # fmt: skip


def test_companies_start_where_a_list_says_when_they_were_founded_or_listed() -> None:
    lists = {"founders": ("x: companies founded, listed", "x: founders"), "exits": ("x: listed on Main", "x: exits")}
    row = {"dataset": "x", "country": "CN", "city": "Hangzhou", "year": 2012, "n": 2.0}
    counted = [row | {"quantity": quantity, "list": name} for quantity, names in lists.items() for name in names]
    others = [counted[0] | {"city": None}, counted[0] | {"dataset": "inbox: Hangzhou"}, counted[2] | {"year": None}]
    rows = asked("company_starts", list_counts=[*counted, *others])
    assert {(row["started"], row["n"]) for row in rows} == {("founded", 2.0), ("listed", 2.0)}


def test_newest_edition_of_each_list_of_universities_stands() -> None:
    research = [
        {
            "university": "U",
            "country": "CN",
            "city": "Hangzhou",
            "dataset": dataset,
            "measure": measure,
            "year": year,
            "value": 1.0,
        }
        for dataset, measure, years in (
            ("a", "cs_faculty", (2020, 2021)),
            ("b", "top10_works", (2018, 2019)),
            ("b", "works", (2019,)),
        )
        for year in years
    ]
    rows = asked(
        "school_lists",
        research=research,
        institutions=[
            {"university": "U", "city": "Hangzhou", "edition": year, "is_undergraduate": year != 2019}
            for year in (2015, 2019, 2024)
        ],
        elite_universities=[{"programme": "211", "university": "U", "city": "Hangzhou", "share": 0.5}],
        reference__programmes=[{"programme": "211", "list": "211", "first_year": 1995, "last_year": 2016}],
    )
    assert {(row["measure"], row["year_from"], row["year_to"], row["value"]) for row in rows} == {
        ("211", 1995, 2016, 0.5), ("undergraduate institutions", 2015, 2015, 1.0),
        ("undergraduate institutions", 2024, None, 1.0), ("cs_faculty", 2020, 2020, 1.0), ("cs_faculty", 2021, None, 1.0),
        ("top10_works", 2018, 2018, 1.0), ("top10_works", 2019, None, 1.0),
    }  # fmt: skip
