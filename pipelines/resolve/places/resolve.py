"""Any place string of any source → a city, a province, a country, or "no" with a reason.

What belongs here: reading place strings, and deciding which place they name. What does not: looking names up
(``pipelines/resolve/places/gazetteer``), where the strings stand (``staging.place_mentions``), the reviewed decisions
(``data/reference``).

Nothing is guessed. In China a name means a unit of ``provinces.csv``, ``prefectures.csv`` or ``districts.csv``.
Cities are counted as prefecture-level municipalities, so a district or county-level city counts for its city. Names
that stand together must nest, and so decide each other's homonyms ("Chaoyang District, Beijing"). Elsewhere a name
means a reviewed alias, a city's own name, or one of its alternate names, within the region stated; towns under 15,000
people answer only where no city does. A name that still fits several places is refused, unless it comes from an
upstream source and one of them holds over ten times the population of all others together. A town outside China counts
for the larger city within reach (``pipelines/resolve/places/metros``), and a point for the city nearest to it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.resolve.places import metros
from pipelines.resolve.places.countries import countries, iso2
from pipelines.resolve.places.gazetteer import Ambiguous, City, Gazetteer, Named, by_id, called, cities, homonyms, index, towns
from pipelines.resolve.places.reading import normalise

#: A name of an upstream source means its largest place if that has more than this many times the people of all others.
DOMINANT = 10

#: Territories that are one city: a place in them is that city, whatever the quarter is called.
ONE_CITY = {code: country.city_id for code, country in countries().items() if country.city_id}

#: Written as provinces of China by some sources; here they are countries of their own, by their ISO codes.
APART = {code for code, country in countries().items() if country.listed_under == "CN"}

#: What sources write where they name no place.
NO_PLACE = {
    "remote": "remote, no place", "国外": "abroad, no place", "海外": "abroad, no place", "unknown": "not stated",
    "other": "not stated", "其他": "not stated", "na": "not stated", "none": "not stated",
}  # fmt: skip

MISSING = "is not in the gazetteer"
_REMEDY = "Correct the spelling, or name the city meant in data/reference/place_aliases.csv"


@dataclass(frozen=True)
class Located:
    """What a place string means. Where the level is none, province and country say what is known all the same."""

    level: Literal["city", "province", "country", "none"]
    reason: str
    country: str | None = None
    province: str | None = None
    city: City | None = None


# Reading.

_SUFFIXES = {
    "省": "province|sheng|autonomous region|region|state",
    "市": "city|municipality|shi|si",
    "区": "new area|new district|district|qu|gu|ku",
    "县": "autonomous county|county|xian",
    "州": "autonomous prefecture|prefecture|zhou",
    "": r"[0-9]+",
}
_SUFFIX = re.compile(
    r"[\s-]+(?:" + "|".join(f"(?P<k{number}>{words})" for number, words in enumerate(_SUFFIXES.values())) + r")\.?$", re.I
)
_POINT = re.compile(r"(-?[0-9]+\.[0-9]+),(-?[0-9]+\.[0-9]+)")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def _spellings(text: str) -> list[tuple[str, str]]:
    """Folded spellings to look up, the one as written first, each with the kind of unit it asks for ("" for any)."""
    found = [(normalise(text), "")]
    if suffix := _SUFFIX.search(text):
        kind = list(_SUFFIXES)[int((suffix.lastgroup or "k0")[1:])]
        found.append((normalise(text[: suffix.start()]), kind))
    return [(key, kind) for key, kind in found if key]


def _parts(place: str) -> list[str]:
    """The names in "City, Region, Country", "Los Angeles (California)", "Mumbai/Bombay"."""
    return [part.strip() for part in re.split(r"[,，、/()（）]", place) if normalise(part)]


def _written(name: str, also: str | None) -> list[str]:
    """A name, the same without the brackets that tell it from its namesakes, and the other names of the unit."""
    return [name, re.sub(r" \(.+\)$", "", name), *(also.split("|") if also else [])]


# China: names that nest.

_KINDS = {"区": "district", "市": "county-level city", "县": "county", "镇": "town", "旗": "banner"}
_PEOPLES = "朝鲜|土家|苗|藏|羌|彝|布依|侗|哈尼|壮|傣|白|景颇|傈僳|回|蒙古|哈萨克|柯尔克孜|黎"
_TAIL = re.compile(rf"(?:(?:(?:{_PEOPLES})族?)+自治[州县]|地区|林区|新区|[市区县盟镇旗])$")


@dataclass(frozen=True)
class _Unit:
    """A province, or a city by its own name or a district's; ``kind`` is the last character of the Chinese name."""

    province: str
    city: City | None
    kind: str
    is_city: bool = False

    def meet(self, other: "_Unit") -> "_Unit | None":
        """The finer of two units of which one lies in the other; None if neither does."""
        if self.province != other.province or (self.city and other.city and self.city != other.city):
            return None
        return self if self.city or not other.city else other


