"""Decide which cities of the world count as one: a town within reach of a larger city counts for it.

A city of China is a whole prefecture-level municipality, and the Bay Area is a list of municipalities
(``data/reference/areas.csv``). Elsewhere a municipality is often a small part of the area in which its people work:
Cambridge of Boston, Herzliya of Tel Aviv, Noida of Delhi. One rule for every other country compares like with like.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy

from pipelines.resolve.places.gazetteer import City, by_id, cities

#: Kilometres from the middle of a city to what still counts for it: about an hour's way to work.
REACH = 30.0

#: Fewest people of a city that others count for.
LEAST = 100_000

#: Where the most populous municipality is not the one the city is called after: Zapopan of Guadalajara, New South Memphis,
#: Kanayannur of Kochi, and Meads of Huntington and Rasapūdipalem of Visakhapatnam, whose people the gazetteer gives to them.
NAMED_AFTER = {3979770: 4005539, 4645421: 4641239, 12501153: 1273874, 4300488: 4809537, 1258393: 1253102}

#: State and centre → the city that towns of the state count for instead, because their metropolitan area is another: Long Island
#: and Westchester across from Stamford and Bridgeport, and Connecticut south of Springfield.
OTHER_AREA = {("NY", 4843564): 5128581, ("NY", 5282804): 5128581, ("CT", 4951788): 4835797}

_EARTH = 6371.0


def _points(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return kilometres from the middle of the Earth; over short distances a straight line is as long as the way."""
    a, b = np.radians(latitude), np.radians(longitude)
    return _EARTH * np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=-1)


@dataclass(frozen=True)
class _Map:
    """Cities with the tree of their points."""

    cities: list[City]
    tree: "scipy.spatial.KDTree"

    @classmethod
    def of(cls, cities: list[City]) -> "_Map":
        latitudes, longitudes = np.array([city.latitude for city in cities]), np.array([city.longitude for city in cities])
        return cls(cities, scipy.spatial.KDTree(_points(latitudes, longitudes)))

    def near(self, country: str | None, latitude: float, longitude: float) -> list[City]:
        """Return the cities of the country within reach, the nearest first."""
        point = _points(np.array(latitude), np.array(longitude))
        within = [row for row in self.tree.query_ball_point(point, REACH) if country in (None, self.cities[row].country)]
        return [self.cities[row] for row in sorted(within, key=lambda row: (np.linalg.norm(self.tree.data[row] - point), row))]


@cache
def _everywhere() -> _Map:
    return _Map.of([City(**row) for row in cities().iter_rows(named=True)])


@cache
def _centres() -> _Map:
    """Return the cities of ``LEAST`` people and more with no larger one of their country within reach."""
    everywhere = _everywhere()
    pairs = everywhere.tree.query_pairs(REACH, output_type="ndarray")
    country = np.array([city.country for city in everywhere.cities])
    population = np.array([city.population for city in everywhere.cities])
    first, second = pairs[country[pairs[:, 0]] == country[pairs[:, 1]]].T
    smaller = set(np.where(population[first] < population[second], first, second).tolist())
    return _Map.of([city for row, city in enumerate(everywhere.cities) if row not in smaller and city.population >= LEAST])


def centre(city: City) -> City:
    """Return the city that ``city`` counts for: the largest centre within reach, which may be itself."""
    near = _centres().near(city.country, city.latitude, city.longitude)
    largest = max([city, *near], key=lambda city: city.population)
    meant = OTHER_AREA.get((city.admin1, largest.geoname_id or 0)) or NAMED_AFTER.get(largest.geoname_id or 0)
    return (meant and by_id(meant)) or largest


def nearest(country: str | None, latitude: float, longitude: float) -> City | None:
    """Return the city of 15,000 people or more nearest to a point, degrees; None if none of the country is within reach."""
    return next(iter(_everywhere().near(country, latitude, longitude)), None)
