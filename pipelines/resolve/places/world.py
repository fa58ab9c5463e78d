"""Locate places outside China: reviewed aliases, then a city's own name, then alternate names, within the region stated.

Towns under 15,000 people answer only where no city does. A name that fits several places is refused, unless it comes
from an upstream source and one of them holds over ten times the population of all others together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.resolve.places import metros
from pipelines.resolve.places.china import China, only
from pipelines.resolve.places.gazetteer import MISSING, Ambiguous, City, Gazetteer, Index, Located, Named, by_id, called, homonyms
from pipelines.resolve.places.reading import normalise, spellings, unit_names

#: A name of an upstream source means its largest place if that has more than this many times the people of all others.
DOMINANT = 10

REMEDY = "Correct the spelling, or name the city meant in data/reference/place_aliases.csv"


class Areas:
    """Municipalities that count as one city; raises InputError for one that is not a single place of the gazetteer."""

    def __init__(self, areas: pl.DataFrame, aliases: Gazetteer):
        self.of: dict[int | None, str] = {}
        self._seats: dict[tuple[str, str], City] = {}
        problems: list[Problem] = []
        for row in areas.iter_rows(named=True):
            try:
                city = (row["geoname_id"] and by_id(row["geoname_id"])) or aliases.resolve(row["country"], row["city"])
            except Ambiguous as error:
                text = f"the place {row['city']!r} in {row['country']} {error}"
                problems.append(Problem("data/reference/areas.csv", text, REMEDY, row["source_row"], "city"))
                continue
            self.of[city.geoname_id] = row["area"]
            key = (row["country"], normalise(row["area"]))
            self._seats[key] = max(city, self._seats.get(key, city), key=lambda city: city.population)
        if problems:
            raise InputError("places", problems)

    def seat(self, country: str, key: str) -> City | None:
        """Return the largest municipality of the area called ``key``."""
        return self._seats.get((country, key))

    def members(self, seat: City) -> frozenset[int | None]:
        """Return the GeoNames ids of the municipalities that share an area with ``seat``."""
        return frozenset(geoname_id for geoname_id, area in self.of.items() if area == self.of.get(seat.geoname_id))


@dataclass(frozen=True)
class Region:
    """Where a place is said to lie: a first-level unit by the gazetteer's code, or some municipalities of it.

    A unit that is not listed may belong to another system of codes, so it chooses among homonyms and excludes nothing.
    """

    code: str
    name: str
    is_listed: bool
    members: frozenset[int | None] = frozenset()

    def among(self, named: list[Named]) -> list[Named]:
        within = [name for name in named if name.city.geoname_id in self.members]
        within = within or [name for name in named if name.city.admin1 == self.code]
        return within if within or self.is_listed else named


class World:
    """Locate a place of any country but China; ``read_towns`` makes the index of towns when the first is asked for."""

    def __init__(self, aliases: Gazetteer, areas: Areas, provinces: pl.DataFrame, china: China, read_towns: Callable[[], Index]):
        self._aliases = aliases
        self._areas = areas
        self._china = china
        self._cities = china.cities
        self._read_towns = read_towns
        self._regions: dict[tuple[str, str], Region] = {}
        self._provinces: dict[tuple[str, str], str] = {}
        for row in provinces.iter_rows(named=True):
            region = Region(row["gazetteer_code"], row["province"], is_listed=True)
            self._provinces[row["country"], region.code] = region.name
            for name in (row["code"], *unit_names(row["province"], row["also"])):
                self._regions[row["country"], normalise(name)] = region

    @cached_property
    def _towns(self) -> Index:
        return self._read_towns()

    def locate(self, country: str, parts: list[str], region_name: str | None, strict: bool) -> Located:
        """Return what names mean that stand together in ``country``, within the state or area ``region_name``."""
        # A source may write a town with the state of another, and always so: "Palo Alto, NY".
        if together := self._aliases.alias(country, normalise(" ".join([*parts, region_name or ""]))):
            return self.located(together, "alias")
        seat = self._seat(country, region_name) if region_name else None
        region = self._stated(country, parts, region_name, seat)
        itself = self.region(country, parts[0])
        for part in parts:
            if part is not parts[0] and self.region(country, part):
                continue
            answer = self._named(country, part, region, strict)
            # "New York" is the city in the state of that name; "Delaware" is the state, not the city in Ohio.
            if answer and (not itself or (answer.city and (answer.reason == "alias" or answer.city.admin1 == itself.code))):
                return answer
            if itself:
                break
        if seat:
            return self.located(seat, f"{region_name} is an area")
        province = self._provinces.get((country, region.code)) if region and region.is_listed else None
        if itself and (not province or province == itself.name):
            return Located("province", "province", country, itself.name)
        return Located("none", f"{MISSING} for {province}" if province else MISSING, country, province)

    def locate_anywhere(self, parts: list[str]) -> Located:
        """Return what names mean of which not even the country is stated."""
        for part in parts:
            for key, _ in spellings(part):
                if fitting := called(self._cities.get(key, [])):
                    chosen = self._chosen(fitting, "name", strict=False)
                    return self._china.locate(parts, None) if chosen.city and chosen.country == "CN" else chosen
        return Located("none", MISSING)

    def nearest(self, country: str | None, latitude: float, longitude: float) -> Located:
        """Return the city nearest to a point, degrees."""
        if country == "CN":
            return Located("none", "a point in China, where cities have borders", country)
        city = metros.nearest(country, latitude, longitude)
        return self.located(city, "nearest to the point") if city else Located("none", "no city near the point", country)

    def has_city(self, country: str | None, text: str) -> bool:
        """Return whether ``text`` is the own name of a city of ``country``."""
        return any(name.is_own and name.city.country == country for name in self._cities.get(normalise(text), []))

    def region(self, country: str, text: str) -> Region | None:
        """Return the listed first-level unit called ``text``."""
        keys = (key for key, kind in spellings(text) if kind in ("", "省", "州"))
        return next((region for key in keys if (region := self._regions.get((country, key)))), None)

    def located(self, city: City, reason: str) -> Located:
        """Return ``city`` with its province; a place of China as the city it counts for."""
        if unit := self._china.units.by_id.get(city.geoname_id or 0):
            return Located("city", reason, "CN", unit.province, unit.city)
        return Located("city", reason, city.country, self._provinces.get((city.country, city.admin1)), city)

    def _stated(self, country: str, parts: list[str], name: str | None, seat: City | None) -> Region | None:
        """Return the region that stands after the first name or beside the names, listed or not."""
        listed = (self.region(country, part) for part in [*parts[1:], name] if part)
        if region := next(filter(None, listed), None):
            return region
        if seat:
            return Region(seat.admin1, name or "", is_listed=True, members=self._areas.members(seat))
        return Region(name.upper().zfill(2), name, is_listed=False) if name else None

    def _seat(self, country: str, text: str) -> City | None:
        """Return the largest municipality of the area that ``text`` names."""
        key = normalise(text)
        aliased = self._aliases.alias(country, key)
        return self._areas.seat(country, normalise(self._areas.of.get(aliased.geoname_id, "")) if aliased else key)

    def _named(self, country: str, part: str, region: Region | None, strict: bool) -> Located | None:
        """Return the city or town called ``part``, or why it is uncertain; None if there is none."""
        for key, _ in spellings(part):
            if seat := self._areas.seat(country, key):
                return self.located(seat, "area")
            aliased = self._aliases.alias(country, key)
            if aliased and (region is None or region.among([Named(aliased, True)])):
                return self.located(aliased, "alias")
            for named, reason in self._ranked(country, key, strict):
                if within := region.among(named) if region else named:
                    if region and len(within) < len(named):
                        reason = f"{region.name} resolves the homonym"
                    return self._chosen([name.city for name in within], reason, strict)
        return None

    def _ranked(self, country: str, key: str, strict: bool) -> list[tuple[list[Named], str]]:
        """Return the places of ``country`` called ``key`` and why, the likeliest group first; towns only unless ``strict``."""
        cities = [named for named in self._cities.get(key, []) if named.city.country == country]
        towns = [] if strict else [named for named in self._towns.get(key, []) if named.city.country == country]
        own = [named for named in cities if named.is_own]
        return [(own, "name"), (towns, "name"), (cities, "alternate name")]

    def _chosen(self, fitting: list[City], reason: str, strict: bool) -> Located:
        largest, *others = sorted(fitting, key=lambda city: -city.population)
        if not others:
            return self.located(largest, reason)
        if not strict and largest.population > DOMINANT * sum(city.population for city in others):
            return self.located(largest, "by far the largest of that name")
        return Located("none", f"fits {len(fitting)} cities: {homonyms(fitting)}", only(city.country for city in fitting))