class _China:
    """The reviewed units of China under all their names; raises InputError where the tables contradict each other."""

    def __init__(self, provinces: pl.DataFrame, prefectures: pl.DataFrame, districts: pl.DataFrame):
        self._units: dict[str, list[_Unit]] = {}
        self.by_id: dict[int, _Unit] = {}
        self.by_code = {row["gazetteer_code"]: row["province"] for row in provinces.iter_rows(named=True)}
        codes = {province: code for code, province in self.by_code.items()}
        units: dict[str, _Unit] = {}
        problems: list[Problem] = []
        found = prefectures.join(cities(), on="geoname_id", how="left", suffix="_found")
        for row in found.iter_rows(named=True):
            latitude, longitude = row["latitude_found"] or row["latitude"], row["longitude_found"] or row["longitude"]
            if row["province"] not in codes or latitude is None:
                problem = f"{row['city']!r} has the province {row['province']!r} and the geoname_id {row['geoname_id']}"
                remedy = "Name a province of provinces.csv and a city of the gazetteer"
                problems.append(Problem("data/reference/prefectures.csv", problem, remedy, row["source_row"]))
                continue
            code, population = codes[row["province"]], row["population"] or 0
            city = City(row["geoname_id"], row["city"], "CN", latitude, longitude, population, code)
            unit = units[city.name] = _Unit(row["province"], city, row["name_zh"][-1], is_city=True)
            if city.geoname_id:
                self.by_id[city.geoname_id] = unit
            self._add(unit, row["name_zh"], *_written(row["city"], row["also"]))
        for row in districts.iter_rows(named=True):
            if row["city"] not in units:
                problem, remedy = f"{row['city']!r} is not a city of prefectures.csv", "Correct the spelling, or add it there"
                problems.append(Problem("data/reference/districts.csv", problem, remedy, row["source_row"], "city"))
                continue
            city_unit = units[row["city"]]
            self._add(_Unit(city_unit.province, city_unit.city, row["name_zh"][-1]), row["name_zh"], row["district"])
        if problems:
            raise InputError("places", problems)
        self.cities = set(units)
        # A municipality is both; it is a city here.
        for row in provinces.filter(~pl.col("name_zh").is_in(prefectures["name_zh"].implode())).iter_rows(named=True):
            unit = _Unit(row["province"], None, "省")
            self._add(unit, row["name_zh"], row["short_zh"], *_written(row["province"], row["also"]))

    def _add(self, unit: _Unit, name_zh: str, *names: str) -> None:
        short = _TAIL.sub("", name_zh)
        shorter = [short, short + "州"] if len(short) > 1 else []
        for key in {normalise(name) for name in (name_zh, *shorter, *names)}:
            self._units.setdefault(key, []).append(unit)

    def named(self, text: str) -> list[_Unit]:
        """Every unit called ``text``; "Chaoyang District" is a district, if there is one of the name."""
        for key, kind in _spellings(text):
            if found := self._units.get(key):
                return [unit for unit in found if unit.kind == kind] or found
        return []

    def split(self, text: str) -> list[str]:
        """Names written without commas, the longest first: "CHAOYANG DISTRICT BEIJING", "北京市海淀区中关村".

        In Latin letters every word must belong to a name; a Chinese address may go on to streets.
        """
        is_han = bool(_HAN.search(text))
        pieces, glue, longest = (list(text), "", 12) if is_han else (text.split(), " ", 5)
        names, start = [], 0
        while start < len(pieces):
            ends = range(min(len(pieces), start + longest), start, -1)
            end = next((end for end in ends if self.named(glue.join(pieces[start:end]))), None)
            if end:
                names.append(glue.join(pieces[start:end]))
            elif not is_han:
                return []
            start = end or start + 1
        return names


