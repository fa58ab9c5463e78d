"""Decide which cities of the world count as one: a town within reach of a larger city counts for it.

A city of China is a whole prefecture-level municipality, and the Bay Area is a list of municipalities
(``data/reference/areas.csv``). Elsewhere a municipality is often a small part of the area in which its people work:
Cambridge of Boston, Herzliya of Tel Aviv, Noida of Delhi. One rule for every other country compares like with like. Where an
official metropolitan area reaches further or ends earlier, ``data/reference/metropolitan_areas.csv`` says so: Fort Worth counts
for Dallas, and Nashua for Manchester instead of Boston.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
import scipy

from pipelines.resolve.places.gazetteer import City, cities, towns

#: Kilometres from the middle of a city to what still counts for it: about an hour's way to work.
REACH = 30.0

#: Fewest people of a city that others count for.
LEAST = 100_000

#: In ``towns_of``: the city itself, and all that counts for it.
ALL = "all"

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


class Metros:
    """Metropolitan areas; ``table`` has the rows of ``metropolitan_areas.csv``."""

    def __init__(self, table: pl.DataFrame):
        ids = [*table["geoname_id"], *table["counts_for_id"]]
        listed = {row["geoname_id"]: City(**row) for row in towns().filter(pl.col("geoname_id").is_in(ids)).iter_rows(named=True)}
        self._listed = _Map.of(list(listed.values()))
        self._counts_for: dict[tuple[int | None, str], City] = {}
        for geoname_id, towns_of, counts_for in table.select("geoname_id", "towns_of", "counts_for_id").iter_rows():
            if counts_for in listed:  # Where the file lands, an id that the gazetteer lacks is refused.
                self._counts_for[geoname_id, towns_of] = listed[counts_for]

    def centre(self, city: City) -> City:
        """Return the city that ``city`` counts for, which may be itself.

        A listed city counts for what its row says, another for the largest centre within reach, and one that no centre reaches
        for the nearest listed city; a centre or listed city takes along what counts for it.
        """
        if (city.geoname_id, ALL) in self._counts_for:
            return self._counts_for[city.geoname_id, ALL]
        if near := _centres().near(city.country, city.latitude, city.longitude):
            largest = max([city, *near], key=lambda city: city.population)
            beyond = self._counts_for.get((largest.geoname_id, city.admin1))
            return beyond or self._counts_for.get((largest.geoname_id, ALL), largest)
        listed = next(iter(self._listed.near(city.country, city.latitude, city.longitude)), city)
        return self._counts_for.get((listed.geoname_id, ALL), listed)


def nearest(country: str | None, latitude: float, longitude: float) -> City | None:
    """Return the city of 15,000 people or more nearest to a point, degrees; None if none of the country is within reach."""
    return next(iter(_everywhere().near(country, latitude, longitude)), None)
