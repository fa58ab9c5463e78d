"""Count towns for the city they belong to."""

import polars as pl
import pytest

from pipelines.resolve.places import metros
from pipelines.resolve.places.gazetteer import City, Gazetteer, by_id, towns
from tests.support.places import NO_ALIASES, committed

GAZETTEER = Gazetteer(NO_ALIASES)
METROS = metros.Metros(committed("metropolitan_areas"))


def town(name: str, state: str) -> City:
    """Return the largest place of the United States called so in a state."""
    rows = towns().filter(country="US", name=name, admin1=state).sort("population").tail(1)
    return City(**rows.row(0, named=True))


@pytest.mark.parametrize(
    ("country", "town", "city"),
    [
        ("US", "Cambridge", "Boston"),
        ("US", "Brooklyn", "New York City"),
        ("US", "Santa Monica", "Los Angeles"),
        ("IL", "Herzliya", "Tel Aviv"),
        ("IN", "Noida", "Delhi"),
        ("FR", "Boulogne-Billancourt", "Paris"),
        ("DE", "Potsdam", "Berlin"),
        ("GB", "Cambridge", "Cambridge"),
        ("GB", "Oxford", "Oxford"),
        ("US", "Boulder", "Boulder"),
        ("IL", "Haifa", "Haifa"),
        ("US", "Boston", "Boston"),
        ("MX", "Zapopan", "Guadalajara"),
        ("MX", "Tlaquepaque", "Guadalajara"),
        ("IN", "Kochi", "Kochi"),
    ],
)
def test_a_town_counts_for_the_larger_city_within_reach(country: str, town: str, city: str) -> None:
    assert METROS.centre(GAZETTEER.resolve(country, town)).name == city


@pytest.mark.parametrize(
    ("name", "state", "city"),
    [
        # A centre that lies in the area of a larger city takes along the towns within its reach.
        ("Fort Lauderdale", "FL", "Miami"),
        ("Plantation", "FL", "Miami"),
        ("West Palm Beach", "FL", "Miami"),
        ("Boca Raton", "FL", "Miami"),
        ("Fort Worth", "TX", "Dallas"),
        ("Arlington", "TX", "Dallas"),
        ("Lowell", "MA", "Boston"),
        ("Chelmsford", "MA", "Boston"),
        ("Long Beach", "CA", "Los Angeles"),
        ("Anaheim", "CA", "Los Angeles"),
        ("Carlsbad", "CA", "San Diego"),
        ("Tacoma", "WA", "Seattle"),
        ("Stamford", "CT", "Bridgeport"),
        # So does a town that no centre reaches, if a city of the file does.
        ("Irvine", "CA", "Los Angeles"),
        ("Alpharetta", "GA", "Atlanta"),
        ("Framingham", "MA", "Boston"),
        ("Goleta", "CA", "Santa Barbara"),
        ("Crozet", "VA", "Charlottesville"),
        # A city may lie in another area than the centre within its reach.
        ("Marlborough", "MA", "Boston"),
        ("Nashua", "NH", "Manchester"),
        ("Louisville", "CO", "Boulder"),
        ("New Haven", "CT", "New Haven"),
        ("Princeton", "NJ", "Trenton"),
        # Of a state alone.
        ("White Plains", "NY", "New York City"),
        ("East Setauket", "NY", "New York City"),
        ("Enfield", "CT", "Hartford"),
        ("Chicopee", "MA", "Springfield"),
    ],
)
def test_an_american_town_counts_for_the_city_of_its_metropolitan_area(name: str, state: str, city: str) -> None:
    assert METROS.centre(town(name, state)).name == city


@pytest.mark.parametrize(
    ("name", "state"),
    [
        *(("Durham", "NC"), ("Winston-Salem", "NC"), ("Ann Arbor", "MI"), ("Provo", "UT"), ("Boulder", "CO"), ("Oxnard", "CA")),
        *(
            ("Bridgeport", "CT"),
            ("Worcester", "MA"),
            ("Trenton", "NJ"),
            ("Riverside", "CA"),
            ("Baltimore", "MD"),
            ("Akron", "OH"),
        ),
        *(("Fort Collins", "CO"), ("Greeley", "CO"), ("Santa Cruz", "CA"), ("Manchester", "NH"), ("Lakeland", "FL")),
    ],
)
def test_a_city_that_names_an_area_stands_apart(name: str, state: str) -> None:
    city = town(name, state)
    assert METROS.centre(city) == city


def test_every_row_tells_what_the_others_do_not() -> None:
    """Without a row, its city or a town around it counts for another."""
    table = committed("metropolitan_areas")
    american = [City(**row) for row in towns().filter(country="US").iter_rows(named=True)]
    for row in table.rows(named=True):
        of_row = (pl.col("geoname_id") == row["geoname_id"]) & (pl.col("towns_of") == row["towns_of"])
        rest, place = metros.Metros(table.filter(~of_row)), by_id(row["geoname_id"])
        assert place is not None
        around = [place, *(city for city in american if abs(city.latitude - place.latitude) < 0.6)]
        assert any(rest.centre(city) != METROS.centre(city) for city in around), row["city"]


def test_an_id_that_the_gazetteer_lacks_counts_for_nothing() -> None:
    """It is refused where the file lands, and the command that checks all files goes on."""
    table = committed("metropolitan_areas").with_columns(counts_for_id=pl.lit(99_999_999_999))
    fort_worth = town("Fort Worth", "TX")
    assert metros.Metros(table).centre(fort_worth) == fort_worth


def test_a_centre_is_its_own_and_borders_hold() -> None:
    """Across the bay from Copenhagen, Malmö is within reach and in another country."""
    malmo = GAZETTEER.resolve("SE", "Malmö")
    assert METROS.centre(malmo) == malmo


def test_a_point_is_the_nearest_city_of_its_country() -> None:
    at_mit = metros.nearest("US", 42.3601, -71.0942)
    assert at_mit is not None
    assert METROS.centre(at_mit).name == "Boston"
    assert metros.nearest("US", 0.0, 0.0) is None
    assert metros.nearest("FR", 42.3601, -71.0942) is None