# Everywhere.


class _Areas:
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
                problems.append(Problem("data/reference/areas.csv", text, _REMEDY, row["source_row"], "city"))
                continue
            self.of[city.geoname_id] = row["area"]
            key = (row["country"], normalise(row["area"]))
            self._seats[key] = max(city, self._seats.get(key, city), key=lambda one: one.population)
        if problems:
            raise InputError("places", problems)

    def seat(self, country: str, key: str) -> City | None:
        """The largest municipality of the area called so."""
        return self._seats.get((country, key))

    def members(self, seat: City) -> frozenset[int | None]:
        return frozenset(geoname_id for geoname_id, area in self.of.items() if area == self.of.get(seat.geoname_id))


@dataclass(frozen=True)
class _Region:
    """Where a place is said to lie: a first-level unit by the gazetteer's code, or some municipalities of it.

    A unit that is not listed may be of another system of codes, so it chooses among homonyms and excludes nothing.
    """

    code: str
    name: str
    is_listed: bool
    members: frozenset[int | None] = frozenset()

    def among(self, named: list[Named]) -> list[Named]:
        """Those that lie in it."""
        within = [one for one in named if one.city.geoname_id in self.members]
        within = within or [one for one in named if one.city.admin1 == self.code]
        return within if within or self.is_listed else named


