"""Texts for readers in two languages: the English text is the key, and ``texts.csv`` has the Chinese.

Whatever makes a sentence says it with ``say``; which language that is in, the caller decides with ``language``.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

#: Languages of the page, each with its name in itself.
LANGUAGES = {"en": "English", "zh": "中文"}

CATALOGUE = Path(__file__).parent / "texts.csv"

_language: ContextVar[str] = ContextVar("language", default="en")
_cities: ContextVar[Mapping[str, str] | None] = ContextVar("cities", default=None)


@contextmanager
def language(code: str, cities: Mapping[str, str]) -> Iterator[None]:
    """Let everything inside be said in a language, with ``cities`` from the English name to that in the language."""
    spoken, named = _language.set(code), _cities.set(cities)
    try:
        yield
    finally:
        _language.reset(spoken)
        _cities.reset(named)


def spoken() -> str:
    """Return the code of the language that texts are said in."""
    return _language.get()


def say(english: str, /, **values: object) -> str:
    """Return a text in the language of the reader, with its placeholders filled; one without a translation stays English."""
    text = english if spoken() == "en" else chinese().get(english, english)
    return text.format(**values) if values else text


def unit(english: str) -> str:
    """Return a unit as it goes with a number: Chinese counts by measure words, which the catalogue has under "… unicorns"."""
    text = english if spoken() == "en" else chinese().get(f"… {english}")
    return text or say(english)


def known(text: str) -> str:
    """Return a text of the published file in the language of the reader if the catalogue or a city has it, else as it is.

    Of a list, "source: what of it", and of an edition, "report 2024-04", the catalogue may have the parts.
    """
    if spoken() == "en":
        return text
    if text in chinese():
        return chinese()[text]
    source, is_list, rest = text.partition(": ")
    if is_list and source in chinese():
        return f"{chinese()[source]}：{known(rest)}"
    edition = _EDITION.fullmatch(text)
    return f"{chinese()[edition[1]]} {edition[2]}" if edition and edition[1] in chinese() else city_name(text)


_EDITION = re.compile(r"(.+) (\d{4}(?:-\d{2})?)")


def city_name(city: str) -> str:
    """Return the name of a city in the language of the reader."""
    names = _cities.get()
    return names.get(city, city) if names else city


@cache
def chinese() -> dict[str, str]:
    """Return the catalogue: English text → Chinese text."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return dict(rows)  # An error where a text with a comma has no quotes, and its row therefore three cells.
