"""Declare the columns of contracts in one line each: what a column holds, the values it may take and the form they have.

Each function returns a dataframely column. As in dataframely, a column must be filled unless ``nullable`` is set.
"""

from collections.abc import Sequence

import dataframely as dy

from pipelines.ingest.contract import doc

#: Pattern of an ISO 3166 alpha-2 code.
COUNTRY = r"^[A-Z]{2}$"
#: Pattern of names separated by |.
NAMES = r"^[^|]+(\|[^|]+)*$"


def text(
    holds: str, pattern: str | None = None, form: str | None = None, *, nullable: bool = False, primary_key: bool = False
) -> dy.String:
    """Return a column of text; ``form`` tells a person how to write what ``pattern`` accepts."""
    return dy.String(nullable=nullable, primary_key=primary_key, regex=pattern, metadata=doc(holds, form))


def category(holds: str, values: Sequence[str], *, nullable: bool = False, primary_key: bool = False) -> dy.Enum:
    """Return a column whose values come from a fixed vocabulary."""
    return dy.Enum(values, nullable=nullable, primary_key=primary_key, metadata=doc(holds))


def integer(
    holds: str, low: int | None = None, high: int | None = None, *, nullable: bool = False, primary_key: bool = False
) -> dy.Int32:
    """Return a column of whole numbers from ``low`` to ``high``."""
    return dy.Int32(nullable=nullable, primary_key=primary_key, min=low, max=high, metadata=doc(holds))


def long_integer(
    holds: str, low: int | None = None, high: int | None = None, *, nullable: bool = False, primary_key: bool = False
) -> dy.Int64:
    """Return a column of whole numbers that may exceed two billion, such as identifiers and populations."""
    return dy.Int64(nullable=nullable, primary_key=primary_key, min=low, max=high, metadata=doc(holds))


def number(holds: str, low: float | None = None, high: float | None = None, *, nullable: bool = False) -> dy.Float64:
    """Return a column of numbers from ``low`` to ``high``."""
    return dy.Float64(nullable=nullable, min=low, max=high, metadata=doc(holds))


def flag(holds: str) -> dy.Bool:
    """Return a column that is true or false."""
    return dy.Bool(nullable=False, metadata=doc(holds))


def country(holds: str, *, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """Return a column of two-letter country codes."""
    return text(holds, COUNTRY, "Write an ISO 3166 alpha-2 code", nullable=nullable, primary_key=primary_key)


def country3(holds: str, *, nullable: bool = False) -> dy.String:
    """Return a column of three-letter country codes."""
    return text(holds, r"^[A-Z]{3}$", "Write an ISO 3166 alpha-3 code", nullable=nullable)


def day(
    holds: str, pattern: str = r"^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$", *, nullable: bool = False, primary_key: bool = False
) -> dy.String:
    """Return a column of ISO dates, as text."""
    return text(holds, pattern, "Write YYYY-MM-DD", nullable=nullable, primary_key=primary_key)


def currency(holds: str = "ISO 4217 code of the currency.", *, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """Return a column of three-letter currency codes."""
    return text(holds, r"^[A-Z]{3}$", "Write an ISO 4217 code", nullable=nullable, primary_key=primary_key)


def names(holds: str, *, nullable: bool = True) -> dy.String:
    """Return a column of several names in one cell."""
    return text(holds, NAMES, "Separate names with | and leave none empty", nullable=nullable)


def url(holds: str, *, nullable: bool = False) -> dy.String:
    """Return a column of web addresses."""
    return text(holds, r"^https?://\S+$", "Write a full URL", nullable=nullable)