class _Atlas:
    """All that decides what a place string means, for strings whose folded spellings are ``keys``."""

    def __init__(
        self,
        aliases: Gazetteer,
        areas: _Areas,
        china: _China,
        provinces: pl.DataFrame,
        keys: Collection[str],
    ):
        self._aliases = aliases
        self._areas = areas
        self._china = china
        self._keys = pl.col("key").is_in(list(keys))
        self._cities = index(self._keys & pl.col("is_city"))
        self._regions: dict[tuple[str, str], _Region] = {}
        self._provinces: dict[tuple[str, str], str] = {}
        for row in provinces.iter_rows(named=True):
            region = _Region(row["gazetteer_code"], row["province"], is_listed=True)
            self._provinces[row["country"], region.code] = region.name
            for name in (row["code"], *_written(row["province"], row["also"])):
                self._regions[row["country"], normalise(name)] = region

    @cached_property
    def _towns(self) -> dict[str, list[Named]]:
        return index(self._keys & pl.col("is_own"))

    def locate(self, country: str | None, region: str | None, place: str | None, *, strict: bool) -> Located:
        """What one mention means; with ``strict``, neither towns nor dominant homonyms answer."""
        if no := NO_PLACE.get(normalise(place or "")):
            return Located("none", no, country)
        if point := _POINT.fullmatch(place or ""):
            return self._at(country, *(float(degrees) for degrees in point.groups()))
        parts = _parts(place or "")
        if not parts:
            parts, region = _parts(region or ""), None
        if not parts:
            return self._whole(country) if country in ONE_CITY else Located("none", "blank", country)
        if region and (apart := iso2(region)) and (country is None or (country == "CN" and apart in APART)):
            country, region = apart, None
        answers = []
        for read_country, read_parts in self._readings(country, parts):
            answers.append(self._read(read_country, read_parts, region, strict))
            if not answers[-1].reason.startswith(MISSING):
                return answers[-1]
        return answers[0]

    def _at(self, country: str | None, latitude: float, longitude: float) -> Located:
        if country == "CN":
            return Located("none", "a point in China, where cities have borders", country)
        city = metros.at(country, latitude, longitude)
        return self._city_found(city, "nearest to the point") if city else Located("none", "no city near the point", country)

    def _readings(self, country: str | None, parts: list[str]) -> Iterator[tuple[str | None, list[str]]]:
        """The countries that the mention may mean, the likeliest first, each with the names left to look up.

        A country written with the place wins over the country stated beside it: where a company began before it moved.
        """
        last = parts[-1]
        written = None if country and self._region(country, last) else iso2(last)
        readings: list[tuple[str | None, list[str]]] = [(country, parts)]
        if country is None:
            readings = [("CN", parts), (None, parts)] if _HAN.search(last) else [(None, parts)]
            if self._region("US", last):
                readings.insert(0, ("US", parts))
        if written and (len(parts) > 1 or country is None or (country == "CN" and written in APART)):
            readings.insert(0, (written, parts[:-1]))
        elif written and (written == country or not last.isascii() or len(last) > 3):
            is_city = any(named.is_own and named.city.country == country for named in self._cities.get(normalise(last), []))
            readings.insert(0 if written == country and not is_city else 1, (written, parts[:-1]))
        if country == "CN":
            readings.append(("TW", parts))
        yield from readings

    def _read(self, country: str | None, parts: list[str], region: str | None, strict: bool) -> Located:
        if not parts:
            return self._whole(country)
        if country == "CN" and (apart := iso2(parts[-1])) in APART:
            return self._read(apart, parts[:-1], None, strict)
        if country in ONE_CITY:
            return self._quarter(country, parts)
        if country == "CN":
            return self._in_china(parts, region)
        if country is None:
            return self._worldwide(parts)
        return self._elsewhere(country, parts, region, strict)

    def _whole(self, country: str | None) -> Located:
        if country in ONE_CITY:
            return Located("city", "the territory is one city", country, city=by_id(ONE_CITY[country]))
        return Located("country", "country", country)

    def _quarter(self, country: str, parts: list[str]) -> Located:
        if any(unit.is_city or unit.kind == "省" for unit in self._china.named(parts[0])):
            return Located("none", f"is not in {country}", country)
        return self._whole(country)

    def _in_china(self, parts: list[str], region: str | None) -> Located:
        if region and region.isdigit():
            region = self._china.by_code.get(region.zfill(2))
        stated = [unit for unit in self._china.named(region or "") if unit.is_city or unit.kind == "省"]
        province = _only({unit.province for unit in stated})
        if not any(self._china.named(part) for part in parts):
            pieces = [name for part in parts for name in self._china.split(part)]
            if not pieces:
                return self._in_chinese_gazetteer(parts, province)
            parts = pieces
        chain = [(text, units) for text in parts if (units := self._china.named(text))]
        # 天津市 is Tianjin, though the university there may belong to 河北省.
        if stated and not (len(chain) == 1 and _HAN.search(chain[0][0]) and len(chain[0][1]) == 1 and chain[0][1][0].is_city):
            chain.append((region or "", stated))
        left = chain[0][1]
        for _, units in chain[1:]:
            left = [both for one in left for other in units if (both := one.meet(other))]
        if not left:
            names = " and ".join(repr(text) for text, _ in chain)
            return Located("none", f"names {names}, which lie apart", "CN", province)
        if len(left) > 1 and (aliased := self._aliased(parts)) and any(unit.city == aliased.city for unit in left):
            return Located("city", "alias", "CN", aliased.province, aliased.city)
        # A name that stands alone is the province before it is a city or district in one: 吉林, 海南.
        left = [unit for unit in left if unit.kind == "省" and len(chain) == 1] or left
        province = _only({unit.province for unit in left})
        cities = {unit.city for unit in left if unit.city}
        if len(cities) > 1:
            names = ", ".join(sorted(city.name for city in cities))
            return Located("none", f"fits {len(cities)} cities: {names}", "CN", province)
        if not cities and not self._china.named(parts[0]):
            return Located("none", "is not in districts.csv", "CN", province)
        if not cities:
            return Located("province", "province", "CN", province)
        (city,) = cities
        unit = max((unit for unit in left if unit.city), key=lambda unit: unit.is_city)
        reason = "name" if unit.is_city else f"{_KINDS.get(unit.kind, 'part')} of {city.name}"
        if len(chain) > 1 and len({one.city for one in chain[0][1]}) > 1:
            reason = f"{chain[1][0]} resolves the homonym"
        return Located("city", reason, "CN", unit.province, city)

    def _aliased(self, parts: list[str]) -> _Unit | None:
        for part in parts:
            for key, kind in _spellings(part):
                if kind != "省" and (aliased := self._aliases.alias("CN", key)):
                    return self._china.by_id.get(aliased.geoname_id or 0)
        return None

    def _in_chinese_gazetteer(self, parts: list[str], province: str | None) -> Located:
        """Names the tables lack: reviewed, other spellings of a city, or a place of which only the province is known."""
        if (aliased := self._aliased(parts)) and province in (None, aliased.province):
            return Located("city", "alias", "CN", aliased.province, aliased.city)
        for part in parts:
            for key, _ in _spellings(part):
                found = called(named for named in self._cities.get(key, []) if named.city.country == "CN")
                found = [city for city in found if province in (None, self._china.by_code.get(city.admin1))]
                if len(found) > 1:
                    return Located("none", f"fits {len(found)} cities: {homonyms(found)}", "CN", province)
                if found and (unit := self._china.by_id.get(found[0].geoname_id or 0)):
                    return Located("city", "alternate name", "CN", unit.province, unit.city)
                if found:
                    lies_in = self._china.by_code.get(found[0].admin1)
                    return Located("none", f"lies in {lies_in}, in a city that districts.csv does not give", "CN", lies_in)
        return Located("none", MISSING, "CN", province)

    def _elsewhere(self, country: str, parts: list[str], region: str | None, strict: bool) -> Located:
        seat = self._seat(country, region) if region else None
        stated = next((one for part in [*parts[1:], region] if part and (one := self._region(country, part))), None)
        if seat and not stated:
            stated = _Region(seat.admin1, region or "", is_listed=True, members=self._areas.members(seat))
        elif region and not stated:
            stated = _Region(region.upper().zfill(2), region, is_listed=False)
        province = self._provinces.get((country, stated.code)) if stated and stated.is_listed else None
        itself = self._region(country, parts[0])
        for part in parts:
            if part is not parts[0] and self._region(country, part):
                continue
            answer = self._city(country, part, stated, strict)
            # "New York" is the city in the state of that name; "Delaware" is the state, not the city in Ohio.
            if answer and (not itself or (answer.city and (answer.reason == "alias" or answer.city.admin1 == itself.code))):
                return answer
            if itself:
                break
        if seat:
            return self._city_found(seat, f"{region} is an area")
        if itself and (not province or province == itself.name):
            return Located("province", "province", country, itself.name)
        return Located("none", f"{MISSING} for {province}" if province else MISSING, country, province)

    def _seat(self, country: str, text: str) -> City | None:
        """The seat of the area that ``text`` names."""
        key = normalise(text)
        aliased = self._aliases.alias(country, key)
        return self._areas.seat(country, normalise(self._areas.of.get(aliased.geoname_id, "")) if aliased else key)

    def _city(self, country: str, part: str, region: _Region | None, strict: bool) -> Located | None:
        """The city or town called ``part``, or why there is not one; None if there is none."""
        for key, _ in _spellings(part):
            if seat := self._areas.seat(country, key):
                return self._city_found(seat, "area")
            aliased = self._aliases.alias(country, key)
            if aliased and (region is None or region.among([Named(aliased, True)])):
                return self._city_found(aliased, "alias")
            known = [named for named in self._cities.get(key, []) if named.city.country == country]
            small = [] if strict else [named for named in self._towns.get(key, []) if named.city.country == country]
            own = [named for named in known if named.is_own]
            for everywhere, reason in ((own, "name"), (small, "name"), (known, "alternate name")):
                if inside := region.among(everywhere) if region else everywhere:
                    if region and len(inside) < len(everywhere):
                        reason = f"{region.name} resolves the homonym"
                    return self._chosen([named.city for named in inside], reason, strict)
        return None

    def _worldwide(self, parts: list[str]) -> Located:
        """A place of which not even the country is stated."""
        for part in parts:
            for key, _ in _spellings(part):
                if found := called(self._cities.get(key, [])):
                    chosen = self._chosen(found, "name", strict=False)
                    return self._in_china(parts, None) if chosen.city and chosen.country == "CN" else chosen
        return Located("none", MISSING)

    def _chosen(self, found: list[City], reason: str, strict: bool) -> Located:
        largest, *others = sorted(found, key=lambda city: -city.population)
        if not others:
            return self._city_found(largest, reason)
        if not strict and largest.population > DOMINANT * sum(city.population for city in others):
            return self._city_found(largest, "by far the largest of that name")
        return Located("none", f"fits {len(found)} cities: {homonyms(found)}", _only({city.country for city in found}))

    def _city_found(self, city: City, reason: str) -> Located:
        if unit := self._china.by_id.get(city.geoname_id or 0):
            return Located("city", reason, "CN", unit.province, unit.city)
        return Located("city", reason, city.country, self._provinces.get((city.country, city.admin1)), city)

    def _region(self, country: str, text: str) -> _Region | None:
        spellings = (key for key, kind in _spellings(text) if kind in ("", "省", "州"))
        return next((region for key in spellings if (region := self._regions.get((country, key)))), None)


