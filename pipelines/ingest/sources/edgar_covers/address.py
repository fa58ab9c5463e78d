"""Read the city of a printed postal address, in plain English.

An address is read from its end, past country, postcode and state, to its city, so that the cities in the names of streets
and buildings (Nanjing West Road, London Wall) do not pass for it. Which city of that name is meant is decided in
``pipelines/resolve``.
"""

import re
import unicodedata
from dataclasses import dataclass, field

import polars as pl

from pipelines import settings
from pipelines.ingest.lookups import reads

_COUNTRIES = """
BVI|Belgique|Brasil|British Virgin Islands|Channel Islands|China|Danmark|Deutschland|England|England and Wales|España
Federative Republic of Brazil|Grand Duchy of Luxembourg|Great Britain|Holland|Italia|Kingdom of Denmark|Korea|Mainland China
Norge|Northern Ireland|PR China|PR of China|PRC|People's Republic of China|ROC|Republic of China|Republic of Cyprus
Republic of Ireland|Republic of Korea|Republic of Singapore|Republic of the Marshall Islands|Russian Federation|Schweiz
Scotland|State of Israel|Suisse|Sverige|Taiwan ROC|The Bahamas|The Netherlands|The People's Republic of China|UAE|UK|US|USA
United States of America|Viet Nam|Wales|West Indies
"""
_REGIONS = """
Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland and Labrador|Nova Scotia|Ontario|Québec|Saskatchewan
New South Wales|Queensland|South Australia|Tasmania|Victoria|Western Australia|District of Columbia|Puerto Rico
Anhui|Fujian|Gansu|Guangdong|Guangxi|Guizhou|Hainan|Hebei|Heilongjiang|Henan|Hubei|Hunan|Inner Mongolia|Jiangsu|Jiangxi|Jilin
Liaoning|Ningxia|Qinghai|Shaanxi|Shandong|Shanxi|Sichuan|Tibet|Xinjiang|Yunnan|Zhejiang|Johor|Penang|Selangor
Berkshire|Hertfordshire|Kent|Middlesex|Surrey
"""
_CODES = """
AB|ACT|BC|CDMX|DC|MB|MG|NB|NL|NS|NSW|ON|PQ|PR|QC|QLD|RJ|RS|SK|SP|TAS|VIC
"""
#: Names of a city that are also those of its country or region, in all their spellings.
_CITY_STATES = {
    "gibraltar": "Gibraltar", "hongkong": "Hong Kong", "hongkongisland": "Hong Kong", "hongkongsar": "Hong Kong",
    "hongkongspecialadministrativeregion": "Hong Kong", "kowloon": "Hong Kong", "luxembourg": "Luxembourg", "macao": "Macau",
    "macau": "Macau", "monaco": "Monaco", "singapore": "Singapore",
}  # fmt: skip
#: States named like their city, and islands: both mean the city if the address names no other.
_STATES_LIKE_CITIES = {"newyork": "New York", "washington": "Washington"}
_ISLANDS = {"grandcayman": "Grand Cayman", "tortola": "Tortola", "jersey": "Jersey", "guernsey": "Guernsey"}
#: Parts of cities that the gazetteer has as cities, here or elsewhere.
_DISTRICT_NAMES = """
Aberdeen|Admiralty|Baoan|Canary Wharf|Causeway Bay|Central|Changning|Chaoyang|Chiyoda|Chuo|City of London|Dongcheng|Futian|Gangnam
Haidian|Huangpu|Jing An|Jongno|Luohu|Manhattan|Minato|Minhang|Mong Kok|Nanshan|New Territories|North Point|Pudong|Quarry Bay
Sheung Wan|Shibuya|Shinjuku|Tianhe|Tsim Sha Tsui|Wan Chai|Xicheng|Xuhui|Yuexiu
"""
#: Spellings that differ from plain English or from the gazetteer.
_ENGLISH = {
    "brussel": "Brussels", "bruxelles": "Brussels", "ciudaddemexico": "Mexico City", "denhaag": "The Hague",
    "geneve": "Geneva", "genf": "Geneva", "goteborg": "Gothenburg", "kobenhavn": "Copenhagen", "københavn": "Copenhagen",
    "koln": "Cologne", "lisboa": "Lisbon", "mexicodf": "Mexico City", "milano": "Milan", "munchen": "Munich",
    "newyorkcity": "New York", "peking": "Beijing", "praha": "Prague", "roma": "Rome", "telaviv": "Tel Aviv",
    "telavivjaffa": "Tel Aviv", "telavivyafo": "Tel Aviv", "torino": "Turin", "warszawa": "Warsaw",
    "washingtondc": "Washington", "wien": "Vienna", "xian": "Xi'an",
}  # fmt: skip
_MORE_CITIES = """
Bangalore|Calcutta|Ebene|Frankfurt|Frankfurt/Main|George Town|Hamilton|Herzliya|Herzliya Pituach|Majuro|Makati|New York
Petach Tikva|Port Louis|Road Town|Saint Louis|Sao Paulo|St. Helier|St. Peter Port|The Hague|Washington
"""
#: Words of streets, buildings and their parts, which no town before a state or country contains.
_STREET = re.compile(
    r"\b(street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|way|highway|parkway|pkwy|circle|terrace|alley|row|mall|broadway"
    r"|plaza|towers?|building|bldg|house|floor|fl|suite|ste|room|unit|level|block|wing|box|centre|center|complex|wharf|quay"
    r"|district|area|zone|industrial|county|court|hall|chambers|mansion|phase|no|attn|attention|esq"
    r"|strasse|rue|via|piazza|calle|paseo|avenida|rua|torre|piso|edificio|andar)\b\.?|stra(ss|ß)e\b|gade\b|vej\b",
    re.I,
)
_DISTRICT = re.compile(r"(\bdistrict|\bnew area|\bzone|\bcounty|-ku|-gu|-dong|-cho|-chome|\bku|\bprovince)$", re.I)
_POSTCODE_AFTER = re.compile(
    r"(?:^|[\s-])(?:\d{5}-?\d{3,4}|\d{4,7}|\d{3}[ -]\d{2,4}|[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}|[A-Z]\d[A-Z]\s*\d[A-Z]\d"
    r"|KY\d?-?\s?\d{4}|VG\s?-?\d{4}|HM\s?-?\w{2}|[A-Z]\d{2}\s?[A-Z\d]{4}|[A-Z]{1,2}-\d{4,5}|(?:[EW]C?|[NS][EW]?)\d{1,2}[A-Z]?"
    r"|Cedex(?:\s\d+)?)$"
)
_POSTCODE_BEFORE = re.compile(
    r"^(?:[A-Z]{1,3}[ -])?(?:\d{5}-\d{3}|\d{4,6}|\d{3} \d{2,3}|\d{2}-\d{3})(?: ?[A-Z]{2})?[\s-]+(?=[^\W\d])"
)
_BETWEEN = re.compile(r"\s*[,;|•·]\s*|\s+[–—-]\s+")
#: Populations from which a name counts as a city without a postcode, state or country beside it.
_WELL_KNOWN, _UNMISTAKABLE = 100_000, 500_000


