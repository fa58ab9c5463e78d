"""The city of a printed postal address, in plain English.

What belongs here: reading from an address's end, past country, postcode and state, to its city, so that the cities in the
names of streets and buildings (Nanjing West Road, London Wall) are not taken for it. What does not: which city of that
name it is (``pipelines/resolve/places/resolve``).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from pipelines import settings

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
#: States named like their city, and islands: both stand for the city where the address names no other.
_STATES_LIKE_CITIES = {"newyork": "New York", "washington": "Washington"}
_ISLANDS = {"grandcayman": "Grand Cayman", "tortola": "Tortola", "jersey": "Jersey", "guernsey": "Guernsey"}
#: Parts of cities that the gazetteer knows as cities, here or elsewhere.
_DISTRICTS = """
Aberdeen|Admiralty|Baoan|Canary Wharf|Causeway Bay|Central|Changning|Chaoyang|Chiyoda|Chuo|City of London|Dongcheng|Futian|Gangnam
Haidian|Huangpu|Jing An|Jongno|Luohu|Manhattan|Minato|Minhang|Mong Kok|Nanshan|New Territories|North Point|Pudong|Quarry Bay
Sheung Wan|Shibuya|Shinjuku|Tianhe|Tsim Sha Tsui|Wan Chai|Xicheng|Xuhui|Yuexiu
"""
#: Printed otherwise than in plain English, or than in the gazetteer.
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
#: Words of streets, buildings and their parts that no town before a state or country has.
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
#: Cities of so many people are taken at their word; smaller ones only beside a postcode, state or country.
_WELL_KNOWN, _UNMISTAKABLE = 100_000, 500_000


def key(name: str) -> str:
    """Folds case, accents, spaces and marks."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalnum())


def place_of(lines: list[str]) -> tuple[str | None, str | None]:
    """City in plain English, and the state or country printed after it, of the first address in ``lines``."""
    for end in range(1, len(lines) + 1):
        found = _last_place(lines[:end])
        if found:
            while end < len(lines) and _only_continues(lines[end]):
                end += 1
            return _last_place(lines[:end]) or found
    return None, None


def is_region(text: str) -> bool:
    """Whether this is the name of a country, or the name or code of a state."""
    name = key(text)
    return text in _codes() or name in _countries() or name.removesuffix("province") in _regions()


def is_city(text: str) -> bool:
    """Whether this is the name of a city."""
    return key(text) in _cities() or key(text) in _ENGLISH or key(text) in _CITY_STATES


def _people(city: str) -> int:
    """Population of the largest city of that name, 0 if there is none."""
    is_english = key(city) in _ENGLISH or key(city) in _CITY_STATES
    return _UNMISTAKABLE if is_english else _cities().get(key(city), (0, ""))[0]


def _is_american(city: str) -> bool:
    return _cities().get(key(city), (0, ""))[1] == "US"


def _names(text: str) -> list[str]:
    return [key(name) for line in text.split("\n") for name in line.split("|") if name]


@cache
def _cities() -> dict[str, tuple[int, str]]:
    """Every city of 15,000 people and more: population and country of the largest of that name."""
    found = dict.fromkeys(_names(_MORE_CITIES), (_UNMISTAKABLE, ""))
    cities = pl.scan_parquet(settings.GAZETTEER).filter("is_city").select("name", "population", "country").collect()
    for city, *people_and_country in cities.iter_rows():
        found[key(city)] = max(found.get(key(city), (0, "")), tuple(people_and_country))
    return found


@cache
def _countries() -> frozenset[str]:
    # Georgia is a state here; Tbilisi speaks for the other one.
    names = set(map(key, pl.read_csv(settings.COUNTRIES)["name"]))
    return frozenset(names | {*_names(_COUNTRIES)}) - {"georgia", *_CITY_STATES, *_ISLANDS}


@cache
def _states() -> pl.DataFrame:
    return pl.read_csv(settings.REFERENCE / "provinces.csv", infer_schema=False).filter(country="US")


@cache
def _regions() -> frozenset[str]:
    states = set(map(key, _states()["province"]))
    return frozenset(states | {*_names(_REGIONS)}) - {*_STATES_LIKE_CITIES}


@cache
def _codes() -> frozenset[str]:
    return frozenset({*_states()["code"], *re.findall(r"\w+", _CODES)})


@cache
def _districts() -> frozenset[str]:
    return frozenset(_names(_DISTRICTS))


def _is_district(text: str) -> bool:
    return bool(_DISTRICT.search(text)) or key(text) in _districts()


@dataclass
class _Part:
    """What stands between two commas once its postcode, country and state are taken off."""

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
            # 1221 McKinney is a street: no American postcode stands before its town.
            part.has_postcode |= town != bare and _people(town) >= _WELL_KNOWN and not _is_american(town)
            bare = town
        words = bare.split()
        for count in range(min(5, len(words)), 0, -1):
            tail = " ".join(words[-count:])
            # A state that is a city too (Victoria) is a state only where it stands alone; Mexico City is no country.
            is_alone = count == len(words)
            if is_region(tail) and (is_alone or not (is_city(bare) or (key(tail) in _regions() and is_city(tail)))):
                part.regions.insert(0, tail)
                bare = " ".join(words[:-count]).strip(" .-")
                break
        if bare == part.text:
            return part
        part.text = bare


def _last_place(lines: list[str]) -> tuple[str, str | None] | None:
    """City and region of the address that ends with ``lines``."""
    regions: list[str] = []
    fallback = None
    has_street = False
    for text in reversed([one for line in lines for one in _BETWEEN.split(line) if one]):
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
    """The known city that the part is, or that ends it after a street, a district or a number."""
    if key(part.text) in _districts():
        return None
    # Dublin 2, Taipei 110, Copenhagen V: postal districts of large cities.
    large = re.sub(r"\s(\d{1,3}|[A-Z])$", "", part.text)
    words = (large if _people(large) >= _UNMISTAKABLE else part.text).split()
    for count in range(min(4, len(words)), 0, -1):
        tail, before = " ".join(words[-count:]), " ".join(words[:-count])
        name = next((one for one in (tail, re.sub(r"\s+City$", "", tail, flags=re.I)) if is_city(one)), None)
        if name is None or (before and key(tail) in _districts()):
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
    """Whether a name that no gazetteer knows may be the town before a state or country."""
    is_name = re.fullmatch(r"[^\W\d][^\d]{2,40}", text) and len(text.split()) <= 4
    return bool(is_name) and not (_STREET.search(text) or _is_district(text))


def _only_continues(line: str) -> bool:
    """Whether the line can only belong to the address above it: country, state, postcode, or a city without a street."""
    names = [key(_part(one).text) for one in _BETWEEN.split(line) if one]
    known = {*_CITY_STATES, *_ISLANDS, *_STATES_LIKE_CITIES, ""}
    return bool(names) and all(name in known or _cities().get(name, (0, ""))[0] >= _UNMISTAKABLE for name in names)


def _plain(city: str) -> str:
    """In English, without accents, and not in capitals throughout."""
    known = _ENGLISH.get(key(city))
    if known:
        return known
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", city) if not unicodedata.combining(letter)).replace(
        "’", "'"
    )
    return re.sub(r"\b(Of|Am|De|La|Sur)\b", lambda word: word[0].lower(), plain.title()) if plain.isupper() else plain