def _only(values: set[str]) -> str | None:
    """The one value there is, or None."""
    return next(iter(values)) if len(values) == 1 else None


# Names of cities in the results.


def _labels(strict: set[City], others: set[City], reserved: set[str]) -> dict[City, str]:
    """A name for each city, unlike every other's.

    Curated cities have their own, with the country if curated cities of several countries share it ("Cambridge, GB").
    Another city has its own if it is the largest so called in the world, and the name is neither taken nor
    ``reserved`` for a city of China; else with its country, if it is the largest there; else with its region too.
    """
    in_countries: dict[str, set[str]] = {}
    for city in strict:
        in_countries.setdefault(city.name, set()).add(city.country)
    names = [city.name for city in others]
    places = towns().filter(pl.col("name").is_in(names)).sort("population", "geoname_id", descending=[True, False])
    in_world = set(places.unique("name", keep="first", maintain_order=True)["geoname_id"])
    in_country = set(places.unique(["name", "country"], keep="first", maintain_order=True)["geoname_id"])

    labels: dict[City, str] = {}
    taken: set[str] = set()
    for city in sorted(strict | others, key=lambda one: (one not in strict, -one.population, one.geoname_id or 0)):
        bare, with_country = city.name, f"{city.name}, {city.country}"
        if city in strict:
            choices = [bare if len(in_countries[city.name]) == 1 else with_country]
        elif city.country == "CN":
            choices = [bare, with_country]
        else:
            choices = [bare] if city.geoname_id in in_world and bare not in reserved else []
            choices += [with_country] if city.geoname_id in in_country else []
        last = f"{city.name}, {city.admin1}, {city.country}"
        labels[city] = next((choice for choice in choices if choice not in taken), last)
        taken.add(labels[city])
    return labels


