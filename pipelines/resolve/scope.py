"""Decide whose cities are ranked, by ``SCOPE``: an ISO code, or ``world``.

All cities that lists name are measured together, whatever the scope; a scope is a view of them.
"""

from pipelines import settings
from pipelines.errors import InputError, Problem

#: The country of the curated register, which is also the scope unless another is named.
CURATED = settings.SCOPE.default

#: The scope of all cities.
WORLD = "world"


def named() -> str:
    """Return the ISO alpha-2 code that ``SCOPE`` names, or ``world``; raises InputError if it names neither."""
    value = settings.SCOPE.value()
    if value.lower() == WORLD:
        return WORLD
    # Imported here because commands that only read need the names of scopes, and not those of countries.
    from pipelines.resolve.places.countries import iso2

    code = iso2(value.upper())
    if code is None:
        remedy = "Give an ISO 3166 code, such as US, IN or GB, or world; or leave it out for China"
        raise InputError("SCOPE", [Problem(value, "is not a country", remedy)])
    return code
