"""Read place names as they are written."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\W_]+")


def normalise(name: str) -> str:
    """Fold case, accents, apostrophes, spaces and hyphens: ``Xi’an`` and ``xian`` become equal."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKD", name.casefold()))
