"""Decide which country's cities are ranked, by the ISO code in ``SCOPE``, and on which evidence.

The index of China rests on the curated register alone. The index of any other country rests on the worldwide lists that
are loaded, which cover the cities of all countries, and the benchmark, by the same rules. The two are never mixed.
"""

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.resolve.places.countries import iso2

#: The country of the curated register, which is also the scope unless another is named.
CURATED = settings.SCOPE.default

REGISTER, LISTS = "register", "lists"


def country() -> str:
    """Return the ISO alpha-2 code that ``SCOPE`` names; raises InputError if it names no country."""
    named = settings.SCOPE.value()
    code = iso2(named.upper())
    if code is None:
        remedy = "Give an ISO 3166 code, such as US, IN or GB, or leave it out for China"
        raise InputError("SCOPE", [Problem(named, "is not a country", remedy)])
    return code


def basis(scope: str) -> str:
    """Return what the index of the country ``scope`` rests on: ``REGISTER`` or ``LISTS``."""
    return REGISTER if scope == CURATED else LISTS
