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

#: Identifiers of the release, where they say too little → what readers call them.
IDENTIFIERS = {
    "alpha": "growth exponent α",
    "register": "the register",
    "search offices": "executive-search offices",
    "census": "census by prefecture",
    "census_county": "census",
    "crunchbase_2013": "Crunchbase 2013",
    "edgar_listed": "American exchanges",
    "elite": "lists of elite programmes",
    "financedatabase": "FinanceDatabase",
    "kendall_tau": "rank correlation (Kendall's τ)",
    "law offices": "law offices (listings)",
    "leader_survival": "leaders that stay",
    "log_lead_trend": "trend of the log lead",
    "mainland_listings": "mainland listings",
    "moe": "Ministry of Education",
    "openalex": "OpenAlex",
    "share_gap_trend": "trend of the gap in shares",
    "shorrocks_mobility": "mobility (Shorrocks)",
    "top10_works": "works of listed universities in the world's most cited tenth",
    "top10 works": "works of listed universities in the world's most cited tenth",
    "wikipedia_unicorns": "Wikipedia",
}

_language: ContextVar[str] = ContextVar("language", default="en")
_names: ContextVar[Mapping[str, str] | None] = ContextVar("names", default=None)


@contextmanager
def language(code: str, names: Mapping[str, str]) -> Iterator[None]:
    """Let everything inside be said in a language; ``names`` are of cities, firms and schools: English → the language."""
    spoken, named = _language.set(code), _names.set(names)
    try:
        yield
    finally:
        _language.reset(spoken)
        _names.reset(named)


def spoken() -> str:
    """Return the code of the language that texts are said in."""
    return _language.get()


def others(code: str) -> list[tuple[str, str]]:
    """Return the other languages of the page, each with its name in itself."""
    return [language for language in LANGUAGES.items() if language[0] != code]


def say(english: str, /, **values: object) -> str:
    """Return a text in the language of the reader, with its placeholders filled; one without a translation stays English."""
    text = english if spoken() == "en" else chinese().get(english, english)
    return text.format(**values) if values else text


def unit(english: str, number: float | None = None) -> str:
    """Return a unit as it goes with a number: Chinese counts by measure words, which the catalogue has under "… unicorns"."""
    if spoken() == "en":
        return _one(english) if number == 1 else english
    return chinese().get(f"… {english}") or known(english)


def _one(unit: str) -> str:
    """Return an English unit in the singular: company, university, deal a year."""
    what, *of = unit.split(" ")
    return " ".join([re.sub("s$", "", re.sub("ies$", "y", what)), *of])


def known(text: str) -> str:
    """Return a text of the published file in the language of the reader if the catalogue or a name has it, else as it is.

    Of a list, "source: what of it", and of an edition, "report 2024-04" or "report 2018 to 2023", the parts may be known.
    """
    text = IDENTIFIERS.get(text, text)
    if text in chinese():
        return say(text)
    source, is_list, rest = text.partition(": ")
    if is_list and IDENTIFIERS.get(source, source) in chinese():
        return say("{list}: {part}", list=known(source), part=known(rest))
    edition = _EDITION.fullmatch(text)
    if edition is None or spoken() == "en":
        return city_name(text)
    report, about, first, last = edition.groups()
    years = f"{'约' if about else ''}{first}{f'–{last}' if last else ''}"
    return f"{known(report)} {years}" if report else years


_EDITION = re.compile(r"(?:(.+?) )??(c)?(\d{4}(?:-\d{2})?)(?: to (\d{4}(?:-\d{2})?))?")


def span(first: int | None, last: int | None) -> str:
    """Return the years a row stands for: one, several, since when or up to when; nothing if none is known."""
    if first == last:
        return str(first or "")
    if first is None:
        return say("to {year}", year=last)
    return say("since {year}", year=first) if last is None else f"{first}–{last}"


def city_name(city: str) -> str:
    """Return the name of a city in the language of the reader."""
    names = _names.get()
    return names.get(city, city) if names else city


def closed_up(text: str) -> str:
    """Return a text without the spaces that stand between sentences in English alone."""
    return text if spoken() == "en" else re.sub(r"([。，、；：）](?:</\w+>)*) +(?=[^\s<])", r"\1", text)


@cache
def chinese() -> dict[str, str]:
    """Return the catalogue: English text → Chinese text."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return dict(rows)  # An error where a text with a comma has no quotes, and its row therefore three cells.
