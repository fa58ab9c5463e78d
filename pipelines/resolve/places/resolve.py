"""Resolve any place string of any source to a city, a province, a country, or none with a reason.

Nothing is guessed: see ``china`` and ``world`` for what decides. A town outside China counts for the larger city within
reach or the city of its metropolitan area (``metros``), and a point for the city nearest to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.resolve.places.china import China, Units, only
from pipelines.resolve.places.countries import city_of, is_listed_under_china, iso2
from pipelines.resolve.places.gazetteer import MISSING, Ambiguous, City, Gazetteer, Located, by_id, index
from pipelines.resolve.places.labels import labels
from pipelines.resolve.places.metros import Metros
from pipelines.resolve.places.reading import HAN, normalise, parts, point, spellings, words
from pipelines.resolve.places.table import Places
from pipelines.resolve.places.world import REMEDY, Areas, World

#: What is found out about a place as written; how other tables refer to it, and how often, comes from the mentions.
SCHEMA = {name: kind for name, kind in Places.types().items() if name not in ("place_key", "n")}
KEY = ["country", "region", "place"]
#: Reference tables that decide what a place is.
REFERENCE = ("place_aliases", "areas", "metropolitan_areas", "provinces", "prefectures", "districts")


@dataclass(frozen=True)
class Atlas:
    """Everything that decides what a place string means."""

    china: China
    world: World

    def locate(self, country: str | None, region: str | None, place: str | None, *, strict: bool) -> Located:
        """Return what a mention means; with ``strict``, neither towns nor dominant homonyms answer."""
        if blank := words("blank").get(normalise(place or "")):
            return Located("none", blank, country)
        if coordinates := point(place or ""):
            return self.world.nearest(country, *coordinates)
        names = parts(place or "")
        if not names:
            names, region = parts(region or ""), None
        if not names:
            return _whole(country) if city_of(country) else Located("none", "blank", country)
        if country is None and (american := self._american(names if region is None else [*names, region], strict)):
            return american
        written = iso2(region) if region else None
        if written and (country is None or (country == "CN" and is_listed_under_china(written))):
            country, region = written, None
        first = None
        for reading in self._readings(country, names, region):
            answer = self._read(*reading, region, strict)
            if not answer.reason.startswith(MISSING):
                return self._with_province(answer, country, region)
            first = first or answer
        return first or Located("none", MISSING, country)

    def _american(self, names: list[str], strict: bool) -> Located | None:
        """Return the place of a state whose code ends the names, though a country may have that code too: San Francisco, CA.

        Toronto, CA is none, since California has no such place.
        """
        *within, state = names
        if not within or len(state) != 2 or not state.isupper() or not self.world.region("US", state):
            return None
        answer = self.world.locate("US", within, state, strict)
        return None if answer.reason.startswith(MISSING) else answer

    def _with_province(self, answer: Located, country: str | None, region: str | None) -> Located:
        """Return the answer with the province of China stated beside a place of which a part lies abroad: 深圳、新加坡."""
        if answer.level != "none" or country != "CN" or answer.country == "CN" or not region:
            return answer
        province = only(unit.province for unit in self.china.units.named(region) if unit.is_region)
        return answer if province is None else Located("none", answer.reason, country, province)

    def _readings(self, country: str | None, names: list[str], region: str | None) -> Iterator[tuple[str | None, list[str]]]:
        """Yield the countries that the mention may mean, the likeliest first, each with the names left to look up.

        A country written with the place wins over the country stated beside it: where a company began before it moved. A town
        called like a country, such as Malta in New York, is in the country of the region stated beside it. Some words mean
        the country, though a town has the name, unless a region is stated.
        """
        last = names[-1]
        written = None if country and self.world.region(country, last) else iso2(last)
        is_in_region = bool(country and region and self.world.region(country, region))
        readings: list[tuple[str | None, list[str]]] = [(country, names)]
        if country is None:
            readings = [("CN", names), (None, names)] if HAN.search(last) else [(None, names)]
            if self.world.region("US", last):
                readings.insert(0, ("US", names))
        if written and (len(names) > 1 or country is None or (country == "CN" and is_listed_under_china(written))):
            readings.insert(0, (written, names[:-1]))
        elif written and (written == country or (not is_in_region and (not last.isascii() or len(last) > 3))):
            is_city = self.world.has_city(country, last)
            readings.insert(0 if written == country and not is_city else 1, (written, names[:-1]))
        if country == "CN":
            readings.append(("TW", names))
        if region is None and (meant := words("country").get(normalise(last))):
            readings.insert(0, (meant, names[:-1]))
        yield from readings

    def _read(self, country: str | None, names: list[str], region: str | None, strict: bool) -> Located:
        if not names:
            return _whole(country)
        if country == "CN" and (territory := iso2(names[-1])) and is_listed_under_china(territory):
            return self._read(territory, names[:-1], None, strict)
        if country and city_of(country):
            if any(unit.is_region for unit in self.china.units.named(names[0])):
                return Located("none", f"is not in {country}", country)
            return _whole(country)
        if country == "CN":
            return self.china.locate(names, region)
        if country is None:
            return self.world.locate_anywhere(names)
        return self.world.locate(country, names, region, strict)


def _whole(country: str | None) -> Located:
    """Return a country of which no part is named; a territory that is one city is that city."""
    if city_id := city_of(country):
        return Located("city", "the territory is one city", country, city=by_id(city_id))
    return Located("country", "country", country)


def resolve_all(
    mentions: pl.DataFrame,
    place_aliases: pl.DataFrame,
    areas: pl.DataFrame,
    *,
    metropolitan_areas: pl.DataFrame,
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
    distinct = mentions.sort("is_strict", descending=True, maintain_order=True).unique(KEY, keep="first", maintain_order=True)
    aliases = Gazetteer(place_aliases)
    units = Units(provinces.filter(pl.col("country") == "CN"), prefectures, districts)
    area_of = Areas(areas, aliases)
    wanted = pl.col("key").is_in(_keys(distinct))
    china = China(units, aliases, index(wanted & pl.col("is_city")))
    world = World(aliases, area_of, provinces, china, lambda: index(wanted & pl.col("is_own")))
    located = _locate(distinct, Atlas(china, world))
    metros = Metros(metropolitan_areas)
    counts_for = {answer.city: _counted(answer.city, area_of, metros) for answer in located if answer.city}
    names = _city_names(distinct, located, area_of, units, counts_for)
    rows = [
        {key: mention[key] for key in KEY} | _facts(answer, names) | {"city_province": _city_province(answer, counts_for, world)}
        for mention, answer in zip(distinct.iter_rows(named=True), located, strict=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA).sort(KEY)


def _keys(mentions: pl.DataFrame) -> list[str]:
    """Return every folded spelling in the regions and places of the mentions."""
    texts = {text for column in ("region", "place") for text in mentions[column].drop_nulls().unique()}
    return list({key for text in texts for part in parts(text) for key, _ in spellings(part)})


def _locate(mentions: pl.DataFrame, atlas: Atlas) -> list[Located]:
    """Return what each mention means; raises InputError listing every curated place that is no city."""
    located: list[Located] = []
    problems: list[Problem] = []
    for mention in mentions.iter_rows(named=True):
        try:
            answer = atlas.locate(mention["country"], mention["region"], mention["place"], strict=mention["is_strict"])
        except Ambiguous as error:
            answer = Located("none", str(error), mention["country"])
        if mention["is_strict"] and answer.level != "city":
            fault = answer.reason if answer.level == "none" else f"is a {answer.level}"
            text = f"the place {mention['place']!r} in {mention['country']} {fault}"
            problems.append(Problem(mention["source_file"], text, REMEDY, mention["source_row"], mention["column"]))
        located.append(answer)
    if problems:
        raise InputError("places", problems)
    return located


def _city_names(
    mentions: pl.DataFrame, located: list[Located], areas: Areas, units: Units, counts_for: dict[City, City]
) -> dict[City, str]:
    """Return the name in the results of every city located."""
    curated: set[City] = set()
    upstream: set[City] = set()
    for is_strict, answer in zip(mentions["is_strict"], located, strict=True):
        if answer.city and answer.city.geoname_id not in areas.of:
            (curated if is_strict else upstream).add(counts_for[answer.city])
    names = labels(curated, upstream, units.by_city)
    return {city: areas.of.get(city.geoname_id) or names[counted] for city, counted in counts_for.items()}


def _counted(city: City, areas: Areas, metros: Metros) -> City:
    """Return the city that ``city`` counts for; a listed area, and China's cities, are neither joined nor left."""
    if city.country == "CN" or city.geoname_id in areas.of:
        return city
    centre = metros.centre(city)
    return city if centre.geoname_id in areas.of else centre


def _city_province(answer: Located, counts_for: dict[City, City], world: World) -> str | None:
    """Return the province of the city that a place counts for, which may reach into others; None if it counts for none."""
    if not answer.city:
        return None
    core = counts_for[answer.city]
    return answer.province if core == answer.city else world.located(core, answer.reason).province


def _facts(answer: Located, names: dict[City, str]) -> dict[str, Any]:
    city = answer.city
    return {
        "level": answer.level,
        "city": names[city] if city else None,
        "municipality": city.name if city else None,
        "province": answer.province,
        "city_country": answer.country,
        "geoname_id": city.geoname_id if city else None,
        "latitude": city.latitude if city else None,
        "longitude": city.longitude if city else None,
        "reason": answer.reason,
    }
