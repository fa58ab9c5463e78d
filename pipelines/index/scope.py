"""Which country's cities are ranked, and which evidence that rests on: ``SCOPE``, an ISO code.

China has a curated register, and its index rests on that alone. Any other country's rests on the worldwide lists that are
loaded, which know the cities of all countries, the benchmark's too, by the same rules. One is never mixed with the other.
"""

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.resolve.places.countries import iso2

#: The country that the curated register is about, which is also the scope unless another is named.
CURATED = settings.SCOPE.default

REGISTER, LISTS = "register", "lists"


def country() -> str:
    """The ISO alpha-2 code that ``SCOPE`` names; raises InputError for what is no country."""
    named = settings.SCOPE.value()
    code = iso2(named.upper())
    if code is None:
        remedy = "Give an ISO 3166 code, such as US, IN or GB, or leave it out for China"
        raise InputError("SCOPE", [Problem(named, "is not a country", remedy)])
    return code


def basis(scope: str) -> str:
    """What the index of the country ``scope`` rests on: ``REGISTER`` or ``LISTS``."""
    return REGISTER if scope == CURATED else LISTS
