"""Define the lines and columns that a document is read as."""

import re
from dataclasses import dataclass

#: Numeric entities of Windows characters, which browsers accept.
WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class Line:
    """A printed line; ``row`` grows down the page and is shared by the cells of a table row, ``order`` is the source's."""

    text: str
    row: int
    order: int


Column = list[Line]


def in_order(page: list[Column]) -> list[Line]:
    """Return all lines in the order of the source."""
    return sorted((line for column in page for line in column), key=lambda line: line.order)


def clean(text: str) -> str:
    """Return text without invisible characters and with single spaces."""
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text.translate(WINDOWS))).strip()
