"""Locate places in China among reviewed units: provinces, prefecture-level cities, districts and counties.

A city is a prefecture-level municipality, so a district or county-level city counts for its city. Names that stand
together must nest, and so resolve each other's homonyms: "Chaoyang District, Beijing".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.resolve.places.gazetteer import MISSING, City, Gazetteer, Index, Located, called, cities, homonyms
from pipelines.resolve.places.reading import HAN, normalise, short_chinese, spellings, unit_names

_KINDS = {"区": "district", "市": "county-level city", "县": "county", "镇": "town", "旗": "banner"}


@dataclass(frozen=True)
class Unit:
    """A province, or a city by its own name or a district's; ``kind`` is the last character of the Chinese name."""

    province: str
    city: City | None
    kind: str
    is_city: bool = False

    @property
    def is_region(self) -> bool:
        """Return whether sources write it where they state a province."""
        return self.is_city or self.kind == "省"

    def meet(self, other: "Unit") -> "Unit | None":
        """Return the finer of two units of which one lies in the other; None if neither does."""
        if self.province != other.province or (self.city and other.city and self.city != other.city):
            return None
        return self if self.city or not other.city else other


#: A name as written, and the units so called.
_Link = tuple[str, list[Unit]]


class Units:
    """The reviewed units under all their names; raises InputError where the tables contradict each other."""

    def __init__(self, provinces: pl.DataFrame, prefectures: pl.DataFrame, districts: pl.DataFrame):
        self.by_id: dict[int, Unit] = {}
        self.by_code = {row["gazetteer_code"]: row["province"] for row in provinces.iter_rows(named=True)}
        self._by_key: dict[str, list[Unit]] = {}
        self.by_city: dict[str, Unit] = {}
        problems = [*self._add_prefectures(prefectures), *self._add_districts(districts)]
        if problems:
            raise InputError("places", problems)
        # A municipality such as Beijing is a province and a city; here it is a city.
        for row in provinces.filter(~pl.col("name_zh").is_in(prefectures["name_zh"].implode())).iter_rows(named=True):
            unit = Unit(row["province"], None, "省")
            self._add(unit, row["name_zh"], row["short_zh"], *unit_names(row["province"], row["also"]))

    def _add_prefectures(self, prefectures: pl.DataFrame) -> list[Problem]:
        codes = {province: code for code, province in self.by_code.items()}
        problems = []
        for row in prefectures.join(cities(), on="geoname_id", how="left", suffix="_gazetteer").iter_rows(named=True):
            latitude, longitude = row["latitude_gazetteer"] or row["latitude"], row["longitude_gazetteer"] or row["longitude"]
            if row["province"] not in codes or latitude is None:
                problem = f"{row['city']!r} has the province {row['province']!r} and the geoname_id {row['geoname_id']}"
                remedy = "Name a province of provinces.csv and a city of the gazetteer"
                problems.append(Problem("data/reference/prefectures.csv", problem, remedy, row["source_row"]))
                continue
            code, population = codes[row["province"]], row["population"] or 0
            city = City(row["geoname_id"], row["city"], "CN", latitude, longitude, population, code)
            unit = self.by_city[city.name] = Unit(row["province"], city, row["name_zh"][-1], is_city=True)
            if city.geoname_id:
                self.by_id[city.geoname_id] = unit
            self._add(unit, row["name_zh"], *unit_names(row["city"], row["also"]))
        return problems

    def _add_districts(self, districts: pl.DataFrame) -> list[Problem]:
        problems = []
        for row in districts.iter_rows(named=True):
            if unit := self.by_city.get(row["city"]):
                self._add(Unit(unit.province, unit.city, row["name_zh"][-1]), row["name_zh"], row["district"])
            else:
                problem, remedy = f"{row['city']!r} is not a city of prefectures.csv", "Correct the spelling, or add it there"
                problems.append(Problem("data/reference/districts.csv", problem, remedy, row["source_row"], "city"))
        return problems

    def _add(self, unit: Unit, name_zh: str, *names: str) -> None:
        short = short_chinese(name_zh)
        shorter = [short, short + "州"] if len(short) > 1 else []
        for key in {normalise(name) for name in (name_zh, *shorter, *names)}:
            self._by_key.setdefault(key, []).append(unit)

    def named(self, text: str) -> list[Unit]:
        """Return the units called ``text``; of "Chaoyang District" the districts, if there are any of the name."""
        for key, kind in spellings(text):
            if units := self._by_key.get(key):
                return [unit for unit in units if unit.kind == kind] or units
        return []

    def split(self, text: str) -> list[str]:
        """Return names written without commas, the longest first: "CHAOYANG DISTRICT BEIJING", "北京市海淀区中关村".

        In Latin letters every word must belong to a name. A Chinese address begins with a name and may go on to streets: 旧金山,
        San Francisco, is not 金山, a district of Shanghai.
        """
        is_han = bool(HAN.search(text))
        pieces, glue, longest = (list(text), "", 12) if is_han else (text.split(), " ", 5)
        names, start = [], 0
        while start < len(pieces):
            ends = range(min(len(pieces), start + longest), start, -1)
            end = next((end for end in ends if self.named(glue.join(pieces[start:end]))), None)
            if end:
                names.append(glue.join(pieces[start:end]))
            elif not is_han or not names:
                return []
            start = end or start + 1
        return names


