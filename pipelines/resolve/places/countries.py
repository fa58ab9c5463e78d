"""Read the ways in which sources write a country, from ``data/reference/countries.csv``."""

import csv
from dataclasses import dataclass
from functools import cache

from pipelines import settings
from pipelines.resolve.places.reading import normalise


@dataclass(frozen=True)
class Country:
    """Every way of writing a country, its codes among them.

    ``city_id`` is the GeoNames id of the city that makes up the whole territory; ``listed_under`` the country among
    whose provinces some sources list it.
    """

    written: tuple[str, ...]
    city_id: int | None
    listed_under: str | None


@cache
def countries() -> dict[str, Country]:
    """Return the countries by ISO alpha-2 code."""
    with settings.COUNTRIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["country"]: Country(
            (row["name"], row["iso3"], row["country"], *filter(None, row["also"].split("|"))),
            int(row["city_id"]) if row["city_id"] else None,
            row["listed_under"] or None,
        )
        for row in rows
    }


@cache
def _codes() -> dict[str, str]:
    """Return ISO alpha-2 codes by folded name or code."""
    return {normalise(name): code for code, country in countries().items() for name in country.written}


def iso2(code_or_name: str) -> str | None:
    """Return the ISO alpha-2 code of a country given as alpha-2 or alpha-3 code or by name; None if it is neither.

    Codes count only in capitals, so that "Man" and "Per" are not countries.
    """
    text = code_or_name.strip()
    if len(text) < 4 and text.isascii() and not text.isupper():
        return None
    return _codes().get(normalise(text))


def city_of(country: str | None) -> int | None:
    """Return the GeoNames id of the city that makes up the whole territory; None for any other country."""
    return countries()[country].city_id if country in countries() else None


def is_listed_under_china(code: str) -> bool:
    """Return whether some sources list the country among the provinces of China."""
    return countries()[code].listed_under == "CN"