# The whole.

SCHEMA = {
    "country": pl.String,
    "region": pl.String,
    "place": pl.String,
    "level": pl.String,
    "city": pl.String,
    "municipality": pl.String,
    "province": pl.String,
    "city_country": pl.String,
    "geoname_id": pl.Int64,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "reason": pl.String,
}
KEY = ["country", "region", "place"]


def resolve_all(
    mentions: pl.DataFrame,
    place_aliases: pl.DataFrame,
    areas: pl.DataFrame,
    *,
    provinces: pl.DataFrame,
    prefectures: pl.DataFrame,
    districts: pl.DataFrame,
) -> pl.DataFrame:
    """Resolve every place mentioned.

    ``mentions`` has country (ISO alpha-2), region and place as a source writes them, each possibly null; is_strict,
    true for curated files; and source_file, source_row, column: where it was read. The other frames are the
    reference files of those names.

    Returns one row per (country, region, place) with ``SCHEMA``: city is what the municipality counts for ("San
    Francisco Bay Area", "Boston"), else the municipality, and null unless the level is city; reason says how it was
    decided. Raises InputError listing every curated place that is no city.
    """
    reviewed = Gazetteer(place_aliases)
    china = _China(provinces.filter(pl.col("country") == "CN"), prefectures, districts)
    among = _Areas(areas, reviewed)
    problems: list[Problem] = []
    first = mentions.sort("is_strict", descending=True, maintain_order=True)
    distinct = first.unique(KEY, keep="first", maintain_order=True)
    texts = {text for column in ("region", "place") for text in distinct[column].drop_nulls().unique()}
    keys = {key for text in texts for part in _parts(text) for key, _ in _spellings(part)}
    atlas = _Atlas(reviewed, among, china, provinces, keys)
    found: list[tuple[dict[str, Any], Located]] = []
    for mention in distinct.iter_rows(named=True):
        try:
            located = atlas.locate(mention["country"], mention["region"], mention["place"], strict=mention["is_strict"])
        except Ambiguous as error:
            located = Located("none", str(error), mention["country"])
        if mention["is_strict"] and located.level != "city":
            text = f"the place {mention['place']!r} in {mention['country']} {_fault(located)}"
            problems.append(Problem(mention["source_file"], text, _REMEDY, mention["source_row"], mention["column"]))
        found.append((mention, located))
    if problems:
        raise InputError("places", problems)

    strict: set[City] = set()
    others: set[City] = set()
    counts_for = {located.city: _counted(located.city, among) for _, located in found if located.city}
    for mention, located in found:
        if located.city and located.city.geoname_id not in among.of:
            (strict if mention["is_strict"] else others).add(counts_for[located.city])
    labels = _labels(strict, others, china.cities)
    rows = []
    for mention, located in found:
        city = located.city
        rows.append(
            {key: mention[key] for key in KEY}
            | {
                "level": located.level,
                "city": (among.of.get(city.geoname_id) or labels[counts_for[city]]) if city else None,
                "municipality": city.name if city else None,
                "province": located.province,
                "city_country": located.country,
                "geoname_id": city.geoname_id if city else None,
                "latitude": city.latitude if city else None,
                "longitude": city.longitude if city else None,
                "reason": located.reason,
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA).sort(KEY)


def _counted(city: City, areas: _Areas) -> City:
    """The city that ``city`` counts for; a listed area, and China's cities, are neither joined nor left."""
    if city.country == "CN" or city.geoname_id in areas.of:
        return city
    centre = metros.centre(city)
    return city if centre.geoname_id in areas.of else centre


def _fault(located: Located) -> str:
    return located.reason if located.level == "none" else f"is a {located.level}"
