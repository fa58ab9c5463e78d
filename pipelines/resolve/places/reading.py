"""Read a place as a source writes it: its parts, their spellings, and the words that say no place is named."""

import csv
import re
import unicodedata
from functools import cache, lru_cache

from pipelines import settings
from pipelines.ingest.look_alikes import fold_look_alikes

HAN = re.compile(r"[\u4e00-\u9fff]")

_POINT = re.compile(r"(-?[0-9]+\.[0-9]+),(-?[0-9]+\.[0-9]+)")
_SEPARATORS = re.compile(r"[\W_]+")


@cache
def words(role: str) -> dict[str, str]:
    """Return the words of a role in ``place_words.csv``, each with its meaning."""
    with settings.PLACE_WORDS.open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["meaning"] for row in csv.DictReader(file) if row["role"] == role}


@lru_cache(maxsize=2**16)
def normalise(name: str) -> str:
    """Fold case, accents, look-alike letters, apostrophes, spaces and hyphens: ``Xi’an`` and ``xian`` become equal."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKD", fold_look_alikes(name).casefold()))


@cache
def _unit_word() -> re.Pattern[str]:
    """Match the word for a unit, or the number, that ends a name: "Haidian District", "Dublin 2"."""
    return re.compile(rf"[\s-]+({'|'.join(words('unit'))}|[0-9]+)\.?$", re.I)


def spellings(text: str) -> list[tuple[str, str]]:
    """Return the folded spellings to look up, the one as written first, each with the kind of unit it asks for.

    A kind is the last character of a Chinese name: 省, 市, 区, 县, 州; "" for any.
    """
    folded = [(normalise(text), "")]
    if match := _unit_word().search(text):
        folded.append((normalise(text[: match.start()]), words("unit").get(match[1].casefold(), "")))
    return [(key, kind) for key, kind in folded if key]


def parts(place: str) -> list[str]:
    """Return the names in "City, Region, Country", "Los Angeles (California)", "Mumbai/Bombay"."""
    return [part.strip() for part in re.split(r"[,，、/()（）]", place) if normalise(part)]


def point(place: str) -> tuple[float, float] | None:
    """Return latitude and longitude of a place written as "31.23,121.47"; None for any other."""
    match = _POINT.fullmatch(place)
    return (float(match[1]), float(match[2])) if match else None


def unit_names(name: str, also: str | None) -> list[str]:
    """Return a unit's name, the name without the brackets that tell it from its namesakes, and its other names."""
    return [name, re.sub(r" \(.+\)$", "", name), *(also.split("|") if also else [])]


@cache
def _chinese_ending() -> re.Pattern[str]:
    autonomous = rf"(?:(?:{'|'.join(words('people'))})族?)+(?:{'|'.join(words('autonomous'))})"
    return re.compile(rf"(?:{autonomous}|{'|'.join(words('ending'))})$")


def short_chinese(name_zh: str) -> str:
    """Return a Chinese name without the words for its kind of unit: 海淀区 → 海淀, 凉山彝族自治州 → 凉山."""
    return _chinese_ending().sub("", name_zh)
