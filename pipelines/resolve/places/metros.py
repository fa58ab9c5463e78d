"""Which cities of the world count as one: a town within reach of a larger city counts for it.

A city of China is a whole prefecture-level municipality and the Bay Area is a list of municipalities
(``data/reference/areas.csv``). Elsewhere a municipality is often a small part of where its people work: Cambridge of
Boston, Herzliya of Tel Aviv, Noida of Delhi. So that like is compared with like, the rule here holds for every other
country. What does not belong here: which place a name means (``pipelines/resolve/places/resolve``).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.spatial import KDTree

from pipelines.resolve.places.gazetteer import City, by_id, cities

#: Kilometres from the middle of a city to what still counts for it: about an hour's way to work.
REACH = 30.0

#: Fewest people of a city that others count for.
LEAST = 100_000

#: Where the most populous municipality is not the one the city is called after: Zapopan of Guadalajara, New South Memphis.
NAMED_AFTER = {3979770: 4005539, 4645421: 4641239}

_EARTH = 6371.0


def _points(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Kilometres from the middle of the Earth; over short distances a straight line is as long as the way."""
    a, b = np.radians(latitude), np.radians(longitude)
    return _EARTH * np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=-1)


@dataclass(frozen=True)
class _Map:
    """Cities with the tree of their points."""

    cities: list[City]
    tree: KDTree

    @classmethod
    def of(cls, cities: list[City]) -> "_Map":
        where = _points(np.array([one.latitude for one in cities]), np.array([one.longitude for one in cities]))
        return cls(cities, KDTree(where))

    def near(self, country: str | None, latitude: float, longitude: float) -> list[City]:
        """The cities of the country within reach, the nearest first."""
        point = _points(np.array(latitude), np.array(longitude))
        found = [one for one in self.tree.query_ball_point(point, REACH) if country in (None, self.cities[one].country)]
        return [self.cities[one] for one in sorted(found, key=lambda one: (np.linalg.norm(self.tree.data[one] - point), one))]


@cache
def _everywhere() -> _Map:
    return _Map.of([City(**row) for row in cities().iter_rows(named=True)])


@cache
def _centres() -> _Map:
    """Cities of ``LEAST`` people and more with no larger one of their country within reach."""
    everywhere = _everywhere()
    pairs = everywhere.tree.query_pairs(REACH, output_type="ndarray")
    country = np.array([one.country for one in everywhere.cities])
    population = np.array([one.population for one in everywhere.cities])
    first, second = pairs[country[pairs[:, 0]] == country[pairs[:, 1]]].T
    smaller = np.where(population[first] < population[second], first, second)
    inside = set(smaller.tolist())
    return _Map.of([one for index, one in enumerate(everywhere.cities) if index not in inside and one.population >= LEAST])


def centre(city: City) -> City:
    """The city that ``city`` counts for: the largest centre within reach, which may be itself."""
    largest = max([city, *_centres().near(city.country, city.latitude, city.longitude)], key=lambda one: one.population)
    named = NAMED_AFTER.get(largest.geoname_id or 0)
    return (named and by_id(named)) or largest


def at(country: str | None, latitude: float, longitude: float) -> City | None:
    """The city of 15,000 people or more nearest to a point, degrees; None if there is none of the country within reach."""
    return next(iter(_everywhere().near(country, latitude, longitude)), None)
