"""The queries whose rows the claims are tested on."""

import duckdb

from pipelines.warehouse import database, queries
from tests.support.models import Rows, full

CITIES = [{"city": "Hangzhou", "country": "CN"}, {"city": "San Francisco Bay Area", "country": "US"}]
COMPANY = {"company": "A", "country": "CN", "city": "Hangzhou", "city_founded": "San Francisco Bay Area", "is_in_register": True}


def asked(query: str, **inputs: Rows) -> Rows:
    """Return the rows of a query over tables made from these rows; those that are named here are not of core."""
    schemas = {"venture_deals": "staging", "deal_origin": "marts"}
    with duckdb.connect() as connection:
        for schema in ("core", *schemas.values()):
            connection.execute(f"create schema {schema}")
        for name, rows in inputs.items():
            table = f"{schemas.get(name, 'core')}.{name}"
            connection.register("frame", full(table, rows))
            connection.execute(f"create table {table} as from frame")
        return database.query(connection, queries.read(f"facts/{query}")).to_dicts()


def test_places_of_deals_say_their_country() -> None:
    deal = {"deal": "1", "company": "A", "country": "CN", "city": "Hangzhou", "year": 2012, "date": "2012-10"}
    deals = [deal | {"dataset": "register"}, deal | {"dataset": "press"}]
    deals.append(deal | {"dataset": "bureau", "city": None, "province": "Zhejiang"})
    rows = asked("deals", cities=CITIES, companies=[COMPANY], venture_deals=deals)
    assert {row["dataset"]: (row["unit"], row["unit_country"]) for row in rows} == {
        "register": ("San Francisco Bay Area", "US"),
        "press": ("Hangzhou", "CN"),
        "bureau": ("Zhejiang (province)", "CN"),
    }


def test_companies_say_the_country_they_were_founded_in() -> None:
    (row,) = asked("companies", cities=CITIES, companies=[COMPANY])
    assert (row["country"], row["country_founded"]) == ("CN", "US")


def test_origins_are_those_of_venture_deals() -> None:
    origin = {"dataset": "register", "origin": "Beijing", "year": 2012, "n_investors": 2, "n_located": 1, "any_rule": 1}
    origins = [origin | {"deal": deal} for deal in ("before the listing", "after it")] + [
        origin | {"dataset": "all", "deal": "before the listing"}
    ]
    venture = [{"dataset": "register", "deal": "before the listing", "year": 2012, "source_file": "f", "source_row": 1}]
    rows = asked("deal_origin", deal_origin=origins, venture_deals=venture)
    assert [(row["dataset"], row["deal"]) for row in rows] == [("register", "before the listing")]
