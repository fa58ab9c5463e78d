"""Count towns for the city they belong to."""

import pytest

from pipelines.resolve.places import metros
from pipelines.resolve.places.gazetteer import Gazetteer
from tests.support.places import NO_ALIASES

GAZETTEER = Gazetteer(NO_ALIASES)


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
        ("US", "Stamford", "Stamford"),
        ("US", "White Plains", "New York City"),
        ("US", "East Setauket", "New York City"),
        ("US", "Enfield", "Hartford"),
        ("US", "Chicopee", "Springfield"),
    ],
)
def test_a_town_counts_for_the_larger_city_within_reach(country: str, town: str, city: str) -> None:
    assert metros.centre(GAZETTEER.resolve(country, town)).name == city


def test_a_centre_is_its_own_and_borders_hold() -> None:
    """Across the bay from Copenhagen, Malmö is within reach and in another country."""
    malmo = GAZETTEER.resolve("SE", "Malmö")
    assert metros.centre(malmo) == malmo


def test_a_point_is_the_nearest_city_of_its_country() -> None:
    at_mit = metros.nearest("US", 42.3601, -71.0942)
    assert at_mit is not None
    assert metros.centre(at_mit).name == "Boston"
    assert metros.nearest("US", 0.0, 0.0) is None
    assert metros.nearest("FR", 42.3601, -71.0942) is None
