"""Look up the cities and towns of the world by name, in a committed extract of GeoNames (CC BY 4.0)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

import polars as pl

from pipelines import settings
from pipelines.ingest.characters import without_look_alikes
from pipelines.resolve.places.reading import normalise

#: Reason for a name that no city has.
MISSING = "is not in the gazetteer"
_WITH_COUNTRY = re.compile(r"^(.+), ([A-Z]{2})$")


class Ambiguous(LookupError):
    """The name fits several cities, or none."""


@dataclass(frozen=True)
class City:
    """A populated place; population in persons, coordinates in degrees, ``admin1`` the gazetteer's first-level code."""

    geoname_id: int | None
    name: str
    country: str
    latitude: float
    longitude: float
    population: int
    admin1: str = ""


class Named(NamedTuple):
    """A city under one of its names."""

    city: City
    is_own: bool


#: Places by folded name.
Index = dict[str, list[Named]]


@dataclass(frozen=True)
class Located:
    """What a place string means. At the level none, province and country hold what is known all the same."""

    level: Literal["city", "province", "country", "none"]
    reason: str
    country: str | None = None
    province: str | None = None
    city: City | None = None


_CITY_COLUMNS = list(City.__dataclass_fields__)


@cache
def _extract() -> pl.DataFrame:
    return pl.read_parquet(settings.GAZETTEER, glob=False)


@cache
def towns() -> pl.DataFrame:
    """Return the fields of ``City`` for every place of 1,000 people or more, cities among them."""
    return _extract().select(_CITY_COLUMNS)


@cache
def cities() -> pl.DataFrame:
    """Return the fields of ``City`` for every place of 15,000 people or more, and capitals."""
    return _extract().filter("is_city").select(_CITY_COLUMNS)


@cache
def names() -> pl.DataFrame:
    """Return the folded names of all places: geoname_id, country, is_city, key, is_own; own names first.

    Only cities have alternate names.
    """
    own = _extract().select("geoname_id", "country", "is_city", _folded(pl.col("name")).alias("key"), is_own=True)
    alternates = _extract().filter("is_city").explode("alternates").drop_nulls("alternates")
    key = without_look_alikes(pl.col("alternates")).alias("key")  # the extract has them folded, but for look-alikes
    return pl.concat([own, alternates.select("geoname_id", "country", "is_city", key, is_own=False)])


def _folded(column: pl.Expr) -> pl.Expr:
    """Fold a column as ``normalise`` folds one name, in a fraction of the time."""
    lower = without_look_alikes(column).str.to_lowercase().str.replace_many(["ß", "ς"], ["ss", "σ"])
    return lower.str.normalize("NFKD").str.replace_all(r"[^\p{Alphabetic}\p{N}]|\p{M}", "")


@cache
def by_id(geoname_id: int) -> City | None:
    """Return the place of that GeoNames id; None if there is none."""
    rows = towns().filter(pl.col("geoname_id") == geoname_id).iter_rows(named=True)
    return next((City(**row) for row in rows), None)


def index(chosen: pl.Expr) -> Index:
    """Return the places by folded name, for the rows of ``names`` that ``chosen`` selects."""
    named: Index = {}
    rows = names().filter(chosen).drop("country", "is_city").join(towns(), on="geoname_id", maintain_order="left")
    for row in rows.iter_rows(named=True):
        key, is_own = row.pop("key"), row.pop("is_own")
        named.setdefault(key, []).append(Named(City(**row), is_own))
    return named


@cache
def _cities_of(country: str) -> Index:
    return index(pl.col("is_city") & (pl.col("country") == country))


def called(named: Iterable[Named]) -> list[City]:
    """Return the cities whose own name it is; if there are none, those that have it among their alternate names."""
    named = list(named)
    return [city for city, is_own in named if is_own] or [city for city, _ in named]


def homonyms(cities: Iterable[City]) -> str:
    """Return cities of one name as a text for a person to choose from, the largest first."""
    ordered = sorted(cities, key=lambda city: -city.population)
    return ", ".join(f"{city.name} {city.geoname_id} ({city.population:,} people)" for city in ordered)


class Gazetteer:
    """Look up a city by country and name; ``aliases`` has the columns country, place, geoname_id of ``place_aliases.csv``."""

    def __init__(self, aliases: pl.DataFrame):
        self._aliases = {(row["country"], normalise(row["place"])): row["geoname_id"] for row in aliases.iter_rows(named=True)}

    def alias(self, country: str, key: str) -> City | None:
        """Return the city that a reviewed alias names."""
        geoname_id = self._aliases.get((country, key))
        return None if geoname_id is None else by_id(geoname_id)

    def resolve(self, country: str, place: str) -> City:
        """Return the city of ``country`` called ``place``; raises Ambiguous if there is not exactly one.

        A place written with a country of its own ("Beijing, CN") is looked up there: where a company began
        before it moved abroad.
        """
        if written := _WITH_COUNTRY.match(place):
            place, country = written.groups()
        if aliased := self.alias(country, normalise(place)):
            return aliased
        fitting = called(_cities_of(country).get(normalise(place), []))
        if len(fitting) != 1:
            raise Ambiguous(f"fits {len(fitting)} cities: {homonyms(fitting)}" if fitting else MISSING)
        return fitting[0]