def key(name: str) -> str:
    """Return the name without case, accents, spaces and punctuation."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalnum())


def place_of(lines: list[str]) -> tuple[str | None, str | None]:
    """Return the city in plain English, and the state or country after it, of the first address in ``lines``."""
    for end in range(1, len(lines) + 1):
        if place := _last_place(lines[:end]):
            while end < len(lines) and _only_continues(lines[end]):
                end += 1
            return _last_place(lines[:end]) or place
    return None, None


def is_region(text: str) -> bool:
    """Return whether this is the name of a country, or the name or code of a state."""
    name, (regions, codes) = key(text), _regions_and_codes()
    return text in codes or name in _countries() or name.removesuffix("province") in regions


def is_city(text: str) -> bool:
    """Return whether this is the name of a city."""
    return key(text) in _cities() or key(text) in _ENGLISH or key(text) in _CITY_STATES


def _people(city: str) -> int:
    """Return the population of the largest city of that name, 0 if there is none."""
    is_english = key(city) in _ENGLISH or key(city) in _CITY_STATES
    return _UNMISTAKABLE if is_english else _cities().get(key(city), (0, ""))[0]


def _is_american(city: str) -> bool:
    return _cities().get(key(city), (0, ""))[1] == "US"


def _names(text: str) -> list[str]:
    return [key(name) for line in text.split("\n") for name in line.split("|") if name]


@reads("geonames/places.parquet")
def _cities() -> dict[str, tuple[int, str]]:
    """Return every city of 15,000 people or more, with population and country of the largest of that name."""
    largest = dict.fromkeys(_names(_MORE_CITIES), (_UNMISTAKABLE, ""))
    cities = pl.scan_parquet(settings.GAZETTEER, glob=False).filter("is_city").select("name", "population", "country").collect()
    for city, *people_and_country in cities.iter_rows():
        largest[key(city)] = max(largest.get(key(city), (0, "")), tuple(people_and_country))
    return largest


@reads("countries.csv")
def _countries() -> frozenset[str]:
    # Georgia is a state here; Tbilisi identifies the country.
    names = set(map(key, pl.read_csv(settings.COUNTRIES)["name"]))
    return frozenset(names | {*_names(_COUNTRIES)}) - {"georgia", *_CITY_STATES, *_ISLANDS}


@reads("provinces.csv")
def _regions_and_codes() -> tuple[set[str], set[str]]:
    """Return the names and the codes of states and provinces."""
    states = pl.read_csv(settings.REFERENCE / "provinces.csv", infer_schema=False).filter(country="US")
    names = {*map(key, states["province"]), *_names(_REGIONS)} - {*_STATES_LIKE_CITIES}
    return names, {*states["code"], *re.findall(r"\w+", _CODES)}


_DISTRICTS = frozenset(_names(_DISTRICT_NAMES))


def _is_district(text: str) -> bool:
    return bool(_DISTRICT.search(text)) or key(text) in _DISTRICTS


@dataclass
class _Part:
    """The text between two commas, with its postcode, country and state removed."""

    text: str
    has_postcode: bool = False
    regions: list[str] = field(default_factory=list)


def _part(text: str) -> _Part:
    # P.R.C. and N.Y. are read as PRC and NY.
    text = re.sub(r"\b(?:[A-Z]\. ?){2,}", lambda initials: re.sub(r"\W", "", initials[0]) + " ", text + " ")
    part = _Part(text.strip(" ."))
    while True:
        bare = _POSTCODE_AFTER.sub("", part.text).strip(" .-")
        part.has_postcode |= bare != part.text and not _STREET.search(bare)
        if town := _POSTCODE_BEFORE.sub("", bare):
            # No American postcode precedes its town, so 1221 McKinney is a street.
            part.has_postcode |= town != bare and _people(town) >= _WELL_KNOWN and not _is_american(town)
            bare = town
        words = bare.split()
        for count in range(min(5, len(words)), 0, -1):
            tail = " ".join(words[-count:])
            # A state that is also a city (Victoria) is a state only if it stands alone, and Mexico City is not a country.
            is_alone = count == len(words)
            if is_region(tail) and (is_alone or not (is_city(bare) or (key(tail) in _regions_and_codes()[0] and is_city(tail)))):
                part.regions.insert(0, tail)
                bare = " ".join(words[:-count]).strip(" .-")
                break
        if bare == part.text:
            return part
        part.text = bare


def _last_place(lines: list[str]) -> tuple[str, str | None] | None:
    """Return city and region of the address that ends with ``lines``."""
    regions: list[str] = []
    fallback = None
    has_street = False
    for text in reversed([text for line in lines for text in _BETWEEN.split(line) if text]):
        part = _part(text)
        regions = [*part.regions, *regions]
        name = key(part.text)
        is_anchored = bool(regions) or part.has_postcode
        city = _CITY_STATES.get(name)
        if name in _STATES_LIKE_CITIES and regions and not has_street:
            city = _STATES_LIKE_CITIES[name]
        elif name in _STATES_LIKE_CITIES or name in _ISLANDS:
            fallback = (_STATES_LIKE_CITIES | _ISLANDS)[name]
            regions = [fallback, *regions]
            continue
        city = city or _city_in(part, is_anchored)
        if city is None and regions and not has_street and fallback not in _ISLANDS.values() and _could_be_city(part.text):
            city = part.text
        if city:
            return _plain(city), ", ".join(regions) or None
        if name and not _is_district(part.text):
            has_street = True
            if not is_anchored:
                return None
    return (fallback, ", ".join(regions[1:]) or None) if fallback else None


def _city_in(part: _Part, is_anchored: bool) -> str | None:
    """Return the known city that the part is, or that ends it after a street, a district or a number."""
    if key(part.text) in _DISTRICTS:
        return None
    # Large cities have postal districts: Dublin 2, Taipei 110, Copenhagen V.
    large = re.sub(r"\s(\d{1,3}|[A-Z])$", "", part.text)
    words = (large if _people(large) >= _UNMISTAKABLE else part.text).split()
    for count in range(min(4, len(words)), 0, -1):
        tail, before = " ".join(words[-count:]), " ".join(words[:-count])
        name = next((city for city in (tail, re.sub(r"\s+City$", "", tail, flags=re.I)) if is_city(city)), None)
        if name is None or (before and key(tail) in _DISTRICTS):
            continue
        people = _people(name)
        if not before:
            return name if is_anchored or people >= (_UNMISTAKABLE if _is_american(name) else _WELL_KNOWN) else None
        follows = _is_district(before) or _ends_street(before)
        enough = _WELL_KNOWN if part.has_postcode else _UNMISTAKABLE
        if (follows and is_anchored) or (people >= enough and (follows or is_anchored)):
            return name
    return None


def _ends_street(text: str) -> bool:
    last = text.split()[-1]
    return bool(_STREET.fullmatch(last) or re.search(r"\d|^(North|South|East|West|[NS][EW])$", last))


def _could_be_city(text: str) -> bool:
    """Return whether a name that no gazetteer has may be the town before a state or country."""
    is_name = re.fullmatch(r"[^\W\d][^\d]{2,40}", text) and len(text.split()) <= 4
    return bool(is_name) and not (_STREET.search(text) or _is_district(text))


def _only_continues(line: str) -> bool:
    """Return whether the line must continue the address above it: a country, state, postcode, or a city without a street."""
    names = [key(_part(text).text) for text in _BETWEEN.split(line) if text]
    known = {*_CITY_STATES, *_ISLANDS, *_STATES_LIKE_CITIES, ""}
    return bool(names) and all(name in known or _cities().get(name, (0, ""))[0] >= _UNMISTAKABLE for name in names)


def _plain(city: str) -> str:
    """Return the city in English, without accents, and not in capitals throughout."""
    if english := _ENGLISH.get(key(city)):
        return english
    letters = unicodedata.normalize("NFKD", city).replace("’", "'")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"\b(Of|Am|De|La|Sur)\b", lambda word: word[0].lower(), plain.title()) if plain.isupper() else plain