@dataclass(frozen=True)
class China:
    """Locate a place in China by ``units``, then by reviewed aliases, then by the gazetteer's other spellings."""

    units: Units
    aliases: Gazetteer
    cities: Index

    def locate(self, parts: list[str], region: str | None) -> Located:
        """Return what names that stand together mean, within the province or city that ``region`` names."""
        if region and region.isdigit():
            region = self.units.by_code.get(region.zfill(2))
        stated = [unit for unit in self.units.named(region or "") if unit.is_region]
        province = only(unit.province for unit in stated)
        names = parts
        if not any(self.units.named(part) for part in parts):
            names = [name for part in parts for name in self.units.split(part)]
        if not names:
            return self._by_gazetteer(parts, province)
        chain = [(text, units) for text in names if (units := self.units.named(text))]
        # 天津市 is Tianjin, though the university there may belong to 河北省.
        if stated and not _is_full_city_name(chain):
            chain.append((region or "", stated))
        nested = _nested(chain)
        if not nested:
            quoted = " and ".join(repr(text) for text, _ in chain)
            return Located("none", f"names {quoted}, which lie apart", "CN", province)
        if len(nested) > 1 and (aliased := self._aliased(names)) and any(unit.city == aliased.city for unit in nested):
            return Located("city", "alias", "CN", aliased.province, aliased.city)
        return self._located(names, chain, nested)

    def _located(self, names: list[str], chain: list[_Link], nested: list[Unit]) -> Located:
        """Return the city that all ``nested`` units mean, else their province, else why neither is certain."""
        # A name that stands alone is the province before it is a city or district in one: 吉林, 海南.
        units = [unit for unit in nested if unit.kind == "省" and len(chain) == 1] or nested
        province = only(unit.province for unit in units)
        meant = {unit.city for unit in units if unit.city}
        if len(meant) > 1:
            fitting = ", ".join(sorted(city.name for city in meant))
            return Located("none", f"fits {len(meant)} cities: {fitting}", "CN", province)
        if not meant and not self.units.named(names[0]):
            return Located("none", "is not in districts.csv", "CN", province)
        if not meant:
            return Located("province", "province", "CN", province)
        (city,) = meant
        unit = max((unit for unit in units if unit.city), key=lambda unit: unit.is_city)
        reason = "name" if unit.is_city else f"{_KINDS.get(unit.kind, 'part')} of {city.name}"
        if len(chain) > 1 and len({unit.city for unit in chain[0][1]}) > 1:
            reason = f"{chain[1][0]} resolves the homonym"
        return Located("city", reason, "CN", unit.province, city)

    def _aliased(self, names: list[str]) -> Unit | None:
        """Return the city that a reviewed alias of the first aliased name means."""
        for name in names:
            for key, kind in spellings(name):
                if kind != "省" and (aliased := self.aliases.alias("CN", key)):
                    return self.units.by_id.get(aliased.geoname_id or 0)
        return None

    def _by_gazetteer(self, parts: list[str], province: str | None) -> Located:
        """Return what names mean that no unit has: an alias, another spelling, or a place of which only the province is known."""
        if (aliased := self._aliased(parts)) and province in (None, aliased.province):
            return Located("city", "alias", "CN", aliased.province, aliased.city)
        for key in (key for part in parts for key, _ in spellings(part)):
            fitting = called(named for named in self.cities.get(key, []) if named.city.country == "CN")
            fitting = [city for city in fitting if province in (None, self.units.by_code.get(city.admin1))]
            if len(fitting) > 1:
                return Located("none", f"fits {len(fitting)} cities: {homonyms(fitting)}", "CN", province)
            if fitting and (unit := self.units.by_id.get(fitting[0].geoname_id or 0)):
                return Located("city", "alternate name", "CN", unit.province, unit.city)
            if fitting:
                lies_in = self.units.by_code.get(fitting[0].admin1)
                return Located("none", f"lies in {lies_in}, in a city that districts.csv does not give", "CN", lies_in)
        return Located("none", MISSING, "CN", province)


def _is_full_city_name(chain: list[_Link]) -> bool:
    """Return whether one name in Chinese characters stands alone and names exactly one city."""
    text, units = chain[0]
    return len(chain) == 1 and bool(HAN.search(text)) and len(units) == 1 and units[0].is_city


def _nested(chain: list[_Link]) -> list[Unit]:
    """Return the finest units on which all names of a chain can agree."""
    return reduce(
        lambda left, right: [both for unit in left for other in right if (both := unit.meet(other))],
        (units for _, units in chain),
    )


def only(values: Iterable[str]) -> str | None:
    """Return the value if all are equal, else None."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None
