"""Read the words in names that say what a firm is, or where it is, rather than which firm: ``name_words.csv``."""

import csv
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache

from pipelines import settings

KINDS = ("company", "investor", "university", "service_firm")

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class Vocabulary:
    """Words by role. ``meanings``: kind → generic word → what it says; ``places``: word → country, continent or town.

    Lists of Chinese words are sorted with the longest first; a place may end a company's name as a generic word does.
    """

    legal: Set[str]
    legal_cjk: re.Pattern[str]
    linking: Set[str]
    abbreviations: Mapping[str, str]
    meanings: Mapping[str, Mapping[str, str]]
    places: Mapping[str, str]
    places_cjk: tuple[str, ...]
    endings_cjk: Mapping[str, tuple[str, ...]]

    def says_little(self, word: str) -> bool:
        """Return whether a word alone is not the name of an investor."""
        return word in self.meanings["investor"] or word in self.places


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(filter(CJK.match, words), key=lambda word: (-len(word), word)))


@cache
def vocabulary() -> Vocabulary:
    roles: dict[str, dict[str, str]] = {}
    with settings.NAME_WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            roles.setdefault(row["role"], {})[row["word"]] = row["meaning"]
    places = roles["place"] | {town + ending: name for town, name in roles["town"].items() for ending in ("", "市", "省")}
    meanings = {kind: roles.get(kind, {}) for kind in KINDS}
    places_cjk = _longest_first(places)
    return Vocabulary(
        legal=roles["legal"].keys(),
        legal_cjk=re.compile(rf"(?:{'|'.join(_longest_first(roles['legal']))})$"),
        linking=roles["linking"].keys(),
        abbreviations=roles["abbreviation"],
        meanings=meanings,
        places=places,
        places_cjk=places_cjk,
        endings_cjk={kind: (*_longest_first(words), *places_cjk) for kind, words in meanings.items()},
    )
